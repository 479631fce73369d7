"""What asks for daylight happens between one sunrise and the sunset after it."""

import numpy as np

from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def _light(tables: Tables, begin: Ticks, end: Ticks) -> Mask:
    result = np.zeros(len(begin), dtype=np.bool_)
    for span in tables.problem.daylight:
        result |= (begin >= span.begin) & (end <= span.end)
    return result


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Starts with which the movement, or its legs for long ships, lies within daylight."""
    movement, chosen, ship = tables.movement(mode), tables.modes[mode], tables.ship(mode)
    result: Mask | None = None
    if movement.daylight_only:
        result = _light(tables, starts, starts + chosen.end_at)
    for leg in chosen.legs:
        limit = tables.problem.segments[tables.segment_index[leg.segment]].daylight_loa_mm
        if limit is not None and ship.loa_mm >= limit:
            light = _light(tables, starts + leg.enter, starts + leg.leave)
            result = light if result is None else result & light
    return result


RULE = Window("daylight", allowed)
