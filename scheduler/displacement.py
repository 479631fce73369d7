"""How far a mended plan throws a movement, and which of two mended plans changes less."""

import numpy as np

from scheduler.changes import is_moved, recrewed
from scheduler.draft import Draft
from scheduler.rosters import FAR

HOUR_TICKS = 60
"""Displacement counts in steps of so many ticks."""

HOUR_WORTH = 2
"""A weighted hour of displacement is as bad as so many movements moved."""

Key = tuple[int, int, int, int, int, int]


class Displacement:
    """Between which starts each published movement is not *displaced*, and by how much else.

    A movement is displaced when it starts more than ``Limits.displaced_ticks`` before the published
    start, or after the earliest start, from the published one on, that is not ruled out whatever
    the other movements do: by the windows of its modes, and by the earliest such end of what it
    comes after.

    Args:
        draft: Any draft of the problem.
        allowed_ticks: ``Limits.displaced_ticks``.
    """

    def __init__(self, draft: Draft, allowed_ticks: int) -> None:
        self._draft = draft
        self._allowed = allowed_ticks
        self._known: dict[int, int] = {}

    def latest(self, movement: int) -> int:
        """Last start (tick) that is no displacement; far away where it was never published."""
        if self._draft.problem.movements[movement].published is None:
            return FAR
        return self.unavoidable(movement) + self._allowed

    def soonest(self, movement: int) -> int:
        """First start (tick) that is no displacement."""
        told = self._draft.problem.movements[movement].published
        return -FAR if told is None else told.start - self._allowed

    def is_displaced(self, movement: int) -> bool:
        """Whether a placed movement is displaced."""
        place = self._draft.placed.get(movement)
        return place is not None and self.hours(movement, place.start) > 0

    def hours(self, movement: int, start: int) -> int:
        """Hours begun by which a start is a displacement, times the weight of a late minute."""
        told = self._draft.problem.movements[movement].published
        if told is not None and told.start == start:
            return 0
        beyond = max(start - self.latest(movement), self.soonest(movement) - start, 0)
        return -(-beyond // HOUR_TICKS) * self.weight(movement)

    def disturbance(self, movement: int) -> int:
        """What a placed, published movement counts: moved, and by how many hours displaced."""
        start = self._draft.placed[movement].start
        return is_moved(self._draft, movement) + HOUR_WORTH * self.hours(movement, start)

    def weight(self, movement: int) -> int:
        """What an hour counts."""
        return max(self._draft.problem.movements[movement].late_weight, 1)

    def unavoidable(self, movement: int) -> int:
        """The first start from the published one on that others could leave it; FAR: none."""
        known = self._known.get(movement)
        if known is None:
            self._known[movement] = FAR  # what comes after itself could never start
            known = self._known[movement] = self._first(movement)
        return known

    def _first(self, movement: int) -> int:
        draft = self._draft
        raw, conflicts = draft.problem.movements[movement], draft.conflicts
        if raw.fixed is not None:
            return raw.fixed.start
        begin = raw.requested if raw.published is None else raw.published.start
        for order, _ in conflicts.orders_before.get(movement, ()):
            ready = order.lag_ticks
            if order.before is not None:
                modes = draft.tables.modes_of[order.before]
                ends = [draft.tables.modes[mode].end_at for mode in modes]
                ready += self.unavoidable(order.before) + min(ends, default=0)
            begin = max(begin, ready)
        if begin >= conflicts.horizon:
            return FAR
        first, soon = FAR, max(begin - self._allowed, 0)
        for mode in draft.tables.modes_of[movement]:
            ticks = np.flatnonzero(conflicts.mask(mode)[soon:]) + soon
            later = ticks[ticks >= begin]
            if len(later):
                first = min(first, int(later[0]))
            if len(later) < len(ticks) and raw.published is not None:
                first = begin  # a little earlier would do
        return first


def key_of(draft: Draft, displacement: Displacement) -> Key:
    """What is to be small, the first first.

    Published and left out, left out at all, disturbed (movements moved, and ``HOUR_WORTH`` for each
    weighted hour of displacement), re-crewed, ticks moved, cost.
    """
    lost = left_out = disturbed = crews = ticks = 0
    for k, raw in enumerate(draft.problem.movements):
        place = draft.placed.get(k)
        left_out += place is None
        lost += place is None and raw.published is not None
        if raw.published is not None and place is not None:
            disturbed += displacement.disturbance(k)
            crews += len(recrewed(draft, k))
            ticks += abs(place.start - raw.published.start)
    return lost, left_out, disturbed, crews, ticks, draft.total()
