"""How far a mended plan throws a movement, and which of two mended plans changes less."""

import numpy as np

from scheduler.answer import is_moved, recrewed
from scheduler.draft import Draft
from scheduler.rosters import FAR

Key = tuple[int, int, int, int, int, int]


class Displacement:
    """The latest start at which each published movement is not *displaced*.

    A movement is displaced when it starts more than ``Limits.displaced_ticks`` after the earliest
    start, from the published one on, that is not ruled out whatever the other movements do: by the
    windows of its modes, and by the earliest such end of what it comes after.

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

    def is_displaced(self, movement: int) -> bool:
        """Whether a placed movement starts later than that."""
        place = self._draft.placed.get(movement)
        return place is not None and place.start > self.latest(movement)

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
        first = FAR
        for mode in draft.tables.modes_of[movement]:
            ticks = np.flatnonzero(conflicts.mask(mode)[max(begin, 0) :])
            if len(ticks):
                first = min(first, max(begin, 0) + int(ticks[0]))
        return first


def key_of(draft: Draft, displacement: Displacement) -> Key:
    """What is to be small, the first first.

    Left out, displaced, moved, re-crewed, ticks moved, cost.
    """
    left_out = displaced = moved = crews = ticks = 0
    for k, raw in enumerate(draft.problem.movements):
        place = draft.placed.get(k)
        left_out += place is None
        if raw.published is not None and place is not None:
            displaced += displacement.is_displaced(k)
            moved += is_moved(draft, k)
            crews += len(recrewed(draft, k))
            ticks += abs(place.start - raw.published.start)
    return left_out, displaced, moved, crews, ticks, draft.total()
