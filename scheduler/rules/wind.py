"""Pilots board, and ships are berthed and unberthed, only below their wind limits."""

import numpy as np

from scheduler.outcome import Params
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def _calm(tables: Tables, begin: Ticks, end: Ticks, limit_mms: int) -> Mask:
    """Whether the wind is below the limit at every tick of ``[begin, end)``."""
    windy = tables.windy(limit_mms)
    return tables.at(windy, end) <= tables.at(windy, begin)


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Starts with which boarding, leaving the ship, berthing and unberthing are calm enough."""
    movement, chosen = tables.movement(mode), tables.modes[mode]
    strongest = tables.strongest_mms
    limits = (movement.boarding_wind_mms, movement.berthing_wind_mms)
    if all(limit is None or limit > strongest for limit in limits):
        return None
    result = np.ones(len(starts), dtype=np.bool_)
    limit = movement.boarding_wind_mms
    if limit is not None and limit <= strongest:
        result &= tables.at(tables.wind_mms, starts) < limit
        if movement.kind == "exit":
            result &= tables.at(tables.wind_mms, starts + chosen.end_at) < limit
    limit = movement.berthing_wind_mms
    if limit is not None and limit <= strongest:
        if chosen.from_place is not None:
            result &= _calm(tables, starts, starts + chosen.clear_at, limit)
        if chosen.to_place is not None:
            result &= _calm(tables, starts + chosen.arrive_at, starts + chosen.end_at, limit)
    return result


def figures(tables: Tables, mode: int, start: int) -> Params:
    """The strongest wind of the movement."""
    begin = start - tables.first
    span = tables.wind_mms[max(begin, 0) : max(begin, 0) + tables.modes[mode].end_at + 1]
    return {"have_mms": int(span.max(initial=0))}


RULE = Window("wind", allowed, figures)
