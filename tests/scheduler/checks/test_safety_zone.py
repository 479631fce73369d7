"""The moving safety zone of a ship stays free of others."""

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
)
from tests.scheduler.checks.judging import breaches, broken, only

RULE = "safety_zone"


def following(zones, other_zones=None, other=None):
    ships = (a_ship("s", **zones), a_ship("t", **(other_zones or {})))
    return a_problem(an_entry("a", ship="s"), other or an_entry("b", ship="t"), ships=ships)


@pytest.mark.parametrize(("gap", "kept"), [(7, True), (6, False), (1, False), (-1, True)])
def test_nobody_follows_inside_the_zone_astern(gap, kept):
    # 2 001 m at 10 km in 30 ticks: 6.003 ticks. Ahead of it nothing is asked.
    problem = following({"zone_astern_mm": 2_001_000})
    assert broken(RULE, problem, placed("a", 100), placed("b", 100 + gap)) is not kept


@pytest.mark.parametrize(("gap", "kept"), [(-6, True), (-5, False), (-1, False), (1, True)])
def test_nobody_is_ahead_inside_the_zone_ahead(gap, kept):
    problem = following({"zone_ahead_mm": 2_000_000})
    assert broken(RULE, problem, placed("a", 100), placed("b", 100 + gap)) is not kept


def test_level_ships_are_each_behind_the_other():
    for zones in ({"zone_astern_mm": 1}, {"zone_ahead_mm": 1}):
        assert broken(RULE, following(zones), placed("a", 100), placed("b", 100))
        assert broken(RULE, following({}, zones), placed("a", 100), placed("b", 100))
    assert not broken(RULE, following({"zone_abeam_mm": 1}), placed("a", 100), placed("b", 100))


def test_the_follower_s_speed_counts_and_both_gates():
    # The follower needs 60 ticks for the reach: 2 km are 12 of them. It falls back: only the
    # gate of entering is tight.
    mode = an_entry_mode(legs=(a_leg(leave=60),), arrive_at=60, end_at=70)
    slow = an_entry("b", ship="t", modes=(mode,))
    problem = following({"zone_astern_mm": 2_000_000}, other=slow)
    assert not broken(RULE, problem, placed("a", 100), placed("b", 112))
    assert only(RULE, problem, placed("a", 100), placed("b", 111)).params == {
        "code": "following",
        "segment": "S1",
        "gate": "enter",
        "zone_mm": 2_000_000,
        "need_ticks": 12,
        "gap_ticks": 11,
    }
    # The fast one behind the slow one, catching up: the gate of leaving is tight.
    assert [
        breach.params["gate"]
        for breach in breaches(
            RULE,
            following({"zone_ahead_mm": 2_000_000}, other=slow),
            placed("a", 141),
            placed("b", 106),
        )
    ] == ["leave"]


def test_without_a_zone_nothing_is_asked():
    assert not broken(RULE, following({}), placed("a", 100), placed("b", 100))


def test_the_zone_of_a_third_ship_is_its_own():
    ships = (a_ship("s"), a_ship("t"), a_ship("u", zone_astern_mm=2_000_000))
    movements = [an_entry(name, ship=ship) for name, ship in zip("abc", "stu", strict=True)]
    problem = a_problem(*movements, ships=ships)
    plan = (placed("a", 100), placed("b", 101), placed("c", 102))
    assert not broken(RULE, problem, *plan)
    behind = (placed("a", 100), placed("b", 90), placed("c", 89))
    found = {breach.movements for breach in breaches(RULE, problem, *behind)}
    assert found == {("c", "b")}


def meeting(zone_mm, width_mm, clear_ticks=0):
    return a_problem(
        an_entry("a", ship="s"),
        an_exit("b", ship="t"),
        ships=(a_ship("s", zone_abeam_mm=zone_mm), a_ship("t")),
        segments=(a_segment(width_mm=width_mm, clear_ticks=clear_ticks),),
    )


def test_ships_meet_where_the_zone_abeam_stays_free():
    plan = (placed("a", 100), placed("b", 100))
    assert not broken(RULE, meeting(40_000, 100_000), *plan)
    breach = only(RULE, meeting(40_001, 100_000), *plan)
    assert breach.params == {
        "code": "abeam",
        "segment": "S1",
        "need_mm": 40_001,
        "have_mm": 40_000,
        "need_ticks": 0,
        "gap_ticks": -20,
    }
    assert not broken(RULE, meeting(10**6, None), *plan)


@pytest.mark.parametrize(("start", "kept"), [(125, True), (124, False), (56, False), (55, True)])
def test_ships_that_may_not_meet_keep_the_clear_time(start, kept):
    problem = meeting(40_001, 100_000, clear_ticks=5)
    assert broken(RULE, problem, placed("a", 100), placed("b", start)) is not kept
