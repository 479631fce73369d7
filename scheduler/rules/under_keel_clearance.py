"""There is water enough under the keel all along the passage, at the time of passing."""

import numpy as np

from scheduler.outcome import Params
from scheduler.problem import Leg
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def keel_need_mm(draught_mm: int, ukc_mm: int, ukc_permille: int) -> int:
    """Depth that a draught asks for: with the larger of the two clearances."""
    return draught_mm + max(ukc_mm, -(-draught_mm * ukc_permille // 1000))


def _margin(tables: Tables, mode: int, leg: Leg, starts: Ticks) -> tuple[Ticks, Mask] | None:
    segment = tables.problem.segments[tables.segment_index[leg.segment]]
    if segment.depth_mm is None:
        return None
    need = keel_need_mm(tables.movement(mode).draught_mm, segment.ukc_mm, segment.ukc_permille)
    if need <= segment.depth_mm + tables.tides.lowest_mm:
        return None
    least, blind = tables.tides.least_along(
        segment, forward=leg.forward, ticks=leg.leave - leg.enter
    )
    entered = starts + leg.enter
    unknown = tables.at(blind, entered) & (need > segment.depth_mm)
    return segment.depth_mm + tables.at(least, entered) - need, unknown


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Starts with which every leg is passed with its clearance."""
    result: Mask | None = None
    for leg in tables.modes[mode].legs:
        found = _margin(tables, mode, leg, starts)
        if found is not None:
            passes = (found[0] >= 0) & ~found[1]
            result = passes if result is None else result & passes
    return result


def figures(tables: Tables, mode: int, start: int) -> Params:
    """Depth needed and had in the segment with the least margin."""
    movement, worst = tables.movement(mode), None
    for leg in tables.modes[mode].legs:
        found = _margin(tables, mode, leg, np.array([start], dtype=np.int64))
        if found is not None and (worst is None or found[0][0] < worst[0]):
            worst = (int(found[0][0]), leg.segment)
    if worst is None:
        return {}
    margin, name = worst
    segment = tables.problem.segments[tables.segment_index[name]]
    need = keel_need_mm(movement.draught_mm, segment.ukc_mm, segment.ukc_permille)
    return {"segment": name, "need_mm": need, "have_mm": need + margin}


RULE = Window("under_keel_clearance", allowed, figures)
