"""A fixed movement keeps its start and mode; what has happened is never left out."""

from dataclasses import replace

from scheduler.problem import Fixed
from tests.scheduler.builders import a_problem, actual, an_entry, an_entry_mode, placed
from tests.scheduler.checks.judging import broken, only

RULE = "frozen"
MODES = (an_entry_mode(), an_entry_mode(id="n"))


def test_a_fixed_movement_keeps_its_start_and_its_mode():
    problem = a_problem(an_entry(modes=MODES, fixed=Fixed(mode="m", start=7)))
    assert not broken(RULE, problem, placed("in", 7))
    assert only(RULE, problem, placed("in", 8)).status == "new"
    assert only(RULE, problem, placed("in", 7, mode="n")).params["mode"] == "n"
    assert not broken(RULE, problem)


def test_what_has_happened_is_no_excuse_for_telling_it_differently():
    movement = actual(an_entry(modes=MODES, waived=(RULE,)), 7)
    assert not broken(RULE, a_problem(movement), placed("in", 7))
    assert only(RULE, a_problem(movement), placed("in", 8)).status == "new"
    assert only(RULE, a_problem(movement)).status == "new"


def test_a_waiver_frees_what_is_only_planned():
    movement = an_entry(fixed=Fixed(mode="m", start=7), waived=(RULE,))
    assert only(RULE, a_problem(movement), placed("in", 8)).status == "waived"
    assert not broken(RULE, a_problem(replace(movement, fixed=None)), placed("in", 8))
