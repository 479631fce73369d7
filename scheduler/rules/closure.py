"""Nobody is in a segment while it is closed."""

import numpy as np

from scheduler.outcome import Params
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Starts with which no leg overlaps a closure of its segment."""
    if not tables.problem.closures:
        return None
    result = np.ones(len(starts), dtype=np.bool_)
    for leg in tables.modes[mode].legs:
        for closure in tables.problem.closures:
            if not closure.segments or leg.segment in closure.segments:
                result &= (starts + leg.leave <= closure.span.begin) | (
                    starts + leg.enter >= closure.span.end
                )
    return result


def figures(tables: Tables, mode: int, start: int) -> Params:
    """The closure that is met."""
    for leg in tables.modes[mode].legs:
        for closure in tables.problem.closures:
            met = start + leg.leave > closure.span.begin and start + leg.enter < closure.span.end
            if met and (not closure.segments or leg.segment in closure.segments):
                return {"closure": closure.id, "segment": leg.segment}
    return {}


RULE = Window("closure", allowed, figures)
