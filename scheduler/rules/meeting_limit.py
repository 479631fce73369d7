"""Opposing ships meet only where the channel is wide enough for the two of them."""

from collections.abc import Iterator

import numpy as np

from scheduler.problem import WidthFormula
from scheduler.rules.one_way import apart
from scheduler.tides import Mask, Ticks
from scheduler.ways import Forbidden, Pairs, Separation


def two_way_width_pm(formula: WidthFormula, pairs: Pairs) -> Ticks:
    """Width that each pair asks for, in 1e-9 millimetres so that nothing is rounded.

    Source:
        JTS 165 (2013), Design Code of General Layout for Sea Ports, two-way channel width.
    """
    loa_mm, beam_mm = pairs.tables.of_ships("loa_mm"), pairs.tables.of_ships("beam_mm")
    lane = formula.drift_permille * (loa_mm * formula.sin_gamma_ppm + beam_mm * 1_000_000)
    bank = formula.bank_permille * beam_mm * 1_000_000
    each = lane + bank
    wider = np.maximum(beam_mm[pairs.a_ship], beam_mm[pairs.b_ship])
    return each[pairs.a_ship] + each[pairs.b_ship] + wider * 1_000_000_000


def forbidden(pairs: Pairs) -> Iterator[Forbidden]:
    """Presence of opposing pairs that are too wide together, in segments that judge by pair."""
    tables, segments = pairs.tables, pairs.tables.problem.segments
    by_pair = np.array([segment.passing == "by_pair" for segment in segments], dtype=np.bool_)
    beam_mm = tables.of_ships("beam_mm")
    both_mm = beam_mm[pairs.a_ship] + beam_mm[pairs.b_ship]
    limit_mm = tables.of_segments("combined_beam_mm")[pairs.segment]
    chosen: Mask = (limit_mm >= 0) & (both_mm > limit_mm)
    width_mm = tables.of_segments("width_mm")[pairs.segment]
    for formula in {s.width_formula for s in segments if s.width_formula is not None}:
        applies = np.array([s.width_formula == formula for s in segments], dtype=np.bool_)
        wide = two_way_width_pm(formula, pairs) > width_mm * 1_000_000_000
        chosen |= applies[pairs.segment] & (width_mm >= 0) & wide
    yield apart(pairs, chosen & by_pair[pairs.segment])


RULE = Separation("meeting_limit", forbidden)
