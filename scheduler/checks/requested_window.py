"""A movement starts between its first and last possible start, and within the horizon."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach

RULE = "requested_window"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report starts outside ``[earliest, latest]``; those not fixed also outside the horizon."""
    for voyage in sheet.voyages.values():
        earliest, latest = voyage.movement.earliest, voyage.movement.latest
        if voyage.movement.fixed is None:
            earliest = max(earliest, 0)
            latest = min(latest, sheet.problem.horizon - 1)
        if not earliest <= voyage.start <= latest:
            yield sheet.breach(
                RULE,
                voyage,
                start_tick=voyage.start,
                earliest_tick=earliest,
                latest_tick=latest,
            )
