"""The ship passes under every bridge on its way."""

from tests.scheduler.builders import a_bridge, a_level, a_problem, a_segment, an_entry, placed
from tests.scheduler.checks.judging import broken, only

RULE = "air_draught"


def under(bridge, *levels, air_draught_mm=50_000):
    return a_problem(
        an_entry(air_draught_mm=air_draught_mm),
        segments=(a_segment(bridges=(bridge,)),),
        water_levels=tuple(a_level(node, heights_mm, 10) for node, heights_mm in levels),
    )


def test_ship_and_margin_pass_under_a_fixed_height():
    assert not broken(RULE, under(a_bridge(52_000, margin_mm=2_000)), placed("in", 0))
    breach = only(RULE, under(a_bridge(51_999, margin_mm=2_000)), placed("in", 0))
    assert breach.params == {
        "segment": "S1",
        "bridge": "bridge",
        "need_mm": 52_000,
        "have_mm": 51_999,
    }


def test_an_unknown_air_draught_is_not_judged():
    assert not broken(RULE, under(a_bridge(1), air_draught_mm=0), placed("in", 0))
    assert broken(RULE, under(a_bridge(1), air_draught_mm=2), placed("in", 0))


def test_the_higher_node_counts_from_entering_to_leaving_both_included():
    bridge = a_bridge(48_000, reference_height_mm=3_000)
    low, tide = [0] * 9, [1000, 1000, 1000, 1000, 1010, 0, 0, 0, 0]
    for levels in ((("sea", low), ("port", tide)), (("sea", tide), ("port", low))):
        assert not broken(RULE, under(bridge, *levels), placed("in", 0))  # at 30: 1000
        breach = only(RULE, under(bridge, *levels), placed("in", 1))  # at 31: 1001
        assert (breach.params["tick"], breach.params["have_mm"]) == (31, 49_999)
    # [51, 81] starts after the tide has gone, but its last tick is beyond the samples.
    assert not broken(RULE, under(bridge, ("sea", tide)), placed("in", 50))
    assert only(RULE, under(bridge, ("sea", tide)), placed("in", 51)).params["tick"] == 81


def test_a_node_without_levels_stands_at_datum():
    assert not broken(RULE, under(a_bridge(48_000, reference_height_mm=2_000)), placed("in", 900))
    assert broken(RULE, under(a_bridge(48_000, reference_height_mm=1_999)), placed("in", 900))


def test_ticks_before_0_are_past():
    problem = under(a_bridge(48_000, reference_height_mm=2_000), ("sea", [0] * 9))
    assert not broken(RULE, problem, placed("in", -5))
