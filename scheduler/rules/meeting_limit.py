"""Opposing ships meet only where the channel is wide enough for the two of them."""

from collections.abc import Iterator

import numpy as np

from scheduler.problem import WidthFormula
from scheduler.rules.one_way import apart
from scheduler.tables import Mask, Ticks
from scheduler.ways import Forbidden, Pairs, Separation, by_movement


def two_way_width_pm(formula: WidthFormula, pairs: Pairs) -> Ticks:
    """Width that each pair asks for, in 1e-9 millimetres so that nothing is rounded.

    Source:
        JTS 165 (2013), Design Code of General Layout for Sea Ports, two-way channel width.
    """
    loa_mm, beam_mm = by_movement(pairs.tables, "loa_mm"), by_movement(pairs.tables, "beam_mm")
    lane = formula.drift_permille * (loa_mm * formula.sin_gamma_ppm + beam_mm * 1_000_000)
    bank = formula.bank_permille * beam_mm * 1_000_000
    each = lane + bank
    wider = np.maximum(beam_mm[pairs.a_ship], beam_mm[pairs.b_ship])
    return each[pairs.a_ship] + each[pairs.b_ship] + wider * 1_000_000_000


def forbidden(pairs: Pairs) -> Iterator[Forbidden]:
    """Presence of opposing pairs that are too wide together, in segments that judge by pair."""
    chosen: Mask = np.zeros(len(pairs.segment), dtype=np.bool_)
    beam_mm = by_movement(pairs.tables, "beam_mm")
    both_mm = beam_mm[pairs.a_ship] + beam_mm[pairs.b_ship]
    widths: dict[WidthFormula, Ticks] = {}
    for k, segment in enumerate(pairs.tables.problem.segments):
        if segment.passing != "by_pair":
            continue
        here = pairs.segment == k
        formula = segment.width_formula
        if formula is not None and segment.width_mm is not None:
            if formula not in widths:
                widths[formula] = two_way_width_pm(formula, pairs)
            chosen |= here & (widths[formula] > segment.width_mm * 1_000_000_000)
        if segment.combined_beam_mm is not None:
            chosen |= here & (both_mm > segment.combined_beam_mm)
    yield apart(pairs, chosen)


RULE = Separation("meeting_limit", forbidden)
