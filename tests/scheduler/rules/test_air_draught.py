"""Height under the bridges, which the tide takes away."""

from tests.scheduler.builders import a_bridge, a_level, a_problem, a_segment, an_entry
from tests.scheduler.rules.asking import figures, open_starts

RULE = "air_draught"


def under(bridge, air_draught_mm, *levels):
    return a_problem(
        an_entry(air_draught_mm=air_draught_mm),
        segments=(a_segment(bridges=(bridge,)),),
        water_levels=levels,
    )


def test_a_fixed_clearance_counts_with_its_margin():
    bridge = a_bridge(50_000, margin_mm=2_000)
    assert open_starts(RULE, under(bridge, 48_000)) == set(range(1000))
    assert open_starts(RULE, under(bridge, 48_001)) == set()
    assert figures(RULE, under(bridge, 48_001), 0) == {
        "bridge": "bridge",
        "need_mm": 50_001,
        "have_mm": 50_000,
    }


def test_the_higher_water_of_the_two_nodes_counts_while_the_ship_is_in_the_reach():
    bridge = a_bridge(50_000, reference_height_mm=1_000)
    levels = (a_level("sea", [0] * 20), a_level("port", [0, 0, 0, 1_200, 0, *[0] * 15]))
    problem = under(bridge, 50_500, *levels)
    # more than 500 mm of water from tick 146 to 214; the ship is in the reach for 30 ticks
    assert set(range(300)) - open_starts(RULE, problem, starts=range(300)) == set(range(116, 215))


def test_an_unknown_air_draught_is_not_judged_and_an_unknown_level_stops():
    bridge = a_bridge(1, reference_height_mm=1_000)
    assert open_starts(RULE, under(bridge, 0)) == set(range(1000))
    bridge = a_bridge(50_000, reference_height_mm=1_000)
    levels = (a_level("sea", [0, 0]), a_level("port", [0, 0]))
    assert open_starts(RULE, under(bridge, 40_000, *levels)) == set(range(31))
