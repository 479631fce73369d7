"""The ships ahead and behind, and those that come the other way."""

from collections.abc import Iterator

from scheduler.checks.meeting_limit import two_way_width_billionths_mm
from scheduler.checks.sheet import Passage, Sheet, Voyage, ceil_div
from scheduler.margins.margin import Margin, Unit
from scheduler.problem import OneWay, Segment, Ship

REACH_TICKS = 360
"""Neighbours farther away than this are not neighbours any more."""


def _pairs(sheet: Sheet, *, opposing: bool) -> Iterator[tuple[Passage, Passage]]:
    """Yield pairs in one reach that could come near each other; the first enters no later."""
    asked = [ship.headway_ticks for ship in sheet.problem.ships]
    longest = max([0, *asked, *(gap.ticks for gap in sheet.problem.gaps)])
    for segment in sheet.problem.segments:
        reach = REACH_TICKS + 4 * longest + segment.clear_ticks
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
    for first, second in _pairs(sheet, opposing=False):
        gates = []
        for gate, ahead in (
            ("enter", second.enter - first.enter),
            ("leave", second.leave - first.leave),
        ):
            # level at a gate, either may be taken for the leader: the longer time counts
            needs = [need_ticks(sheet, first, second)] if ahead >= 0 else []
            needs += [need_ticks(sheet, second, first)] if ahead <= 0 else []
            gates.append((abs(ahead) - max(needs), gate, max(needs), abs(ahead)))
        margin, gate, need, have = min(gates)
        yield from _both(
            "headway", first, second, margin, gate=gate, need_ticks=need, have_ticks=have
        )


def need_ticks(sheet: Sheet, leader: Passage, follower: Passage) -> int:
    """Tell the time from a ship to the one that follows it, by size, kind and sight."""
    ahead, behind = leader.voyage.ship, follower.voyage.ship
    asked = [ahead.headway_ticks, behind.headway_ticks]
    asked += [
        gap.ticks
        for gap in sheet.problem.gaps
        if (gap.leader, gap.follower) == (ahead.kind, behind.kind)
        and gap.segment in {None, leader.segment.id}
    ]
    in_fog = sheet.is_in_fog(leader) or sheet.is_in_fog(follower)
    permille = sheet.problem.slow_headway_permille if in_fog else 1000
    return ceil_div(max(asked) * permille, 1000)


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
        if _may_not_meet(segment, first.voyage, second.voyage):
            have = first.gap_ticks(second)
            yield from _both(
                "one_way",
                first,
                second,
                have - segment.clear_ticks,
                need_ticks=segment.clear_ticks,
                have_ticks=have,
            )


def _may_not_meet(segment: Segment, one: Voyage, other: Voyage) -> bool:
    if segment.passing == "never":
        return True
    rule = segment.one_way
    if segment.passing != "by_pair" or rule is None:
        return False
    large = (_is_large(rule, one), _is_large(rule, other))
    if rule.applies_to == "large_large":
        return all(large)
    exempt_mm = rule.exempt_below_loa_mm
    return (large[0] and other.ship.loa_mm >= exempt_mm) or (
        large[1] and one.ship.loa_mm >= exempt_mm
    )


def _is_large(rule: OneWay, voyage: Voyage) -> bool:
    thresholds = (
        (rule.loa_mm, voyage.ship.loa_mm),
        (rule.beam_mm, voyage.ship.beam_mm),
        (rule.draught_mm, voyage.movement.draught_mm),
    )
    return any(limit is not None and size >= limit for limit, size in thresholds)


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
    if _may_not_meet(segment, one, other):
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
    if not any(_zones(ship) for ship in sheet.problem.ships):
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
    for first, second in _pairs(sheet, opposing=False):
        if _zones(first.voyage.ship) or _zones(second.voyage.ship):
            yield from _following(first, second)


def _zones(ship: Ship) -> bool:
    return bool(ship.zone_ahead_mm or ship.zone_astern_mm or ship.zone_abeam_mm)


def _following(first: Passage, second: Passage) -> Iterator[Margin]:
    for ahead in (second.enter - first.enter, second.leave - first.leave):
        orders = [(first, second)] if ahead >= 0 else []
        orders += [(second, first)] if ahead <= 0 else []
        for leader, follower in orders:
            zone_mm = max(leader.voyage.ship.zone_astern_mm, follower.voyage.ship.zone_ahead_mm)
            ticks = follower.leave - follower.enter
            need = ceil_div(zone_mm * ticks, follower.segment.length_mm)
            yield from _both(
                "safety_zone",
                leader,
                follower,
                abs(ahead) - need,
                code="following",
                need_ticks=need,
                have_ticks=abs(ahead),
                zone_mm=zone_mm,
            )
