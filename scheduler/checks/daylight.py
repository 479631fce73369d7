"""What may be done only by day is done between one sunrise and its sunset."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach

RULE = "daylight"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report daylight movements, and long ships in daylight reaches, that are there in the dark."""
    for voyage in sheet.voyages.values():
        if voyage.movement.daylight_only and not _by_day(sheet, voyage.start, voyage.end):
            yield sheet.breach(RULE, voyage, begin_tick=voyage.start, end_tick=voyage.end)
        for passage in sheet.passages_of(voyage):
            loa_mm = passage.segment.daylight_loa_mm
            if loa_mm is None or voyage.ship.loa_mm < loa_mm:
                continue
            if not _by_day(sheet, passage.enter, passage.leave):
                yield sheet.breach(
                    RULE,
                    voyage,
                    segment=passage.segment.id,
                    begin_tick=passage.enter,
                    end_tick=passage.leave,
                    have_mm=voyage.ship.loa_mm,
                    limit_mm=loa_mm,
                )


def _by_day(sheet: Sheet, begin: int, end: int) -> bool:
    # A reach that takes no time is still passed at a tick: that one lies in the day or at its end.
    return any(day.begin <= begin and end <= day.end for day in sheet.problem.daylight)
