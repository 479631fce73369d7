"""Boarding slots stand on the port's clock, wherever a window of planning begins."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Limits, solve
from tests.scheduler.builders import a_boarding_place, a_problem, an_entry, an_entry_mode
from tests.scheduler.plans import breaches, starts

HORIZON = 60


@settings(max_examples=60)
@given(
    slot_ticks=st.integers(2, 9),
    phase_ticks=st.integers(0, 8),
    ships_per_slot=st.integers(1, 2),
    ships=st.integers(2, 5),
    wanted=st.integers(0, 12),
)
def test_each_takes_the_next_slot_that_has_room(
    slot_ticks, phase_ticks, ships_per_slot, ships, wanted
):
    place = a_boarding_place(
        slot_ticks=slot_ticks,
        slot_phase_ticks=phase_ticks % slot_ticks,
        ships_per_slot=ships_per_slot,
    )
    mode = an_entry_mode(to_place=None, legs=(), boarding_place=place.id)
    asked = (
        an_entry(f"{k}", ship=f"{k}", modes=(mode,), requested=wanted, earliest=wanted)
        for k in range(ships)
    )
    problem = a_problem(*asked, boarding_places=(place,), horizon=HORIZON)
    outcome = solve(problem, Limits(wall_s=2.0, workers=1, deterministic=True))
    # The slot of the wanted start may have begun already; the others begin where the clock says.
    begun = (wanted + phase_ticks) // slot_ticks
    slots = (max(wanted, k * slot_ticks - phase_ticks) for k in range(begun, begun + ships))
    best = sorted([*slots] * ships_per_slot)[:ships]
    assert sorted(starts(outcome).values()) == best
    assert (outcome.status, breaches(problem, outcome)) == ("optimal", [])
