"""A movement that follows another one starts after it has ended."""

from collections.abc import Iterator

from scheduler.tables import Tables, UnknownReference
from scheduler.ways import Order, Sequence


def orders(tables: Tables) -> Iterator[Order]:
    """Each movement after those that it follows."""
    for k, movement in enumerate(tables.problem.movements):
        for link in movement.follows:
            before = tables.movement_index.get(link.movement)
            if before is None:
                raise UnknownReference("movement", link.movement)
            yield Order(k, before, link.gap_ticks)


RULE = Sequence("follows", orders)
