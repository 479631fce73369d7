"""What if: a published plan mended on a changed copy of its problem, and what that would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scheduler.checks import check
from scheduler.costs import cost as cost_of_start
from scheduler.engine import replan
from scheduler.outcome import Limits, Outcome, Placement, Reason, Unplaced
from scheduler.problem import Crew, Problem
from scheduler.validation import ensure_valid
from scheduler.wishes import Change, Instead

SHORT = Limits(wall_s=0.3, workers=1)
"""Long enough for most repairs of a day's plan, short enough to be waited for."""


class AnswerRefused(Exception):
    """The plan that an answer stands on breaks rules that it should keep; it is not used."""

    def __init__(self, rules: Iterable[str]) -> None:
        """Keep the rules."""
        self.rules = tuple(sorted(set(rules)))
        super().__init__(", ".join(self.rules))


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A movement that would not be as it was told; ``None`` where it has no time (now).

    Attributes:
        begin_before_mm, begin_after_mm: Positions along a quay, where they are chosen.
        crews_changed: Needs whose team would be another.
        reasons: Why it could not stay as it is.
    """

    movement: str
    start_before: int | None
    start_after: int | None
    mode_before: str | None = None
    mode_after: str | None = None
    begin_before_mm: int | None = None
    begin_after_mm: int | None = None
    crews_changed: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a plan costs by the wishes of the problem as it is, so that two plans compare."""

    unplaced: int = 0
    unplaced_cost: int = 0
    late_ticks: int = 0
    weighted_late: int = 0

    @property
    def total(self) -> int:
        """Weighted lateness plus the cost of what is left out."""
        return self.weighted_late + self.unplaced_cost


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What some changes would lead to.

    Attributes:
        possible: Everything that the changes ask a time for gets one, and nobody loses theirs.
        subjects: The movements that the changes ask a time for.
        moved: Who would have another start, mode or position.
        recrewed: Who would keep its time with another team.
        placed: Who has no time now and would get one.
        left_out: Who would have no time: those that have one now, and ``subjects``.
        outcome: The whole plan that it would be.
    """

    possible: bool
    subjects: tuple[str, ...]
    moved: tuple[Difference, ...]
    recrewed: tuple[Difference, ...]
    placed: tuple[Difference, ...]
    left_out: tuple[Unplaced, ...]
    cost_before: Cost
    cost_after: Cost
    outcome: Outcome


def what_if(problem: Problem, changes: Sequence[Change], limits: Limits = SHORT) -> WhatIf:
    """Mend the published plan on a changed copy of a problem, and tell the difference.

    The answer is what planning would do with the changes, within ``limits``.

    Args:
        problem: With ``Movement.published`` as the parties know it; it is not changed.
        changes: Applied in their order.
        limits: How long to look; a longer look may find a smaller difference.

    Raises:
        ChangeRefused: If a change names what is not there, or what has happened already.
        ProblemInvalid: If the changes make a problem without a meaning, with the fields of it that
            are wrong; another problem that is given as such was judged by who made it.
        AnswerRefused: If the answer breaks a rule anew, by the checks.
    """
    changed = problem
    for change in changes:
        changed = change.applied(changed)
    if not all(isinstance(change, Instead) for change in changes):
        ensure_valid(changed)
    answer = replan(changed, limits)
    broken = [breach.rule for breach in check(changed, answer) if breach.status == "new"]
    if broken:
        raise AnswerRefused(broken)
    subjects = tuple(dict.fromkeys(name for change in changes for name in change.subjects))
    return difference(problem, answer, subjects)


def difference(problem: Problem, answer: Outcome, subjects: Sequence[str] = ()) -> WhatIf:
    """Compare an answer to a changed problem with the plan that is published.

    Args:
        problem: The problem before the changes, with the published plan.
        answer: The answer after them.
        subjects: Movements that are to have a time for the answer to be of use.
    """
    after = {placement.movement: placement for placement in answer.placements}
    why = {change.movement: change.reasons for change in answer.changes}
    moved: list[Difference] = []
    recrewed: list[Difference] = []
    placed: list[Difference] = []
    for raw in problem.movements:
        now, told = after.get(raw.id), raw.published or raw.fixed
        if now is None:
            continue
        if raw.fixed is not None and raw.fixed.actual:
            # What has begun goes as it began, whatever was told of it: no question moves it. Who
            # is to help it at its end may still change.
            told = replace(raw.fixed, crews=(raw.published or raw.fixed).crews)
        if told is None:
            placed.append(
                Difference(
                    movement=raw.id,
                    start_before=None,
                    start_after=now.start,
                    mode_after=now.mode,
                    begin_after_mm=now.begin_mm,
                )
            )
            continue
        one = Difference(
            movement=raw.id,
            start_before=told.start,
            start_after=now.start,
            mode_before=told.mode,
            mode_after=now.mode,
            begin_before_mm=told.begin_mm,
            begin_after_mm=now.begin_mm,
            crews_changed=_other_teams(told.crews, now.crews),
            reasons=why.get(raw.id, ()),
        )
        if (told.start, told.mode, told.begin_mm) != (now.start, now.mode, now.begin_mm):
            moved.append(one)
        elif one.crews_changed:
            recrewed.append(one)
    had_time = {raw.id for raw in problem.movements if raw.published or raw.fixed}
    left_out = tuple(
        one for one in answer.unplaced if one.movement in had_time or one.movement in subjects
    )
    return WhatIf(
        possible=not left_out,
        subjects=tuple(subjects),
        moved=tuple(moved),
        recrewed=tuple(recrewed),
        placed=tuple(placed),
        left_out=left_out,
        cost_before=cost(problem, published(problem)),
        cost_after=cost(problem, answer.placements),
        outcome=answer,
    )


def _other_teams(before: Iterable[Crew], after: Iterable[Crew]) -> tuple[str, ...]:
    now = {crew.need: frozenset(crew.resources) for crew in after}
    return tuple(c.need for c in before if now.get(c.need, frozenset()) != frozenset(c.resources))


def published(problem: Problem) -> tuple[Placement, ...]:
    """Return the published plan; of what is fixed, where it is fixed."""
    return tuple(
        Placement(
            movement=raw.id,
            mode=told.mode,
            start=told.start,
            crews=told.crews,
            begin_mm=told.begin_mm,
        )
        for raw in problem.movements
        if (told := raw.fixed or raw.published) is not None
    )


def cost(problem: Problem, placements: Iterable[Placement]) -> Cost:
    """Reckon what a plan costs by the wishes and weights of a problem."""
    starts = {placement.movement: placement.start for placement in placements}
    unplaced = unplaced_cost = late = weighted = 0
    for raw in problem.movements:
        start = starts.get(raw.id)
        if start is None:
            unplaced += 1
            unplaced_cost += raw.unplaced_cost
            continue
        late += max(0, start - raw.requested)
        weighted += cost_of_start(raw, start)
    return Cost(
        unplaced=unplaced, unplaced_cost=unplaced_cost, late_ticks=late, weighted_late=weighted
    )
