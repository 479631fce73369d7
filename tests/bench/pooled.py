"""A second baseline: one CP-SAT model of the whole day with pilots and tugs as pooled counts.

Its answer is a bound rather than a plan: no pilot and no tug has a name in it, so that the way from
job to job, rest, classes and turns of duty are left out, and 10 to 25 of a hundred of its
placements could not be given anyone. All else is exact: windows, separations, berths, slots and
orders. So its bound holds for every real plan, while its best cost is what a pooled model promises.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from scheduler.conflicts import Conflicts
from scheduler.construct import first_come_first_served
from scheduler.draft import Draft
from scheduler.exact import Exact
from scheduler.problem import Mode, Need, Problem, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """What the pooled model promises.

    Attributes:
        total: Its best cost, in cost units; None where it found nothing in time.
        late_ticks: Lateness of what it places, unweighted.
        unplaced: What it leaves out.
        bound: No plan of the problem costs less.
        build_s: Seconds of the wall time that went into the model.
    """

    total: int | None
    late_ticks: int
    unplaced: int
    bound: int
    build_s: float


def pooled(problem: Problem, wall_s: float, *, workers: int = 2, seed: int = 1) -> Pooled:
    """Solve a problem in which nothing is published or fixed, with pilots and tugs only counted.

    The first-come-first-served plan is its hint.

    Args:
        problem: The question.
        wall_s: For building and solving together.
        workers: Solver threads.
        seed: Of the solver.
    """
    begun_s = time.perf_counter()
    served = first_come_first_served(problem)
    exact = Exact(Draft(Conflicts(_without_teams(problem))), range(len(problem.movements)))
    for pool in problem.pools:
        # No more of a pool on duty at once than there are, and no more pull than they have.
        _cap(exact, problem, pool.id, lambda _: 1, lambda need: need.count)
        _cap(exact, problem, pool.id, lambda one: one.pull_kg, lambda need: need.pull_kg)
    exact.hint({k: replace(place, teams={}) for k, place in served.placed.items()})
    exact.model.minimize(exact.total())
    build_s = time.perf_counter() - begun_s
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(wall_s - build_s, 0.1)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    status = solver.solve(exact.model)
    bound = max(0, round(solver.best_objective_bound)) if status != cp_model.UNKNOWN else 0
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Pooled(total=None, late_ticks=0, unplaced=0, bound=bound, build_s=build_s)
    late = unplaced = 0
    for movement, one in exact.free.items():
        if solver.boolean_value(one.placed):
            late += max(solver.value(one.start) - problem.movements[movement].requested, 0)
        else:
            unplaced += 1
    return Pooled(
        total=round(solver.objective_value),
        late_ticks=late,
        unplaced=unplaced,
        bound=bound,
        build_s=build_s,
    )


def _without_teams(problem: Problem) -> Problem:
    return replace(
        problem,
        movements=tuple(
            replace(
                movement,
                needs=(),
                modes=tuple(replace(mode, duties=()) for mode in movement.modes),
            )
            for movement in problem.movements
        ),
    )


def _cap(
    exact: Exact,
    problem: Problem,
    pool: str,
    given: Callable[[Resource], int],
    asked: Callable[[Need], int],
) -> None:
    """Never more asked of a pool at once than all its members give who are not off."""
    members = [one for one in problem.resources if one.pool == pool]
    demands = {
        (k, need.id): asked(need)
        for k, movement in enumerate(problem.movements)
        for need in movement.needs
        if need.pool == pool and asked(need)
    }
    if not demands:
        return
    model = exact.model
    off = [(span, given(one)) for one in members for span in one.off]
    spans = [model.new_fixed_size_interval_var(o.begin, o.end - o.begin, "") for o, _ in off]
    taken = [gone for _, gone in off]
    for movement, one in exact.free.items():
        for mode, lit in one.modes.items():
            for duty in _mode(problem, exact, movement, mode).duties:
                demand = demands.get((movement, duty.need), 0)
                if demand:
                    spans.append(
                        model.new_optional_fixed_size_interval_var(
                            one.start + duty.begin, duty.end - duty.begin, lit, ""
                        )
                    )
                    taken.append(demand)
    model.add_cumulative(spans, taken, sum(given(one) for one in members))


def _mode(problem: Problem, exact: Exact, movement: int, mode: int) -> Mode:
    first = exact.draft.tables.modes_of[movement].start
    return problem.movements[movement].modes[mode - first]
