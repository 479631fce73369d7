"""The window that a party said will do, both ends included."""

from tests.scheduler.builders import a_problem, an_entry
from tests.scheduler.rules.asking import figures, open_starts

RULE = "requested_window"


def test_both_ends_will_do():
    problem = a_problem(an_entry(earliest=30, latest=40))
    assert open_starts(RULE, problem) == set(range(30, 41))


def test_figures_name_the_bound_that_is_passed():
    problem = a_problem(an_entry(earliest=30, latest=40))
    assert figures(RULE, problem, 29) == {"earliest_tick": 30}
    assert figures(RULE, problem, 41) == {"latest_tick": 40}
