"""A situation as a problem, and what is needed to read the answer back."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.framing.grid import Grid
from dispatch.framing.movements import FramedMovement, Note
from dispatch.situation import Situation
from scheduler.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class FramedProblem:
    """The problem of one situation.

    Attributes:
        problem: What the scheduler is asked.
        grid: Its ticks as instants.
        situation: What it was framed from.
        movements: Its movements with the times of all their modes, by id.
        deferred: Movements that are not put to the scheduler, and why: ``beyond-horizon``,
            ``place-unknown``, or ``waits-for-earlier`` in the same call.
        rule_refs: For each of the scheduler's rules, the port's own rules in force behind it.
        notes: What framing decided by policy, to be told with the plan.
    """

    problem: Problem
    grid: Grid
    situation: Situation
    movements: Mapping[str, FramedMovement]
    deferred: Mapping[str, str]
    rule_refs: Mapping[str, tuple[str, ...]]
    notes: tuple[Note, ...] = ()

    @property
    def has_published(self) -> bool:
        """Whether any of its movements was told a time: then it is mended, not planned anew."""
        return any(item.movement.published is not None for item in self.movements.values())
