"""The generator of harbours: valid, repeatable, and neither too easy nor impossible."""

import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from scheduler import Limits, Problem, first_come_first_served, publish, solve
from scheduler.answer import objective
from scheduler.problem import Movement
from scheduler.validation import validate
from tests.bench.harbour import KINDS, digest, disrupted, disruptions, harbour, started


@pytest.mark.parametrize(
    ("movements", "load", "channels"), [(25, 1.0, 1), (60, 1.6, 2), (100, 1.3, 1), (300, 1.0, 3)]
)
def test_it_is_valid_and_has_what_was_asked_for(movements, load, channels):
    problem = harbour(movements, 3, load, channels)
    assert validate(problem) == ()
    assert len(problem.movements) == movements
    assert {stay.ship for stay in problem.stays} == {ship.id for ship in problem.ships}


def test_a_seed_repeats_and_another_one_does_not():
    here = digest(harbour(50, 1))
    assert here != digest(harbour(50, 2))
    # Another process orders its sets in another way.
    elsewhere = subprocess.run(
        [
            sys.executable,
            "-c",
            "from tests.bench.harbour import digest, harbour; print(digest(harbour(50, 1)))",
        ],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
        cwd=Path(__file__).parents[2],
    )
    assert elsewhere.stdout.strip() == here


def alone(problem: Problem, movement: Movement) -> Problem:
    """The same problem with nobody else: a ship that leaves lies at its first berth."""
    stays = []
    for stay in problem.stays:
        if stay.entry == movement.id:
            stays.append(replace(stay, exit=None))
        elif stay.exit == movement.id:
            place = movement.modes[0].from_place
            stays.append(replace(stay, entry=None, service_ticks=0, place=place, ready=0))
    return replace(problem, movements=(movement,), stays=tuple(stays))


@pytest.mark.parametrize("seed", range(4))
def test_every_movement_alone_can_be_placed(seed):
    problem = harbour(40, seed)
    for movement in problem.movements:
        draft = first_come_first_served(alone(problem, movement))
        assert objective(draft).unplaced == 0, movement.id


def test_a_harbour_has_what_makes_a_day_hard():
    problems = [harbour(100, seed, 1.3) for seed in range(4)]
    movements = [movement for problem in problems for movement in problem.movements]
    assert {movement.kind for movement in movements} == {"entry", "exit", "shift"}
    assert any(movement.daylight_only for movement in movements)
    assert any(len({mode.to_place for mode in m.modes}) > 1 for m in movements if m.kind == "entry")
    assert any(mode.restricted for movement in movements for mode in movement.modes)
    assert any(len(problem.visibility) > 1 for problem in problems)
    assert all(problem.closures for problem in problems)


def waiting_ticks(problem: Problem) -> int:
    return objective(first_come_first_served(problem)).late_ticks


def test_more_load_is_more_waiting():
    usual, peak = (
        sum(waiting_ticks(harbour(60, seed, load)) for seed in range(3)) for load in (0.5, 1.6)
    )
    assert peak > 1.5 * usual


@pytest.fixture(scope="module")
def a_plan():
    problem = harbour(25, 1)
    return problem, solve(problem, Limits(wall_s=0.1, workers=1))


def test_disruptions_take_turns_and_repeat(a_plan):
    problem, outcome = a_plan
    first = list(islice(disruptions(problem, outcome, 1), 4 * len(KINDS)))
    again = list(islice(disruptions(problem, outcome, 1), 4 * len(KINDS)))
    assert [(name, digest(problem)) for name, problem in first] == [
        (name, digest(problem)) for name, problem in again
    ]
    kinds = Counter(name.partition("@")[0] for name, _ in first)
    assert set(kinds) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_disruption_changes_the_day(kind, a_plan):
    now = 60
    before = started(publish(*a_plan), now)
    after = disrupted(before, kind, now, Random(1))
    assert after is not None
    assert after != before
    assert validate(after) == ()


def test_what_has_begun_is_fixed_and_nothing_else_starts_before_now(a_plan):
    _, outcome = a_plan
    starts = {place.movement: place.start for place in outcome.placements}
    now = sorted(starts.values())[len(starts) // 2]
    begun = 0
    for movement in started(publish(*a_plan), now).movements:
        if starts.get(movement.id, now) < now:
            begun += 1
            assert movement.fixed is not None
            assert movement.fixed.actual
            assert movement.fixed.start == starts[movement.id]
        else:
            assert movement.fixed is None
            assert movement.earliest >= now
    assert begun == len(starts) // 2
