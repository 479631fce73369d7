"""The ship passes under every bridge of its passage."""

import numpy as np

from scheduler.outcome import Params
from scheduler.problem import Bridge, Leg
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def _margin(
    tables: Tables, mode: int, leg: Leg, bridge: Bridge, starts: Ticks
) -> tuple[Ticks, Mask]:
    need = tables.movement(mode).air_draught_mm + bridge.margin_mm
    segment = tables.problem.segments[tables.segment_index[leg.segment]]
    if bridge.reference_height_mm is None:
        same = np.full(len(starts), bridge.clearance_mm - need, dtype=np.int64)
        return same, np.zeros(len(starts), dtype=np.bool_)
    highest, blind = tables.tides.highest_within(segment, leg.leave - leg.enter)
    entered = starts + leg.enter
    free = bridge.clearance_mm + bridge.reference_height_mm - tables.at(highest, entered)
    return free - need, tables.at(blind, entered)


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Starts with which there is height enough at every bridge; 0 air draught is unknown."""
    if not tables.movement(mode).air_draught_mm:
        return None
    result: Mask | None = None
    for leg in tables.modes[mode].legs:
        for bridge in tables.problem.segments[tables.segment_index[leg.segment]].bridges:
            margin, blind = _margin(tables, mode, leg, bridge, starts)
            passes = (margin >= 0) & ~blind
            result = passes if result is None else result & passes
    return result


def figures(tables: Tables, mode: int, start: int) -> Params:
    """Height needed and had under the lowest bridge."""
    worst: tuple[int, str, int] | None = None
    air = tables.movement(mode).air_draught_mm
    for leg in tables.modes[mode].legs:
        for bridge in tables.problem.segments[tables.segment_index[leg.segment]].bridges:
            margin, _ = _margin(tables, mode, leg, bridge, np.array([start], dtype=np.int64))
            if worst is None or margin[0] < worst[0]:
                worst = (int(margin[0]), bridge.id, air + bridge.margin_mm)
    if worst is None:
        return {}
    return {"bridge": worst[1], "need_mm": worst[2], "have_mm": worst[2] + worst[0]}


RULE = Window("air_draught", allowed, figures)
