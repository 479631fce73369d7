"""Time windows: how far a start may move before the light, the weather or a closure forbids it."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import inf

from scheduler.checks.sheet import Sheet, Voyage
from scheduler.margins.margin import Margin, Side

Span = tuple[float, float]
"""Starts that are forbidden, first and last included; either end may be infinite."""


def requested_window(sheet: Sheet) -> Iterator[Margin]:
    """Yield how far the start is from its first and last possible one."""
    for voyage in sheet.voyages.values():
        earliest, latest = voyage.movement.earliest, voyage.movement.latest
        if voyage.movement.fixed is None:
            earliest, latest = max(earliest, 0), min(latest, sheet.problem.horizon - 1)
        start = voyage.start
        yield _margin(voyage, "requested_window", "before", start - earliest)
        yield _margin(voyage, "requested_window", "after", latest - start)


def _margin(voyage: Voyage, rule: str, side: Side, ticks: int, code: str = "") -> Margin:
    return Margin(
        movement=voyage.id,
        rule=rule,
        code=code,
        side=side,
        margin=ticks,
        unit="ticks",
        params={"tick": voyage.start},
    )


def _sides(
    voyage: Voyage, rule: str, forbidden: Iterable[Span], code: str = ""
) -> Iterator[Margin]:
    """Yield how far the start may move either way; where it may not be, how far it has to."""
    spans = _joined(forbidden)
    start = voyage.start
    for low, high in spans:
        if low <= start <= high:
            # a window that never opens on one side says so only on the other
            if low > -inf:
                yield _margin(voyage, rule, "before", int(low) - 1 - start, code)
            if high < inf:
                yield _margin(voyage, rule, "after", start - int(high) - 1, code)
            if low == -inf and high == inf:
                yield _margin(voyage, rule, "before", -1, code)
            return
    before = [high for _, high in spans if high < start]
    after = [low for low, _ in spans if low > start]
    if before:
        yield _margin(voyage, rule, "before", start - int(max(before)) - 1, code)
    if after:
        yield _margin(voyage, rule, "after", int(min(after)) - start - 1, code)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Join spans of whole ticks that touch or overlap; empty ones are left out."""
    found: list[Span] = []
    for low, high in sorted(span for span in spans if span[0] <= span[1]):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _overlapping(begin: float, end: float, first: int, last: int) -> Span:
    """Starts at which some tick of ``[first, last)`` after the start lies in ``[begin, end)``."""
    return begin - last + 1, end - first - 1


def daylight(sheet: Sheet) -> Iterator[Margin]:
    """Yield how far the start may move while all that needs light is between dawn and dusk."""
    for voyage in sheet.voyages.values():
        parts = [(0, voyage.mode.end_at)] if voyage.movement.daylight_only else []
        for leg, passage in zip(voyage.mode.legs, sheet.passages_of(voyage), strict=True):
            loa_mm = passage.segment.daylight_loa_mm
            if loa_mm is not None and voyage.ship.loa_mm >= loa_mm:
                parts.append((leg.enter, leg.leave))
        if parts:
            forbidden = [span for first, last in parts for span in _dark(sheet, first, last)]
            yield from _sides(voyage, "daylight", forbidden)


def _dark(sheet: Sheet, first: int, last: int) -> Iterator[Span]:
    """Yield the starts with which ``[first, last]`` is not within one day."""
    allowed = _joined((day.begin - first, day.end - last) for day in sheet.problem.daylight)
    low = -inf
    for begin, end in allowed:
        yield low, begin - 1
        low = end + 1
    yield low, inf


def visibility(sheet: Sheet) -> Iterator[Margin]:
    """Yield how far the start may move while there is sight enough to start and to sail as it does.

    In fog a mode that is not made for it, or too fast, may not enter a reach.
    """
    changes = sorted(
        {tick for entry in sheet.problem.visibility for tick in (entry.span.begin, entry.span.end)}
    )
    for voyage in sheet.voyages.values():
        forbidden: list[Span] = []
        asked = bool(voyage.movement.min_visibility_m)
        legs = voyage.mode.legs
        segment = legs[0].segment if legs else None
        least_m = voyage.movement.min_visibility_m
        for begin, end in pairwise(changes):
            if sheet.visibility_m(segment, begin) < least_m:
                forbidden.append((begin, end - 1))
        for leg in legs:
            if voyage.mode.restricted and leg.leave - leg.enter >= leg.slow_ticks:
                continue
            for begin, end in pairwise(changes):
                if sheet.visibility_m(leg.segment, begin) < sheet.problem.slow_visibility_m:
                    asked = True
                    forbidden.append((begin - leg.enter, end - 1 - leg.enter))
        if asked:
            yield from _sides(voyage, "visibility", forbidden)


def wind(sheet: Sheet) -> Iterator[Margin]:
    """Yield how far the start may move while pilots can board and leave and ships can berth."""
    changes = sorted(
        {tick for entry in sheet.problem.wind for tick in (entry.span.begin, entry.span.end)}
    )
    winds = [
        (begin, end, wind_mms)
        for begin, end in pairwise(changes)
        if (wind_mms := sheet.wind_mms(begin)) is not None
    ]
    for voyage in sheet.voyages.values():
        movement, mode = voyage.movement, voyage.mode
        parts: list[tuple[int, int, int]] = []
        if movement.boarding_wind_mms is not None:
            parts.append((0, 1, movement.boarding_wind_mms))
            if movement.kind == "exit":
                parts.append((mode.end_at, mode.end_at + 1, movement.boarding_wind_mms))
        if movement.berthing_wind_mms is not None:
            if mode.from_place is not None:
                parts.append((0, mode.clear_at, movement.berthing_wind_mms))
            if mode.to_place is not None:
                parts.append((mode.arrive_at, mode.end_at, movement.berthing_wind_mms))
        forbidden = [
            _overlapping(begin, end, first, last)
            for first, last, limit_mms in parts
            if first < last
            for begin, end, wind_mms in winds
            if wind_mms >= limit_mms
        ]
        yield from _sides(voyage, "wind", forbidden)


def closure(sheet: Sheet) -> Iterator[Margin]:
    """Yield how far the start may move before the ship is in a reach while it is closed.

    A reach that is passed in no time is closed to it inside the span, not at its ends.
    """
    for voyage in sheet.voyages.values():
        forbidden = [
            _overlapping(closed.span.begin, closed.span.end, leg.enter, leg.leave)
            for leg in voyage.mode.legs
            for closed in sheet.problem.closures
            if not closed.segments or leg.segment in closed.segments
        ]
        yield from _sides(voyage, "closure", forbidden)
