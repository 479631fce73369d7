"""From a checked answer to the command that publishes or proposes it."""

from collections.abc import Iterable

from dispatch.commands import PlanRecord, PublishPlan
from dispatch.framing import DraftPlan, FramedProblem
from dispatch.policy import Policy
from dispatch.solving import Judged
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
    objective = outcome.objective
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
            objective={
                "unplaced": objective.unplaced,
                "late_min": objective.late_ticks,
                "weighted_late": objective.weighted_late,
                "moved": objective.moved,
                "recrewed": objective.recrewed,
                "moved_min": objective.moved_ticks,
                "total": objective.total,
            },
        ),
    )


def asks(policy: Policy, draft: DraftPlan) -> bool:
    """Tell whether a plan waits for the dispatch centre, by its changes to what was told."""
    if policy.publish.mode == "ask":
        return bool(draft.moves) or draft.recrewed > 0
    far = [move for move in draft.moves if move.moved_min > policy.publish.ask_moved_min]
    return len(far) > policy.publish.ask_moved


def lost_in_grace(framed: FramedProblem, judged: Judged) -> frozenset[str]:
    """Return the movements left out because they were held at a start just passed."""
    left_out = {item.movement for item in judged.outcome.unplaced}
    return frozenset(
        name
        for name, item in framed.movements.items()
        if name in left_out and item.movement.fixed is not None and not item.movement.fixed.actual
    )
