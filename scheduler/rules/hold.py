"""A movement that is held may not be placed."""

import numpy as np

from scheduler.outcome import Params
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """No start while there is a reason to hold it."""
    held = tables.movement(mode).held
    return None if held is None else np.zeros(len(starts), dtype=np.bool_)


def figures(tables: Tables, mode: int, start: int) -> Params:  # noqa: ARG001 - one signature
    """The code of the hold."""
    return {"held": tables.movement(mode).held or ""}


RULE = Window("hold", allowed, figures)
