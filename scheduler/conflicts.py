"""All rules of a problem asked once: start masks, merged separations, claims, orders, teams."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np

from scheduler import rules
from scheduler.problem import Problem, Stay
from scheduler.tables import Tables, UnknownReference
from scheduler.tides import Mask, Ticks
from scheduler.ways import Claim, Demand, Order, Pairs, Separation, Slots

Row = tuple[Ticks, Ticks, Ticks]
Part = tuple[Ticks, Ticks, Ticks, Ticks]

_WIDE = 1 << 36
"""Keeps merged intervals of different pairs apart; no tick comes near it."""
_TOGETHER = 64
"""Rows that are laid out at a time: more would take much memory in large ports."""


class Conflicts:
    """What the rules say of a problem, lazily and kept; independent of any plan.

    Nothing in it depends on where a movement may start, so that it stays right when windows move.

    Raises:
        UnknownReference: If the problem names a thing that it does not hold.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.tables = Tables(problem)
        self.horizon = problem.horizon
        self._masks: dict[int, Mask] = {}
        self._rule_masks: dict[int, dict[str, Mask]] = {}
        self._against: dict[tuple[int, int], list[str]] = {}
        self._rows: dict[int, Row] = {}
        self._rule_rows: dict[tuple[int, str], Row] = {}
        self._near: dict[Claim, dict[Claim, tuple[int, str]]] = {}
        self._shut: dict[int, tuple[tuple[int, int, str], ...]] = {}
        self._demands: dict[tuple[int, int], Demand | None] = {}
        self.waived = [frozenset(m.waived) for m in problem.movements]

    # ---- windows ------------------------------------------------------------------------------

    def rule_masks(self, mode: int) -> dict[str, Mask]:
        """Allowed starts in ``[0, horizon)`` by each rule that limits them; not for fixed pasts."""
        known = self._rule_masks.get(mode)
        if known is None:
            known = self._rule_masks[mode] = self.rule_masks_over(mode, self.tables.starts)
        return known

    def rule_masks_over(self, mode: int, starts: Ticks) -> dict[str, Mask]:
        """As :meth:`rule_masks`, for some starts only, each mask of shape ``(starts,)``."""
        movement = self.tables.mode_movement[mode]
        answers: dict[str, Mask] = {}
        if self.tables.actual[movement]:
            return answers
        for rule in rules.WINDOWS:
            if rule.name not in self.waived[movement]:
                allowed = rule.allowed(self.tables, mode, starts)
                if allowed is not None and not allowed.all():
                    answers[rule.name] = allowed
        return answers

    def mask(self, mode: int) -> Mask:
        """Starts in ``[0, horizon)`` that every window rule allows."""
        known = self._masks.get(mode)
        if known is None:
            known = np.ones(self.horizon, dtype=np.bool_)
            for allowed in self.rule_masks(mode).values():
                known &= allowed
            self._masks[mode] = known
        return known

    def windows_against(self, mode: int, start: int) -> list[str]:
        """Window rules that do not allow a mode to start at a tick, which may lie before 0."""
        if 0 <= start < self.horizon and mode in self._rule_masks:
            return [name for name, allowed in self.rule_masks(mode).items() if not allowed[start]]
        known = self._against.get((mode, start))
        if known is None:
            known = list(self.rule_masks_over(mode, np.array([start], dtype=np.int64)))
            self._against[mode, start] = known
        return known

    # ---- separations --------------------------------------------------------------------------

    def row(self, track: int) -> Row:
        """Forbidden differences of one track against all others, merged over rules and segments.

        Returns:
            Other track, first and last forbidden ``start of other - start of this`` (ticks), each
            of shape ``(intervals,)``, sorted by other track.
        """
        if track not in self._rows:
            self.prepare([track])
        return self._rows[track]

    def prepare(self, tracks: Iterable[int]) -> None:
        """Lay out the rows of many tracks, which together takes much less time than one by one."""
        missing = [track for track in dict.fromkeys(tracks) if track not in self._rows]
        for begin in range(0, len(missing), _TOGETHER):
            some = missing[begin : begin + _TOGETHER]
            pairs = self._pairs(some)
            parts = [self._parted(pairs, rule) for rule in rules.SEPARATIONS]
            self._rows.update(zip(some, self._merge(parts, some), strict=True))

    def rule_row(self, track: int, rule: Separation) -> Row:
        """As :meth:`row`, of one rule alone."""
        key = (track, rule.name)
        known = self._rule_rows.get(key)
        if known is None:
            if self._paired is None or self._paired[0] != track:
                self._paired = (track, self._pairs([track]))
            parts = [self._parted(self._paired[1], rule)]
            known = self._rule_rows[key] = self._merge(parts, [track])[0]
        return known

    def _pairs(self, tracks: list[int]) -> Pairs:
        tables = self.tables
        own = np.concatenate([tables.legs.of_track[track] for track in tracks])
        met = [tables.legs.of_segment[tables.legs.segment[leg]] for leg in own]
        a = np.repeat(own, [len(others) for others in met])
        b = np.concatenate(met) if met else np.zeros(0, dtype=np.int64)
        one, other = (tables.track_owner[tables.legs.track[legs]] for legs in (a, b))
        chosen = (one != other) & ~(tables.actual[one] & tables.actual[other])
        return Pairs(tables, a[chosen], b[chosen])

    def _parted(self, pairs: Pairs, rule: Separation) -> Part:
        """What a rule forbids of pairs: both tracks, first and last difference."""
        waives = self._waivers.get(rule.name)
        parts: list[Part] = []
        for part in rule.forbidden(pairs):
            chosen = part.chosen & (part.low <= part.high)
            if waives is not None:
                chosen = chosen & ~(waives[pairs.a_ship] | waives[pairs.b_ship])
            parts.append(
                (pairs.a_track[chosen], pairs.b_track[chosen], part.low[chosen], part.high[chosen])
            )
        return _join(parts)

    _paired: tuple[int, Pairs] | None = None

    @cached_property
    def _waivers(self) -> dict[str, Mask]:
        result: dict[str, Mask] = {}
        for k, names in enumerate(self.waived):
            for name in names:
                result.setdefault(name, np.zeros(len(self.waived), dtype=np.bool_))[k] = True
        return result

    def _merge(self, parts: list[Part], tracks: list[int]) -> list[Row]:
        """The rows of some tracks, out of what the rules say of them."""
        own, other, low, high = _join(parts)
        place = np.zeros(len(self.tables.track_owner), dtype=np.int64)
        place[tracks] = np.arange(len(tracks))
        # One number for both tracks, in which intervals of one pair lie side by side.
        pair = place[own] * len(place) + other
        begin, end = pair * _WIDE + low, pair * _WIDE + high
        order = np.argsort(begin, kind="stable")
        begin, end = begin[order], np.maximum.accumulate(end[order])
        first = np.ones(len(begin), dtype=np.bool_)
        first[1:] = begin[1:] > end[:-1] + 1
        heads = np.flatnonzero(first)
        lasts = np.append(heads[1:], len(begin)) - 1
        pair = pair[order][heads]
        low, high = begin[heads] - pair * _WIDE, end[lasts[: len(heads)]] - pair * _WIDE
        bounds = np.searchsorted(pair, np.arange(len(tracks) + 1) * len(place))
        return [(pair[a:b] % len(place), low[a:b], high[a:b]) for a, b in pairwise(bounds.tolist())]

    # ---- occupancy ----------------------------------------------------------------------------

    @cached_property
    def claims(self) -> set[Claim]:
        """Every claim that a mode or a stay of the problem can make, but for chosen positions."""
        found = {Claim(s.place, s.stretch_mm) for s in self.problem.stays if s.place is not None}
        for claim, movement in zip(self.claim_of, self.tables.mode_movement, strict=True):
            if movement in self.tables.entry_stay and claim is not None and not claim.length_mm:
                found.add(claim)
        return found

    @cached_property
    def claim_of(self) -> list[Claim | None]:
        """For each mode, what its ship holds once it has arrived; None: it leaves the port.

        It is open where the mode leaves the position along a quay to be chosen.
        """
        found: list[Claim | None] = []
        for k, mode in enumerate(self.tables.modes):
            if mode.to_place is None:
                found.append(None)
            elif mode.along_mm is None:
                found.append(Claim(mode.to_place, mode.stretch_mm))
            else:
                found.append(Claim(mode.to_place, mode.along_mm, self.tables.ship(k).loa_mm))
        return found

    @cached_property
    def chooses(self) -> bool:
        """Whether any position along a quay is to be chosen."""
        return any(claim is not None and claim.length_mm for claim in self.claim_of)

    def claim_at(self, mode: int, begin_mm: int | None) -> Claim | None:
        """What a mode's ship holds with its first end at a position; None: it chooses none."""
        claim = self.claim_of[mode]
        if claim is None or claim.length_mm is None:
            return claim
        return Claim(claim.place, claim.stretch_mm) if begin_mm is None else claim.at(begin_mm)

    def begins_mm(self, mode: int) -> tuple[int, int] | None:
        """First and last begin (both included) that a mode leaves open; None: it chooses none."""
        claim, fixed = self.claim_of[mode], self.tables.movement(mode).fixed
        if claim is None or claim.length_mm is None or claim.stretch_mm is None:
            return None
        if fixed is not None and fixed.begin_mm is not None:
            return fixed.begin_mm, fixed.begin_mm
        return claim.stretch_mm[0], claim.stretch_mm[1] - claim.length_mm

    def may_begin(self, mode: int, begin_mm: int | None) -> bool:
        """Whether a mode leaves a position open, or chooses none and is given none."""
        begins = self.begins_mm(mode)
        if begins is None or begin_mm is None:
            return begins is None and begin_mm is None
        return begins[0] <= begin_mm <= begins[1]

    def barred_mm(self, claim: Claim, other: Claim) -> Iterator[tuple[int, int, int, str]]:
        """Begins at which an open claim and another exclude each other.

        Yields:
            First and last such begin (mm, both included), the ticks that must lie between, the
            rule.
        """
        for rule in rules.POSITIONS:
            found = rule.barred(self.tables, claim, other)
            if found is not None:
                yield (*found, rule.name)

    def near(self, claim: Claim, chosen: Iterable[Claim] = ()) -> dict[Claim, tuple[int, str]]:
        """Claims that exclude this one, with the ticks that must lie between, and the rule.

        Args:
            claim: It may be open: then it is where it could come to lie that counts.
            chosen: Claims with chosen positions that are to be looked at, too.
        """
        known = self._near.get(claim)
        if known is None:
            known = self._apart(claim, self.claims)
            if claim in self.claims or claim.length_mm is not None:
                self._near[claim] = known
        return {**known, **self._apart(claim, chosen)} if chosen else known

    def _apart(self, claim: Claim, others: Iterable[Claim]) -> dict[Claim, tuple[int, str]]:
        found: dict[Claim, tuple[int, str]] = {}
        for rule in rules.OCCUPANCIES:
            if rule.gap_ticks is not None:
                for other in others:
                    gap = rule.gap_ticks(self.tables, claim, other)
                    if gap is not None and gap >= found.get(other, (-1, ""))[0]:
                        found[other] = (gap, rule.name)
        return found

    def closed(self, claim: Claim) -> list[tuple[int, int, str]]:
        """Spans in which nobody may hold a claim, with the rule."""
        return [
            (begin, end, rule.name)
            for rule in rules.OCCUPANCIES
            if rule.closed is not None
            for begin, end in rule.closed(self.tables, claim)
        ]

    def counter(self, claim: Claim) -> tuple[str, int, str] | None:
        """The counter that limits how many may hold a claim at once, and the rule."""
        for rule in rules.OCCUPANCIES:
            found = rule.capacity(self.tables, claim) if rule.capacity is not None else None
            if found is not None:
                return (*found, rule.name)
        return None

    @cached_property
    def slots(self) -> list[tuple[Slots, str] | None]:
        """For each mode, the slots that its start takes a place of, and the rule."""
        result: list[tuple[Slots, str] | None] = [None] * len(self.tables.modes)
        for mode, movement in enumerate(self.tables.mode_movement):
            for rule in rules.OCCUPANCIES:
                found = rule.slots(self.tables, mode) if rule.slots is not None else None
                if found is not None and rule.name not in self.waived[movement]:
                    result[mode] = (found, rule.name)
        return result

    @cached_property
    def waits(self) -> frozenset[int]:
        """Stays whose exit has a mode with spans that its ship must not wait through."""
        tables = self.tables
        return frozenset(
            stay
            for movement, stay in tables.exit_stay.items()
            if any(self.shut(mode) for mode in tables.modes_of[movement])
        )

    def shut(self, mode: int) -> tuple[tuple[int, int, str], ...]:
        """Spans that the ship of an exit's mode must not wait through, with the rule."""
        known = self._shut.get(mode)
        if known is None:
            known = self._shut[mode] = tuple(self._ask_shut(mode))
        return known

    def _ask_shut(self, mode: int) -> Iterator[tuple[int, int, str]]:
        stay = self.tables.exit_stay.get(self.tables.mode_movement[mode])
        for rule in rules.OCCUPANCIES:
            if stay is None or rule.shut is None:
                continue
            if not self.stay_waives(self.problem.stays[stay], rule.name):
                yield from ((*span, rule.name) for span in rule.shut(self.tables, mode))

    def stay_waives(self, stay: Stay, rule: str) -> bool:
        """Whether a movement of a stay has set a rule aside."""
        if rule not in self._waivers:
            return False
        waives, index = self._waivers[rule], self.tables.movement_index
        return any(waives[index[name]] for name in (stay.entry, stay.exit) if name is not None)

    # ---- sequence -----------------------------------------------------------------------------

    @cached_property
    def orders(self) -> list[tuple[Order, str]]:
        """All orders between movements, with the rule, without those that are waived."""
        return [
            (order, rule.name)
            for rule in rules.SEQUENCES
            for order in rule.orders(self.tables)
            if rule.name not in self.waived[order.after]
            and (order.before is None or rule.name not in self.waived[order.before])
        ]

    @cached_property
    def orders_before(self) -> dict[int, list[tuple[Order, str]]]:
        """For each movement, the orders that bound its start from below."""
        result: dict[int, list[tuple[Order, str]]] = defaultdict(list)
        for order, name in self.orders:
            result[order.after].append((order, name))
        return result

    @cached_property
    def orders_after(self) -> dict[int, list[tuple[Order, str]]]:
        """For each movement, the orders that it is the first of."""
        result: dict[int, list[tuple[Order, str]]] = defaultdict(list)
        for order, name in self.orders:
            if order.before is not None:
                result[order.before].append((order, name))
        return result

    def before(self, movement: int) -> list[int]:
        """The movements without which one cannot start."""
        orders = self.orders_before.get(movement, ())
        return [order.before for order, _ in orders if order.before is not None]

    def after(self, movement: int) -> list[int]:
        """The movements that cannot start without one."""
        return [order.after for order, _ in self.orders_after.get(movement, ())]

    # ---- teams --------------------------------------------------------------------------------

    def demand(self, mode: int, need: int) -> Demand | None:
        """What one of its movement's needs asks in a mode; None where the mode has no duty of it.

        Raises:
            UnknownReference: If the problem has no such pool.
        """
        key = (mode, need)
        if key not in self._demands:
            self._demands[key] = self._ask_team(mode, need)
        return self._demands[key]

    def _ask_team(self, mode: int, need: int) -> Demand | None:
        movement = self.tables.movement(mode)
        asked = movement.needs[need]
        lengths = [d.end - d.begin for d in self.tables.modes[mode].duties if d.need == asked.id]
        if not lengths:
            return None
        if asked.pool not in self.tables.pools:
            raise UnknownReference("pool", asked.pool)
        members = self.tables.members(asked.pool)
        rule = next((rule for rule in rules.TEAMS if rule.name == asked.pool), rules.ANY_TEAM)
        return rule.demand(self.tables, movement, asked, max(lengths), members)


def _join(parts: list[Part]) -> Part:
    own, other, low, high = (
        np.concatenate([np.zeros(0, dtype=np.int64), *(part[k] for part in parts)])
        for k in range(4)
    )
    return own, other, low, high
