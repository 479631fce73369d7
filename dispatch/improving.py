"""Looking for a better plan while nothing else is to be done."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dispatch.clock import Clock
from dispatch.framing import DraftPlan, FramedProblem, draft_plan, frame
from dispatch.policy import Policy
from dispatch.port import Port
from dispatch.situation import Situation
from dispatch.solving import Gate, Judged, PlanRefused, Solver, SolverFailed, SolverStopped, Task
from scheduler.outcome import Limits, Objective, Outcome, Placement

_log = logging.getLogger(__name__)

MOST_SEARCHES = 5
"""Searches over the same plan, each with another seed, before it is left as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """A better plan.

    Attributes:
        gain_min: Minutes of lateness that it saves, over all movements.
        unannounced: It moves only movements that nobody counts as told yet.
    """

    framed: FramedProblem
    judged: Judged
    draft: DraftPlan
    solve_ms: int
    gain_min: int
    unannounced: bool


class Improver:
    """Asks a solver of its own for a better plan, and decides whether it is worth its changes."""

    def __init__(
        self, port: Port, policy: Policy, solver: Solver, clock: Clock, *, rejected: Path
    ) -> None:
        """Take a solver besides the one that publishes, so that this one can be ended any time."""
        self._port = port
        self._policy = policy
        self._solver = solver
        self._clock = clock
        self._gate = Gate(rejected)
        self._first_told: dict[str, datetime] = {}
        self._searches = 0
        self._next_s = 0.0

    def wants(self) -> bool:
        """Tell whether it is time to look (again) for something better than the plan in force."""
        return self._searches < MOST_SEARCHES and time.monotonic() >= self._next_s

    def published(self, draft: DraftPlan) -> None:
        """Note a plan that was published: there is something new to improve."""
        self._searches = 0
        self._next_s = 0.0
        now = self._clock.now()
        placed = {item.movement_id for item in draft.placed}
        for movement in placed:
            self._first_told.setdefault(movement, now)

    def look(self, situation: Situation, *, interrupted: Callable[[], bool]) -> Improvement | None:
        """Look for a plan that is better by more than the policy's price for its changes.

        Args:
            situation: As it is, with the plan in force.
            interrupted: Asked now and then; True ends the search.

        Returns:
            The better plan, or None where none was found in time.
        """
        self._searches += 1
        self._next_s = time.monotonic() + self._policy.improving.pause_s
        framed = frame(situation, self._port, self._policy)
        if not framed.has_published:
            return None
        told = _plan_in_force(framed)
        budget_s = self._policy.improving.budget_s
        task = Task(
            kind="improve",
            problem=framed.problem,
            limits=Limits(
                wall_s=budget_s,
                workers=1,
                seed=self._policy.seed + self._searches,
                price_per_change=self._policy.price_per_change,
            ),
            hint=told,
        )
        began_s = time.monotonic()
        try:
            judged = self._gate.ask(
                self._solver,
                task,
                now=situation.now,
                answer_within_s=budget_s + self._policy.answer_within_s,
                stop=interrupted,
            )
        except SolverStopped:
            # whatever came has made another plan necessary, or waits no longer than a search
            self._searches -= 1
            return None
        except (PlanRefused, SolverFailed) as refusal:
            _log.error("improving found nothing usable: %s", refusal)
            return None
        draft = draft_plan(framed, judged.outcome, judged.breaches)
        before, after = _lateness(framed, told), _lateness(framed, judged.outcome)
        if framed.under_other_rules(judged.outcome):
            # it was judged by the rules of another day than that on which it would sail
            return None
        if not self._is_worth_it(framed, draft, before.total - after.total):
            return None
        # found once, it is published or proposed; the same again would be of no use to anybody
        self._searches = MOST_SEARCHES
        return Improvement(
            framed=framed,
            judged=judged,
            draft=draft,
            solve_ms=round((time.monotonic() - began_s) * 1000),
            gain_min=before.late_ticks - after.late_ticks,
            unannounced=all(not self._is_announced(move.movement) for move in draft.moves),
        )

    def _is_worth_it(self, framed: FramedProblem, draft: DraftPlan, gain: int) -> bool:
        """Tell whether a gain pays for the services that it moves, and nothing frozen moves."""
        if any(framed.movements[move.movement].movement.pinned for move in draft.moves):
            _log.warning("improving moved a frozen movement; left as it was")
            return False
        services = _services_moved(draft)
        return gain > 0 and gain > self._policy.price_per_change * services

    def _is_announced(self, movement: str) -> bool:
        told_at = self._first_told.get(movement)
        window = timedelta(minutes=self._policy.improving.announced_after_min)
        return told_at is None or self._clock.now() - told_at >= window


def _plan_in_force(framed: FramedProblem) -> Outcome:
    """Return what was published, as an answer to the problem."""
    placements = tuple(
        Placement(
            movement=name,
            mode=told.mode,
            start=told.start,
            crews=told.crews,
        )
        for name, item in framed.movements.items()
        if (told := item.movement.published) is not None
    )
    return Outcome(status="feasible", placements=placements)


def _lateness(framed: FramedProblem, plan: Outcome) -> Objective:
    """Return lateness and what is left out, of any plan for the problem."""
    starts: Mapping[str, int] = {item.movement: item.start for item in plan.placements}
    late = weighted = unplaced = cost = 0
    for name, item in framed.movements.items():
        start = starts.get(name)
        if start is None:
            unplaced += 1
            cost += item.movement.unplaced_cost
            continue
        ticks = max(0, start - item.movement.requested)
        late += ticks
        weighted += ticks * item.movement.late_weight
    return Objective(unplaced=unplaced, unplaced_cost=cost, late_ticks=late, weighted_late=weighted)


def _services_moved(draft: DraftPlan) -> int:
    moved = {move.movement for move in draft.moves}
    jobs = sum(len(item.services) for item in draft.placed if item.movement_id in moved)
    return max(1, jobs + draft.recrewed)
