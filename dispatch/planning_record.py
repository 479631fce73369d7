"""From a checked answer to the command that publishes or proposes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from dispatch.commands import PlanRecord, PublishPlan
from dispatch.framing import DraftPlan, FramedProblem
from dispatch.policy import Policy
from dispatch.solving import Judged
from scheduler.outcome import Outcome
from scheduler.wire import outcome_to_json, problem_to_json


def publication(
    framed: FramedProblem,
    judged: Judged,
    draft: DraftPlan,
    *,
    generation: int,
    cause: Iterable[str],
    solve_ms: int,
    replan_ms: int | None,
) -> PublishPlan:
    """Return the command that puts a plan in force, with all that is kept to account for it.

    Args:
        framed: The problem; the plan is good for the offset that its situation was read at.
        judged: The answer, checked.
        draft: The answer in the words of the domain.
        generation: Of the lease under which it is published.
        cause: Kinds of the facts that it answers.
        solve_ms: How long the scheduler took.
        replan_ms: From the first fact on, where it mends a plan.
    """
    outcome = judged.outcome
    return PublishPlan(
        based_on_offset=framed.situation.offset,
        generation=generation,
        placed=draft.placed,
        unplaced=draft.unplaced,
        record=PlanRecord(
            problem_json=problem_to_json(framed.problem),
            outcome_json=outcome_to_json(outcome),
            cause=tuple(sorted(cause)),
            seed=outcome.seed,
            versions=dict(outcome.versions),
            solve_ms=solve_ms,
            replan_ms=replan_ms,
            objective=objective_value(outcome),
        ),
    )


def objective_value(outcome: Outcome) -> dict[str, int]:
    """Return what a plan costs, as it is booked with it."""
    objective = outcome.objective
    return {
        "unplaced": objective.unplaced,
        "late_min": objective.late_ticks,
        "weighted_late": objective.weighted_late,
        "moved": objective.moved,
        "recrewed": objective.recrewed,
        "moved_min": objective.moved_ticks,
        "total": objective.total,
    }


def asks(policy: Policy, draft: DraftPlan) -> bool:
    """Tell whether a plan waits for the dispatch centre, by its changes to what was told."""
    if policy.publish.mode == "ask":
        return bool(draft.moves) or draft.recrewed > 0
    far = [move for move in draft.moves if move.moved_min > policy.publish.ask_moved_min]
    return len(far) > policy.publish.ask_moved


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What is to be framed otherwise; see ``dispatch.framing.frame``.

    ``freed``: held at a start just passed, and cannot keep it. ``yielding``: leave berths to which
    another ship is under way already. ``ruled``: placed on days with other rules than they were
    framed with.
    """

    freed: frozenset[str] = frozenset()
    yielding: frozenset[str] = frozenset()
    ruled: Mapping[str, frozenset[date]] = field(default_factory=dict)

    def with_more(self, more: "SecondLook") -> "SecondLook":
        """Return both together."""
        return SecondLook(
            freed=self.freed | more.freed,
            yielding=self.yielding | more.yielding,
            ruled={**self.ruled, **more.ruled},
        )

    def __bool__(self) -> bool:
        """Tell whether anything is to be framed otherwise."""
        return bool(self.freed or self.yielding or self.ruled)


def second_look(framed: FramedProblem, judged: Judged) -> SecondLook:
    """Return what came out as it did only because of how it was framed."""
    freed: set[str] = set()
    yielding: set[str] = set()
    for left_out in judged.outcome.unplaced:
        item = framed.movements.get(left_out.movement)
        if item is None:
            continue
        fixed = item.movement.fixed
        if fixed is not None and not fixed.actual:
            freed.add(left_out.movement)
        elif item.movement.kind != "entry" and any(
            _is_under_way(framed, other)
            for reason in left_out.reasons
            if reason.rule == "berth_occupancy"
            for other in reason.movements
        ):
            yielding.add(left_out.movement)
    return SecondLook(
        freed=frozenset(freed),
        yielding=frozenset(yielding),
        ruled=framed.under_other_rules(judged.outcome),
    )


def _is_under_way(framed: FramedProblem, movement: str) -> bool:
    item = framed.movements.get(movement)
    return item is not None and item.movement.fixed is not None and item.movement.fixed.actual
