"""Made-up harbours and what goes wrong in them: no plan breaks a rule, by the judge's own word."""

from itertools import islice
from pathlib import Path

import pytest

from scheduler import Limits, Outcome, Problem, replan, solve
from scheduler.validation import validate
from scheduler.wire import outcome_to_json, problem_to_json
from tests.bench.harbour import disruptions, harbour
from tests.scheduler.plans import breaches

SIZES = (10, 12, 10, 15, 10, 20)
LOADS = (1.0, 1.3, 1.6)
PLANS = 200
MORE_PLANS = 2_000
A_PLAN = 10
"""Plans of one test, so that a failing one is named and the time limit of a test is kept."""
DISRUPTIONS = 11
"""Of one plan: each kind once."""
NO_TIME = Limits(wall_s=0.0, workers=1)
SHORT = Limits(wall_s=0.15, workers=1)
"""In the long rounds: where the clock stops a search, no two runs are the same."""
REPEATABLE = Limits(wall_s=0.05, workers=1, deterministic=True)


def a_harbour(seed: int) -> Problem:
    """Of 10 to 20 movements, usual to saturated, one in five over two channels."""
    channels = 2 if seed % 5 == 4 else 1
    return harbour(SIZES[seed % 6], seed, LOADS[seed % 3], channels)


def holds(problem: Problem, outcome: Outcome, name: str, folder: Path) -> None:
    """No new breach; what has one is kept, for a run that the clock stops does not repeat."""
    found = breaches(problem, outcome)
    if found:
        (folder / "problem.json").write_text(problem_to_json(problem), encoding="utf-8")
        (folder / "outcome.json").write_text(outcome_to_json(outcome), encoding="utf-8")
    assert found == [], f"{name}; kept in {folder}"


def plans_hold(first: int, folder: Path, *, improved_each: int, improving: Limits) -> None:
    """One in so many is improved, too; the others are what the heuristic finds at once."""
    for seed in range(first, first + A_PLAN):
        problem = a_harbour(seed)
        limits = NO_TIME if seed % improved_each else improving
        holds(problem, solve(problem, limits), problem.label, folder)


def mended_plans_hold(seed: int, folder: Path, count: int, mending: Limits) -> None:
    problem = a_harbour(seed)
    outcome = solve(problem, NO_TIME)
    for kind, now in islice(disruptions(problem, outcome, seed), count):
        name = f"{kind} of {problem.label}"
        assert validate(now) == (), name
        holds(now, replan(now, mending), name, folder)


@pytest.mark.parametrize("first", range(0, PLANS, A_PLAN))
def test_a_random_plan_breaks_no_rule(first, tmp_path):
    plans_hold(first, tmp_path, improved_each=10, improving=REPEATABLE)


@pytest.mark.parametrize("seed", range(-(-PLANS // DISRUPTIONS)))
def test_a_disrupted_plan_is_mended_without_a_breach(seed, tmp_path):
    mended_plans_hold(seed, tmp_path, DISRUPTIONS, REPEATABLE)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(PLANS, PLANS + MORE_PLANS, A_PLAN))
def test_many_random_plans_break_no_rule(first, tmp_path):
    plans_hold(first, tmp_path, improved_each=1, improving=SHORT)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(PLANS, PLANS + MORE_PLANS // (2 * DISRUPTIONS) + 1))
def test_many_disrupted_plans_are_mended_without_a_breach(seed, tmp_path):
    mended_plans_hold(seed, tmp_path, 2 * DISRUPTIONS, SHORT)
