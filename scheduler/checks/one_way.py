"""Ships that may not meet in a reach are not in it together."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet, Voyage
from scheduler.outcome import Breach
from scheduler.problem import OneWay, Segment

RULE = "one_way"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report opposing ships in a one-way reach, or with less than its clear time between them."""
    for segment in sheet.problem.segments:
        for first, second in sheet.pairs(segment, segment.clear_ticks):
            if first.leg.forward == second.leg.forward:
                continue
            if not may_not_meet(segment, first.voyage, second.voyage):
                continue
            gap_ticks = first.gap_ticks(second)
            if gap_ticks < segment.clear_ticks:
                yield sheet.breach(
                    RULE,
                    first.voyage,
                    second.voyage,
                    segment=segment.id,
                    need_ticks=segment.clear_ticks,
                    gap_ticks=gap_ticks,
                )


def may_not_meet(segment: Segment, one: Voyage, other: Voyage) -> bool:
    """Tell whether two ships that come from its two ends may not be in a reach together."""
    if segment.passing == "never":
        return True
    rule = segment.one_way
    if segment.passing == "always" or rule is None:
        return False
    if rule.applies_to == "large_large":
        return _is_large(rule, one) and _is_large(rule, other)
    return (_is_large(rule, one) and other.ship.loa_mm >= rule.exempt_below_loa_mm) or (
        _is_large(rule, other) and one.ship.loa_mm >= rule.exempt_below_loa_mm
    )


def _is_large(rule: OneWay, voyage: Voyage) -> bool:
    return (
        (rule.loa_mm is not None and voyage.ship.loa_mm >= rule.loa_mm)
        or (rule.beam_mm is not None and voyage.ship.beam_mm >= rule.beam_mm)
        or (rule.draught_mm is not None and voyage.movement.draught_mm >= rule.draught_mm)
    )
