"""Opposing ships in one-way reaches."""

import pytest

from scheduler.problem import OneWay
from tests.scheduler.builders import a_problem, a_segment, a_ship, an_entry, an_exit
from tests.scheduler.rules.asking import differences

RULE = "one_way"
# a is in the reach for 0..30 after its start, b the other way for 10..40 after its own:
# they are there together while -40 < b - a < 20
TOGETHER = set(range(-39, 20))


def opposing(a_loa_mm=200_000, b_loa_mm=200_000, **reach):
    return a_problem(
        an_entry("a", ship="s"),
        an_exit("b", ship="t"),
        ships=(a_ship("s", loa_mm=a_loa_mm), a_ship("t", loa_mm=b_loa_mm)),
        segments=(a_segment(**reach),),
    )


def test_where_passing_is_never_allowed_presence_excludes_and_clears():
    assert differences(RULE, opposing(passing="never")) == TOGETHER
    assert differences(RULE, opposing(passing="never", clear_ticks=5)) == set(range(-44, 25))
    assert differences(RULE, opposing(passing="always")) == set()


@pytest.mark.parametrize(
    ("a_loa_mm", "b_loa_mm", "applies_to", "excluded"),
    [
        (250_000, 250_000, "large_large", True),
        (250_000, 249_999, "large_large", False),
        (250_000, 100_000, "any", True),
        (99_999, 250_000, "any", False),  # exempt
        (249_999, 249_999, "any", False),
    ],
)
def test_large_ships_exclude_by_pair(a_loa_mm, b_loa_mm, applies_to, excluded):
    limits = OneWay(loa_mm=250_000, applies_to=applies_to, exempt_below_loa_mm=100_000)
    problem = opposing(a_loa_mm, b_loa_mm, passing="by_pair", one_way=limits)
    assert differences(RULE, problem) == (TOGETHER if excluded else set())


def test_draught_makes_large_too():
    limits = OneWay(loa_mm=400_000, draught_mm=10_000)
    assert differences(RULE, opposing(passing="by_pair", one_way=limits)) == TOGETHER


def test_ships_that_go_the_same_way_do_not_matter():
    problem = a_problem(
        an_entry("a", ship="s"), an_entry("b", ship="t"), segments=(a_segment(passing="never"),)
    )
    assert differences(RULE, problem) == set()
