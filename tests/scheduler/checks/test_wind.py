"""Pilots board and leave, and ships berth and unberth, in less wind than their limits."""

import pytest

from scheduler.problem import Interval, Wind
from tests.scheduler.builders import a_problem, an_entry, an_entry_mode, an_exit, placed
from tests.scheduler.checks.judging import broken, only

RULE = "wind"
GALE = (Wind(span=Interval(100, 200), wind_mms=20_000),)


@pytest.mark.parametrize(("start", "kept"), [(99, True), (100, False), (199, False), (200, True)])
def test_a_pilot_boards_in_less_wind_than_the_limit(start, kept):
    for movement in (an_entry("x"), an_exit("x", modes=(an_entry_mode(end_at=0),))):
        at_limit = a_problem(
            an_entry("x", boarding_wind_mms=20_000, kind=movement.kind, modes=movement.modes),
            wind=GALE,
        )
        assert broken(RULE, at_limit, placed("x", start)) is not kept
        below = a_problem(an_entry("x", boarding_wind_mms=20_001), wind=GALE)
        assert not broken(RULE, below, placed("x", start))


@pytest.mark.parametrize(("start", "kept"), [(59, True), (60, False), (159, False)])
def test_the_pilot_of_an_exit_leaves_at_its_end(start, kept):
    problem = a_problem(an_exit(boarding_wind_mms=20_000), wind=GALE)
    assert broken(RULE, problem, placed("out", start)) is not kept
    entry = a_problem(an_entry(boarding_wind_mms=20_000), wind=GALE)
    assert broken(RULE, entry, placed("in", start)) is (start >= 100)


@pytest.mark.parametrize(("start", "kept"), [(60, True), (61, False), (169, False), (170, True)])
def test_a_ship_berths_in_less_wind_than_the_limit(start, kept):
    # Berthing is [s+30, s+40).
    problem = a_problem(an_entry(berthing_wind_mms=20_000), wind=GALE)
    assert broken(RULE, problem, placed("in", start)) is not kept


@pytest.mark.parametrize(("start", "kept"), [(90, True), (91, False), (199, False), (200, True)])
def test_a_ship_unberths_in_less_wind_than_the_limit(start, kept):
    # Unberthing is [s, s+10).
    problem = a_problem(an_exit(berthing_wind_mms=20_000), wind=GALE)
    assert broken(RULE, problem, placed("out", start)) is not kept


def test_the_first_windy_tick_is_told_and_later_entries_override():
    lull = (*GALE, Wind(span=Interval(100, 135), wind_mms=0))
    breach = only(RULE, a_problem(an_entry(berthing_wind_mms=20_000), wind=lull), placed("in", 100))
    assert breach.params == {
        "code": "berthing",
        "tick": 135,
        "have_mms": 20_000,
        "limit_mms": 20_000,
    }
