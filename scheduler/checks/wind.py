"""Pilots board and leave, and ships berth and unberth, in less wind than their limits."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet, Voyage
from scheduler.outcome import Breach

RULE = "wind"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report boarding and berthing in wind that reaches the limit; the first such tick of each."""
    for voyage in sheet.voyages.values():
        limit_mms = voyage.movement.boarding_wind_mms
        if limit_mms is not None:
            ticks = [voyage.start]
            if voyage.movement.kind == "exit":
                ticks.append(voyage.end)
            for tick in ticks:
                yield from _judge_ticks(sheet, voyage, "boarding", limit_mms, range(tick, tick + 1))
        limit_mms = voyage.movement.berthing_wind_mms
        if limit_mms is not None:
            start, mode = voyage.start, voyage.mode
            if mode.from_place is not None:
                leaving = range(start, start + mode.clear_at)
                yield from _judge_ticks(sheet, voyage, "unberthing", limit_mms, leaving)
            if mode.to_place is not None:
                coming = range(start + mode.arrive_at, voyage.end)
                yield from _judge_ticks(sheet, voyage, "berthing", limit_mms, coming)


def _judge_ticks(
    sheet: Sheet, voyage: Voyage, code: str, limit_mms: int, ticks: range
) -> Iterator[Breach]:
    for tick in ticks:
        wind_mms = sheet.wind_mms(tick)
        if wind_mms is not None and wind_mms >= limit_mms:
            yield sheet.breach(
                RULE, voyage, code=code, tick=tick, have_mms=wind_mms, limit_mms=limit_mms
            )
            return
