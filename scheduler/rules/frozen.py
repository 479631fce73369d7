"""What is fixed keeps its start and its mode."""

import numpy as np

from scheduler.outcome import Params
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Only the fixed start, and only in the fixed mode."""
    fixed = tables.movement(mode).fixed
    if fixed is None:
        return None
    if tables.modes[mode].id != fixed.mode:
        return np.zeros(len(starts), dtype=np.bool_)
    return starts == fixed.start


def figures(tables: Tables, mode: int, start: int) -> Params:  # noqa: ARG001 - one signature
    """The start that it has."""
    fixed = tables.movement(mode).fixed
    return {} if fixed is None else {"start_tick": fixed.start}


RULE = Window("frozen", allowed, figures)
