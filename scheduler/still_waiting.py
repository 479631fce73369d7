"""Whether what was told of a movement's waiting still stands, without explaining it anew."""

import numpy as np

from scheduler.changes import is_moved, recrewed
from scheduler.draft import Draft, Place
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
    steady = np.zeros(len(movements), dtype=np.bool_)
    for k in draft.placed:
        steady[k] = movements[k].published is not None and not is_moved(draft, k)
    found: list[int] = []
    for movement in np.flatnonzero(steady).tolist():
        raw = movements[movement]
        told = () if raw.published is None else raw.published.waits_for or ()
        if not told or raw.fixed is not None or not _is_crewed_as_told(draft, movement):
            continue
        named = {index.get(name, -1) for name in told}
        if -1 not in named and steady[list(named)].all():
            place = draft.unplace(movement)
            if _is_kept_by(draft, movement, place, named, steady):
                found.append(movement)
            draft.put(movement, place)
    return frozenset(found)


def _is_crewed_as_told(draft: Draft, movement: int) -> bool:
    told, teams = draft.told_teams(movement), draft.placed[movement].teams
    return {need for _, need, _ in told} == teams.keys() and not recrewed(draft, movement)


def _is_kept_by(draft: Draft, movement: int, place: Place, named: set[int], steady: Mask) -> bool:
    """Whether all who are named keep a movement from starts before its own that windows allow.

    They do not, where anybody who is not steady is in its way, too.
    """
    begin, start = max(draft.problem.movements[movement].requested, 0), place.start
    if begin >= start:
        return False
    lows, highs, tracks = separated(draft, place.mode)
    here = np.flatnonzero((lows < start) & (highs >= begin))
    owners = draft.tables.track_owner[tracks[here]]
    if not steady[owners].all():
        return False
    spans = list(zip(lows[here].tolist(), highs[here].tolist(), owners.tolist(), strict=True))
    for barrier in barriers(draft, movement, place.mode):
        if barrier.low < start and barrier.high >= begin:
            spans.extend((barrier.low, barrier.high, k) for k in barrier.movements)
    if not steady[[k for _, _, k in spans]].all():
        return False
    ticks = np.arange(begin, start, dtype=np.int64)
    allowed = list(draft.conflicts.rule_masks_over(place.mode, ticks).values())
    opened = np.logical_and.reduce(allowed) if allowed else None
    left = set(named)
    for low, high, k in spans:
        if k in left and (opened is None or _any(opened, low - begin, high - begin)):
            left.discard(k)
    return not left


def _any(mask: Mask, first: int, last: int) -> bool:
    """Whether a mask holds anywhere from one place to another, both included."""
    return bool(mask[max(first, 0) : max(last + 1, 0)].any())
