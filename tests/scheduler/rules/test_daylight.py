"""Movements and reaches by daylight only."""

from tests.scheduler.builders import a_problem, a_segment, an_entry, spans
from tests.scheduler.rules.asking import open_starts

RULE = "daylight"
DAYS = spans((100, 200), (200, 300))


def test_the_whole_movement_lies_in_one_day():
    problem = a_problem(an_entry(daylight_only=True), daylight=DAYS)
    assert open_starts(RULE, problem) == set(range(100, 161)) | set(range(200, 261))


def test_long_ships_pass_some_reaches_by_day():
    reach = (a_segment(daylight_loa_mm=200_000),)
    assert open_starts(RULE, a_problem(an_entry(), daylight=DAYS, segments=reach)) == (
        set(range(100, 171)) | set(range(200, 271))
    )
    shorter = (a_segment(daylight_loa_mm=200_001),)
    assert open_starts(RULE, a_problem(an_entry(), daylight=DAYS, segments=shorter)) == set(
        range(1000)
    )


def test_without_any_day_there_is_no_light():
    assert open_starts(RULE, a_problem(an_entry(daylight_only=True))) == set()
