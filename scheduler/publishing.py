"""An answer that the parties are told: the same question again, to be mended from then on."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from scheduler import rules
from scheduler.outcome import Outcome
from scheduler.problem import Problem, Published


class Told(Protocol):
    """A reason that was told of a wait: the rule, and the movements that it names."""

    @property
    def rule(self) -> str:
        """Its name."""
        ...

    @property
    def movements(self) -> tuple[str, ...]:
        """Their ids."""
        ...


_AMONG_SHIPS = (
    frozenset(rule.name for rule in (*rules.SEPARATIONS, *rules.OCCUPANCIES, *rules.SEQUENCES))
    - frozenset(rule.name for rule in rules.WINDOWS)
)  # fmt: skip
"""Rules whose word follows from where ships are. What weather, water, closures and teams have to
say may change while no ship moves."""


def waits_for(reasons: Iterable[Told]) -> tuple[str, ...] | None:
    """The movements that all reasons of a wait name; None where something else may bind, too.

    That is what ``Published.waits_for`` holds.
    """
    told = tuple(reasons)
    if not told or not all(one.rule in _AMONG_SHIPS and one.movements for one in told):
        return None
    return tuple(dict.fromkeys(name for one in told for name in one.movements))


def publish(problem: Problem, outcome: Outcome) -> Problem:
    """The question as it is once its answer has been published.

    Args:
        problem: The question that was answered.
        outcome: Its answer.

    Returns:
        The same question, in which each placed movement has its place as ``published``, with what
        it waits for. What was left out keeps what it was told before, if anything. ``replan``
        mends such a plan, after something in the question has changed.
    """
    placed = {placement.movement: placement for placement in outcome.placements}

    def told(name: str) -> Published:
        one = placed[name]
        return Published(
            mode=one.mode,
            start=one.start,
            crews=one.crews,
            begin_mm=one.begin_mm,
            waits_for=waits_for(outcome.waits.get(name, ())),
        )

    return replace(
        problem,
        movements=tuple(
            replace(movement, published=told(movement.id)) if movement.id in placed else movement
            for movement in problem.movements
        ),
    )
