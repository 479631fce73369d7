"""Where overtaking is not allowed, ships leave a reach in the order in which they entered it."""

import pytest

from tests.scheduler.builders import (
    a_leg,
    a_problem,
    a_segment,
    an_entry,
    an_entry_mode,
    an_exit,
    placed,
)
from tests.scheduler.checks.judging import broken, only

RULE = "no_overtaking"
SLOW = an_entry_mode(legs=(a_leg(leave=50),), arrive_at=50, end_at=60)


def slow_and_fast(overtaking=False):
    return a_problem(
        an_entry("slow", ship="s", modes=(SLOW,)),
        an_entry("fast", ship="t"),
        segments=(a_segment(overtaking=overtaking),),
    )


@pytest.mark.parametrize(
    ("start", "kept"), [(99, True), (100, False), (101, False), (120, False), (121, True)]
)
def test_the_fast_ship_stays_behind_or_ahead(start, kept):
    # The slow one is in the reach for [100, 150); the fast one needs 30: level at 120.
    plan = (placed("slow", 100), placed("fast", start))
    assert broken(RULE, slow_and_fast(), *plan) is not kept
    assert not broken(RULE, slow_and_fast(overtaking=True), *plan)


def test_the_figures_tell_who_is_ahead_where():
    breach = only(RULE, slow_and_fast(), placed("slow", 100), placed("fast", 110))
    assert breach.movements == ("slow", "fast")
    assert breach.params == {"segment": "S1", "enter_gap_ticks": 10, "leave_gap_ticks": -10}


def test_meeting_is_not_overtaking():
    problem = a_problem(
        an_entry("a", ship="s"), an_exit("b", ship="t"), segments=(a_segment(overtaking=False),)
    )
    assert not broken(RULE, problem, placed("a", 100), placed("b", 90))
