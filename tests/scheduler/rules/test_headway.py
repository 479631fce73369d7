"""Headways at the gates of a segment."""

from dataclasses import replace

from scheduler.problem import Interval, Visibility
from tests.scheduler.builders import (
    a_leg,
    a_problem,
    a_ship,
    actual,
    an_entry,
    an_entry_mode,
    an_exit,
)
from tests.scheduler.rules.asking import differences

RULE = "headway"
SHIPS = (a_ship("s", headway_ticks=10), a_ship("t", headway_ticks=6))


def two(one=None, other=None, **changes):
    one = one or an_entry("a", ship="s")
    return a_problem(one, other or an_entry("b", ship="t"), ships=SHIPS, **changes)


def test_the_larger_headway_lies_between_both_ways_round():
    assert differences(RULE, two()) == set(range(-9, 10))


def test_each_gate_counts_for_itself():
    slow = an_entry_mode(legs=(a_leg(leave=80),), arrive_at=80, end_at=90)
    found = differences(RULE, two(other=an_entry("b", ship="t", modes=(slow,))))
    # the slow ship comes out 50 later than the quick one: at the gate out that is the difference
    assert found == set(range(-9, 10)) | set(range(-59, -40))


def test_restricted_modes_keep_more_rounded_up():
    slow = an_entry("b", ship="t", modes=(an_entry_mode(restricted=True),))
    problem = two(other=slow, slow_headway_permille=1450)
    assert differences(RULE, problem) == set(range(-14, 15))


def test_opposing_ships_and_two_facts_do_not_matter():
    assert differences(RULE, two(other=an_exit("b", ship="t"))) == set()
    one, other = two().movements
    assert differences(RULE, two(actual(one, 5), actual(other, 6))) == set()
    assert differences(RULE, two(actual(one, 5), other)) == set(range(-9, 10))


def test_a_waiver_of_either_sets_it_aside():
    one, other = two().movements
    assert differences(RULE, two(one, replace(other, waived=(RULE,)))) == set()


def test_a_ship_that_fog_has_caught_is_spaced_as_in_fog():
    caught = actual(an_entry("a", ship="s"), 100)
    fog = Visibility(span=Interval(100, 101), visibility_m=500)
    problem = two(caught, slow_visibility_m=1000, slow_headway_permille=2000, visibility=(fog,))
    assert differences(RULE, problem) == set(range(-19, 20))
    later = two(
        actual(an_entry("a", ship="s"), 101),
        slow_visibility_m=1000,
        slow_headway_permille=2000,
        visibility=(fog,),
    )
    assert differences(RULE, later) == set(range(-9, 10))
