"""So many pilots board in one slot of the clock at one boarding place."""

from scheduler.tables import Tables, UnknownReference
from scheduler.ways import Occupancy, Slots


def slots(tables: Tables, mode: int) -> Slots | None:
    """The slots of the mode's boarding place, if it has one."""
    name = tables.modes[mode].boarding_place
    if name is None:
        return None
    place = tables.boarding_places.get(name)
    if place is None:
        raise UnknownReference("boarding place", name)
    return Slots(place.id, place.slot_ticks, place.slot_phase_ticks, place.ships_per_slot)


RULE = Occupancy("boarding_slot", slots=slots)
