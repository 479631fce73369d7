"""Where a movement can start, given all that is placed, and the best of it with a team."""

from collections.abc import Iterator

import numpy as np

from scheduler.crewing import crew, has_team, with_teams
from scheduler.draft import Barrier, Block, Draft, Place
from scheduler.problem import Stay
from scheduler.purpose import Purpose
from scheduler.rosters import FAR
from scheduler.tides import Mask, Ticks
from scheduler.waiting import while_waiting


def _others(draft: Draft, stays: tuple[int, ...]) -> tuple[int, ...]:
    """The movement that would have to give way for each stay: its exit, or else its entry."""
    index = draft.tables.movement_index
    found: list[int] = []
    for k in stays:
        stay = draft.problem.stays[k]
        name = stay.exit if stay.exit is not None else stay.entry
        if name is not None:
            found.append(index[name])
    return tuple(found)


def _entering(draft: Draft, stay: Stay, mode: int, block: Block) -> tuple[int, int]:
    """Starts of a stay's entry that a block rules out."""
    chosen = draft.tables.modes[mode]
    high = block.end + block.gap - chosen.arrive_at - 1 if block.end < FAR else FAR
    latest_end = block.begin - block.gap
    leaving = None
    if stay.exit is not None:
        leaving = draft.placed.get(draft.tables.movement_index[stay.exit])
    if leaving is not None:
        gone = leaving.start + draft.tables.modes[leaving.mode].clear_at
        return (latest_end - chosen.arrive_at, high) if gone <= latest_end else (-FAR, high)
    if stay.exit is None:
        if stay.until is not None and stay.until > latest_end:
            return -FAR, high
        return latest_end - stay.service_ticks - chosen.end_at + 1, high
    shortest = min(
        (
            draft.tables.modes[m].clear_at
            for m in draft.tables.modes_of[draft.tables.movement_index[stay.exit]]
        ),
        default=0,
    )
    return latest_end - shortest - stay.service_ticks - chosen.end_at + 1, high


def later_blocks(draft: Draft, movement: int, place: Place) -> list[Block]:
    """Blocks that begin after an entry's stay has begun: its exit must be clear before them."""
    stay = draft.tables.entry_stay.get(movement)
    chosen = draft.tables.modes[place.mode]
    claim = draft.stay_claim.get(-1 if stay is None else stay)
    if stay is None or claim is None:
        return []
    begin = place.start + chosen.arrive_at
    return [block for block in draft.blocks(stay, claim) if block.begin > begin]


def _occupancy(draft: Draft, movement: int, mode: int) -> Iterator[Barrier]:
    tables = draft.tables
    chosen = tables.modes[mode]
    entering, claim = tables.entry_stay.get(movement), draft.conflicts.claim_of[mode]
    if entering is not None and claim is not None:
        for block in draft.blocks(entering, claim):
            low, high = _entering(draft, draft.problem.stays[entering], mode, block)
            yield Barrier(low, high, block.rule, _others(draft, block.stays))
    leaving = tables.exit_stay.get(movement)
    if leaving is not None:
        span, claim = draft.span(leaving), draft.stay_claim.get(leaving)
        if span is not None and claim is not None:
            for block in draft.blocks(leaving, claim):
                # It could not have been gone before tick 0, nor before it came.
                if block.begin >= span[0] and block.begin - block.gap >= 0:
                    low = block.begin - block.gap - chosen.clear_at + 1
                    yield Barrier(low, FAR, block.rule, _comers(draft, block.stays))
    slot = draft.conflicts.slots[mode]
    if slot is not None:
        slots, rule = slot
        for (place, k), starts in draft.slot_starts.items():
            if place == slots.id and len(starts) >= slots.capacity:
                begin = k * slots.slot_ticks - slots.phase_ticks
                yield Barrier(begin, begin + slots.slot_ticks - 1, rule, tuple(starts))


def _comers(draft: Draft, stays: tuple[int, ...]) -> tuple[int, ...]:
    index = draft.tables.movement_index
    entries = (draft.problem.stays[k].entry for k in stays)
    return tuple(index[name] for name in entries if name is not None)


def _sequence(draft: Draft, movement: int, mode: int) -> Iterator[Barrier]:
    tables, chosen = draft.tables, draft.tables.modes[mode]
    for order, rule in draft.conflicts.orders_before.get(movement, ()):
        if order.before is None:
            yield Barrier(-FAR, order.lag_ticks - 1, rule)
            place = order.place
        else:
            before = draft.placed.get(order.before)
            if before is None:
                yield Barrier(-FAR, FAR, rule, (order.before,))
                continue
            ready = before.start + tables.modes[before.mode].end_at + order.lag_ticks
            yield Barrier(-FAR, ready - 1, rule, (order.before,))
            place = tables.modes[before.mode].to_place
        if order.same_place and chosen.from_place != place:
            yield Barrier(-FAR, FAR, rule, () if order.before is None else (order.before,))
    for order, rule in draft.conflicts.orders_after.get(movement, ()):
        after = draft.placed.get(order.after)
        if after is not None:
            limit = after.start - order.lag_ticks - chosen.end_at
            yield Barrier(limit + 1, FAR, rule, (order.after,))
            if order.same_place and tables.modes[after.mode].from_place != chosen.to_place:
                yield Barrier(-FAR, FAR, rule, (order.after,))


