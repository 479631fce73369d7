"""Moving safety zones, abeam and in line."""

from tests.scheduler.builders import a_problem, a_segment, a_ship, an_entry, an_exit
from tests.scheduler.rules.asking import differences

RULE = "safety_zone"


def problem(other, zones, **reach):
    return a_problem(
        an_entry("a", ship="s"),
        other,
        ships=(a_ship("s", **zones), a_ship("t")),
        segments=(a_segment(**reach),),
    )


def test_opposing_ships_keep_clear_abeam():
    zones = {"zone_abeam_mm": 100_000}
    leaving = an_exit("b", ship="t")
    # two beams of 30 m leave 99.999 m, or 100 m, of the width
    assert differences(RULE, problem(leaving, zones, width_mm=159_999)) == set(range(-39, 20))
    assert differences(RULE, problem(leaving, zones, width_mm=160_000)) == set()
    assert differences(RULE, problem(leaving, zones)) == set()


def test_followers_keep_the_zone_at_their_own_speed():
    follower = an_entry("b", ship="t")
    # 1 km of a reach of 10 km passed in 30 ticks is 3 ticks; 1.01 km are 4
    assert differences(RULE, problem(follower, {"zone_astern_mm": 1_000_000})) == {0, 1, 2}
    assert differences(RULE, problem(follower, {"zone_astern_mm": 1_010_000})) == {0, 1, 2, 3}
    assert differences(RULE, problem(follower, {"zone_ahead_mm": 1_000_000})) == {-2, -1, 0}


def test_without_zones_nothing_is_forbidden():
    assert differences(RULE, problem(an_exit("b", ship="t"), {}, width_mm=1)) == set()
