"""What of a published movement is not as it was told."""

from scheduler.draft import Draft, Place
from scheduler.problem import Published


def recrewed(draft: Draft, movement: int) -> tuple[str, ...]:
    """Needs whose team is not the one that was published."""
    place = draft.placed.get(movement)
    if place is None:
        return ()
    return tuple(
        name
        for name, need, team in draft.told_teams(movement)
        if team is None or team != frozenset(place.teams.get(need, ()))
    )


def is_as_told(draft: Draft, place: Place, told: Published) -> bool:
    """Whether a place has the start, mode and position that were told."""
    there = (place.start, draft.tables.modes[place.mode].id, place.begin_mm)
    return there == (told.start, told.mode, told.begin_mm)


def is_moved(draft: Draft, movement: int) -> bool:
    """Whether a published movement has another start, mode or position, or none."""
    published = draft.problem.movements[movement].published
    if published is None:
        return False
    place = draft.placed.get(movement)
    return place is None or not is_as_told(draft, place, published)
