"""Ships that pass a gate in the same direction keep their time apart."""

from collections.abc import Iterator

import numpy as np

from scheduler.ways import Forbidden, Pairs, Separation


def forbidden(pairs: Pairs) -> Iterator[Forbidden]:
    """Less than the larger headway, or the gap of their kinds, at the gates in and out."""
    tables = pairs.tables
    headways = tables.of_ships("headway_ticks")
    least = np.maximum(headways[pairs.a_ship], headways[pairs.b_ship])
    a_first, b_first = least, least
    if tables.problem.gaps:
        gaps, kind = tables.gaps_ticks, tables.ship_kinds
        a, b = kind[pairs.a_ship], kind[pairs.b_ship]
        a_first = np.maximum(least, gaps[pairs.segment, a, b])
        b_first = np.maximum(least, gaps[pairs.segment, b, a])
    slow = tables.in_fog[pairs.a_leg] | tables.in_fog[pairs.b_leg]
    permille = np.where(slow, tables.problem.slow_headway_permille, 1000)
    a_first, b_first = -(-a_first * permille // 1000), -(-b_first * permille // 1000)
    # Level at a gate, either of them may be the leader.
    apart = pairs.same_way & ((a_first > 0) | (b_first > 0))
    back, ahead = np.maximum(b_first, 1) - 1, np.maximum(a_first, 1) - 1
    for a_gate, b_gate in ((pairs.a_enter, pairs.b_enter), (pairs.a_leave, pairs.b_leave)):
        yield Forbidden(apart, a_gate - b_gate - back, a_gate - b_gate + ahead)


RULE = Separation("headway", forbidden)
