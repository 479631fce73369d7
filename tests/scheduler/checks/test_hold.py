"""A movement that is held is not placed."""

from tests.scheduler.builders import a_problem, actual, an_entry, placed
from tests.scheduler.checks.judging import broken, only

RULE = "hold"


def test_a_held_movement_is_not_placed():
    problem = a_problem(an_entry(held="papers"))
    assert only(RULE, problem, placed("in", 5)).params == {"code": "papers"}
    assert not broken(RULE, problem)
    assert not broken(RULE, a_problem(an_entry()), placed("in", 5))


def test_a_hold_that_came_too_late_is_only_reported():
    problem = a_problem(actual(an_entry(held="papers"), 5))
    assert only(RULE, problem, placed("in", 5)).status == "actual"
