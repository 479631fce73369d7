"""A fixed movement has one start in one mode."""

from scheduler.problem import Fixed
from tests.scheduler.builders import a_problem, an_entry, an_entry_mode
from tests.scheduler.rules.asking import open_starts

RULE = "frozen"


def test_only_the_fixed_start_and_mode_are_open():
    modes = (an_entry_mode(), an_entry_mode(id="other"))
    problem = a_problem(an_entry(modes=modes, fixed=Fixed(mode="m", start=70)))
    assert open_starts(RULE, problem) == {70}
    assert open_starts(RULE, problem, mode=1) == set()


def test_a_fixed_start_may_lie_before_the_plan_begins():
    problem = a_problem(an_entry(fixed=Fixed(mode="m", start=-20)))
    assert open_starts(RULE, problem, starts=range(-30, 10)) == {-20}


def test_what_is_not_fixed_is_free():
    assert open_starts(RULE, a_problem(an_entry())) == set(range(1000))
