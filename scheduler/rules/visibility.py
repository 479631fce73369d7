"""Fog: when a ship may start at all, and that it sails slowly where it is thick."""

import numpy as np

from scheduler.outcome import Params
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def _start_row(tables: Tables, mode: int) -> Ticks:
    legs = tables.modes[mode].legs
    return tables.visibility_m[tables.segment_index[legs[0].segment] if legs else -1]


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Starts that are clear enough, with every thick segment passed slowly and spaced so."""
    problem, movement, chosen = tables.problem, tables.movement(mode), tables.modes[mode]
    if not problem.visibility:
        return None
    result = np.ones(len(starts), dtype=np.bool_)
    if movement.min_visibility_m > 0:
        result &= tables.at(_start_row(tables, mode), starts) >= movement.min_visibility_m
    if problem.slow_visibility_m > 0:
        for leg in chosen.legs:
            if not chosen.restricted or leg.leave - leg.enter < leg.slow_ticks:
                row = tables.visibility_m[tables.segment_index[leg.segment]]
                result &= tables.at(row, starts + leg.enter) >= problem.slow_visibility_m
    return result


def figures(tables: Tables, mode: int, start: int) -> Params:
    """Visibility at the start with the least that is asked, or the thick segment."""
    movement, problem = tables.movement(mode), tables.problem
    at_start = int(tables.at(_start_row(tables, mode), np.array([start]))[0])
    if at_start < movement.min_visibility_m:
        return {"have_m": at_start, "need_m": movement.min_visibility_m}
    for leg in tables.modes[mode].legs:
        row = tables.visibility_m[tables.segment_index[leg.segment]]
        have = int(tables.at(row, np.array([start + leg.enter]))[0])
        if have < problem.slow_visibility_m:
            return {"segment": leg.segment, "have_m": have, "need_m": problem.slow_visibility_m}
    return {}


RULE = Window("visibility", allowed, figures)
