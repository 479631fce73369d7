"""A ship leaves from where it lies, after its service."""

from collections.abc import Iterator

from scheduler.tables import Tables
from scheduler.ways import Order, Sequence


def orders(tables: Tables) -> Iterator[Order]:
    """Each stay's exit after its entry and the service, or after it is ready."""
    index = tables.movement_index
    for stay in tables.problem.stays:
        if stay.exit is None:
            continue
        if stay.entry is not None:
            yield Order(index[stay.exit], index[stay.entry], stay.service_ticks, same_place=True)
        else:
            same = stay.place is not None
            yield Order(index[stay.exit], None, stay.ready, same_place=same, place=stay.place)


RULE = Sequence("service_time", orders)
