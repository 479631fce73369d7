"""Rolling: a long question window by window breaks no rule and loses nothing at the edges."""

import pytest

from scheduler import Limits, solve
from scheduler.adopt import is_valid, strands
from scheduler.answer import outcome
from scheduler.checks import check
from scheduler.conflicts import Conflicts
from scheduler.construct import first_plan, merit
from scheduler.rolling import is_long, rolled_plan
from tests.bench.harbour import harbour
from tests.scheduler.builders import (
    a_berth,
    a_problem,
    a_ship,
    a_stay,
    an_entry,
    an_exit,
)
from tests.scheduler.instances import a_day
from tests.scheduler.plans import breaches, starts


def never(share):
    return False


def rolled(problem, window_ticks=None, is_over=never):
    return rolled_plan(Conflicts(problem), is_over, window_ticks)


def visits(*asked):
    """Ships at one berth, each with the tick of its entry's and of its exit's request."""
    movements, stays = [], []
    for k, (comes, goes) in enumerate(asked):
        ship = f"s{k}"
        movements += [
            an_entry(f"in{k}", ship=ship, requested=comes, earliest=comes),
            an_exit(f"out{k}", ship=ship, requested=goes, earliest=goes),
        ]
        stays.append(a_stay(f"t{k}", ship=ship, entry=f"in{k}", exit=f"out{k}", service_ticks=60))
    return a_problem(
        *movements,
        ships=tuple(a_ship(f"s{k}") for k in range(len(asked))),
        berths=(a_berth(),),
        stays=tuple(stays),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("window_ticks", [120, 600])
def test_a_rolled_plan_keeps_every_rule(seed, window_ticks):
    day = a_day(seed, movements=40)
    draft = rolled(day, window_ticks)
    assert breaches(day, outcome(draft)) == []
    assert all(is_valid(draft, k) for k in list(draft.placed))
    assert not any(strands(draft, k) for k in range(len(day.movements)))


@pytest.mark.parametrize("seed", [1, 2])
def test_seven_days_are_planned_with_every_rule_kept(seed):
    week = harbour(110, seed, load=0.13)
    assert week.horizon > 7 * 1440
    assert is_long(week)
    draft = rolled(week)
    assert breaches(week, outcome(draft)) == []
    # a quiet week has room for everybody that one order for all of it has room for
    assert merit(draft)[0] <= merit(first_plan(Conflicts(week)))[0]


def test_a_visit_goes_on_through_many_windows():
    found = starts(outcome(rolled(visits((10, 900), (20, 950)), window_ticks=100)))
    assert found["in0"] == 10
    assert found["out0"] == 900
    # in once the other is clear: she leaves the berth 10 ticks after her start, and it takes 30
    assert found["in1"] >= 900 + 10 - 30
    assert found["out1"] >= found["in1"] + 40 + 60


@pytest.mark.parametrize("shift", range(0, 60, 7))
def test_who_waits_for_a_ship_that_leaves_at_an_edge_is_not_lost(shift):
    # windows of 200 ticks, edges each 100: berths change hands at and about them
    asked = tuple((100 * k + shift, 100 * k + shift + 100) for k in range(6))
    problem = visits(*asked)
    answer = outcome(rolled(problem, window_ticks=200))
    assert answer.unplaced == ()
    assert check(problem, answer) == ()


def test_a_rolled_plan_repeats():
    week = harbour(110, 1, load=0.13)
    assert rolled(week).placements() == rolled(week).placements()


def test_with_no_time_at_all_every_window_gets_one_round():
    day = a_day(1, movements=40)
    draft = rolled(day, 300, is_over=lambda share: True)
    assert draft.placed
    assert breaches(day, outcome(draft)) == []


def test_a_long_question_is_solved_also_when_it_is_stopped_at_once():
    week = harbour(110, 2, load=0.13)
    told = []
    found = solve(week, Limits(wall_s=60.0), progress=told.append, should_stop=lambda: True)
    assert breaches(week, found) == []
    assert told
    assert found.elapsed_s < 30.0


def test_a_day_is_not_rolled():
    assert not is_long(a_day(1, movements=40))
    assert not is_long(a_problem())
