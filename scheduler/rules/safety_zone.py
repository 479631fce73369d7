"""Nobody comes into the moving safety zone around a ship."""

from collections.abc import Iterator

import numpy as np

from scheduler.rules.one_way import apart
from scheduler.ways import Forbidden, Pairs, Separation


def forbidden(pairs: Pairs) -> Iterator[Forbidden]:
    """Opposing ships too near abeam, and followers too near at the gates."""
    tables = pairs.tables
    ahead, astern = tables.of_ships("zone_ahead_mm"), tables.of_ships("zone_astern_mm")
    abeam, beam = tables.of_ships("zone_abeam_mm"), tables.of_ships("beam_mm")
    if not (ahead.any() or astern.any() or abeam.any()):
        return
    a, b = pairs.a_ship, pairs.b_ship
    here = tables.of_segments("width_mm")[pairs.segment]
    zone = np.maximum(abeam[a], abeam[b])
    yield apart(pairs, (zone > 0) & (here >= 0) & (here - beam[a] - beam[b] < zone))
    length = np.maximum(tables.of_segments("length_mm"), 1)[pairs.segment]
    b_behind = _ticks(np.maximum(astern[a], ahead[b]), pairs.b_leave - pairs.b_enter, length)
    a_behind = _ticks(np.maximum(astern[b], ahead[a]), pairs.a_leave - pairs.a_enter, length)
    chosen = pairs.same_way & ((b_behind > 0) | (a_behind > 0))
    for a_gate, b_gate in ((pairs.a_enter, pairs.b_enter), (pairs.a_leave, pairs.b_leave)):
        level = a_gate - b_gate
        low = level - np.maximum(a_behind - 1, 0)
        yield Forbidden(chosen, low, level + np.maximum(b_behind - 1, 0))


def _ticks(zone_mm: np.ndarray, passing_ticks: np.ndarray, length_mm: np.ndarray) -> np.ndarray:
    """Time in which the follower sails the zone at its speed in the segment, rounded up."""
    return -(-zone_mm * passing_ticks // length_mm)


RULE = Separation("safety_zone", forbidden)
