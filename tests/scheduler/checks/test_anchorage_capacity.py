"""An anchorage never holds more ships than it has room for."""

from dataclasses import replace

import pytest

from tests.scheduler.builders import (
    a_problem,
    a_stay,
    actual,
    an_anchorage,
    an_entry,
    an_entry_mode,
    an_exit,
    an_exit_mode,
    placed,
)
from tests.scheduler.checks.judging import breaches, broken, only

RULE = "anchorage_capacity"


def coming(name):
    return an_entry(f"{name}-in", ship=name, modes=(an_entry_mode("A1"),))


def going(name):
    return an_exit(f"{name}-out", ship=name, modes=(an_exit_mode("A1"),))


def swap(entry=None, capacity=1):
    """Ship s is there and goes; ship t comes."""
    return a_problem(
        going("s"),
        entry or coming("t"),
        anchorages=(an_anchorage(capacity=capacity),),
        stays=(
            a_stay("s", ship="s", place="A1", exit="s-out"),
            a_stay("t", ship="t", entry="t-in", service_ticks=100),
        ),
    )


@pytest.mark.parametrize(("start", "kept"), [(80, True), (79, False)])
def test_one_goes_before_the_next_comes(start, kept):
    # s is clear at 100 + 10, t comes at its start + 30.
    plan = (placed("s-out", 100), placed("t-in", start))
    assert broken(RULE, swap(), *plan) is not kept
    assert not broken(RULE, swap(capacity=2), *plan)


def test_the_figures_and_those_answerable():
    breach = only(RULE, swap(), placed("s-out", 100), placed("t-in", 79))
    assert set(breach.movements) == {"t-in", "s-out"}
    assert breach.params == {"place": "A1", "have_ships": 2, "limit_ships": 1, "tick": 109}


def test_who_never_leaves_keeps_its_room():
    assert broken(RULE, swap(), placed("t-in", 900))
    assert not broken(RULE, swap(), placed("s-out", 900))


def test_what_no_plan_can_change_is_only_reported():
    assert only(RULE, swap(actual(coming("t"), -50)), placed("t-in", -50)).status == "actual"
    plan = (placed("s-out", 5), placed("t-in", -50))
    assert only(RULE, swap(actual(coming("t"), -50)), *plan).status == "actual"
    plan = (placed("s-out", 5), placed("t-in", -20))
    assert only(RULE, swap(actual(coming("t"), -20)), *plan).status == "new"


def test_ships_there_from_before_count_together():
    stays = tuple(a_stay(name, ship=name, place="A1", until=50) for name in "st")
    breach = only(RULE, a_problem(stays=stays))
    assert (breach.movements, breach.status) == ((), "actual")
    third = a_stay("u", ship="u", entry="u-in", service_ticks=10)
    problem = a_problem(coming("u"), stays=(*stays, third), anchorages=(an_anchorage(capacity=2),))
    assert only(RULE, problem, placed("u-in", 19)).status == "new"
    assert not broken(RULE, problem, placed("u-in", 20))


def test_a_waiver_covers_its_own_ship_only():
    ships = "stu"
    movements = [coming("s"), coming("t"), replace(coming("u"), waived=(RULE,))]
    stays = tuple(a_stay(x, ship=x, entry=f"{x}-in", service_ticks=100) for x in ships)
    problem = a_problem(*movements, stays=stays)
    plan = [placed(f"{name}-in", start) for start, name in enumerate(ships)]
    assert only(RULE, problem, plan[0], plan[2]).status == "waived"
    found = {(breach.movements, breach.status) for breach in breaches(RULE, problem, *plan)}
    assert found == {(("s-in", "t-in"), "new")}
