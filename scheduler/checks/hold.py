"""A movement that is held is not placed."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach

RULE = "hold"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report held movements that have a start."""
    for voyage in sheet.voyages.values():
        if voyage.movement.held is not None:
            yield sheet.breach(RULE, voyage, code=voyage.movement.held)
