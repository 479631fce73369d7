"""An anchorage never holds more ships than it has room for."""

from collections.abc import Iterator

from scheduler.checks.sheet import Hold, Sheet, Voyage
from scheduler.outcome import Breach
from scheduler.problem import Anchorage

RULE = "anchorage_capacity"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report each arrival that finds, or makes, an anchorage too full."""
    for anchorage in sheet.problem.anchorages:
        holds = [hold for hold in sheet.holds if hold.place == anchorage.id]
        for begin in sorted({hold.begin for hold in holds}):
            present = [hold for hold in holds if hold.begin <= begin < hold.end]
            if len(present) > anchorage.capacity:
                # A waiver covers its own ship: the others have to find room by themselves.
                others = [hold for hold in present if not sheet.waives(hold.stay, RULE)]
                told = others if len(others) > anchorage.capacity else present
                yield _overfull(sheet, anchorage, begin, told)


def _overfull(sheet: Sheet, anchorage: Anchorage, begin: float, present: list[Hold]) -> Breach:
    # Answerable are all that came by this plan, and those already there that could have left.
    answerable: list[Voyage | None] = [hold.entry for hold in present]
    if begin >= 0:
        answerable += [hold.exit for hold in present if hold.begin < begin]
    waivers = [movement for hold in present for movement in sheet.movements_of(hold.stay)]
    figures: dict[str, int | str] = {
        "place": anchorage.id,
        "have_ships": len(present),
        "limit_ships": anchorage.capacity,
    }
    if begin >= 0:
        figures["tick"] = int(begin)
    return sheet.breach(RULE, *(voyage for voyage in answerable if voyage), *waivers, **figures)
