"""Ships that may not meet in a reach are not in it together."""

import pytest

from scheduler.problem import OneWay
from tests.scheduler.builders import a_problem, a_segment, a_ship, an_entry, an_exit, placed
from tests.scheduler.checks.judging import broken, only

RULE = "one_way"


def meeting(ships=(), *, draughts_mm=(10_000, 10_000), **segment):
    return a_problem(
        an_entry("a", ship="s", draught_mm=draughts_mm[0]),
        an_exit("b", ship="t", draught_mm=draughts_mm[1]),
        ships=ships,
        segments=(a_segment(**segment),),
    )


@pytest.mark.parametrize(
    ("start", "kept"),
    [(120, True), (119, False), (100, False), (61, False), (60, True)],
)
def test_a_one_way_reach_is_left_before_it_is_entered_the_other_way(start, kept):
    # a is in it for [100, 130), b for [s+10, s+40).
    plan = (placed("a", 100), placed("b", start))
    assert broken(RULE, meeting(passing="never"), *plan) is not kept
    assert not broken(RULE, meeting(), *plan)


@pytest.mark.parametrize(("start", "kept"), [(125, True), (124, False), (56, False), (55, True)])
def test_the_clear_time_lies_between(start, kept):
    plan = (placed("a", 100), placed("b", start))
    assert broken(RULE, meeting(passing="never", clear_ticks=5), *plan) is not kept


def test_the_figures_tell_the_overlap():
    breach = only(RULE, meeting(passing="never"), placed("a", 100), placed("b", 105))
    assert breach.params == {"segment": "S1", "need_ticks": 0, "gap_ticks": -15}


def test_ships_of_one_direction_may_be_in_it_together():
    problem = a_problem(
        an_entry("a", ship="s"), an_entry("b", ship="t"), segments=(a_segment(passing="never"),)
    )
    assert not broken(RULE, problem, placed("a", 100), placed("b", 101))


def excluded(rule, one, other, **changes):
    problem = meeting((one, other), passing="by_pair", one_way=rule, **changes)
    return broken(RULE, problem, placed("a", 100), placed("b", 100))


def test_a_ship_that_reaches_any_threshold_is_large():
    small = a_ship("t")
    assert not excluded(None, a_ship("s", loa_mm=10**6), small)
    assert not excluded(OneWay(), a_ship("s", loa_mm=10**6), small)
    assert excluded(OneWay(loa_mm=200_001), a_ship("s", loa_mm=200_001), small)
    assert not excluded(OneWay(loa_mm=200_001), a_ship("s"), small)
    assert excluded(OneWay(loa_mm=10**6, beam_mm=40_000), a_ship("s", beam_mm=40_000), small)
    assert not excluded(OneWay(beam_mm=40_000), a_ship("s", beam_mm=39_999), small)
    deep = OneWay(draught_mm=12_000)
    assert excluded(deep, a_ship("s"), small, draughts_mm=(10_000, 12_000))
    assert not excluded(deep, a_ship("s"), small, draughts_mm=(11_999, 11_999))


def test_two_large_ships_or_a_large_one_and_any():
    large, small = OneWay(loa_mm=250_000, applies_to="large_large"), a_ship("t", loa_mm=90_000)
    long_s, long_t = a_ship("s", loa_mm=250_000), a_ship("t", loa_mm=250_000)
    assert excluded(large, long_s, long_t)
    assert not excluded(large, long_s, small)
    assert excluded(OneWay(loa_mm=250_000), long_s, small)
    assert excluded(OneWay(loa_mm=250_000), a_ship("s", loa_mm=90_000), long_t)


def test_short_ships_are_exempt():
    rule = OneWay(loa_mm=250_000, exempt_below_loa_mm=90_000)
    long = a_ship("s", loa_mm=250_000)
    assert excluded(rule, long, a_ship("t", loa_mm=90_000))
    assert not excluded(rule, long, a_ship("t", loa_mm=89_999))
    assert not excluded(rule, a_ship("s", loa_mm=89_999), a_ship("t", loa_mm=250_000))
