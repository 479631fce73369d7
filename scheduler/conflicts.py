"""All rules of a problem asked once: start masks, merged separations, claims, orders, teams."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from scheduler import rules
from scheduler.problem import Problem, Stay
from scheduler.tables import Tables, UnknownReference
from scheduler.tides import Mask, Ticks
from scheduler.ways import Claim, Demand, Order, Pairs, Separation, Slots

Row = tuple[Ticks, Ticks, Ticks]

_WIDE = 1 << 40
"""Keeps merged intervals of different tracks apart; no tick comes near it."""


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
        known = self._rows.get(track)
        if known is None:
            known = self._rows[track] = self._merge(
                [self._pair_row(track, rule) for rule in rules.SEPARATIONS]
            )
        return known

    def rule_row(self, track: int, rule: Separation) -> Row:
        """As :meth:`row`, of one rule alone."""
        key = (track, rule.name)
        known = self._rule_rows.get(key)
        if known is None:
            known = self._rule_rows[key] = self._merge([self._pair_row(track, rule)])
        return known

    def _pairs(self, track: int) -> Pairs:
        tables = self.tables
        own = tables.legs.of_track[track]
        met = [tables.legs.of_segment[tables.legs.segment[leg]] for leg in own]
        a = np.repeat(own, [len(others) for others in met])
        b = np.concatenate(met) if met else np.zeros(0, dtype=np.int64)
        owner = tables.track_owner[track]
        other = tables.track_owner[tables.legs.track[b]] if len(b) else b
        chosen = other != owner
        if tables.actual[owner]:
            chosen &= ~tables.actual[other]
        return Pairs(tables, a[chosen], b[chosen])

    def _pair_row(self, track: int, rule: Separation) -> Row:
        if self._paired is None or self._paired[0] != track:
            self._paired = (track, self._pairs(track))
        pairs = self._paired[1]
        owner = self.tables.track_movement[track]
        if rule.name in self.waived[owner]:
            empty = np.zeros(0, dtype=np.int64)
            return empty, empty, empty
        parts: list[Row] = []
        waives = self._waivers.get(rule.name)
        for part in rule.forbidden(pairs):
            chosen = part.chosen & (part.low <= part.high)
            if waives is not None:
                chosen = chosen & ~waives[pairs.b_ship]
            parts.append((pairs.b_track[chosen], part.low[chosen], part.high[chosen]))
        return _join(parts)

    _paired: tuple[int, Pairs] | None = None

    @cached_property
    def _waivers(self) -> dict[str, Mask]:
        result: dict[str, Mask] = {}
        for k, names in enumerate(self.waived):
            for name in names:
                result.setdefault(name, np.zeros(len(self.waived), dtype=np.bool_))[k] = True
        return result

    def _merge(self, parts: list[Row]) -> Row:
        other, low, high = _join(parts)
        if not len(other):
            return other, low, high
        begin, end = other * _WIDE + low, other * _WIDE + high
        order = np.argsort(begin, kind="stable")
        begin, end = begin[order], np.maximum.accumulate(end[order])
        first = np.ones(len(begin), dtype=np.bool_)
        first[1:] = begin[1:] > end[:-1] + 1
        heads = np.flatnonzero(first)
        lasts = np.append(heads[1:], len(begin)) - 1
        tracks = other[order][heads]
        return tracks, begin[heads] - tracks * _WIDE, end[lasts] - tracks * _WIDE

    # ---- occupancy ----------------------------------------------------------------------------

    @cached_property
    def claims(self) -> set[Claim]:
        """Every claim that a mode or a stay of the problem can make."""
        found = {Claim(s.place, s.stretch_mm) for s in self.problem.stays if s.place is not None}
        for mode, movement in zip(self.tables.modes, self.tables.mode_movement, strict=True):
            if movement in self.tables.entry_stay and mode.to_place is not None:
                found.add(Claim(mode.to_place, mode.stretch_mm))
        return found

    def near(self, claim: Claim) -> dict[Claim, tuple[int, str]]:
        """Claims that exclude this one, with the ticks that must lie between, and the rule."""
        known = self._near.get(claim)
        if known is None:
            known = self._near[claim] = {}
            for rule in rules.OCCUPANCIES:
                if rule.gap_ticks is not None:
                    for other in self.claims:
                        gap = rule.gap_ticks(self.tables, claim, other)
                        if gap is not None and gap >= known.get(other, (-1, ""))[0]:
                            known[other] = (gap, rule.name)
        return known

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
        index = self.tables.movement_index
        return any(
            rule in self.waived[index[name]] for name in (stay.entry, stay.exit) if name is not None
        )

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


def _join(parts: list[Row]) -> Row:
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return empty, empty, empty
    return (
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        np.concatenate([part[2] for part in parts]),
    )
