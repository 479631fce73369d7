"""Fog: when a ship may start at all, and that it sails slowly where it is thick."""

from collections.abc import Iterator

import numpy as np

from scheduler.outcome import Params
from scheduler.problem import Leg
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def _first_segment(tables: Tables, mode: int) -> int:
    legs = tables.modes[mode].legs
    return tables.segment_index[legs[0].segment] if legs else -1


def _thick(tables: Tables, mode: int) -> Iterator[tuple[Leg, Ticks]]:
    """Legs that a mode does not pass slowly, and where it gets thick, with the visibility there."""
    chosen, slow_m = tables.modes[mode], tables.problem.slow_visibility_m
    for leg in chosen.legs:
        segment = tables.segment_index[leg.segment]
        is_slow = chosen.restricted and leg.leave - leg.enter >= leg.slow_ticks
        if tables.thickest_m[segment] < slow_m and not is_slow:
            yield leg, tables.visibility_m[segment]


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Starts that are clear enough, with every thick segment passed slowly and spaced so."""
    if not tables.problem.visibility:
        return None
    least_m, first = tables.movement(mode).min_visibility_m, _first_segment(tables, mode)
    result: Mask | None = None
    if tables.thickest_m[first] < least_m:
        result = tables.at(tables.visibility_m[first], starts) >= least_m
    for leg, row in _thick(tables, mode):
        clear = tables.at(row, starts + leg.enter) >= tables.problem.slow_visibility_m
        result = clear if result is None else result & clear
    return result


def figures(tables: Tables, mode: int, start: int) -> Params:
    """Visibility at the start with the least that is asked, or the thick segment."""
    movement, problem = tables.movement(mode), tables.problem
    row = tables.visibility_m[_first_segment(tables, mode)]
    at_start = int(tables.at(row, np.array([start]))[0])
    if at_start < movement.min_visibility_m:
        return {"have_m": at_start, "need_m": movement.min_visibility_m}
    for leg, row in _thick(tables, mode):
        have = int(tables.at(row, np.array([start + leg.enter]))[0])
        if have < problem.slow_visibility_m:
            return {"segment": leg.segment, "have_m": have, "need_m": problem.slow_visibility_m}
    return {}


RULE = Window("visibility", allowed, figures)
