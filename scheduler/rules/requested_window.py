"""A movement starts no earlier and no later than its party said will do."""

from scheduler.outcome import Params
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask:
    """Starts from ``earliest`` to ``latest``, both included."""
    movement = tables.movement(mode)
    return (starts >= movement.earliest) & (starts <= movement.latest)


def figures(tables: Tables, mode: int, start: int) -> Params:
    """The bound that is passed."""
    movement = tables.movement(mode)
    if start < movement.earliest:
        return {"earliest_tick": movement.earliest}
    return {"latest_tick": movement.latest}


RULE = Window("requested_window", allowed, figures)
