"""Whether what was told of a movement's waiting still stands, without explaining it anew."""

import numpy as np

from scheduler.changes import is_moved
from scheduler.draft import Draft
from scheduler.starts import barriers, separated
from scheduler.tides import Mask


def standing(draft: Draft) -> frozenset[int]:
    """Movements of which the reasons that were told for their waiting still hold.

    So it is where the movement is as it was told (start, mode and crews), and each movement that
    those reasons name (``Published.waits_for``) is where it was told to be and still keeps this one
    from a start that its windows allow; and where nobody who was told otherwise, or nothing, has
    come into its way.
    """
    movements, index = draft.problem.movements, draft.tables.movement_index
    steady = {
        k for k in draft.placed if movements[k].published is not None and not is_moved(draft, k)
    }
    found: list[int] = []
    for movement in sorted(steady):
        raw = movements[movement]
        told = () if raw.published is None else raw.published.waits_for or ()
        if not told or raw.fixed is not None or not _is_crewed_as_told(draft, movement):
            continue
        named = {index[name] for name in told if name in index}
        if len(named) == len(set(told)) and named <= steady:
            place = draft.unplace(movement)
            if named <= _in_the_way(draft, movement, place.mode, place.start, steady):
                found.append(movement)
            draft.put(movement, place)
    return frozenset(found)


def _is_crewed_as_told(draft: Draft, movement: int) -> bool:
    told = draft.problem.movements[movement].published
    now = {crew.need: frozenset(crew.resources) for crew in draft.crews(movement)}
    return told is not None and now == {c.need: frozenset(c.resources) for c in told.crews}


def _in_the_way(draft: Draft, movement: int, mode: int, start: int, steady: set[int]) -> set[int]:
    """Who keeps a movement from the starts before its own; nobody, where one is not steady."""
    begin = max(draft.problem.movements[movement].requested, 0)
    if begin >= start:
        return set()
    allowed = np.ones(start - begin, dtype=np.bool_)
    ticks = np.arange(begin, start, dtype=np.int64)
    for mask in draft.conflicts.rule_masks_over(mode, ticks).values():
        allowed &= mask
    lows, highs, tracks = separated(draft, mode)
    here = (lows < start) & (highs >= begin)
    owners = draft.tables.track_owner[tracks[here]].tolist()
    spans = list(zip(lows[here].tolist(), highs[here].tolist(), owners, strict=True))
    for barrier in barriers(draft, movement, mode):
        if barrier.low < start and barrier.high >= begin:
            spans.extend((barrier.low, barrier.high, k) for k in barrier.movements)
    if not steady.issuperset(k for _, _, k in spans):
        return set()
    return {k for low, high, k in spans if _any(allowed, low - begin, high - begin)}


def _any(mask: Mask, first: int, last: int) -> bool:
    """Whether a mask holds anywhere from one place to another, both included."""
    return bool(mask[max(first, 0) : max(last + 1, 0)].any())
