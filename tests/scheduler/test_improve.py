"""Improving: never worse, within the rules, true about proof, sparing with what is published."""

from dataclasses import replace

import pytest

from scheduler import Limits, publish, solve
from scheduler.construct import first_come_first_served
from scheduler.outcome import Progress
from tests.scheduler.builders import a_problem, a_ship, an_entry
from tests.scheduler.instances import a_day
from tests.scheduler.plans import breaches, changed, starts

REPEATABLE = Limits(wall_s=2.0, workers=1, deterministic=True)


def two(**changes):
    """A light ship that is published first, though a heavy one asks for about the same time."""
    problem = a_problem(
        an_entry("light", ship="s", requested=100, earliest=100),
        an_entry("heavy", ship="t", requested=101, earliest=101, late_weight=5),
        ships=(a_ship("s", headway_ticks=20), a_ship("t")),
    )
    first = solve(replace(problem, movements=problem.movements[:1]), Limits(wall_s=0.1))
    problem = publish(problem, first)
    return changed(problem, "light", **changes) if changes else problem


@pytest.mark.parametrize("seed", range(3))
def test_the_plan_is_better_than_first_come_first_served_and_keeps_the_rules(seed):
    day = a_day(seed, movements=50)
    found = solve(day, Limits(wall_s=3.0))
    assert breaches(day, found) == []
    assert found.objective.total <= first_come_first_served(day).total()
    assert found.lower_bound is not None
    assert found.lower_bound <= found.objective.total


def test_a_small_problem_is_proved():
    found = solve(a_day(1, movements=10, fog=False), Limits(wall_s=20.0))
    assert found.status == "optimal"
    assert found.lower_bound == found.objective.total


def test_what_is_not_proved_is_not_called_optimal():
    found = solve(a_day(1, movements=60), Limits(wall_s=0.3))
    assert found.status == "feasible"


def test_a_run_repeats_with_one_worker_and_a_seed():
    day = a_day(2, movements=24)
    first, again = solve(day, REPEATABLE), solve(day, REPEATABLE)
    assert first.placements == again.placements


def test_the_price_of_a_change_is_kept():
    # heavy first would save 99 - 21 = 78: heavy 20 x 5 late, against light 21 late
    cheap = solve(two(), Limits(wall_s=1.0, price_per_change=10))
    dear = solve(two(), Limits(wall_s=1.0, price_per_change=1000))
    assert starts(cheap) == {"light": 121, "heavy": 101}
    assert starts(dear) == {"light": 100, "heavy": 120}
    assert [change.movement for change in cheap.changes] == ["light"]


def test_what_is_pinned_stays_whatever_it_costs():
    found = solve(two(pinned=True), Limits(wall_s=1.0))
    assert starts(found) == {"light": 100, "heavy": 120}


def test_progress_is_told_and_a_stop_is_heard():
    told: list[Progress] = []
    asked = []

    def stop():
        asked.append(True)
        return len(asked) > 5

    found = solve(a_day(3, movements=50), Limits(wall_s=60.0), None, told.append, stop)
    assert found.elapsed_s < 30
    assert told[-1].phase == "done"
    assert told[-1].incumbent == found.objective.total


def test_a_hint_is_where_the_work_begins():
    day = a_day(4, movements=40)
    good = solve(day, Limits(wall_s=4.0))
    again = solve(day, Limits(wall_s=0.01), hint=good)
    assert again.objective.total <= good.objective.total


def test_adding_a_tug_is_not_worse_where_all_is_proved():
    day = a_day(6, movements=8, fog=False, tugs=4)
    more = replace(day, resources=(*day.resources, replace(day.resources[-1], id="T99")))
    limits = Limits(wall_s=20.0)
    few, many = solve(day, limits), solve(more, limits)
    assert few.status == many.status == "optimal"
    assert many.objective.total <= few.objective.total
