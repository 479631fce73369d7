"""The one loop: facts come in, a checked plan goes out."""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dispatch.agenda import IN_SIGHT, Agenda
from dispatch.clock import Clock
from dispatch.commands import AcquireLease, ProposePlan, PublishPlan, ReportOverdue
from dispatch.errors import DispatchError, PlanOutOfDate
from dispatch.framing import DraftPlan, FramedProblem, draft_plan, frame
from dispatch.improving import Improvement, Improver
from dispatch.planning_desk import Desk
from dispatch.planning_record import asks, lost_in_grace, publication
from dispatch.policy import Policy
from dispatch.port import Port
from dispatch.situation import Situation
from dispatch.solving import Gate, Judged, PlanRefused, Solver, SolverFailed, Task
from scheduler.outcome import Limits

_log = logging.getLogger(__name__)

ATTEMPTS = 8
"""Times a plan is made again because facts came while it was made; each has less time."""

SHORTEST_SOLVE_S = 0.1
LONGEST_SLEEP_S = 1.0
"""The books are looked at this often even if no bell has rung."""

AFTER_FAULT_S = 2.0
RETRY_REFUSED_S = 30.0
"""After an answer that had to be refused, planning tries again with the next fact, or then."""

STARTED = "started"
RETRIED = "retried"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningStatus:
    """How planning is doing, for whoever watches the service.

    ``fault`` is empty while all is well, else ``refused`` (an answer broke rules), ``solver``
    (no answer), ``store`` (the plan could not be written) or ``error``.
    """

    offset: int = 0
    generation: int = 0
    plan_version: int = 0
    busy: bool = False
    fault: str = ""
    detail: str = ""
    last_solve_ms: int | None = None
    last_frame_ms: int | None = None
    last_plan_at: datetime | None = None


