"""What of a published movement is not as it was told."""

from scheduler.draft import Draft


def recrewed(draft: Draft, movement: int) -> tuple[str, ...]:
    """Needs whose team is not the one that was published."""
    raw = draft.problem.movements[movement]
    if raw.published is None or movement not in draft.placed:
        return ()
    now = {crew.need: frozenset(crew.resources) for crew in draft.crews(movement)}
    return tuple(
        crew.need
        for crew in raw.published.crews
        if now.get(crew.need, frozenset()) != frozenset(crew.resources)
    )


def is_moved(draft: Draft, movement: int) -> bool:
    """Whether a published movement has another start or mode, or none."""
    published = draft.problem.movements[movement].published
    if published is None:
        return False
    place = draft.placed.get(movement)
    return place is None or (place.start, draft.tables.modes[place.mode].id) != (
        published.start,
        published.mode,
    )