def barriers(draft: Draft, movement: int, mode: int) -> Iterator[Barrier]:
    """What occupancy and sequence rules rule out for a movement that is not placed."""
    yield from _occupancy(draft, movement, mode)
    if draft.conflicts.waits:
        yield from while_waiting(draft, movement, mode)
    yield from _sequence(draft, movement, mode)


def separated(draft: Draft, mode: int) -> tuple[Ticks, Ticks, Ticks]:
    """Starts that separations from placed movements rule out.

    Returns:
        First and last such start (ticks) and the other's track, each of shape ``(intervals,)``.
    """
    other, low, high = draft.conflicts.row(draft.tables.mode_track[mode])
    starts = draft.track_start[other]
    here = starts > -FAR
    return starts[here] - high[here], starts[here] - low[here], other[here]


def paint(mask: Mask, low: Ticks, high: Ticks) -> None:
    """Take the ticks ``low`` to ``high`` (both included) out of a mask over ``[0, n)``."""
    size = len(mask)
    opened = np.bincount(np.minimum(np.maximum(low, 0), size), minlength=size + 1)
    closed = np.bincount(np.minimum(np.maximum(high + 1, 0), size), minlength=size + 1)
    mask &= np.cumsum(opened - closed)[:size] <= 0


def open_starts(draft: Draft, movement: int, mode: int) -> Mask:
    """Starts in ``[0, horizon)`` that all but the team rules allow, given the draft."""
    mask = draft.conflicts.mask(mode).copy()
    for barrier in barriers(draft, movement, mode):
        mask[max(barrier.low, 0) : max(barrier.high + 1, 0)] = False
    low, high, _ = separated(draft, mode)
    paint(mask, low, high)
    return mask


def is_open(draft: Draft, movement: int, mode: int, start: int, *, pending: bool = False) -> bool:
    """Whether all but the team rules allow one start, which may lie before tick 0.

    ``pending``: pass over ships that lie in the way but whose exits are still to be placed.
    """
    if draft.conflicts.windows_against(mode, start):
        return False
    low, high, _ = separated(draft, mode)
    if bool(((low <= start) & (start <= high)).any()):
        return False
    met = (b for b in barriers(draft, movement, mode) if b.low <= start <= b.high)
    if pending:
        met = (b for b in met if not b.movements or any(k in draft.placed for k in b.movements))
    return not any(True for _ in met)


def best_start(
    draft: Draft,
    movement: int,
    purpose: Purpose,
    *,
    ruled_out: dict[int, Mask] | None = None,
    below: int | None = None,
) -> Place | None:
    """The best start over all modes, with teams, given all that is placed.

    Args:
        draft: The plan; the movement is not in it.
        movement: Its place in the problem.
        purpose: What says which start is the best.
        ruled_out: By mode, a mask of starts not to be looked at.
        below: Only what is worth less than this.
    """
    best, limit = None, FAR * FAR if below is None else below
    home = purpose.home(movement)
    if home is not None:
        place = _at_home(draft, movement, home, ruled_out or {})
        if place is not None:
            worth = purpose.value(movement, place)
            if worth < limit:
                best, limit = place, worth
            if worth <= 0:
                return best
    prefer = None if home is None else home.teams
    for least, mode, ticks in _offers(draft, movement, purpose, ruled_out or {}):
        if least >= limit:
            break
        for start, teams in with_teams(draft, movement, mode, ticks, prefer):
            place = Place(mode, start, teams)
            worth = purpose.value(movement, place)
            if worth < limit:
                best, limit = place, worth
            break
    return best


def _offers(
    draft: Draft, movement: int, purpose: Purpose, ruled_out: dict[int, Mask]
) -> list[tuple[int, int, Ticks]]:
    """For each mode that has starts: the least that the best one is worth, and all in order."""
    found: list[tuple[int, int, Ticks]] = []
    for mode in draft.tables.modes_of[movement]:
        mask = open_starts(draft, movement, mode)
        if mode in ruled_out:
            mask &= ~ruled_out[mode]
        ticks = np.flatnonzero(mask)
        if len(ticks):
            ticks = purpose.order(movement, ticks)
            found.append((purpose.least(movement, int(ticks[0])), mode, ticks))
    return sorted(found, key=lambda offer: offer[0])


def _at_home(draft: Draft, movement: int, home: Place, ruled_out: dict[int, Mask]) -> Place | None:
    """A movement where it is published, with its own teams if they can be had, or None."""
    if not 0 <= home.start < draft.conflicts.horizon:
        return None
    if home.mode in ruled_out and ruled_out[home.mode][home.start]:
        return None
    if not is_open(draft, movement, home.mode, home.start):
        return None
    if has_team(draft, movement, home):
        return home
    teams = crew(draft, movement, home.mode, home.start, home.teams)
    return None if teams is None else Place(home.mode, home.start, teams)
