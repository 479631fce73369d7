"""Opposing ships are not in a one-way reach together."""

from collections.abc import Iterator

import numpy as np

from scheduler.problem import OneWay
from scheduler.tables import Mask, Tables
from scheduler.ways import Forbidden, Pairs, Separation, by_movement


def apart(pairs: Pairs, chosen: Mask) -> Forbidden:
    """Differences with which both are in the segment, or its clearing time is not kept."""
    clear = np.array([s.clear_ticks for s in pairs.tables.problem.segments], dtype=np.int64)
    between = clear[pairs.segment]
    return Forbidden(
        chosen & ~pairs.same_way,
        pairs.a_enter - pairs.b_leave - between + 1,
        pairs.a_leave - pairs.b_enter + between - 1,
    )


def large(tables: Tables, limits: OneWay) -> Mask:
    """Which movements' ships reach any of the thresholds, shape ``(movements,)``."""
    draught = np.array([m.draught_mm for m in tables.problem.movements], dtype=np.int64)
    result = np.zeros(len(draught), dtype=np.bool_)
    for values, limit in (
        (by_movement(tables, "loa_mm"), limits.loa_mm),
        (by_movement(tables, "beam_mm"), limits.beam_mm),
        (draught, limits.draught_mm),
    ):
        if limit is not None:
            result |= values >= limit
    return result


def forbidden(pairs: Pairs) -> Iterator[Forbidden]:
    """Presence of opposing ships that exclude each other in segments where not all may pass."""
    chosen = np.zeros(len(pairs.segment), dtype=np.bool_)
    loa_mm = by_movement(pairs.tables, "loa_mm")
    for k, segment in enumerate(pairs.tables.problem.segments):
        here = pairs.segment == k
        if segment.passing == "never":
            chosen |= here
        elif segment.passing == "by_pair" and segment.one_way is not None:
            is_large = large(pairs.tables, segment.one_way)
            a_large, b_large = is_large[pairs.a_ship], is_large[pairs.b_ship]
            if segment.one_way.applies_to == "large_large":
                chosen |= here & a_large & b_large
            else:
                counts = loa_mm >= segment.one_way.exempt_below_loa_mm
                chosen |= here & (
                    (a_large & counts[pairs.b_ship]) | (b_large & counts[pairs.a_ship])
                )
    yield apart(pairs, chosen)


RULE = Separation("one_way", forbidden)
