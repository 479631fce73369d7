"""What tests of plans share: the judge's word on them, and publishing them."""

from dataclasses import replace

from scheduler.checks import check
from scheduler.outcome import Outcome
from scheduler.problem import Problem


def breaches(problem, plan):
    """New breaches of an outcome or of placements, as (rule, movements)."""
    return [(b.rule, b.movements) for b in check(problem, plan) if b.status == "new"]


def changed(problem: Problem, movement: str, **changes) -> Problem:
    """The same problem with one movement changed."""
    return replace(
        problem,
        movements=tuple(
            replace(m, **changes) if m.id == movement else m for m in problem.movements
        ),
    )


def starts(outcome: Outcome) -> dict[str, int]:
    return {p.movement: p.start for p in outcome.placements}
