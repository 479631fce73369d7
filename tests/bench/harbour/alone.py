"""Sees to it that every movement, were it alone, could be placed."""

from dataclasses import replace

from scheduler.checks import CHECKS
from scheduler.checks.sheet import Sheet
from scheduler.outcome import Placement
from scheduler.problem import Movement, Problem

_JUDGED = (
    "requested_window",
    "berth_fit",
    "alongside_clearance",
    "under_keel_clearance",
    "air_draught",
    "daylight",
    "visibility",
    "wind",
    "closure",
)
_STEP = 20


class NoStart(ValueError):
    """A movement that nothing makes possible: the generator has made nonsense."""


def made_possible(problem: Problem) -> Problem:
    """The same problem with more patience, or less draught, for what has no start at all."""
    found = []
    for movement in problem.movements:
        asked = movement
        for change in _EASIER:
            if _has_a_start(problem, asked):
                break
            asked = change(asked)
        else:
            raise NoStart(movement.id)
        found.append(asked)
    return replace(problem, movements=tuple(found))


def _patient(movement: Movement) -> Movement:
    return replace(movement, latest=movement.latest + 360)


def _lighter(movement: Movement) -> Movement:
    return replace(movement, draught_mm=movement.draught_mm * 97 // 100)


_EASIER = (*(_patient,) * 4, *(_lighter,) * 12)


def _has_a_start(problem: Problem, movement: Movement) -> bool:
    stays = tuple(replace(stay, exit=None) for stay in problem.stays if stay.entry == movement.id)
    alone = replace(problem, movements=(movement,), stays=stays)
    last = min(movement.latest, problem.horizon - 1)
    return any(
        _is_clean(alone, Placement(movement=movement.id, mode=mode.id, start=start))
        for start in range(max(movement.earliest, 0), last + 1, _STEP)
        for mode in movement.modes
    )


def _is_clean(problem: Problem, placement: Placement) -> bool:
    sheet = Sheet(problem, (placement,))
    return not any(breach.status == "new" for rule in _JUDGED for breach in CHECKS[rule](sheet))
