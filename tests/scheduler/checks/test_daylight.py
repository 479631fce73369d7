"""What may be done only by day is done between one sunrise and its sunset."""

import pytest

from tests.scheduler.builders import (
    a_leg,
    a_problem,
    a_segment,
    a_ship,
    an_entry,
    an_entry_mode,
    an_exit,
    placed,
    spans,
)
from tests.scheduler.checks.judging import broken, only

RULE = "daylight"


@pytest.mark.parametrize(("start", "kept"), [(99, False), (100, True), (160, True), (161, False)])
def test_a_daylight_movement_is_wholly_between_sunrise_and_sunset(start, kept):
    problem = a_problem(an_entry(daylight_only=True), daylight=spans((100, 200), (300, 400)))
    assert broken(RULE, problem, placed("in", start)) is not kept


def test_a_night_between_two_days_is_night_however_short():
    problem = a_problem(an_entry(daylight_only=True), daylight=spans((0, 100), (101, 200)))
    assert broken(RULE, problem, placed("in", 80))
    assert broken(RULE, a_problem(an_entry(daylight_only=True)), placed("in", 80))


def test_others_sail_by_night():
    assert not broken(RULE, a_problem(an_entry()), placed("in", 0))


@pytest.mark.parametrize(("start", "kept"), [(89, False), (90, True), (160, True), (161, False)])
def test_long_ships_are_in_a_daylight_reach_by_day_only(start, kept):
    # The exit is in the reach for [s+10, s+40).
    reach = a_segment(daylight_loa_mm=200_000)
    problem = a_problem(an_exit(), segments=(reach,), daylight=spans((100, 200)))
    assert broken(RULE, problem, placed("out", start)) is not kept


def test_a_shorter_ship_is_not_long():
    problem = a_problem(
        an_entry(),
        ships=(a_ship(loa_mm=199_999),),
        segments=(a_segment(daylight_loa_mm=200_000),),
    )
    assert not broken(RULE, problem, placed("in", 0))
    problem = a_problem(an_entry(), segments=(a_segment(daylight_loa_mm=200_000),))
    assert only(RULE, problem, placed("in", 0)).params["segment"] == "S1"


@pytest.mark.parametrize(("start", "kept"), [(99, False), (100, True), (200, True), (201, False)])
def test_a_reach_passed_in_no_time_is_passed_by_day_too(start, kept):
    movement = an_entry(modes=(an_entry_mode(legs=(a_leg(leave=0),)),))
    reach = a_segment(daylight_loa_mm=200_000)
    problem = a_problem(movement, segments=(reach,), daylight=spans((100, 200)))
    assert broken(RULE, problem, placed("in", start)) is not kept
