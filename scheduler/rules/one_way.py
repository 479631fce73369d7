"""Opposing ships are not in a one-way reach together."""

from collections.abc import Iterator

import numpy as np

from scheduler.problem import OneWay
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Forbidden, Pairs, Separation


def apart(pairs: Pairs, chosen: Mask) -> Forbidden:
    """Differences with which both are in the segment, or its clearing time is not kept."""
    between = pairs.tables.of_segments("clear_ticks")[pairs.segment]
    return Forbidden(
        chosen & ~pairs.same_way,
        pairs.a_enter - pairs.b_leave - between + 1,
        pairs.a_leave - pairs.b_enter + between - 1,
    )


def large(tables: Tables, limits: OneWay) -> Mask:
    """Which movements' ships reach any of the thresholds, shape ``(movements,)``."""
    result = np.zeros(len(tables.ships), dtype=np.bool_)
    for values, limit in (
        (tables.of_ships("loa_mm"), limits.loa_mm),
        (tables.of_ships("beam_mm"), limits.beam_mm),
        (tables.draughts_mm, limits.draught_mm),
    ):
        if limit is not None:
            result |= values >= limit
    return result


def _excluded(pairs: Pairs, limits: OneWay, here: Ticks) -> Mask:
    """Which of the pairs ``here`` (places) exclude each other."""
    is_large = large(pairs.tables, limits)
    a, b = pairs.a_ship[here], pairs.b_ship[here]
    if limits.applies_to == "large_large":
        return is_large[a] & is_large[b]
    counts = pairs.tables.of_ships("loa_mm") >= limits.exempt_below_loa_mm
    return (is_large[a] & counts[b]) | (is_large[b] & counts[a])


def forbidden(pairs: Pairs) -> Iterator[Forbidden]:
    """Presence of opposing ships that exclude each other in segments where not all may pass."""
    segments = pairs.tables.problem.segments
    never = np.array([segment.passing == "never" for segment in segments], dtype=np.bool_)
    chosen = never[pairs.segment]
    for limits in {s.one_way for s in segments if s.one_way and s.passing == "by_pair"}:
        applies = np.array(
            [s.one_way == limits and s.passing == "by_pair" for s in segments], dtype=np.bool_
        )
        here = np.flatnonzero(applies[pairs.segment])
        chosen[here] |= _excluded(pairs, limits, here)
    yield apart(pairs, chosen)


RULE = Separation("one_way", forbidden)
