"""Slots of a boarding place."""

import pytest

from scheduler.rules.boarding_slot import slots
from scheduler.tables import Tables, UnknownReference
from scheduler.ways import Slots
from tests.scheduler.builders import a_boarding_place, a_problem, an_entry, an_entry_mode


def asked(boarding_place):
    return slots(
        Tables(
            a_problem(
                an_entry(modes=(an_entry_mode(boarding_place=boarding_place),)),
                boarding_places=(a_boarding_place(ships_per_slot=2, slot_phase_ticks=5),),
            )
        ),
        0,
    )


def test_a_mode_takes_a_place_in_the_slots_of_where_its_pilot_boards():
    assert asked("P1") == Slots("P1", 30, 5, 2)
    assert asked(None) is None


def test_an_unknown_boarding_place_is_named():
    with pytest.raises(UnknownReference, match="P9"):
        asked("P9")
