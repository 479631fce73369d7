"""A movement starts between its first and last possible start, and within the horizon."""

import pytest

from scheduler.problem import Fixed
from tests.scheduler.builders import a_problem, actual, an_entry, placed
from tests.scheduler.checks.judging import broken, only

RULE = "requested_window"


@pytest.mark.parametrize(("start", "kept"), [(9, False), (10, True), (20, True), (21, False)])
def test_the_first_and_the_last_start_are_both_possible(start, kept):
    problem = a_problem(an_entry(earliest=10, latest=20))
    assert broken(RULE, problem, placed("in", start)) is not kept


@pytest.mark.parametrize(("start", "kept"), [(-1, False), (0, True), (99, True), (100, False)])
def test_a_start_is_chosen_within_the_horizon(start, kept):
    problem = a_problem(an_entry(earliest=-50, latest=500), horizon=100)
    assert broken(RULE, problem, placed("in", start)) is not kept


def test_a_fixed_start_may_lie_before_the_horizon():
    movement = an_entry(earliest=-50, latest=500, fixed=Fixed(mode="m", start=-30))
    assert not broken(RULE, a_problem(movement), placed("in", -30))


def test_what_has_happened_outside_its_window_is_only_reported():
    breach = only(RULE, a_problem(actual(an_entry(latest=5), 6)), placed("in", 6))
    assert breach.status == "actual"
    assert breach.params == {"start_tick": 6, "earliest_tick": 0, "latest_tick": 5}


def test_a_waiver_is_reported_as_such():
    breach = only(RULE, a_problem(an_entry(latest=5, waived=(RULE,))), placed("in", 6))
    assert breach.status == "waived"
