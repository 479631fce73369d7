"""Take over places that a model has found, only where every rule agrees with them."""

from scheduler.draft import Draft, Place
from scheduler.starts import crew, is_open


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


def is_valid(draft: Draft, movement: int) -> bool:
    """Whether a placed movement keeps every rule as things are."""
    place = draft.unplace(movement)
    valid = is_open(draft, movement, place.mode, place.start) and has_team(draft, movement, place)
    draft.place(movement, place.mode, place.start, place.teams)
    draft.placed[movement] = place
    return valid


def strands(draft: Draft, movement: int) -> bool:
    """Whether leaving out an exit keeps its ship where others are to come."""
    stay = draft.tables.exit_stay.get(movement)
    claim = None if stay is None else draft.stay_claim.get(stay)
    span = None if stay is None else draft.span(stay)
    if movement in draft.placed or stay is None or claim is None or span is None:
        return False
    return any(block.end > span[0] for block in draft.blocks(stay, claim))


def adopt(draft: Draft, places: dict[int, Place]) -> bool:
    """Place what a model has found, with other teams where its own do not do.

    Returns:
        Whether all of it could be placed; if not, none of it is.
    """
    for movement, place in places.items():
        draft.place(movement, place.mode, place.start, place.teams)
    for movement, place in places.items():
        draft.unplace(movement)
        teams = place.teams
        valid = is_open(draft, movement, place.mode, place.start)
        if valid and not has_team(draft, movement, place):
            teams = crew(draft, movement, place.mode, place.start, place.teams)
            valid = teams is not None
        draft.place(movement, place.mode, place.start, teams or {})
        if not valid:
            for other in places:
                draft.unplace(other)
            return False
    return True
