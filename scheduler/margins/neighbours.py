"""The ships ahead and behind, and those that come the other way."""

from collections.abc import Callable, Iterator
from functools import partial

from scheduler.checks.headway import closer_gate, longest_ticks
from scheduler.checks.meeting_limit import two_way_width_billionths_mm
from scheduler.checks.one_way import may_not_meet
from scheduler.checks.safety_zone import gates, has_zone
from scheduler.checks.safety_zone import longest_ticks as zone_ticks
from scheduler.checks.sheet import Passage, Sheet, Voyage, ceil_div
from scheduler.margins.margin import Margin, Unit
from scheduler.problem import Segment, Ship

REACH_MIN = 360
"""Neighbours farther away than this are not neighbours any more."""


def _pairs(
    sheet: Sheet, *, opposing: bool, need_ticks: Callable[[Segment], int] = lambda _: 0
) -> Iterator[tuple[Passage, Passage]]:
    """Yield pairs in one reach that could come near each other; the first enters no later.

    ``need_ticks``: what no two ships in a reach have to keep more than.
    """
    within = REACH_MIN * 60 // sheet.problem.tick_s
    for segment in sheet.problem.segments:
        reach = within + need_ticks(segment) + segment.clear_ticks
        for first, second in sheet.pairs(segment, reach):
            if (first.leg.forward != second.leg.forward) == opposing:
                yield first, second


def _both(
    rule: str,
    first: Passage,
    second: Passage,
    margin: int,
    *,
    unit: Unit = "ticks",
    code: str = "",
    **params: int | str,
) -> Iterator[Margin]:
    """Yield one margin between two ships for each of them: whom it has ahead, and behind."""
    told = {"segment": first.segment.id, "tick": second.enter, **params}
    for one, other, behind in ((first, second, True), (second, first, False)):
        yield Margin(
            movement=one.voyage.id,
            rule=rule,
            code=code,
            side="after" if behind else "before",
            margin=margin,
            unit=unit,
            other=other.voyage.id,
            params=told,
        )


def headway(sheet: Sheet) -> Iterator[Margin]:
    """Yield the ticks to spare to the ship ahead and to the one behind, at the closer gate."""
    longest = longest_ticks(sheet)
    for first, second in _pairs(sheet, opposing=False, need_ticks=lambda _: longest):
        have, need, gate = closer_gate(sheet, first, second)
        yield from _both(
            "headway", first, second, have - need, gate=gate, need_ticks=need, have_ticks=have
        )


def no_overtaking(sheet: Sheet) -> Iterator[Margin]:
    """Yield by how many ticks two ships keep their order; level at a gate is one too few."""
    for first, second in _pairs(sheet, opposing=False):
        if not first.segment.overtaking:
            apart = min(second.enter - first.enter, second.leave - first.leave)
            yield from _both("no_overtaking", first, second, apart - 1, have_ticks=apart)


def one_way(sheet: Sheet) -> Iterator[Margin]:
    """Yield the ticks to spare between ships that may not meet."""
    for first, second in _pairs(sheet, opposing=True):
        segment = first.segment
        if may_not_meet(segment, first.voyage, second.voyage):
            have = first.gap_ticks(second)
            yield from _both(
                "one_way",
                first,
                second,
                have - segment.clear_ticks,
                need_ticks=segment.clear_ticks,
                have_ticks=have,
            )


def meeting_limit(sheet: Sheet) -> Iterator[Margin]:
    """Yield the width to spare where two ships meet, and the time where they are too broad to."""
    for first, second in _pairs(sheet, opposing=True):
        segment = first.segment
        if segment.passing != "by_pair":
            continue
        gap = first.gap_ticks(second)
        tests = list(_widths(segment, first.voyage.ship, second.voyage.ship))
        if gap < segment.clear_ticks:
            for code, need_mm, have_mm in tests:
                yield from _both(
                    "meeting_limit",
                    first,
                    second,
                    have_mm - need_mm,
                    unit="mm",
                    code=code,
                    need_mm=need_mm,
                    have_mm=have_mm,
                )
        elif any(need_mm > have_mm for _, need_mm, have_mm in tests):
            yield from _both(
                "meeting_limit",
                first,
                second,
                gap - segment.clear_ticks,
                code="apart",
                need_ticks=segment.clear_ticks,
                have_ticks=gap,
            )


def meets_never(segment: Segment, one: Voyage, other: Voyage) -> bool:
    """Tell whether two ships may not be in a reach together when they come from its two ends."""
    if may_not_meet(segment, one, other):
        return True
    return segment.passing == "by_pair" and any(
        need_mm > have_mm for _, need_mm, have_mm in _widths(segment, one.ship, other.ship)
    )


def _widths(segment: Segment, one: Ship, other: Ship) -> Iterator[tuple[str, int, int]]:
    """Yield each test of width: its code, what the two need and what there is, mm."""
    if segment.combined_beam_mm is not None:
        yield "combined_beam", one.beam_mm + other.beam_mm, segment.combined_beam_mm
    if segment.width_formula is not None and segment.width_mm is not None:
        need = two_way_width_billionths_mm(segment.width_formula, one, other)
        yield "width_formula", ceil_div(need, 10**9), segment.width_mm


def safety_zone(sheet: Sheet) -> Iterator[Margin]:
    """Yield the water to spare abeam where ships meet, and the ticks where they follow."""
    if not any(map(has_zone, sheet.problem.ships)):
        return
    for first, second in _pairs(sheet, opposing=True):
        one, other = first.voyage.ship, second.voyage.ship
        width_mm, clear = first.segment.width_mm, first.segment.clear_ticks
        need_mm = max(one.zone_abeam_mm, other.zone_abeam_mm)
        if width_mm is None or not need_mm:
            continue
        have_mm = width_mm - one.beam_mm - other.beam_mm
        gap = first.gap_ticks(second)
        if gap < clear:
            yield from _both(
                "safety_zone",
                first,
                second,
                have_mm - need_mm,
                unit="mm",
                code="abeam",
                need_mm=need_mm,
                have_mm=have_mm,
            )
    for first, second in _pairs(sheet, opposing=False, need_ticks=partial(zone_ticks, sheet)):
        if has_zone(first.voyage.ship) or has_zone(second.voyage.ship):
            for gate in gates(first, second):
                yield from _both(
                    "safety_zone",
                    gate.leader,
                    gate.follower,
                    gate.have_ticks - gate.need_ticks,
                    code="following",
                    need_ticks=gate.need_ticks,
                    have_ticks=gate.have_ticks,
                    zone_mm=gate.zone_mm,
                )
