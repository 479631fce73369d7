"""A boarding place serves only so many ships in each slot of the clock."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet, Voyage
from scheduler.outcome import Breach

RULE = "boarding_slot"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report slots in which more ships start than the boarding place serves."""
    for place in sheet.problem.boarding_places:
        slots: dict[int, list[Voyage]] = {}
        for voyage in sheet.voyages.values():
            if voyage.mode.boarding_place == place.id:
                slot = (voyage.start + place.slot_phase_ticks) // place.slot_ticks
                slots.setdefault(slot, []).append(voyage)
        for slot, voyages in sorted(slots.items()):
            if len(voyages) > place.ships_per_slot:
                # A waiver covers its own ship: the others have to find room by themselves.
                others = [voyage for voyage in voyages if RULE not in voyage.movement.waived]
                told = others if len(others) > place.ships_per_slot else voyages
                yield sheet.breach(
                    RULE,
                    *told,
                    place=place.id,
                    slot_tick=slot * place.slot_ticks - place.slot_phase_ticks,
                    have_ships=len(told),
                    limit_ships=place.ships_per_slot,
                )
