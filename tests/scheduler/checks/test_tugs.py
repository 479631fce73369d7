"""Every ship has its tugs: enough of them, strong enough together, and there in time."""

import pytest

from tests.scheduler.builders import (
    a_crew,
    a_duty,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    an_entry,
    an_entry_mode,
    placed,
)
from tests.scheduler.checks.judging import breaches, only

RULE = "tugs"
TUGS = tuple(a_resource(name, pool=RULE, pull_kg=50_000) for name in "abcde")


def towed(*movements):
    return a_problem(*movements, pools=(a_pool(RULE),), resources=TUGS)


def towage(name="in", **need):
    mode = an_entry_mode(duties=(a_duty(RULE, begin=30, end=40, from_place="port"),))
    needs = (a_need(RULE, **need),)
    return an_entry(name, ship=name, modes=(mode,), needs=needs)


def codes(members, **need):
    plan = placed("in", 500, a_crew(*members, need=RULE))
    return [breach.params["code"] for breach in breaches(RULE, towed(towage(**need)), plan)]


@pytest.mark.parametrize(
    ("members", "pull_kg", "expected"),
    [
        ("ab", 100_000, []),
        ("ab", 100_001, ["pull"]),
        ("abc", 100_001, []),
        ("abcd", 100_001, []),
        ("abcde", 100_001, ["count"]),
        ("a", 1, ["count"]),
        ("abc", 0, ["count"]),
    ],
)
def test_tugs_are_so_many_and_pull_so_much_together(members, pull_kg, expected):
    assert codes(members, count=2, pull_kg=pull_kg) == expected


def test_the_largest_number_may_be_given():
    assert codes("abc", count=1, pull_kg=1, max_count=3) == []
    assert codes("abcd", count=1, pull_kg=1, max_count=3) == ["count"]
    assert codes("ab", count=1, pull_kg=1, max_count=1) == ["count"]


def test_a_tug_goes_from_ship_to_ship():
    problem = towed(towage("x"), towage("y"))
    crew = a_crew("a", need=RULE)
    plans = [(placed("x", 500, crew), placed("y", start, crew)) for start in (510, 509)]
    assert breaches(RULE, problem, *plans[0]) == []
    assert only(RULE, problem, *plans[1]).resources == ("a",)
