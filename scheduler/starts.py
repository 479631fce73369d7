"""Where a movement can start, given all that is placed, and the best of it with a team."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduler.draft import Block, Draft, Place, Teams
from scheduler.problem import Crew, Stay
from scheduler.rosters import FAR
from scheduler.tides import Mask, Ticks
from scheduler.ways import Claim

_CHUNK = 192
"""Candidate starts that are looked at together when teams are scarce."""
_PICKS = 6
"""Starts of a chunk for which teams are picked in full before the next chunk."""


@dataclass(frozen=True, slots=True)
class Barrier:
    """Starts ``low`` to ``high`` (both included) that a rule rules out, and who is in the way."""

    low: int
    high: int
    rule: str
    movements: tuple[int, ...] = ()


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
    entering = tables.entry_stay.get(movement)
    if entering is not None and chosen.to_place is not None:
        claim = _claim(draft, mode)
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


def _claim(draft: Draft, mode: int) -> Claim:
    chosen = draft.tables.modes[mode]
    return Claim(chosen.to_place or "", chosen.stretch_mm)


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
    edges = np.zeros(size + 1, dtype=np.int32)
    np.add.at(edges, np.clip(low, 0, size), 1)
    np.subtract.at(edges, np.clip(high + 1, 0, size), 1)
    mask &= np.cumsum(edges[:-1]) <= 0


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


def crew(
    draft: Draft,
    movement: int,
    mode: int,
    start: int,
    prefer: Teams | None = None,
    *,
    without: str | None = None,
) -> Teams | None:
    """Pick a team for every need of a movement in a mode at a start; None where one lacks.

    ``without``: a pool that is not asked, for explaining.
    """
    raw = draft.problem.movements[movement]
    teams: Teams = {}
    named = _named(draft, movement)
    pools = [need.pool for need in raw.needs]
    try:
        for k, need in enumerate(raw.needs):
            demand = draft.conflicts.demand(mode, k)
            if demand is None or need.pool == without:
                continue
            roster, duties = draft.rosters[need.pool], draft.need_duties(mode, need.id)
            spans = roster.busy(duties, draft.told(movement, k))
            if k in named:
                free = roster.free_at(spans, start)
                team = named[k] if all(free[r] for r in named[k]) else None
            else:
                team = roster.pick(demand, duties, start, (prefer or {}).get(k, ()), spans)
            if team is None and need.pool in raw.waived:
                team = named.get(k, ())
            if team is None:
                return None
            teams[k] = team
            if pools.count(need.pool) > 1:
                roster.add((movement, k), duties, start, team)
    finally:
        for k, need in enumerate(raw.needs):
            if pools.count(need.pool) > 1:
                draft.rosters[need.pool].remove((movement, k))
    return teams


def holders(draft: Draft, movement: int, mode: int, start: int) -> list[int]:
    """Movements whose duties keep from a start the resources that a movement lacks for it."""
    found: dict[int, None] = {}
    for k, need in enumerate(draft.problem.movements[movement].needs):
        demand = draft.conflicts.demand(mode, k)
        duties = draft.need_duties(mode, need.id)
        if demand is None or not duties:
            continue
        roster = draft.rosters[need.pool]
        spans = roster.busy(duties, draft.told(movement, k))
        if roster.pick(demand, duties, start, (), spans) is not None:
            continue
        usable = np.array(demand.others, dtype=np.bool_)
        if demand.first is not None:
            usable |= np.array(demand.first, dtype=np.bool_)
        busy = np.flatnonzero(usable & ~roster.free_at(spans, start))
        begin, end = start + duties[0].begin, start + duties[-1].end
        found.update(dict.fromkeys(roster.holders(busy, begin, end)))
    return [k for k in found if k != movement]


def _named(draft: Draft, movement: int) -> Teams:
    """Teams that are fixed by name."""
    fixed = draft.problem.movements[movement].fixed
    return {} if fixed is None else named_teams(draft, movement, fixed.crews)


def named_teams(draft: Draft, movement: int, crews: tuple[Crew, ...]) -> Teams:
    """Teams by name as a draft knows them; members who are gone from the roster are left out."""
    needs = {need.id: k for k, need in enumerate(draft.problem.movements[movement].needs)}
    result: Teams = {}
    for one in crews:
        k = needs.get(one.need)
        if k is not None:
            roster = draft.rosters[draft.problem.movements[movement].needs[k].pool]
            result[k] = tuple(roster.index[r] for r in one.resources if r in roster.index)
    return result


def by_cost(draft: Draft, movement: int, ticks: Ticks) -> Ticks:
    """Starts from the cheapest on; of equal ones the nearest to the requested start first."""
    raw = draft.problem.movements[movement]
    split = int(np.searchsorted(ticks, raw.requested))
    early, late = ticks[:split][::-1], ticks[split:]
    if not len(early) or not len(late):
        return late if len(late) else early
    if raw.early_weight == 0:
        if late[0] == raw.requested:
            return np.concatenate([late[:1], early, late[1:]])
        return np.concatenate([early, late])
    both = np.concatenate([late, early])
    costs = np.concatenate(
        [(late - raw.requested) * raw.late_weight, (raw.requested - early) * raw.early_weight]
    )
    return both[np.argsort(costs, kind="stable")]


def with_teams(
    draft: Draft,
    movement: int,
    mode: int,
    ticks: Ticks,
    prefer: Teams | None = None,
    *,
    without: str | None = None,
) -> Iterator[tuple[int, Teams]]:
    """Of some starts, in their order, those for which there are teams, with these.

    ``without``: a pool that is not asked, for explaining.
    """
    raw = draft.problem.movements[movement]
    if not len(ticks):
        return
    asked = [
        (
            draft.rosters[need.pool],
            demand,
            draft.rosters[need.pool].busy(
                draft.need_duties(mode, need.id), draft.told(movement, k)
            ),
        )
        for k, need in enumerate(raw.needs)
        if (demand := draft.conflicts.demand(mode, k)) is not None
        and need.pool not in raw.waived
        and need.pool != without
    ]
    teams = crew(draft, movement, mode, int(ticks[0]), prefer, without=without)
    if teams is not None:
        yield int(ticks[0]), teams
    at = 1
    while at < len(ticks):
        chunk = ticks[at : at + _CHUNK]
        at += len(chunk)
        begin, end = int(chunk.min()), int(chunk.max()) + 1
        enough = np.ones(end - begin, dtype=np.bool_)
        for roster, demand, spans in asked:
            enough &= roster.enough_over(demand, spans, begin, end)
        likely = chunk[enough[chunk - begin]]
        step = max(1, len(likely) // _PICKS)
        for tick in [*likely[:2], *likely[2::step]]:
            teams = crew(draft, movement, mode, int(tick), prefer, without=without)
            if teams is not None:
                yield int(tick), teams


def best_start(
    draft: Draft,
    movement: int,
    *,
    prefer: Teams | None = None,
    modes: tuple[int, ...] = (),
    ruled_out: dict[int, Mask] | None = None,
    at_most: int | None = None,
) -> Place | None:
    """The cheapest start over all modes, with teams, given all that is placed.

    Args:
        draft: The plan; the movement is not in it.
        movement: Its place in the problem.
        prefer: Teams to keep where they can be kept.
        modes: Modes to look at; empty means all of them.
        ruled_out: By mode, a mask of starts not to be looked at.
        at_most: Only starts that cost less than this.
    """
    offers: list[tuple[int, int, Ticks]] = []
    for rank, mode in enumerate(modes or draft.tables.modes_of[movement]):
        mask = open_starts(draft, movement, mode)
        if ruled_out is not None and mode in ruled_out:
            mask &= ~ruled_out[mode]
        ticks = by_cost(draft, movement, np.flatnonzero(mask))
        if len(ticks):
            offers.append((draft.cost(movement, int(ticks[0])), rank, ticks))
    offers.sort(key=lambda offer: offer[:2])
    best: Place | None = None
    limit = FAR if at_most is None else at_most
    choices = modes or tuple(draft.tables.modes_of[movement])
    for cost, rank, ticks in offers:
        if cost >= limit:
            break
        for start, teams in with_teams(draft, movement, choices[rank], ticks, prefer):
            if draft.cost(movement, start) < limit:
                limit = draft.cost(movement, start)
                best = Place(choices[rank], start, teams)
            break
    return best
