"""A ship starts in sight enough for it, and in fog sails as restricted visibility asks."""

import pytest

from scheduler.problem import Interval, Visibility
from tests.scheduler.builders import (
    a_leg,
    a_problem,
    a_segment,
    an_entry,
    an_entry_mode,
    placed,
)
from tests.scheduler.checks.judging import breaches, broken, only

RULE = "visibility"


def fog(begin, end, visibility_m, *segments):
    span = Interval(begin, end)
    return Visibility(span=span, visibility_m=visibility_m, segments=segments)


@pytest.mark.parametrize(("start", "kept"), [(99, True), (100, False), (199, False), (200, True)])
def test_a_ship_starts_in_sight_enough(start, kept):
    problem = a_problem(an_entry(min_visibility_m=1000), visibility=(fog(100, 200, 999),))
    assert broken(RULE, problem, placed("in", start)) is not kept
    problem = a_problem(an_entry(min_visibility_m=999), visibility=(fog(100, 200, 999),))
    assert not broken(RULE, problem, placed("in", start))


def test_a_later_entry_overrides_an_earlier_one():
    entries = (fog(100, 200, 500), fog(150, 160, 5000))
    problem = a_problem(an_entry(min_visibility_m=1000), visibility=entries)
    assert broken(RULE, problem, placed("in", 149))
    assert not broken(RULE, problem, placed("in", 150))
    assert broken(RULE, problem, placed("in", 160))


def test_the_first_reach_counts_or_what_holds_everywhere():
    two = (a_segment(), a_segment("S2"))
    elsewhere = a_problem(
        an_entry(min_visibility_m=1000), segments=two, visibility=(fog(0, 900, 1, "S2"),)
    )
    assert not broken(RULE, elsewhere, placed("in", 0))
    here = a_problem(an_entry(min_visibility_m=1000), visibility=(fog(0, 900, 1, "S1"),))
    assert broken(RULE, here, placed("in", 0))
    legless = an_entry(min_visibility_m=1000, modes=(an_entry_mode(legs=()),))
    assert not broken(RULE, a_problem(legless, visibility=(fog(0, 900, 1, "S1"),)), placed("in", 0))
    assert broken(RULE, a_problem(legless, visibility=(fog(0, 900, 1),)), placed("in", 0))


def in_regime(*modes, visibility_m=999):
    return a_problem(
        an_entry(modes=modes),
        visibility=(fog(100, 200, visibility_m, "S1"),),
        slow_visibility_m=1000,
    )


@pytest.mark.parametrize(("start", "kept"), [(99, True), (100, False), (199, False), (200, True)])
def test_who_enters_a_reach_in_fog_sails_in_a_mode_for_it(start, kept):
    problem = in_regime(an_entry_mode())
    assert broken(RULE, problem, placed("in", start)) is not kept
    assert not broken(RULE, in_regime(an_entry_mode(restricted=True)), placed("in", start))
    assert not broken(RULE, in_regime(an_entry_mode(), visibility_m=1000), placed("in", start))


def test_who_enters_a_reach_in_fog_is_slow_enough():
    def mode(slow_ticks):
        return an_entry_mode(restricted=True, legs=(a_leg(slow_ticks=slow_ticks),))

    assert not broken(RULE, in_regime(mode(30)), placed("in", 100))
    breach = only(RULE, in_regime(mode(31)), placed("in", 100))
    assert breach.params == {
        "code": "too_fast",
        "need_ticks": 31,
        "have_ticks": 30,
        "segment": "S1",
        "tick": 100,
        "need_m": 1000,
        "have_m": 999,
    }
    assert not broken(RULE, in_regime(mode(31)), placed("in", 99))


def test_without_a_regime_fog_slows_nobody():
    mode = an_entry_mode(legs=(a_leg(slow_ticks=99),))
    problem = a_problem(an_entry(modes=(mode,)), visibility=(fog(0, 900, 0),))
    assert breaches(RULE, problem, placed("in", 100)) == []
