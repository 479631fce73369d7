"""A ship leaves only when its service is done, from where it is, and only if it has come."""

import pytest

from scheduler.problem import Fixed
from tests.scheduler.builders import (
    a_berth,
    a_problem,
    a_stay,
    actual,
    an_entry,
    an_entry_mode,
    an_exit,
    an_exit_mode,
    placed,
)
from tests.scheduler.checks.judging import broken, only

RULE = "service_time"
BERTHS = (a_berth("B1"), a_berth("B2"))


def call(entry=None, leaving=None):
    return a_problem(
        entry or an_entry(),
        leaving or an_exit(),
        berths=BERTHS,
        stays=(a_stay(entry="in", exit="out", service_ticks=100, ready=10**6),),
    )


@pytest.mark.parametrize(("start", "kept"), [(240, True), (239, False)])
def test_a_ship_leaves_when_it_has_been_served(start, kept):
    # Fast at 140.
    assert broken(RULE, call(), placed("in", 100), placed("out", start)) is not kept


def test_the_figures():
    breach = only(RULE, call(), placed("in", 100), placed("out", 239))
    assert breach.movements == ("in", "out")
    assert breach.params == {
        "code": "not_ready",
        "stay": "stay",
        "start_tick": 239,
        "ready_tick": 240,
    }


@pytest.mark.parametrize(("start", "kept"), [(70, True), (69, False)])
def test_a_ship_that_is_there_leaves_when_it_is_ready(start, kept):
    problem = a_problem(an_exit(), stays=(a_stay(exit="out", place="B1", ready=70),))
    assert broken(RULE, problem, placed("out", start)) is not kept


def test_a_ship_leaves_from_where_it_is():
    modes = (an_exit_mode("B1", id="one"), an_exit_mode("B2", id="two"))
    leaving = an_exit(modes=modes)
    to_second = an_entry(modes=(an_entry_mode("B2"),))
    plan = placed("in", 0)
    assert not broken(RULE, call(leaving=leaving), plan, placed("out", 500, mode="one"))
    assert only(RULE, call(leaving=leaving), plan, placed("out", 500, mode="two")).params == {
        "code": "other_place",
        "stay": "stay",
        "place": "B1",
        "from_place": "B2",
    }
    assert not broken(RULE, call(to_second, leaving), plan, placed("out", 500, mode="two"))
    there = a_problem(leaving, berths=BERTHS, stays=(a_stay(exit="out", place="B2"),))
    assert not broken(RULE, there, placed("out", 0, mode="two"))
    assert broken(RULE, there, placed("out", 0, mode="one"))


def test_a_ship_that_never_came_does_not_leave():
    assert only(RULE, call(), placed("out", 900)).params["code"] == "never_came"
    assert not broken(RULE, call(), placed("in", 900))
    gone = call(leaving=actual(an_exit(), 5))
    assert only(RULE, gone, placed("out", 5)).status == "actual"
    fixed = call(leaving=an_exit(fixed=Fixed(mode="m", start=900)))
    assert only(RULE, fixed, placed("out", 900)).status == "new"
