"""A fixed movement keeps its start, mode and position; what has happened is never left out."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach

RULE = "frozen"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report fixed movements at another start or position, or in another mode.

    That something has happened is no excuse for a plan that tells it differently: such a breach
    is never ``actual``.
    """
    for movement in sheet.problem.movements:
        fixed = movement.fixed
        if fixed is None:
            continue
        waived = RULE in movement.waived and not fixed.actual
        voyage = sheet.voyages.get(movement.id)
        if voyage is None:
            if fixed.actual:
                yield Breach(rule=RULE, movements=(movement.id,), params={"code": "left_out"})
        elif (voyage.start, voyage.mode.id, voyage.begin_mm) != (
            *(fixed.start, fixed.mode),
            fixed.begin_mm,
        ):
            yield Breach(
                rule=RULE,
                movements=(movement.id,),
                status="waived" if waived else "new",
                params={
                    "start_tick": voyage.start,
                    "fixed_tick": fixed.start,
                    "mode": voyage.mode.id,
                    "fixed_mode": fixed.mode,
                    **({} if voyage.begin_mm is None else {"begin_mm": voyage.begin_mm}),
                    **({} if fixed.begin_mm is None else {"fixed_begin_mm": fixed.begin_mm}),
                },
            )
