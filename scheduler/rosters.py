"""Who of a pool is free when, given the duties laid on each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.counted import Supply
from scheduler.problem import Duty
from scheduler.tables import Tables, UnknownReference
from scheduler.teaming import Able, Ranking, able, enough, has_breaks, rested, suffices
from scheduler.tides import Mask, Ticks
from scheduler.ways import Demand

FAR = 1 << 40
"""Later, or with a minus earlier, than any tick."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Starts at which the resources of a pool cannot take some duties.

    Attributes:
        who, low, high: Resource, first and last such start, each of shape ``(spans,)``; a span
            with ``low > high`` is none.
        until: For each resource, the last start before which it cannot have come from home, shape
            ``(resources,)``.
    """

    who: Ticks
    low: Ticks
    high: Ticks
    until: Ticks

    def joined(self, other: "Busy") -> "Busy":
        """Starts that this or the other rules out."""
        return Busy(
            np.concatenate([self.who, other.who]),
            np.concatenate([self.low, other.low]),
            np.concatenate([self.high, other.high]),
            np.maximum(self.until, other.until),
        )


_PREFERRED, _WATCH, _RANK, _DUTIES = 1_000_000, 20_000, 400, 30
"""Weights of a choice: keep who is told, on watch, spare the able, share the work, be near."""


class Roster:
    """The duties of one pool's resources in a plan under construction.

    A resource is known by its place in ``resources``, a duty by its movement and need.
    """

    def __init__(self, tables: Tables, pool_id: str) -> None:
        self.pool = tables.pools[pool_id]
        self.resources = tables.members(pool_id)
        self._supply = Supply(self.pool.counts, len(self.resources)) if self.pool.counts else None
        self._short: tuple[Ticks, Ticks, Ticks] | None = None
        self._breaks = [r.breaks for r in self.resources]
        self.index = {r.id: k for k, r in enumerate(self.resources)}
        self._places = {name: k for k, name in enumerate(self.pool.places)}
        size = max(1, len(self.pool.places))
        told = self.pool.travel_ticks or ((0,),)
        travel = np.array(told, dtype=np.int64).reshape(size, size)
        self.pulls = [r.pull_kg for r in self.resources]
        self._pulls = np.array(self.pulls, dtype=np.int64)
        self._ranking = Ranking(self.pulls)
        self._home = np.array([self._place(r.home) for r in self.resources], dtype=np.int64)
        self._rank = self._ranks() * _RANK
        between = self.pool.debrief_ticks + self.pool.early_ticks + self.pool.min_rest_ticks
        self._between = travel + between
        """By place where one duty ends and the next begins: the ticks between them."""
        self._from_home = travel[self._home] if len(self._home) else travel[:0]
        self._to_home = travel[:, self._home]
        self._travel = travel
        self._load = np.zeros(len(self.resources), dtype=np.int64)
        self._lay_empty(64)
        self._rows_of: dict[tuple[int, int], list[int]] = {}
        self._spans_of: list[list[tuple[int, int]]] = [[] for _ in self.resources]
        self._users_of: list[list[int]] = [[] for _ in self.resources]
        self._anchor = np.full(len(self.resources), FAR, dtype=np.int64)
        self._still: dict[tuple[int, int, int, int], Busy] = {}
        self._able: dict[int, Able] = {}
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

    def _lay_empty(self, size: int) -> None:
        """Make room for so many rows; a row that is not in use begins after and ends before all."""
        self._who, self._out, self._back = (np.zeros(size, dtype=np.int64) for _ in range(3))
        self._begin = np.full(size, FAR, dtype=np.int64)
        self._end = np.full(size, -FAR, dtype=np.int64)
        self._free_rows = list(range(size - 1, -1, -1))

    def _place(self, name: str) -> int:
        found = self._places.get(name) if self._places else 0
        if found is None:
            raise UnknownReference(f"place of pool {self.pool.id}", name)
        return found

    def _ranks(self) -> Ticks:
        """How much each can: those who can less are taken first, so that the able stay free."""
        skills = [
            (
                r.pull_kg,
                -r.grade,
                FAR if r.below_loa_mm is None else r.below_loa_mm,
                -len(r.not_kinds),
            )
            for r in self.resources
        ]
        steps = {value: k for k, value in enumerate(sorted(set(skills)))}
        return np.array([steps[value] for value in skills], dtype=np.int64)

    # ---- duties -------------------------------------------------------------------------------

    def _grow(self) -> None:
        old = (self._who, self._begin, self._end, self._out, self._back)
        size = len(self._who)
        self._lay_empty(2 * size)
        new = (self._who, self._begin, self._end, self._out, self._back)
        for target, source in zip(new, old, strict=True):
            target[:size] = source
        self._free_rows = list(range(2 * size - 1, size - 1, -1))

    def _lay_row(self, key: tuple[int, int], row: tuple[int, int, int, int, int]) -> None:
        if not self._free_rows:
            self._grow()
        place = self._free_rows.pop()
        who, begin, end, out, back = row
        self._who[place], self._begin[place], self._end[place] = who, begin, end
        self._out[place], self._back[place] = out, back
        self._load[who] += _DUTIES
        self._rows_of.setdefault(key, []).append(place)
        self._spans_of[who].append((begin, end))
        self._users_of[who].append(key[0])

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
        duties = self._as_taken(duties)
        for duty in duties:
            ends = self._place(duty.from_place), self._place(duty.to_place)
            for k in team:
                self._lay_row(key, (k, start + duty.begin, start + duty.end, *ends))
                if anchored:
                    self._anchor[k] = min(self._anchor[k], start + duty.begin)

    def _as_taken(self, duties: Sequence[Duty]) -> Sequence[Duty]:
        """Those of a counted pool are held from the first begin to the last end."""
        self._short = None
        if self._supply is None or not duties:
            return duties
        begin, end = min(duty.begin for duty in duties), max(duty.end for duty in duties)
        return (Duty(need=duties[0].need, begin=begin, end=end),)

    def remove(self, key: tuple[int, int]) -> None:
        """Take the duties of a movement's need away."""
        self._short = None
        for place in self._rows_of.pop(key, ()):
            who = int(self._who[place])
            self._spans_of[who].remove((int(self._begin[place]), int(self._end[place])))
            self._load[who] -= _DUTIES
            self._users_of[who].remove(key[0])
            self._begin[place], self._end[place] = FAR, -FAR
            self._free_rows.append(place)

    def users(self, resource: int) -> list[int]:
        """Movements that a resource has duties of."""
        return [movement for movement in self._users_of[resource] if movement >= 0]

    # ---- who is free --------------------------------------------------------------------------

    def gap_ticks(self, to_place: str, from_place: str) -> int:
        """Ticks that lie at least between two duties of one resource."""
        if self._supply is not None:
            return -FAR  # any of them does as well as any other: see ``exact_counts``
        return int(self._between[self._place(to_place), self._place(from_place)])

    def _standing(self, duty: Duty, out: int, back: int) -> Busy:
        """Starts that roster and home rule out, whatever is planned."""
        key = (duty.begin, duty.end, out, back)
        known = self._still.get(key)
        if known is None:
            pool = self.pool
            to_duty = self._from_home[:, out] + pool.early_ticks + pool.make_ready_ticks
            to_home = self._to_home[back] + pool.debrief_ticks
            who = self._off[:, 0]
            low = self._off[:, 1] - duty.end - to_home[who] + 1
            high = self._off[:, 2] - duty.begin + to_duty[who] - 1
            # The first duty ever begins with the way from home, at tick 0 at the earliest.
            known = self._still[key] = Busy(who, low, high, to_duty - duty.begin - 1)
        return known

    def busy(self, duties: Sequence[Duty], told: Mapping[int, int] | None = None) -> Busy:
        """Starts at which each resource cannot take the duties, given all that is laid on it.

        ``told``: resources that were told of these duties, and the start they were told: they are
        on their way, and the way from home is not asked of them again.
        """
        if self._supply is not None and duties:
            return self._short_of(self._supply, duties)
        found: Busy | None = None
        for duty in duties:
            out, back = self._place(duty.from_place), self._place(duty.to_place)
            still = self._standing(duty, out, back)
            low = self._begin - (self._between[back] + (duty.end - 1))[self._out]
            high = self._end + (self._between[:, out] - (duty.begin + 1))[self._back]
            until = np.minimum(still.until, self._anchor - duty.begin)
            for k, start in (told or {}).items():
                until[k] = min(int(until[k]), start - 1)
            one = Busy(
                np.concatenate([self._who, still.who]),
                np.concatenate([low, still.low]),
                np.concatenate([high, still.high]),
                until,
            )
            found = one if found is None else found.joined(one)
        if found is not None:
            return found
        none = np.zeros(0, dtype=np.int64)
        return Busy(none, none, none, np.full(len(self.resources), -FAR, dtype=np.int64))

    def left(self) -> list[tuple[int, int, int]]:
        """Of a counted pool: begin and end of each span, and how many are left in it (0 or more).

        Raises:
            ValueError: If the pool is not counted.
        """
        if self._supply is None:
            raise ValueError(self.pool.id)
        laid = self._begin < FAR
        ticks, left = self._supply.left(self._begin[laid], self._end[laid])
        edges = [-FAR, *ticks.tolist(), FAR]
        found = zip(edges, edges[1:], np.maximum(left, 0).tolist(), strict=False)
        return [(begin, end, count) for begin, end, count in found]

    def _short_of(self, supply: Supply, duties: Sequence[Duty]) -> Busy:
        """Of a counted pool, by its n-th member: starts at which fewer than n are left."""
        if self._short is None:
            laid = self._begin < FAR
            self._short = supply.short(self._begin[laid], self._end[laid], FAR)
        begin, end = min(duty.begin for duty in duties), max(duty.end for duty in duties)
        who, first, last = self._short
        until = np.full(len(self.resources), -2 * FAR, dtype=np.int64)
        return Busy(who, first - end + 1, last - begin - 1, until)

    def free_at(self, busy: Busy, start: int) -> Mask:
        """Which resources are free at one start, shape ``(resources,)``."""
        free = busy.until < start
        free[busy.who[(busy.low <= start) & (busy.high >= start)]] = False
        return free

    def unchanged(self, asked: Able, busy: Busy, start: int) -> tuple[int, int]:
        """First and last start about one at which none who lacks there becomes free."""
        met = np.flatnonzero((busy.low <= start) & (busy.high >= start))
        met = met[asked.usable[busy.who[met]]]
        waits = asked.usable & (busy.until >= start)
        low = int(busy.low[met].max(initial=-FAR))
        high = min(busy.high[met].min(initial=FAR), busy.until[waits].min(initial=FAR))
        return low, int(high)

    def free_over(self, busy: Busy, begin: int, end: int) -> Mask:
        """Which resources are free at each start of ``[begin, end)``, shape ``(resources, n)``."""
        width = end - begin + 1
        laid = busy.low <= busy.high
        low = np.clip(busy.low[laid] - begin, 0, width - 1)
        high = np.clip(busy.high[laid] - begin + 1, 0, width - 1)
        row = busy.who[laid] * width
        size = len(self.resources) * width
        edges = np.bincount(row + low, minlength=size) - np.bincount(row + high, minlength=size)
        free = np.cumsum(edges.reshape(-1, width), axis=1)[:, :-1] <= 0
        for k in np.flatnonzero(busy.until >= begin):
            free[k, : busy.until[k] - begin + 1] = False
        return free

    def able(self, demand: Demand) -> Able:
        """Who may do what a demand asks; laid out once."""
        known = self._able.get(id(demand))
        if known is None or known.demand is not demand:
            known = self._able[id(demand)] = able(demand)
        return known

    def enough(self, asked: Able, free: Mask) -> bool:
        """Whether numbers and pull alone do not rule a team out of who is free."""
        return enough(asked, free, self._pulls)

    def suffices(self, demand: Demand, team: Sequence[int]) -> bool:
        """Whether a team is enough, of the right number, pull and qualifications."""
        return suffices(demand, team, self.pulls)

    def rested(self, resource: int, duties: Sequence[Duty], start: int) -> bool:
        """Whether one more need keeps a resource within its limits and leaves it its breaks."""
        new = [(start + duty.begin, start + duty.end) for duty in duties]
        laid = self._spans_of[resource]
        return has_breaks(self._breaks[resource], laid, new) and rested(self.pool, laid, new)

    def holders(self, resources: Iterable[int], begin: int, end: int) -> list[int]:
        """Movements whose duties keep some resources busy in or about ``[begin, end)``."""
        wanted = {int(k) for k in resources}
        if self._supply is not None and wanted:
            wanted = set(range(len(self.resources)))
        found: dict[int, int] = {}
        for (movement, _), places in self._rows_of.items():
            for place in places:
                who, first, last = (
                    int(v) for v in (self._who[place], self._begin[place], self._end[place])
                )
                if movement >= 0 and who in wanted and first < end + 60 and begin - 60 < last:
                    found[movement] = max(0, first - end, begin - last)
        return sorted(found, key=lambda movement: (found[movement], movement))

    # ---- whom to take -------------------------------------------------------------------------

    def likely(self, duties: Sequence[Duty], start: int) -> list[int]:
        """Resources for duties at about a start, the fittest first."""
        return self._order(duties, start, ())

    def _order(self, duties: Sequence[Duty], start: int, prefer: Sequence[int]) -> list[int]:
        if self._supply is not None:
            return list(range(len(self.resources)))
        begin = start + min(duty.begin for duty in duties)
        out = self._place(duties[0].from_place)
        near = self._from_home[:, out].copy()
        before = np.flatnonzero((self._end <= begin) & (self._begin < FAR))
        before = before[np.argsort(self._end[before], kind="stable")]
        near[self._who[before]] = self._travel[:, out][self._back[before]]
        near += self._rank
        near += self._load
        if len(self._watch):
            on = (self._watch[:, 1] <= begin) & (begin < self._watch[:, 2])
            off = np.full(len(self.resources), _WATCH, dtype=np.int64)
            off[self._watch[on, 0]] = 0
            near += off
        if prefer:
            near[list(prefer)] -= _PREFERRED
        return np.argsort(near, kind="stable").tolist()

    def pick(
        self,
        demand: Demand,
        duties: Sequence[Duty],
        start: int,
        prefer: Sequence[int] = (),
        free: Mask | None = None,
    ) -> tuple[int, ...] | None:
        """Choose a team that is free at a start, or None.

        Args:
            demand: What is asked of it.
            duties: The need's duties in the chosen mode.
            start: Start of the movement, tick.
            prefer: Resources to be taken if they can be.
            free: Who is free at the start, where that is known already.
        """
        asked = self.able(demand)
        if free is None:
            free = self.free_at(self.busy(duties), start)
        if not enough(asked, free, self._pulls):
            return None
        return self._ranking.pick(
            asked,
            free,
            self._order(duties, start, prefer),
            lambda k: self.rested(k, duties, start),
        )


def duties_by_need(duties: Iterable[Duty]) -> dict[str, list[Duty]]:
    """The duties of a mode, by need."""
    result: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        result[duty.need].append(duty)
    return result