class Planner:
    """Plans on its own thread, from ``start`` to ``stop``.

    Facts that bear on the plan are gathered for a moment, then the situation is framed, solved,
    checked and published. A plan that is out of date by then is made again with the new facts.
    """

    def __init__(
        self,
        desk: Desk,
        port: Port,
        policy: Policy,
        solver: Solver,
        clock: Clock,
        *,
        rejected: Path,
        improver: Improver | None = None,
        holder: str = "planner",
    ) -> None:
        """Take what planning works with.

        Args:
            desk: The books.
            port: The port.
            policy: What the port has decided.
            solver: Answers questions; one that publishes.
            clock: The service's clock.
            rejected: Folder for problems whose answers were refused.
            improver: Looks for better plans when nothing is to be done; None: nobody does.
            holder: Who holds the lease, for people.
        """
        self._desk = desk
        self._port = port
        self._policy = policy
        self._solver = solver
        self._clock = clock
        self._gate = Gate(rejected)
        self._improver = improver
        self._holder = holder
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._offset = 0
        self._improved_at = -1
        self._quiet_since = time.monotonic()
        self._retry_at_s: float | None = None
        self._agenda = Agenda(policy)
        self.status = PlanningStatus()

    # -- from outside ----------------------------------------------------------------------

    def start(self) -> None:
        """Begin to plan."""
        self._thread = threading.Thread(target=self._run, name="fairway-planner", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 30.0) -> bool:
        """Finish what is being planned, and end; False if that took too long."""
        self._stopping.set()
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # -- the loop --------------------------------------------------------------------------

    def _run(self) -> None:
        causes: set[str] = {STARTED}
        while not self._stopping.is_set():
            try:
                if self.status.generation == 0:
                    generation = self._desk.give(AcquireLease(holder=self._holder)).body
                    self._tell(generation=generation["generation"])
                causes |= self._new_causes()
                if causes:
                    self._plan(self._gathered(causes))
                    causes = set()
                else:
                    causes |= self._rest()
            except DispatchError as refusal:
                self._stumble("store", refusal)
            except Exception as fault:  # noqa: BLE001 - planning must go on whatever one round met
                self._stumble("error", fault)

    def _stumble(self, fault: str, error: Exception) -> None:
        _log.error("planning stumbled: %s", error, exc_info=error)
        self._tell(fault=fault, detail=str(error), busy=False)
        self._retry_at_s = time.monotonic() + AFTER_FAULT_S
        self._stopping.wait(AFTER_FAULT_S)

    def _tell(self, **changes: object) -> None:
        self.status = replace(self.status, **changes)  # pyright: ignore[reportArgumentType]

    def _new_causes(self) -> set[str]:
        """Read the new facts; return the kinds of those that bear on the plan."""
        causes: set[str] = set()
        while facts := self._desk.facts(self._offset):
            self._offset = facts[-1].offset
            causes |= {str(fact.kind) for fact in facts if fact.planning}
        return causes

    def _gathered(self, causes: set[str]) -> set[str]:
        """Wait for the facts that come with the first one."""
        until_s = time.monotonic() + self._policy.gather_ms / 1000.0
        while (left_s := until_s - time.monotonic()) > 0:
            if self._desk.wait(self._offset, left_s):
                causes |= self._new_causes()
        return causes

    def _rest(self) -> set[str]:
        """Wait for something to do: a fact, an overdue start, the horizon, a better plan."""
        if self._retry_at_s is not None and time.monotonic() >= self._retry_at_s:
            self._retry_at_s = None
            return {RETRIED}
        if self._agenda.is_due(self._clock.now()):
            return self._look_at_agenda()
        if self._improver is not None and self._is_quiet() and self._improved_at < self._offset:
            self._improve(self._improver)
            return set()
        sleep_s = LONGEST_SLEEP_S
        next_at = self._agenda.next_at
        if next_at is not None:
            sleep_s = min(sleep_s, self._clock.real_seconds_until(next_at))
        self._desk.wait(self._offset, max(0.01, sleep_s))
        return set()

    def _is_quiet(self) -> bool:
        quiet_s = time.monotonic() - self._quiet_since
        return self._policy.improving.on and quiet_s >= self._policy.improving.after_idle_s

    # -- time passes -----------------------------------------------------------------------

    def _look_at_agenda(self) -> set[str]:
        """Tell of starts that have passed without a report; plan what has come into sight."""
        overdue, in_sight = self._agenda.look(self._desk.situation())
        if overdue:
            self._desk.give(ReportOverdue(movement_ids=overdue))
        return {IN_SIGHT} if in_sight else set()

    # -- one plan --------------------------------------------------------------------------

    def _plan(self, causes: set[str]) -> None:
        """Make and publish one plan; while facts overtake it, make it again."""
        began_s = time.monotonic()
        self._tell(busy=True)
        for attempt in range(ATTEMPTS):
            situation = self._desk.situation()
            self._offset = max(self._offset, situation.offset)
            if not situation.movements:
                self._agenda.note(situation)
                break
            try:
                framed, judged, solve_ms = self._answer(situation, attempt)
            except (PlanRefused, SolverFailed) as refusal:
                self._refused(refusal)
                return
            draft = draft_plan(framed, judged.outcome, judged.breaches)
            plan = publication(
                framed,
                judged,
                draft,
                generation=self.status.generation,
                cause=causes,
                solve_ms=solve_ms,
                replan_ms=_ms(began_s) if framed.has_published else None,
            )
            if self._put(plan, draft, causes):
                self._tell(fault="", detail="", last_solve_ms=solve_ms)
                break
            causes |= self._new_causes()
        else:
            # the next round starts with fewer facts behind; nothing is lost
            self._retry_at_s = time.monotonic()
        self._tell(busy=False, offset=self._offset)
        self._quiet_since = time.monotonic()

    def _answer(self, situation: Situation, attempt: int) -> tuple[FramedProblem, Judged, int]:
        """Frame and solve; a start just passed that cannot stay is planned anew."""
        framed_s = time.monotonic()
        framed = frame(situation, self._port, self._policy)
        self._tell(last_frame_ms=_ms(framed_s))
        solved_s = time.monotonic()
        judged = self._solve(framed, attempt)
        lost = lost_in_grace(framed, judged)
        if lost:
            framed = frame(situation, self._port, self._policy, freed=lost)
            judged = self._solve(framed, attempt)
        return framed, judged, _ms(solved_s)

    def _solve(self, framed: FramedProblem, attempt: int) -> Judged:
        """Ask for a plan; where the answer is no good, ask again for the plainest one."""
        policy = self._policy
        mends = framed.has_published
        wall_s = policy.replan_s if mends else policy.first_plan_s
        limits = Limits(
            wall_s=max(SHORTEST_SOLVE_S, wall_s / 2**attempt),
            workers=policy.workers,
            seed=policy.seed,
            price_per_change=policy.price_per_change,
        )
        task = Task(kind="replan" if mends else "solve", problem=framed.problem, limits=limits)
        now = framed.situation.now
        within_s = limits.wall_s + policy.answer_within_s
        try:
            return self._gate.ask(self._solver, task, now=now, answer_within_s=within_s)
        except (PlanRefused, SolverFailed) as refusal:
            _log.error("planning asks for the plainest plan after: %s", refusal)
        plain = replace(task, limits=replace(limits, wall_s=0.0))
        return self._gate.ask(self._solver, plain, now=now, answer_within_s=policy.answer_within_s)

    def _refused(self, refusal: PlanRefused | SolverFailed) -> None:
        """Leave the plan in force as it is, and say so."""
        fault = "refused" if isinstance(refusal, PlanRefused) else "solver"
        _log.error("no plan was published: %s", refusal)
        self._tell(fault=fault, detail=str(refusal), busy=False, offset=self._offset)
        self._retry_at_s = time.monotonic() + RETRY_REFUSED_S
        self._quiet_since = time.monotonic()

    def _put(self, plan: PublishPlan, draft: DraftPlan, causes: Iterable[str]) -> bool:
        """Publish or propose a plan that changes anything; False where it is out of date."""
        command: PublishPlan | ProposePlan = plan
        if asks(self._policy, draft):
            command = ProposePlan(plan=plan)
        try:
            if draft.changed:
                body = self._desk.give(command).body
                _log.info(
                    "plan %s for %s: %d moved, %d services changed hands, %s ms",
                    body.get("version", body.get("id")),
                    "+".join(sorted(causes)),
                    len(draft.moves),
                    draft.recrewed,
                    plan.record.solve_ms,
                )
                if "version" in body:
                    self._tell(plan_version=body["version"], last_plan_at=self._clock.now())
        except PlanOutOfDate as late:
            if "generation" in late.context:
                # another planner has taken over: this one asks for the lease anew
                self._tell(generation=0)
                raise
            return False
        self._agenda.note(self._desk.situation())
        if self._improver is not None:
            self._improver.published(draft)
        return True

    # -- better plans ----------------------------------------------------------------------

    def _improve(self, improver: Improver) -> None:
        """Look for a better plan until a fact comes; publish or propose what is found."""
        situation = self._desk.situation()
        self._improved_at = self._offset
        if not any(movement.planned is not None for movement in situation.movements):
            return
        found = improver.look(situation, interrupted=self._is_called)
        if found is None:
            return
        plan = publication(
            found.framed,
            found.judged,
            found.draft,
            generation=self.status.generation,
            cause={"improved"},
            solve_ms=found.solve_ms,
            replan_ms=None,
        )
        command = self._improving_command(plan, found)
        try:
            self._desk.give(command)
        except PlanOutOfDate:
            return
        improver.published(found.draft)

    def _improving_command(
        self, plan: PublishPlan, found: Improvement
    ) -> PublishPlan | ProposePlan:
        if found.unannounced or self._policy.improving.publish == "auto":
            return plan
        return ProposePlan(plan=plan, gain_min=found.gain_min)

    def _is_called(self) -> bool:
        """Tell whether something else is to be done."""
        if self._stopping.is_set():
            return True
        if self._agenda.is_due(self._clock.now()):
            return True
        facts = self._desk.facts(self._offset)
        return any(fact.planning for fact in facts)


def _ms(since_s: float) -> int:
    return round((time.monotonic() - since_s) * 1000)
