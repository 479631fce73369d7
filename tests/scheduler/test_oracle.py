"""The oracle finds what is best, and the engine finds nothing better, and nothing forbidden."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from scheduler.checks import CHECKS, check
from scheduler.outcome import Limits
from scheduler.problem import Fixed, Interval, Visibility
from scheduler.validation import validate
from scheduler.wire import problem_from_json, problem_to_json
from tests.scheduler.builders import (
    a_problem,
    a_segment,
    a_ship,
    a_stay,
    actual,
    an_entry,
    an_exit,
    placed,
)
from tests.scheduler.oracle import TooLarge, best_plan, candidates, cost, new_breaches
from tests.scheduler.strategies import problems

QUICK = Limits(wall_s=2.0, workers=1, deterministic=True)


def test_the_oracle_parts_two_ships_by_their_headway():
    ships = (a_ship("s", headway_ticks=5), a_ship("t"))
    problem = a_problem(
        an_entry("a", ship="s", late_weight=2), an_entry("b", ship="t"), ships=ships, horizon=20
    )
    plan = best_plan(problem)
    assert {one.movement: one.start for one in plan} == {"a": 0, "b": 5}
    assert cost(problem, plan) == 5


def test_the_oracle_leaves_out_what_costs_less_than_it_delays():
    problem = a_problem(
        an_entry("a", ship="s", unplaced_cost=9),
        an_exit("b", ship="t", latest=0),
        segments=(a_segment(passing="never"),),
        horizon=50,
    )
    # b is in the reach for [10, 40): a waits until 40, or is left out.
    assert best_plan(problem) == (placed("b", 0),)
    assert cost(problem, (placed("b", 0),)) == 9


def test_the_oracle_lets_one_ship_go_before_the_next_comes():
    stays = (
        a_stay("s", ship="s", place="B1", exit="b", ready=4),
        a_stay("t", ship="t", entry="a", service_ticks=5),
    )
    problem = a_problem(an_entry("a", ship="t"), an_exit("b", ship="s"), stays=stays, horizon=30)
    # b is clear at 14 and a comes to the berth 30 after its start: nobody waits for the berth.
    assert {one.movement: one.start for one in best_plan(problem)} == {"a": 0, "b": 4}


@settings(max_examples=60)
@given(problems())
def test_the_strategy_makes_valid_problems(problem):
    assert validate(problem) == ()
    assert problem_from_json(problem_to_json(problem)) == problem


def test_the_strategy_lets_every_rule_bind():
    seen = Counter()

    @settings(max_examples=400, derandomize=True, database=None)
    @given(problems(), st.randoms(use_true_random=False))
    def collect(problem, chance):
        seen.update({breach.rule for breach in check(problem, any_plan(problem, chance))})

    collect()
    assert set(CHECKS) - {"plan"} <= set(seen), seen


def any_plan(problem, chance: random.Random):
    """Nearly everything placed somehow, sometimes a little beside where it may be."""
    plan = []
    for movement in problem.movements:
        options = list(candidates(problem, movement))
        if options and chance.random() < 0.9:
            chosen = chance.choice(options)
            plan.append(replace(chosen, start=chosen.start + chance.choice((0, 0, 0, 1))))
    return tuple(plan)


@pytest.fixture(scope="module")
def solve():
    from scheduler.engine import solve

    return solve


def test_the_engine_finds_nothing_forbidden_and_nothing_better(solve):
    proved = Counter()

    @settings(max_examples=60)
    @given(problems())
    def compare(problem):
        try:
            best = best_plan(problem)
        except TooLarge:
            reject()
        outcome = solve(problem, QUICK)
        assert not new_breaches(check(problem, outcome))
        best_cost = cost(problem, best)
        assert outcome.objective.total == cost(problem, outcome.placements)
        assert outcome.objective.total >= best_cost
        if outcome.lower_bound is not None:
            assert outcome.lower_bound <= best_cost
        if outcome.status == "optimal":
            assert outcome.objective.total == best_cost
        proved[outcome.status] += 1

    compare()
    assert proved["optimal"] > proved["feasible"], "tiny problems are proved"


def test_the_engine_keeps_clear_of_a_ship_that_fog_has_caught(solve):
    # It went in its ordinary mode, and entered the reach in fog: who follows keeps twice as far.
    ships = (a_ship("s", headway_ticks=10), a_ship("t"))
    problem = a_problem(
        actual(an_entry("a", ship="s"), 1),
        an_entry("b", ship="t"),
        ships=ships,
        visibility=(Visibility(span=Interval(0, 5), visibility_m=100),),
        slow_visibility_m=1000,
        slow_headway_permille=2000,
    )
    outcome = solve(problem, QUICK)
    assert not new_breaches(check(problem, outcome))
    assert {one.movement: one.start for one in outcome.placements} == {"a": 1, "b": 21}


def test_the_engine_judges_what_is_fixed_like_any_other(solve):
    # The berth is never left: who has a fixed time for it is left out, with the reason.
    stays = (a_stay("s", ship="s", place="B1", exit="b"), a_stay("t", ship="t", entry="a"))
    fixed = an_entry("a", ship="t", fixed=Fixed(mode="m", start=50))
    problem = a_problem(an_exit("b", ship="s", held="papers"), fixed, stays=stays)
    outcome = solve(problem, QUICK)
    assert not new_breaches(check(problem, outcome))
    assert {one.movement for one in outcome.unplaced} == {"a", "b"}
    # Once it has happened it is told, and stops nothing.
    problem = replace(problem, movements=(problem.movements[0], actual(fixed, 50)))
    outcome = solve(problem, QUICK)
    assert {breach.status for breach in check(problem, outcome)} == {"actual"}
    assert {one.movement for one in outcome.placements} == {"a"}
