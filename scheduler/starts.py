"""Where a movement can start, given all that is placed, and the best of it with a team."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from scheduler.crewing import crew, has_team, with_teams
from scheduler.draft import Barrier, Block, Draft, Place
from scheduler.positions import Lean, Room, Wall
from scheduler.problem import Stay
from scheduler.purpose import Purpose
from scheduler.rosters import FAR
from scheduler.tides import Mask, Ticks
from scheduler.waiting import while_waiting

Named = bool | int
"""Who is in the way: asked, not asked, or asked of one start alone."""


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


def room(draft: Draft, movement: int, mode: int, *, pending: bool = False) -> Room | None:
    """Where along a quay a movement that is not placed may come to lie; None: nothing to choose.

    ``pending``: pass over ships whose exits are still to be placed.
    """
    conflicts = draft.conflicts
    entering, claim = draft.tables.entry_stay.get(movement), conflicts.claim_of[mode]
    begins = conflicts.begins_mm(mode)
    if claim is None or begins is None:
        return None
    if entering is None:
        return Room(*begins, ())
    walls: list[Wall] = []
    for held, stays in draft.at_claim.items():
        for first, last, gap, rule in conflicts.barred_mm(claim, held):
            for block in (draft.block(entering, other, gap, rule) for other in stays):
                if block is None or first > begins[1] or last < begins[0]:
                    continue
                mover = next(iter(_others(draft, block.stays)), None)
                if not (pending and mover is not None and mover not in draft.placed):
                    span = _entering(draft, draft.problem.stays[entering], mode, block)
                    is_firm = mover is None or draft.problem.movements[mover].fixed is not None
                    walls.append(Wall(*span, first, last, rule, mover, is_firm))
    return Room(*begins, walls)


def _without_room(here: Room, named: Named) -> Iterator[Barrier]:
    """Starts that leave no position; who is in the way, if that is asked."""
    for low, high in here.full():
        if not isinstance(named, bool) and not low <= named <= high:
            continue
        walls = here.walls[:1] if named is False else here.in_the_way(low)
        rule = walls[0].rule if walls else ""
        found = (w.movement for w in walls if named is not False and w.movement is not None)
        yield Barrier(low, high, rule, tuple(dict.fromkeys(found)))


def _coming(
    draft: Draft, movement: int, mode: int, begin_mm: int | None, named: Named
) -> Iterator[Barrier]:
    """Starts with which a ship would come to a place that is not to be had."""
    entering = draft.tables.entry_stay[movement]
    claim = draft.conflicts.claim_at(mode, begin_mm)
    if claim is None:
        return
    here = room(draft, movement, mode) if begin_mm is None else None
    if here is not None:
        yield from _without_room(here, named)
    against = draft.blocks if here is None else draft.closures
    for block in against(entering, claim):
        low, high = _entering(draft, draft.problem.stays[entering], mode, block)
        yield Barrier(low, high, block.rule, _others(draft, block.stays))


def _occupancy(
    draft: Draft, movement: int, mode: int, begin_mm: int | None, named: Named
) -> Iterator[Barrier]:
    tables = draft.tables
    chosen = tables.modes[mode]
    if movement in tables.entry_stay:
        yield from _coming(draft, movement, mode, begin_mm, named)
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


def barriers(
    draft: Draft, movement: int, mode: int, begin_mm: int | None = None, *, named: Named = True
) -> Iterator[Barrier]:
    """What occupancy and sequence rules rule out for a movement that is not placed.

    Args:
        draft: The plan.
        movement: Its place in the problem.
        mode: One of its modes.
        begin_mm: Its position along the quay; None: there is none to choose, or any will do.
        named: Whether it is asked who leaves no position, which takes its time; or the one start
            that is asked about.
    """
    yield from _occupancy(draft, movement, mode, begin_mm, named)
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
    for barrier in barriers(draft, movement, mode, named=False):
        mask[max(barrier.low, 0) : max(barrier.high + 1, 0)] = False
    low, high, _ = separated(draft, mode)
    paint(mask, low, high)
    return mask


def is_open(
    draft: Draft,
    movement: int,
    mode: int,
    start: int,
    begin_mm: int | None = None,
    *,
    pending: bool = False,
) -> bool:
    """Whether all but the team rules allow one start, which may lie before tick 0.

    ``begin_mm``: as for :func:`barriers`. ``pending``: pass over ships that lie in the way but
    whose exits are still to be placed.
    """
    if draft.conflicts.windows_against(mode, start):
        return False
    low, high, _ = separated(draft, mode)
    if bool(((low <= start) & (start <= high)).any()):
        return False
    met = (
        b
        for b in barriers(draft, movement, mode, begin_mm, named=start)
        if b.low <= start <= b.high
    )
    if pending:
        met = (b for b in met if not b.movements or any(k in draft.placed for k in b.movements))
    return not any(True for _ in met)


def positioned(
    draft: Draft, movement: int, place: Place, home: Place | None = None, lean: Lean = "ends"
) -> Place:
    """A place at an open start, with its position along a quay where there is one to choose.

    At home if there is room, or else where one leans to.
    """
    here = room(draft, movement, place.mode)
    if here is None:
        return place
    home_mm = None if home is None else home.begin_mm
    return replace(place, begin_mm=here.best(place.start, home_mm, lean))


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
            place = positioned(draft, movement, Place(mode, start, teams), home, purpose.lean)
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
    if not is_open(draft, movement, home.mode, home.start, home.begin_mm):
        return None
    if has_team(draft, movement, home):
        return home
    teams = crew(draft, movement, home.mode, home.start, home.teams)
    return None if teams is None else replace(home, teams=teams)
