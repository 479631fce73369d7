"""Who of a pool is free when, given the duties laid on each, and which team to take."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import islice

import numpy as np

from scheduler.problem import Duty
from scheduler.tables import Tables, UnknownReference
from scheduler.tides import Mask, Ticks
from scheduler.ways import Demand

FAR = 1 << 40
"""Later, or with a minus earlier, than any tick."""

Spans = tuple[Ticks, Ticks, Ticks]
"""Resource, first and last start at which it is not free, each of shape ``(spans,)``."""

_PREFERRED, _WATCH, _RANK, _DUTIES = 1_000_000, 20_000, 400, 30
"""Weights of a choice: keep who is told, on watch, spare the able, share the work, be near."""


class Roster:
    """The duties of one pool's resources in a plan under construction.

    A resource is known by its place in ``resources``, a duty by its movement and need.
    """

    def __init__(self, tables: Tables, pool_id: str) -> None:
        self.pool = tables.pools[pool_id]
        self.resources = [r for r in tables.problem.resources if r.pool == pool_id]
        self.index = {r.id: k for k, r in enumerate(self.resources)}
        self._places = {name: k for k, name in enumerate(self.pool.places)}
        self._travel = np.array(self.pool.travel_ticks, dtype=np.int64).reshape(
            len(self.pool.places), len(self.pool.places)
        )
        self.pulls = [r.pull_kg for r in self.resources]
        self._home = np.array([self._place(r.home) for r in self.resources], dtype=np.int64)
        self._rank = self._ranks()
        self._between = self.pool.debrief_ticks + self.pool.early_ticks + self.pool.min_rest_ticks
        self._rows = np.zeros((64, 5), dtype=np.int64)
        self._rows[:, 1], self._rows[:, 2] = FAR, -FAR
        self._free_rows = list(range(63, -1, -1))
        self._rows_of: dict[tuple[int, int], list[int]] = {}
        self._spans_of: list[list[tuple[int, int]]] = [[] for _ in self.resources]
        self._anchor = np.full(len(self.resources), FAR, dtype=np.int64)
        self._still: dict[tuple[int, int, int, int], Spans] = {}
        self._off = self._lay(
            ((k, s.begin, s.end) for k, r in enumerate(self.resources) for s in r.off)
        )
        self._watch = self._lay(
            ((k, s.begin, s.end) for k, r in enumerate(self.resources) for s in r.watch)
        )
        for k, resource in enumerate(self.resources):
            for n, past in enumerate(resource.past):
                place = self._place(past.to_place)
                self._lay_row((-1 - k, n), (k, past.span.begin, past.span.end, place, place))
                self._anchor[k] = min(self._anchor[k], past.span.begin)

    @staticmethod
    def _lay(rows: Iterable[tuple[int, int, int]]) -> Ticks:
        return np.array(list(rows), dtype=np.int64).reshape(-1, 3)

    def _place(self, name: str) -> int:
        found = self._places.get(name)
        if found is None:
            raise UnknownReference(f"place of pool {self.pool.id}", name)
        return found

    def _ranks(self) -> Ticks:
        """How much each can: those who can less are taken first, so that the able stay free."""
        able = [
            (
                r.pull_kg,
                -r.grade,
                FAR if r.below_loa_mm is None else r.below_loa_mm,
                -len(r.not_kinds),
            )
            for r in self.resources
        ]
        steps = {value: k for k, value in enumerate(sorted(set(able)))}
        return np.array([steps[value] for value in able], dtype=np.int64)

    # ---- duties -------------------------------------------------------------------------------

    def _lay_row(self, key: tuple[int, int], row: tuple[int, int, int, int, int]) -> None:
        if not self._free_rows:
            size = len(self._rows)
            more = np.zeros_like(self._rows)
            more[:, 1], more[:, 2] = FAR, -FAR
            self._rows = np.concatenate([self._rows, more])
            self._free_rows = list(range(2 * size - 1, size - 1, -1))
        place = self._free_rows.pop()
        self._rows[place] = row
        self._rows_of.setdefault(key, []).append(place)
        self._spans_of[row[0]].append((row[1], row[2]))

    def add(
        self,
        key: tuple[int, int],
        duties: Sequence[Duty],
        start: int,
        team: Sequence[int],
        *,
        anchored: bool = False,
    ) -> None:
        """Lay the duties of a movement's need (``key``) on a team.

        ``anchored``: it is fixed with this team, which is then where its duty is, not at home.
        """
        for duty in duties:
            ends = self._place(duty.from_place), self._place(duty.to_place)
            for k in team:
                self._lay_row(key, (k, start + duty.begin, start + duty.end, *ends))
                if anchored:
                    self._anchor[k] = min(self._anchor[k], start + duty.begin)

    def remove(self, key: tuple[int, int]) -> None:
        """Take the duties of a movement's need away."""
        for place in self._rows_of.pop(key, ()):
            resource, begin, end = (int(v) for v in self._rows[place, :3])
            self._spans_of[resource].remove((begin, end))
            self._rows[place] = (0, FAR, -FAR, 0, 0)
            self._free_rows.append(place)

    # ---- who is free --------------------------------------------------------------------------

    def gap_ticks(self, to_place: str, from_place: str) -> int:
        """Ticks that lie at least between two duties of one resource."""
        return self._between + int(self._travel[self._place(to_place), self._place(from_place)])

    def _standing(self, duty: Duty) -> Spans:
        """Starts that roster and home rule out, whatever is planned."""
        pool = self.pool
        out, back = self._place(duty.from_place), self._place(duty.to_place)
        key = (duty.begin, duty.end, out, back)
        known = self._still.get(key)
        if known is None:
            to_duty = self._travel[self._home, out] + pool.early_ticks + pool.make_ready_ticks
            to_home = self._travel[back, self._home] + pool.debrief_ticks
            who = self._off[:, 0]
            low = self._off[:, 1] - duty.end - to_home[who] + 1
            high = self._off[:, 2] - duty.begin + to_duty[who] - 1
            known = self._still[key] = (who, low, high)
        return known

    def busy(self, duties: Sequence[Duty], told: Mapping[int, int] | None = None) -> Spans:
        """Starts at which each resource cannot take the duties, given all that is laid on it.

        ``told``: resources that were told of these duties, and the start they were told: they are
        on their way, and the way from home is not asked of them again.
        """
        rows = self._rows
        parts: list[Spans] = []
        for duty in duties:
            out, back = self._place(duty.from_place), self._place(duty.to_place)
            low = rows[:, 1] - duty.end - self._between - self._travel[back, rows[:, 3]] + 1
            high = rows[:, 2] - duty.begin + self._between + self._travel[rows[:, 4], out] - 1
            laid = low <= high
            parts.append((rows[laid, 0], low[laid], high[laid]))
            parts.append(self._standing(duty))
            # The first duty ever begins with the way from home, at tick 0 at the earliest.
            pool = self.pool
            first = self._travel[self._home, out] + pool.early_ticks + pool.make_ready_ticks
            until = np.minimum(first - duty.begin - 1, self._anchor - duty.begin)
            for k, start in (told or {}).items():
                until[k] = min(int(until[k]), start - 1)
            every = np.arange(len(self.resources), dtype=np.int64)
            parts.append((every, np.full(len(every), -FAR, dtype=np.int64), until))
        return (
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            np.concatenate([part[2] for part in parts]),
        )

    def free_at(self, spans: Spans, start: int) -> Mask:
        """Which resources are free at one start, shape ``(resources,)``."""
        who, low, high = spans
        free = np.ones(len(self.resources), dtype=np.bool_)
        free[who[(low <= start) & (start <= high)]] = False
        return free

    def free_over(self, spans: Spans, begin: int, end: int) -> Mask:
        """Which resources are free at each start of ``[begin, end)``, shape ``(resources, n)``."""
        who, low, high = spans
        width = end - begin + 1
        low, high = np.clip(low - begin, 0, width - 1), np.clip(high - begin + 1, 0, width - 1)
        edges = np.zeros(len(self.resources) * width, dtype=np.int32)
        np.add.at(edges, who * width + low, 1)
        np.subtract.at(edges, who * width + high, 1)
        return np.cumsum(edges.reshape(-1, width), axis=1)[:, :-1] <= 0

    def enough_over(self, demand: Demand, spans: Spans, begin: int, end: int) -> Mask:
        """At which starts of ``[begin, end)`` numbers alone rule no team out, shape ``(n,)``."""
        free = self.free_over(spans, begin, end)
        usable = np.array(demand.others, dtype=np.bool_)
        enough = np.ones(end - begin, dtype=np.bool_)
        if demand.first is not None:
            first = np.array(demand.first, dtype=np.bool_)
            enough &= free[first].any(axis=0)
            usable = usable | first
        enough &= free[usable].sum(axis=0) >= demand.least
        if demand.pull_kg:
            pulls = np.array(self.pulls, dtype=np.int64)[usable]
            enough &= pulls @ free[usable] >= demand.pull_kg
        return enough

    def rested(self, resource: int, duties: Sequence[Duty], start: int) -> bool:
        """Whether one more need keeps a resource within its limits over any rolling span."""
        pool = self.pool
        if pool.max_duties is None and pool.min_rest_rolling_ticks <= 0:
            return True
        laid = self._spans_of[resource]
        if not laid and len(duties) == 1:
            return self._fits_alone(duties[0])
        new = [(start + duty.begin, start + duty.end) for duty in duties]
        spans = sorted([*laid, *new])
        if pool.max_duties is not None:
            begins = [begin for begin, _ in spans]
            for first, later in zip(begins, begins[pool.max_duties :], strict=False):
                if later - first < pool.rolling_ticks:
                    return False
        limit = pool.rolling_ticks - pool.min_rest_rolling_ticks
        if pool.min_rest_rolling_ticks <= 0 or sum(e - b for b, e in spans) <= limit:
            return True
        froms = {begin for begin, _ in spans} | {end - pool.rolling_ticks for _, end in spans}
        return all(
            sum(max(0, min(e, t + pool.rolling_ticks) - max(b, t)) for b, e in spans) <= limit
            for t in froms
        )

    def _fits_alone(self, duty: Duty) -> bool:
        pool = self.pool
        limit = pool.rolling_ticks - pool.min_rest_rolling_ticks
        return pool.max_duties != 0 and (
            pool.min_rest_rolling_ticks <= 0 or duty.end - duty.begin <= limit
        )

    def holders(self, resources: Iterable[int], begin: int, end: int) -> list[int]:
        """Movements whose duties keep some resources busy in or about ``[begin, end)``."""
        wanted = {int(k) for k in resources}
        found: dict[int, int] = {}
        for (movement, _), places in self._rows_of.items():
            for place in places:
                who, first, last = (int(v) for v in self._rows[place, :3])
                if movement >= 0 and who in wanted and first < end + 60 and begin - 60 < last:
                    found[movement] = max(0, first - end, begin - last)
        return sorted(found, key=lambda movement: (found[movement], movement))

    def suffices(self, demand: Demand, team: Sequence[int]) -> bool:
        """Whether a team is enough, of the right number, pull and qualifications."""
        if len(set(team)) != len(team) or not demand.least <= len(team) <= demand.most:
            return False
        if sum(self.pulls[k] for k in team) < demand.pull_kg:
            return False
        if demand.first is None:
            return all(demand.others[k] for k in team)
        first = demand.first
        return any(first[k] and all(demand.others[o] for o in team if o != k) for k in team)

    def likely(self, duties: Sequence[Duty], start: int) -> list[int]:
        """Resources for duties at about a start, the fittest first."""
        return [int(k) for k in np.argsort(self._scores(duties, start, ()), kind="stable")]

    # ---- whom to take -------------------------------------------------------------------------

    def _scores(self, duties: Sequence[Duty], start: int, prefer: Sequence[int]) -> Ticks:
        begin = start + min(duty.begin for duty in duties)
        out = self._place(duties[0].from_place)
        rows = self._rows
        scores = self._rank * _RANK
        load = np.bincount(rows[rows[:, 1] < FAR, 0], minlength=len(self.resources))
        scores = scores + load * _DUTIES
        near = self._travel[self._home, out]
        before = np.flatnonzero(rows[:, 2] <= begin)
        before = before[rows[before, 1] < FAR]
        before = before[np.argsort(rows[before, 2], kind="stable")]
        near = near.copy()
        near[rows[before, 0]] = self._travel[rows[before, 4], out]
        scores = scores + near
        if len(self._watch):
            on = (self._watch[:, 1] <= begin) & (begin < self._watch[:, 2])
            watched = np.zeros(len(self.resources), dtype=np.bool_)
            watched[self._watch[on, 0]] = True
            scores = scores + np.where(watched, 0, _WATCH)
        if prefer:
            scores[list(prefer)] -= _PREFERRED
        return scores

    def pick(
        self,
        demand: Demand,
        duties: Sequence[Duty],
        start: int,
        prefer: Sequence[int] = (),
        spans: Spans | None = None,
    ) -> tuple[int, ...] | None:
        """Choose a team that is free at a start, or None.

        Args:
            demand: What is asked of it.
            duties: The need's duties in the chosen mode.
            start: Start of the movement, tick.
            prefer: Resources to be taken if they can be.
            spans: ``busy(duties)`` where that is known already.
        """
        free = self.free_at(self.busy(duties) if spans is None else spans, start)
        usable = free & np.array(demand.others, dtype=np.bool_)
        firsts = None
        if demand.first is not None:
            firsts = free & np.array(demand.first, dtype=np.bool_)
            if not firsts.any():
                return None
        if int((usable if firsts is None else usable | firsts).sum()) < demand.least:
            return None
        scores = self._scores(duties, start, prefer)
        order = [int(k) for k in np.argsort(scores, kind="stable")]
        rested = cache(lambda k: self.rested(k, duties, start))
        others = [k for k in order if usable[k]]
        if demand.pull_kg:
            others = [k for k in others if rested(k)]
        if firsts is None:
            return self._complete(demand, rested, (), others)
        for k in order:
            if firsts[k] and rested(k):
                rest = [other for other in others if other != k]
                team = self._complete(demand, rested, (k,), rest)
                if team is not None:
                    return team
        return None

    def _complete(
        self, demand: Demand, may: Callable[[int], bool], team: tuple[int, ...], others: list[int]
    ) -> tuple[int, ...] | None:
        """Fill up a team in the order of ``others``, with no more members than pull asks for."""
        if not demand.pull_kg:
            rested = (k for k in others if may(k))
            full = team + tuple(islice(rested, max(demand.least - len(team), 0)))
            return full if demand.least <= len(full) <= demand.most else None
        strongest = sorted(others, key=lambda k: -self.pulls[k])
        for count in range(max(demand.least, len(team)), demand.most + 1):
            pull = sum(self.pulls[k] for k in (*team, *strongest[: count - len(team)]))
            if pull >= demand.pull_kg and len(team) + len(others) >= count:
                return self._fill(demand.pull_kg, team, others, count)
        return None

    def _fill(
        self, pull_kg: int, team: tuple[int, ...], others: list[int], count: int
    ) -> tuple[int, ...]:
        chosen = list(team)
        left = list(others)
        while len(chosen) < count:
            have = sum(self.pulls[k] for k in chosen)
            for k in left:
                rest = sorted((self.pulls[o] for o in left if o != k), reverse=True)
                if have + self.pulls[k] + sum(rest[: count - len(chosen) - 1]) >= pull_kg:
                    chosen.append(k)
                    left.remove(k)
                    break
        return tuple(chosen)


def duties_by_need(duties: Iterable[Duty]) -> dict[str, list[Duty]]:
    """The duties of a mode, by need."""
    result: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        result[duty.need].append(duty)
    return result
