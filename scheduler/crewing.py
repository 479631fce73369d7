"""Teams for a movement at a start: which of its starts have them, and which they are."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduler.draft import Draft, Place, Teams
from scheduler.problem import Crew, Duty
from scheduler.rosters import Busy, Roster
from scheduler.teaming import Able
from scheduler.tides import Ticks

_STEP = 4
"""Starts about one without a rested team that are passed over."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A need of a movement in a mode, and when its pool's resources are busy for it."""

    need: int
    roster: Roster
    able: Able
    busy: Busy
    duties: list[Duty]
    again: bool
    """Another need of the movement asks the same pool."""
    waived: bool


def _ask(draft: Draft, movement: int, mode: int, without: str | None) -> list[_Asked]:
    needs = draft.problem.movements[movement].needs
    pools = [need.pool for need in needs]
    found: list[_Asked] = []
    for k, need in enumerate(needs):
        demand = draft.conflicts.demand(mode, k)
        if demand is None or need.pool == without:
            continue
        roster, duties = draft.rosters[need.pool], draft.need_duties(mode, need.id)
        found.append(
            _Asked(
                need=k,
                roster=roster,
                able=roster.able(demand),
                busy=roster.busy(duties, draft.told(movement, k)),
                duties=duties,
                again=pools.count(need.pool) > 1,
                waived=need.pool in draft.problem.movements[movement].waived,
            )
        )
    return found


def _pick(
    draft: Draft, movement: int, asked: list[_Asked], start: int, prefer: Teams | None
) -> Teams | None:
    """A team for every need that is asked for, or None.

    Where needs share a pool, the first must not take whom only the next could do with: other
    orders are tried, and others than those preferred.
    """
    tries = [(asked, prefer)]
    if any(one.again for one in asked):
        tries += [(asked, None), (asked[::-1], prefer), (asked[::-1], None)]
    for order, wish in tries:
        teams = _pick_in_turn(draft, movement, order, start, wish)
        if teams is not None:
            return teams
    return None


def _pick_in_turn(
    draft: Draft, movement: int, asked: list[_Asked], start: int, prefer: Teams | None
) -> Teams | None:
    teams: Teams = {}
    named = _named(draft, movement)
    try:
        for one in asked:
            busy = one.busy
            if one.again:
                busy = one.roster.busy(one.duties, draft.told(movement, one.need))
            free = one.roster.free_at(busy, start)
            if one.need in named:
                team = named[one.need]
                able = one.roster.suffices(one.able.demand, team)
                team = team if able and all(free[r] for r in team) else None
            else:
                kept = (prefer or {}).get(one.need, ())
                team = one.roster.pick(one.able.demand, one.duties, start, kept, free)
            if team is None and one.waived:
                team = named.get(one.need, ())
            if team is None:
                return None
            teams[one.need] = team
            if one.again:
                one.roster.add((movement, one.need), one.duties, start, team)
    finally:
        for one in asked:
            if one.again:
                one.roster.remove((movement, one.need))
    return teams


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
    return _pick(draft, movement, _ask(draft, movement, mode, without), start, prefer)


def has_team(draft: Draft, movement: int, place: Place) -> bool:
    """Whether a place's teams are enough, free and rested; its movement is not in the draft."""
    raw = draft.problem.movements[movement]
    for k, need in enumerate(raw.needs):
        demand = draft.conflicts.demand(place.mode, k)
        if demand is None or need.pool in raw.waived:
            continue
        roster, team = draft.rosters[need.pool], place.teams.get(k, ())
        duties = draft.need_duties(place.mode, need.id)
        free = roster.free_at(roster.busy(duties, draft.told(movement, k)), place.start)
        if not all(free[r] and roster.rested(r, duties, place.start) for r in team):
            return False
        if not roster.suffices(demand, team):
            return False
    return True


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
    if not len(ticks):
        return
    asked = _ask(draft, movement, mode, without)
    left = ticks
    while len(left):
        tick = int(left[0])
        dead = _lacking(asked, tick)
        if dead is None:
            teams = _pick(draft, movement, asked, tick, prefer)
            if teams is not None:
                yield tick, teams
                left = left[1:]
                continue
            # Someone is there, but not rested enough, or asked for twice: look a little further.
            dead = tick - _STEP, tick + _STEP
        left = left[(left < dead[0]) | (left > dead[1])]


def _lacking(asked: list[_Asked], start: int) -> tuple[int, int] | None:
    """First and last start about one at which a need surely lacks somebody; None: perhaps none."""
    for one in asked:
        if not one.waived and not one.roster.enough(one.able, one.roster.free_at(one.busy, start)):
            return one.roster.unchanged(one.able, one.busy, start)
    return None


def holders(draft: Draft, movement: int, mode: int, start: int) -> list[int]:
    """Movements whose duties keep from a start the resources that a movement lacks for it."""
    found: dict[int, None] = {}
    for k, need in enumerate(draft.problem.movements[movement].needs):
        demand = draft.conflicts.demand(mode, k)
        duties = draft.need_duties(mode, need.id)
        if demand is None or not duties:
            continue
        roster = draft.rosters[need.pool]
        free = roster.free_at(roster.busy(duties, draft.told(movement, k)), start)
        if roster.pick(demand, duties, start, (), free) is not None:
            continue
        busy = np.flatnonzero(roster.able(demand).usable & ~free)
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
