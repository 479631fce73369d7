"""Ships that go the same way pass each gate of a reach with their headway between them."""

from dataclasses import replace

import pytest

from scheduler.problem import Interval, Visibility
from tests.scheduler.builders import (
    a_leg,
    a_problem,
    a_ship,
    actual,
    an_entry,
    an_entry_mode,
    an_exit,
    placed,
)
from tests.scheduler.checks.judging import broken, only

RULE = "headway"
SHIPS = (a_ship("s", headway_ticks=10), a_ship("t", headway_ticks=6))


def two(one=None, other=None, **changes):
    one = one or an_entry("a", ship="s")
    other = other or an_entry("b", ship="t")
    return a_problem(one, other, ships=SHIPS, **changes)


@pytest.mark.parametrize(("gap", "kept"), [(10, True), (9, False), (0, False), (-10, True)])
def test_the_larger_headway_of_the_two_lies_between_them(gap, kept):
    plan = (placed("a", 100), placed("b", 100 + gap))
    assert broken(RULE, two(), *plan) is not kept


def test_both_gates_count_also_far_from_each_other():
    slow = an_entry_mode(legs=(a_leg(leave=200),), arrive_at=200, end_at=210)
    problem = two(an_entry("a", ship="s", modes=(slow,)))
    # b leaves at 30 after its start: 200 + 9 is one too few behind a.
    assert only(RULE, problem, placed("a", 0), placed("b", 179)).params == {
        "segment": "S1",
        "gate": "leave",
        "need_ticks": 10,
        "gap_ticks": 9,
    }
    assert not broken(RULE, problem, placed("a", 0), placed("b", 180))
    assert not broken(RULE, problem, placed("a", 0), placed("b", 160))
    assert only(RULE, problem, placed("a", 0), placed("b", 9)).params["gate"] == "enter"


def test_ships_that_meet_keep_no_headway():
    problem = two(an_exit("a", ship="s"))
    assert not broken(RULE, problem, placed("a", 100), placed("b", 110))


@pytest.mark.parametrize(("gap", "kept"), [(15, True), (14, False)])
def test_in_fog_the_headway_is_longer_and_rounded_up(gap, kept):
    # 10 * 1.41 = 14.1
    fog = Visibility(span=Interval(100, 101), visibility_m=999, segments=("S1",))
    regime = {"slow_visibility_m": 1000, "slow_headway_permille": 1410}
    plan = (placed("a", 100), placed("b", 100 + gap))
    assert broken(RULE, two(visibility=(fog,), **regime), *plan) is not kept
    clear = replace(fog, visibility_m=1000)
    assert not broken(RULE, two(visibility=(clear,), **regime), *plan)


def test_what_has_happened_is_reported_and_what_is_free_must_give_way():
    plan = (placed("a", 100), placed("b", 101))
    a, b = an_entry("a", ship="s"), an_entry("b", ship="t")
    assert only(RULE, two(actual(a, 100), b), *plan).status == "new"
    assert only(RULE, two(actual(a, 100), actual(b, 101)), *plan).status == "actual"
    assert only(RULE, two(a, replace(b, waived=(RULE,))), *plan).status == "waived"
    assert only(RULE, two(a, replace(b, waived=("one_way",))), *plan).movements == ("a", "b")
