"""A boarding place serves only so many ships in each slot of the clock."""

import pytest

from tests.scheduler.builders import (
    a_boarding_place,
    a_problem,
    actual,
    an_entry,
    an_entry_mode,
    placed,
)
from tests.scheduler.checks.judging import broken, only

RULE = "boarding_slot"
MODES = (an_entry_mode(boarding_place="P1"),)


def boarding(*movements, **place):
    return a_problem(*movements, boarding_places=(a_boarding_place(**place),))


def three(**place):
    return boarding(
        *(an_entry(name, ship=name, modes=MODES) for name in "ab"), an_entry("c"), **place
    )


@pytest.mark.parametrize(
    ("phase_ticks", "together"), [(0, [(0, 29), (30, 59), (-30, -1)]), (10, [(-10, 19), (20, 49)])]
)
def test_a_slot_begins_where_the_clock_and_its_phase_say(phase_ticks, together):
    problem = three(slot_phase_ticks=phase_ticks)
    for first, last in together:
        assert broken(RULE, problem, placed("a", first), placed("b", last))
        assert not broken(RULE, problem, placed("a", first - 1), placed("b", first))
        assert not broken(RULE, problem, placed("a", last), placed("b", last + 1))


def test_a_slot_serves_so_many_and_only_those_that_board_there_count():
    plan = (placed("a", 40), placed("b", 41), placed("c", 42))
    assert not broken(RULE, three(ships_per_slot=2), *plan)
    breach = only(RULE, three(slot_phase_ticks=10), *plan)
    assert breach.movements == ("a", "b")
    assert breach.params == {
        "place": "P1",
        "slot_tick": 20,
        "have_ships": 2,
        "limit_ships": 1,
    }


def test_who_is_free_gives_way_to_those_who_have_boarded():
    a, b, c = (an_entry(name, ship=name, modes=MODES) for name in "abc")
    plan = (placed("a", 1), placed("b", 2), placed("c", 3))
    happened = boarding(actual(a, 1), actual(b, 2), c)
    assert only(RULE, happened, *plan[:2]).status == "actual"
    assert only(RULE, happened, *plan).status == "new"


def test_a_waiver_covers_its_own_ship_only():
    a, b = (an_entry(name, ship=name, modes=MODES) for name in "ab")
    c = an_entry("c", ship="c", modes=MODES, waived=(RULE,))
    plan = (placed("a", 1), placed("b", 2), placed("c", 3))
    assert only(RULE, boarding(a, c), plan[0], plan[2]).status == "waived"
    breach = only(RULE, boarding(a, b, c), *plan)
    assert (breach.movements, breach.status) == (("a", "b"), "new")
