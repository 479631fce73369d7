"""There is water enough under the keel at the berth or anchorage for as long as the ship works."""

import pytest

from tests.scheduler.builders import (
    a_berth,
    a_level,
    a_problem,
    a_stay,
    actual,
    an_anchorage,
    an_entry,
    an_entry_mode,
    an_exit,
    placed,
)
from tests.scheduler.checks.judging import breaches, broken, only

RULE = "alongside_clearance"


@pytest.mark.parametrize(
    ("draught_mm", "berth", "need_mm"),
    [
        (10_000, {}, 10_000),
        (10_000, {"ukc_mm": 500}, 10_500),
        (10_000, {"ukc_mm": 500, "ukc_permille": 40}, 10_500),
        (10_001, {"ukc_mm": 500, "ukc_permille": 80}, 10_802),  # 800.08 mm: 801
    ],
)
def test_the_larger_clearance_counts_and_a_share_is_rounded_up(draught_mm, berth, need_mm):
    movement = an_entry(draught_mm=draught_mm)
    enough = a_problem(movement, berths=(a_berth(depth_mm=need_mm, **berth),))
    assert not broken(RULE, enough, placed("in", 0))
    less = a_problem(movement, berths=(a_berth(depth_mm=need_mm - 1, **berth),))
    assert only(RULE, less, placed("in", 0)).params["need_mm"] == need_mm


def tidal(heights_mm, *, service_ticks=0, step_ticks=10):
    return a_problem(
        an_entry(),
        berths=(a_berth(depth_mm=9_000),),
        water_levels=(a_level("port", heights_mm, step_ticks),),
        stays=(a_stay(entry="in", service_ticks=service_ticks),),
    )


def test_the_level_is_judged_from_the_start_of_berthing_to_its_end():
    # Berthing is [s+30, s+40). High from tick 30 to 40, falling before and after.
    problem = tidal([0, 0, 0, 1000, 1000, 0, 0, 0, 0, 0])
    assert not broken(RULE, problem, placed("in", 0))
    assert not broken(RULE, problem, placed("in", 1))  # its last tick is 40
    assert only(RULE, problem, placed("in", 2)).params == {
        "place": "B1",
        "tick": 41,
        "need_mm": 10_000,
        "have_mm": 9_900,
        "level_mm": 900,
    }
    assert only(RULE, problem, placed("in", -1)).params["tick"] == 29


def test_the_level_is_judged_through_the_service():
    problem = tidal([0, 0, 0, 1000, 1000, 1000, 1000, 0, 0, 0], service_ticks=21)
    assert not broken(RULE, problem, placed("in", 0))  # [30, 61)
    assert only(RULE, problem, placed("in", 1)).params["tick"] == 61


def test_a_dip_between_the_ends_is_seen():
    problem = tidal([2000, 2000, 2000, 2000, 2000, 999, 2000, 2000], service_ticks=25)
    assert only(RULE, problem, placed("in", 0)).params["tick"] == 50


def test_beyond_the_samples_only_the_known_part_counts():
    problem = tidal([1000, 1000, 1000, 1000, 1000], service_ticks=500)
    assert not broken(RULE, problem, placed("in", 0))  # fast at 40, the last sample
    assert only(RULE, problem, placed("in", 1)).params["code"] == "level_unknown"
    assert broken(RULE, tidal([1000, 1000, 1000, 999, 1000], service_ticks=500), placed("in", 0))


def test_an_anchorage_has_a_depth_and_a_stay_too():
    movement = an_entry(modes=(an_entry_mode("A1"),))
    problem = a_problem(movement, anchorages=(an_anchorage(depth_mm=9_999),))
    assert only(RULE, problem, placed("in", 0)).params["place"] == "A1"


def test_what_lies_before_tick_0_is_past():
    problem = tidal([1000, 1000, 1000, 1000, 1000])
    assert not broken(RULE, problem, placed("in", -60))
    assert not broken(RULE, problem, placed("in", -35))


def test_what_has_happened_is_only_reported():
    problem = a_problem(actual(an_entry(), 0), berths=(a_berth(depth_mm=9_999),))
    assert [breach.status for breach in breaches(RULE, problem, placed("in", 0))] == ["actual"]


def test_a_ship_that_takes_no_time_there_is_not_judged():
    mode = an_entry_mode(arrive_at=40)
    problem = a_problem(an_entry(modes=(mode,)), berths=(a_berth(depth_mm=1),))
    assert not broken(RULE, problem, placed("in", 0))


def test_a_ship_that_leaves_is_judged_until_she_is_clear():
    # She is clear 10 after her start; the water falls after tick 40.
    problem = a_problem(
        an_exit(),
        berths=(a_berth(depth_mm=9_000),),
        water_levels=(a_level("port", [1000, 1000, 1000, 1000, 1000, 0, 0, 0], 10),),
    )
    assert not broken(RULE, problem, placed("out", 30))
    assert only(RULE, problem, placed("out", 31)).params["tick"] == 41
