"""Walking through plans: never worse at the end, never a broken rule, and worth something."""

import random

import pytest

from scheduler.adopt import is_valid
from scheduler.conflicts import Conflicts
from scheduler.construct import by_request, construct
from scheduler.purpose import Cheaper
from scheduler.recreate import Heat, Recreation
from tests.bench.harbour import harbour
from tests.scheduler.instances import a_day

HEAT = Heat(40.0, 1.0)


@pytest.fixture(scope="module")
def conflicts():
    return Conflicts(a_day(5, movements=40))


def walked(conflicts, seed, steps=150):
    draft = construct(conflicts, by_request(conflicts))
    before = Cheaper(draft).total()
    walk = Recreation(draft, Cheaper(draft), random.Random(seed))
    walk.run(lambda: False, lambda: walk.steps / steps, HEAT, steps)
    return draft, before, walk


@pytest.mark.parametrize("seed", [1, 2])
def test_a_walk_ends_at_the_best_plan_met_and_that_keeps_every_rule(conflicts, seed):
    draft, before, walk = walked(conflicts, seed)
    assert Cheaper(draft).total() == walk.best < before
    assert all(is_valid(draft, movement) for movement in list(draft.placed))


def test_a_walk_repeats_with_its_seed(conflicts):
    one, two = walked(conflicts, 7)[0], walked(conflicts, 7)[0]
    assert one.placements() == two.placements()


def test_heat_falls_from_the_first_to_the_last():
    heat = Heat(100.0, 1.0)
    assert heat.at(0) == 100.0
    assert heat.at(0.5) == pytest.approx(10.0)
    assert heat.at(1) == heat.at(7) == pytest.approx(1.0)


def test_a_walk_that_is_over_at_once_changes_nothing(conflicts):
    draft = construct(conflicts, by_request(conflicts))
    before = draft.snapshot()
    Recreation(draft, Cheaper(draft), random.Random(1)).run(lambda: True, lambda: 1.0, HEAT, 99)
    assert draft.snapshot() == before


def test_what_a_walk_makes_of_its_plan_is_what_it_reckons_with():
    # Tight enough that some find no place; the placer then places more than it was asked to.
    problem = harbour(60, 1, 1.6, 1)
    draft = construct(Conflicts(problem), by_request(Conflicts(problem)))
    assert len(draft.placed) < len(problem.movements)
    purpose, steps = Cheaper(draft), 0
    walk = Recreation(draft, purpose, random.Random(1))

    def is_over():
        nonlocal steps
        steps += 1
        assert walk.now == purpose.total()
        return False

    walk.run(is_over, lambda: walk.steps / 60, HEAT, 60)
    assert steps == 60
