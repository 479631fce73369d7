"""Take over places that a model has found, only where every rule agrees with them."""

from collections.abc import Iterable
from dataclasses import replace

from scheduler.crewing import crew, has_team
from scheduler.draft import Draft, Place
from scheduler.starts import is_open


def _is_open(draft: Draft, movement: int, place: Place) -> bool:
    return is_open(draft, movement, place.mode, place.start, place.begin_mm)


def is_valid(draft: Draft, movement: int) -> bool:
    """Whether a placed movement keeps every rule as things are."""
    place = draft.unplace(movement)
    valid = _is_open(draft, movement, place) and has_team(draft, movement, place)
    draft.put(movement, place)
    return valid


def take_out_blocked(draft: Draft, movements: Iterable[int]) -> list[int]:
    """Take out those of some placed movements that may not be where they are, the first first.

    As where a ship lies in their place that does not leave in time. What has happened stays.
    """
    found: list[int] = []
    for movement in sorted(movements, key=lambda k: draft.placed[k].start):
        if draft.tables.actual[movement]:
            continue
        place = draft.unplace(movement)
        if _is_open(draft, movement, place):
            draft.put(movement, place)
        else:
            found.append(movement)
    return found


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
        draft.put(movement, place)
    for movement, place in places.items():
        draft.unplace(movement)
        teams = place.teams
        valid = _is_open(draft, movement, place)
        if valid and not has_team(draft, movement, place):
            teams = crew(draft, movement, place.mode, place.start, place.teams)
            valid = teams is not None
        draft.put(movement, replace(place, teams=teams or {}))
        if not valid:
            for other in places:
                draft.unplace(other)
            return False
    return True
