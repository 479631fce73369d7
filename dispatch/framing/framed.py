"""A situation as a problem, and what is needed to read the answer back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dispatch.framing.grid import Grid
from dispatch.framing.movements import FramedMovement, Note
from dispatch.framing.rule_days import RuleDays
from dispatch.situation import Situation
from scheduler.outcome import Outcome
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
        days: The days whose rules each movement keeps to, by id.
        rule_days: All days that the problem reaches.
        notes: What framing decided by policy, to be told with the plan.
    """

    problem: Problem
    grid: Grid
    situation: Situation
    movements: Mapping[str, FramedMovement]
    deferred: Mapping[str, str]
    rule_refs: Mapping[str, tuple[str, ...]]
    days: Mapping[str, frozenset[date]]
    rule_days: RuleDays
    notes: tuple[Note, ...] = ()

    def under_other_rules(self, answer: Outcome) -> dict[str, frozenset[date]]:
        """Return the days on which an answer places movements that were framed for others.

        Nothing while the same rules hold on all days. What has begun stays as it is.
        """
        found: dict[str, frozenset[date]] = {}
        for placement in answer.placements:
            item = self.movements[placement.movement]
            end = placement.start + item.variants[placement.mode].mode.end_at
            missing = self.rule_days.between(placement.start, end) - self.days[placement.movement]
            fixed = item.movement.fixed
            if missing and (fixed is None or not fixed.actual):
                found[placement.movement] = self.days[placement.movement] | missing
        return found

    @property
    def has_published(self) -> bool:
        """Whether any of its movements was told a time: then it is mended, not planned anew."""
        return any(item.movement.published is not None for item in self.movements.values())
