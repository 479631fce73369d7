"""The two questions: solve a problem, or mend a plan after something has changed."""

from collections.abc import Callable
from time import monotonic

from scheduler.answer import outcome
from scheduler.conflicts import Conflicts
from scheduler.construct import first_plan
from scheduler.outcome import Limits, Outcome, Progress
from scheduler.problem import Problem

Listener = Callable[[Progress], None]


def solve(
    problem: Problem,
    limits: Limits | None = None,
    hint: Outcome | None = None,
    progress: Listener | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Outcome:
    begun = monotonic()
    limits = limits or Limits()
    draft = first_plan(Conflicts(problem))
    return outcome(draft, seed=limits.seed, elapsed_s=monotonic() - begun)


def replan(
    problem: Problem,
    limits: Limits | None = None,
    progress: Listener | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Outcome:
    return solve(problem, limits, None, progress, should_stop)
