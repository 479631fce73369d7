"""Nobody is in a segment while it is closed."""

import pytest

from scheduler.problem import Closure, Interval
from tests.scheduler.builders import (
    a_leg,
    a_problem,
    a_segment,
    actual,
    an_exit,
    an_exit_mode,
    placed,
)
from tests.scheduler.checks.judging import broken, only

RULE = "closure"


def closed(*segments, movement=None):
    return a_problem(
        movement or an_exit(),
        segments=(a_segment(), a_segment("S2")),
        closures=(Closure(id="C1", span=Interval(100, 200), segments=segments),),
    )


@pytest.mark.parametrize(("start", "kept"), [(60, True), (61, False), (189, False), (190, True)])
def test_a_ship_is_out_before_and_in_after_a_closure(start, kept):
    # In the reach for [s+10, s+40).
    assert broken(RULE, closed("S1"), placed("out", start)) is not kept
    assert broken(RULE, closed(), placed("out", start)) is not kept
    assert not broken(RULE, closed("S2"), placed("out", start))


def test_a_ship_caught_by_a_closure_is_only_reported():
    breach = only(RULE, closed(movement=actual(an_exit(), 80)), placed("out", 80))
    assert breach.status == "actual"
    assert breach.params == {
        "closure": "C1",
        "segment": "S1",
        "enter_tick": 90,
        "leave_tick": 120,
        "begin_tick": 100,
        "end_tick": 200,
    }


@pytest.mark.parametrize(("start", "kept"), [(100, True), (101, False), (199, False), (200, True)])
def test_a_reach_passed_in_no_time_is_closed_too(start, kept):
    movement = an_exit(modes=(an_exit_mode(legs=(a_leg(forward=False, leave=0),)),))
    assert broken(RULE, closed(movement=movement), placed("out", start)) is not kept
