"""There is water enough under the keel at the berth or anchorage for as long as a ship is there."""

from typing import Any

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
    an_exit_mode,
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


def lying(*movements, heights_mm=(*[1000] * 11, 0, 0, *[1000] * 20), **stay):
    """A ship that leaves with 10 m: water lacks from tick 101 to 129. It is fast 40 after 0."""
    calls = {"in": {"entry": "in"}, "out": {"exit": "out"}}
    asked = {key: name for m in movements for key, name in calls[m.id].items()}
    place = {} if "entry" in asked else {"place": "B1"}
    given: dict[str, Any] = {**asked, **place, "service_ticks": 20, **stay}
    return a_problem(
        *movements,
        berths=(a_berth(depth_mm=9_000),),
        water_levels=(a_level("port", heights_mm, 10),),
        stays=(a_stay(**given),),
    )


LIGHT = an_entry(draught_mm=8_000)
AT_ONCE = an_exit(modes=(an_exit_mode(clear_at=0),))
"""Clear of its berth as it starts: nothing but its wait is judged."""


def test_a_ship_does_not_wait_for_its_exit_through_low_water():
    problem = lying(LIGHT, an_exit())
    assert not broken(RULE, problem, placed("in", 0), placed("out", 60))
    assert not broken(RULE, problem, placed("in", 0), placed("out", 90))
    breach = only(RULE, problem, placed("in", 0), placed("out", 130))
    assert (breach.status, breach.movements) == ("new", ("in", "out"))
    assert breach.params == {
        "code": "waiting",
        "stay": "stay",
        "place": "B1",
        "tick": 110,
        "need_mm": 10_000,
        "have_mm": 9_000,
        "level_mm": 0,
    }


def test_the_wait_is_judged_up_to_the_tick_before_the_start():
    problem = lying(LIGHT, AT_ONCE)
    assert not broken(RULE, problem, placed("in", 0), placed("out", 101))
    assert only(RULE, problem, placed("in", 0), placed("out", 102)).params["tick"] == 101


def test_the_wait_is_judged_from_the_end_of_service_on():
    problem = lying(LIGHT, an_exit())
    assert not broken(RULE, problem, placed("in", 70), placed("out", 300))
    assert only(RULE, problem, placed("in", 69), placed("out", 300)).params["tick"] == 129
    # it comes and works with the draught that it comes with
    assert not broken(RULE, problem, placed("in", 69), placed("out", 129 - 40))


def test_each_low_water_of_a_wait_is_told():
    problem = lying(LIGHT, AT_ONCE, heights_mm=(*[1000] * 8, 900, 1000, 1000, 0, 1000, 1000))
    found = breaches(RULE, problem, placed("in", 0), placed("out", 125))
    assert [breach.params["tick"] for breach in found] == [80, 110]


@pytest.mark.parametrize("settled", ["there", "come"])
@pytest.mark.parametrize(
    ("ready", "earliest", "status"),
    [(0, 0, "new"), (90, 0, "new"), (60, 90, "new"), (91, 0, "actual"), (60, 91, "actual")],
)
def test_who_could_not_have_left_before_has_no_part_in_it(settled, ready, earliest, status):
    # clear 10 after its start: gone at 100, before tick 101, or not
    out = an_exit(earliest=earliest)
    if settled == "there":
        problem, plan = lying(out, ready=ready), (placed("out", 130),)
    else:
        come = actual(LIGHT, ready - 60)
        problem, plan = lying(come, out), (placed("in", ready - 60), placed("out", 130))
    assert only(RULE, problem, *plan).status == status


def test_the_next_low_water_counts_for_a_ship_that_could_not_leave_before_the_first():
    twice = (*[1000] * 11, 0, *[1000] * 9, 0, *[1000] * 9)  # [101, 120) and [201, 220)
    problem = lying(an_exit(earliest=100), heights_mm=twice)
    assert [b.status for b in breaches(RULE, problem, placed("out", 190))] == ["actual"]
    assert [b.status for b in breaches(RULE, problem, placed("out", 220))] == ["actual", "new"]


def test_a_ship_that_is_not_to_leave_or_is_left_out_is_not_judged_after_its_service():
    assert not broken(RULE, lying(LIGHT, an_exit()), placed("in", 0))
    assert not broken(RULE, lying(LIGHT), placed("in", 0))


def test_a_waiver_of_either_movement_covers_the_wait():
    for light, out in (
        (an_entry(draught_mm=8_000, waived=(RULE,)), an_exit()),
        (LIGHT, an_exit(waived=(RULE,))),
    ):
        breach = only(RULE, lying(light, out), placed("in", 0), placed("out", 130))
        assert breach.status == "waived"


def test_of_a_wait_only_the_known_part_counts():
    assert not broken(
        RULE, lying(AT_ONCE, heights_mm=(1000, 1000, 1000), ready=0), placed("out", 500)
    )
    late = lying(AT_ONCE, heights_mm=(1000, 1000, 999), ready=0)
    assert only(RULE, late, placed("out", 500)).params["tick"] == 11
    # low now, and already low when the plan begins
    past = lying(AT_ONCE, heights_mm=(0, 1000, 1000), ready=-300)
    assert only(RULE, past, placed("out", 500)).status == "actual"


def test_the_departure_of_a_ship_that_has_left_is_only_reported():
    gone = actual(an_exit(), 130)
    assert only(RULE, lying(gone, ready=0), placed("out", 130)).status == "actual"
