"""Two ships meet in a reach only where it is wide enough for both."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach
from scheduler.problem import Segment, Ship, WidthFormula

RULE = "meeting_limit"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report opposing ships that are together in a reach too narrow for the pair."""
    for segment in sheet.problem.segments:
        if segment.passing != "by_pair":
            continue
        for first, second in sheet.pairs(segment, segment.clear_ticks):
            gap_ticks = first.gap_ticks(second)
            if first.leg.forward == second.leg.forward or gap_ticks >= segment.clear_ticks:
                continue
            figures = _too_broad(segment, first.voyage.ship, second.voyage.ship)
            if figures is not None:
                yield sheet.breach(
                    RULE,
                    first.voyage,
                    second.voyage,
                    segment=segment.id,
                    need_ticks=segment.clear_ticks,
                    gap_ticks=gap_ticks,
                    **figures,
                )


def _too_broad(segment: Segment, one: Ship, other: Ship) -> dict[str, int | str] | None:
    beams_mm = one.beam_mm + other.beam_mm
    if segment.combined_beam_mm is not None and beams_mm > segment.combined_beam_mm:
        return {
            "code": "combined_beam",
            "have_mm": beams_mm,
            "limit_mm": segment.combined_beam_mm,
        }
    if segment.width_formula is not None and segment.width_mm is not None:
        need = two_way_width_billionths_mm(segment.width_formula, one, other)
        if need > segment.width_mm * 10**9:
            return {
                "code": "width_formula",
                "need_mm": -(-need // 10**9),
                "have_mm": segment.width_mm,
            }
    return None


def two_way_width_billionths_mm(formula: WidthFormula, one: Ship, other: Ship) -> int:
    """Reckon ``W = A1 + A2 + b + c1 + c2`` exactly, in units of 1e-9 mm.

    ``A = drift_permille/1000 * (loa * sin_gamma_ppm/1e6 + beam)``: permille times ppm are 1e9ths.
    """
    total = max(one.beam_mm, other.beam_mm) * 10**9
    for ship in (one, other):
        lane = ship.loa_mm * formula.sin_gamma_ppm + ship.beam_mm * 10**6
        total += formula.drift_permille * lane
        total += formula.bank_permille * ship.beam_mm * 10**6
    return total
