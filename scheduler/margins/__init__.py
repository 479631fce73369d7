"""How much room a plan leaves: for every placed movement its distance to each limit."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from scheduler.checks.sheet import Sheet
from scheduler.margins import crews, neighbours, places, water, windows
from scheduler.margins.margin import Margin, Unit
from scheduler.outcome import Placement
from scheduler.problem import Problem

__all__ = ["Margin", "margins", "tightest"]

_ASKED: tuple[Callable[[Sheet], Iterator[Margin]], ...] = (
    water.under_keel_clearance,
    water.alongside_clearance,
    water.air_draught,
    windows.requested_window,
    windows.daylight,
    windows.visibility,
    windows.wind,
    windows.closure,
    neighbours.headway,
    neighbours.no_overtaking,
    neighbours.one_way,
    neighbours.meeting_limit,
    neighbours.safety_zone,
    places.berth_occupancy,
    places.anchorage_capacity,
    places.boarding_slot,
    places.service_time,
    places.follows,
    crews.crews,
)


def margins(problem: Problem, placements: Sequence[Placement]) -> Mapping[str, tuple[Margin, ...]]:
    """Tell, for every placed movement, how far it is from each limit.

    Reckoned from the raw problem, as the checks are: a margin is 0 or more exactly where the check
    of its rule says nothing. Limits that cannot bind a movement (no neighbour, no daylight asked
    for) have no margin. Of two movements both have the margin between them.

    Args:
        problem: A valid problem.
        placements: A plan for it.

    Returns:
        By movement; for each rule, and side of it, the tightest.
    """
    sheet = Sheet(problem, placements)
    found: dict[str, dict[tuple[str, str, str], Margin]] = defaultdict(dict)
    for asked in _ASKED:
        for margin in asked(sheet):
            of_movement = found[margin.movement]
            known = of_movement.get(margin.kind)
            if known is None or margin.margin < known.margin:
                of_movement[margin.kind] = margin
    return {name: tuple(found[name].values()) for name in sheet.voyages}


def tightest(
    of_movement: Sequence[Margin], units: Collection[Unit] = ("ticks", "mm", "ships", "members")
) -> dict[str, Margin]:
    """Tell the tightest margin in each unit; they do not compare across units."""
    found: dict[str, Margin] = {}
    for margin in of_movement:
        known = found.get(margin.unit)
        if margin.unit in units and (known is None or margin.margin < known.margin):
            found[margin.unit] = margin
    return found
