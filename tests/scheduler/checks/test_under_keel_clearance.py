"""There is water enough under the keel all along the passage, at the time of passing."""

import pytest

from tests.scheduler.builders import (
    a_leg,
    a_level,
    a_problem,
    a_segment,
    an_entry,
    an_entry_mode,
    an_exit,
    placed,
)
from tests.scheduler.checks.judging import broken, only

RULE = "under_keel_clearance"


def tidal(sea, port, movement=None, *, depth_mm=9_000, step_ticks=10, **segment):
    levels = [("sea", sea), ("port", port)]
    return a_problem(
        movement or an_entry(),
        segments=(a_segment(depth_mm=depth_mm, **segment),),
        water_levels=tuple(a_level(n, h, step_ticks) for n, h in levels if h is not None),
    )


@pytest.mark.parametrize(
    ("depth_mm", "clearance", "kept"),
    [
        (10_000, {}, True),
        (9_999, {}, False),
        (11_001, {"ukc_permille": 100, "ukc_mm": 1_001}, True),
        (11_000, {"ukc_permille": 100, "ukc_mm": 1_001}, False),
        (11_000, {"ukc_permille": 100, "ukc_mm": 999}, True),
    ],
)
def test_a_node_without_levels_stands_at_datum(depth_mm, clearance, kept):
    problem = tidal(None, None, depth_mm=depth_mm, **clearance)
    assert broken(RULE, problem, placed("in", 0)) is not kept


def test_both_ends_of_the_leg_count():
    # In the reach for [s, s+30]: the tick of leaving is judged, too.
    enough, falling = [1000] * 7, [1000, 1000, 1000, 1000, 990, 0, 0]
    assert not broken(RULE, tidal(enough, falling), placed("in", 0))
    breach = only(RULE, tidal(enough, falling), placed("in", 1))
    assert breach.params == {
        "segment": "S1",
        "tick": 31,
        "need_mm": 10_000,
        "have_mm": 9_999,
        "level_mm": 999,
    }
    rising = [0, 1000, 1000, 1000, 1000, 1000, 1000]
    assert not broken(RULE, tidal(rising, enough), placed("in", 10))
    assert only(RULE, tidal(rising, enough), placed("in", 9)).params["tick"] == 9


def test_the_level_runs_evenly_from_the_node_entered_to_the_node_left():
    # At tick k of 30 it is floor((1030*(30-k) + 1000*k)/30) = 1030 - k going in.
    sea, port = [1030] * 9, [1000] * 9
    assert not broken(RULE, tidal(sea, port), placed("in", 0))
    assert broken(RULE, tidal(sea, [999] * 9), placed("in", 0))
    # An exit enters at the port's end: [s+10, s+40].
    assert only(RULE, tidal(sea, [999] * 9, an_exit()), placed("out", 0)).params["tick"] == 10


def test_levels_are_rounded_down_between_samples_also_below_datum():
    # -1 at 0 and 0 at 10: floor(-0.9) is -1 until tick 9.
    problem = tidal([-1, 0, 0, 0, 0], [0] * 5, depth_mm=10_000)
    assert only(RULE, problem, placed("in", 9)).params["level_mm"] == -1
    assert not broken(RULE, problem, placed("in", 10))


def test_an_unknown_level_matters_only_where_the_depth_at_datum_does_not_do():
    assert not broken(RULE, tidal([1000] * 4, [1000] * 4), placed("in", 0))  # known up to 30
    assert only(RULE, tidal([1000] * 4, [1000] * 4), placed("in", 1)).params == {
        "code": "level_unknown",
        "segment": "S1",
        "tick": 31,
        "need_mm": 10_000,
    }
    assert not broken(RULE, tidal([0] * 4, [0] * 4, depth_mm=10_000), placed("in", 500))
    assert broken(RULE, tidal([-1] * 4, [0] * 4, depth_mm=10_000), placed("in", 0))


def test_a_leg_passed_in_no_time_counts_the_lower_end():
    mode = an_entry_mode(legs=(a_leg(leave=0),))
    movement = an_entry(modes=(mode,))
    assert broken(RULE, tidal([999] * 5, [2000] * 5, movement), placed("in", 0))
    assert broken(RULE, tidal([2000] * 5, [999] * 5, movement), placed("in", 0))
    assert not broken(RULE, tidal([2000] * 5, [1000] * 5, movement), placed("in", 0))


def test_ticks_before_0_are_past():
    sea = [1000] * 5
    assert not broken(RULE, tidal(sea, sea), placed("in", -5))
    assert not broken(RULE, tidal(sea, sea), placed("in", -31))


def test_a_reach_without_a_depth_is_deep_enough():
    assert not broken(RULE, a_problem(an_entry(draught_mm=10**6)), placed("in", 0))
