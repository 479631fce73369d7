"""Judge a plan by one rule alone, or by all."""

from scheduler.checks import check
from scheduler.outcome import Breach, Outcome, Placement
from scheduler.problem import Problem


def breaches(rule: str, problem: Problem, *placements: Placement) -> list[Breach]:
    """What one rule has against a plan; all other rules are judged too, and must not fail."""
    return [breach for breach in check(problem, placements) if breach.rule == rule]


def broken(rule: str, problem: Problem, *placements: Placement) -> bool:
    return bool(breaches(rule, problem, *placements))


def only(rule: str, problem: Problem, *placements: Placement) -> Breach:
    """The one breach that there is of a rule."""
    (breach,) = breaches(rule, problem, *placements)
    return breach


def outcome_breaches(problem: Problem, outcome: Outcome) -> list[tuple[str, object]]:
    return [(breach.rule, breach.params.get("code")) for breach in check(problem, outcome)]
