"""Ships that pass a gate in the same direction keep their time apart."""

from collections.abc import Iterator

import numpy as np

from scheduler.ways import Forbidden, Pairs, Separation


def forbidden(pairs: Pairs) -> Iterator[Forbidden]:
    """Less than the larger headway of the two at the gate in and at the gate out."""
    tables = pairs.tables
    headways = tables.of_ships("headway_ticks")
    least = np.maximum(headways[pairs.a_ship], headways[pairs.b_ship])
    slow = tables.in_fog[pairs.a_leg] | tables.in_fog[pairs.b_leg]
    wider = -(-least * tables.problem.slow_headway_permille // 1000)
    least = np.where(slow, wider, least)
    for a_gate, b_gate in ((pairs.a_enter, pairs.b_enter), (pairs.a_leave, pairs.b_leave)):
        yield Forbidden(pairs.same_way, a_gate - b_gate - least + 1, a_gate - b_gate + least - 1)


RULE = Separation("headway", forbidden)
