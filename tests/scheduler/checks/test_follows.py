"""A movement that follows another starts after that one has ended."""

import pytest

from scheduler.problem import Follows
from tests.scheduler.builders import a_problem, an_entry, placed
from tests.scheduler.checks.judging import broken, only

RULE = "follows"


def linked(gap_ticks=20):
    link = Follows(movement="a", gap_ticks=gap_ticks)
    return a_problem(an_entry("a", ship="s"), an_entry("b", ship="t", follows=(link,)))


@pytest.mark.parametrize(("start", "kept"), [(160, True), (159, False)])
def test_the_gap_lies_between_the_end_of_one_and_the_start_of_the_other(start, kept):
    # a ends at 140.
    assert broken(RULE, linked(), placed("a", 100), placed("b", start)) is not kept


def test_the_figures():
    breach = only(RULE, linked(), placed("a", 100), placed("b", 130))
    assert breach.movements == ("a", "b")
    assert breach.params == {"code": "too_soon", "need_ticks": 20, "gap_ticks": -10}


def test_who_is_left_out_is_followed_by_nobody():
    assert only(RULE, linked(), placed("b", 900)).params == {"code": "other_left_out", "other": "a"}
    assert not broken(RULE, linked(), placed("a", 900))
