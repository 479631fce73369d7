"""The one loop: facts come in, a checked plan goes out."""

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from dispatch.agenda import Agenda
from dispatch.clock import Clock
from dispatch.commands import AcquireLease, ProposePlan, Receipt, ReportOverdue
from dispatch.errors import DispatchError, PlanOutOfDate
from dispatch.framing import DraftPlan, FramedProblem, draft_plan, frame
from dispatch.improving import Improver
from dispatch.planning_desk import Desk
from dispatch.planning_record import SecondLook, asks, publication, second_look
from dispatch.planning_status import PlanningStatus
from dispatch.policy import Policy
from dispatch.port import Port
from dispatch.situation import Situation
from dispatch.solving import Gate, Judged, PlanRefused, Solver, SolverFailed, SolverStopped, Task
from scheduler.outcome import Limits

_log = logging.getLogger(__name__)

SHORTEST_SOLVE_S = 0.1
LONGEST_SLEEP_S = 0.5
"""The books are looked at this often even if no bell has rung."""

AFTER_FAULT_S = 2.0
STAND_BY_S = 15.0
"""A planner whose lease was taken waits this long before it asks for it again."""

RETRY_REFUSED_S = 30.0
"""After an answer that had to be refused, planning tries again with the next fact, or then."""

LONGEST_HOLD_S = 2.0
"""Commands wait at most so long for a plan that facts have overtaken for too long already."""

MOST_LOOKS = 2
"""A plan is framed and solved again at most so often for what framing could not know before."""

STARTED = "started"
RETRIED = "retried"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A problem with its answer, checked."""

    framed: FramedProblem
    judged: Judged
    solve_ms: int


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
        self._quiet_since = time.monotonic()
        self._retry_at_s: float | None = None
        self._agenda = Agenda(policy, port)
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
                    self._tell(offset=self._offset)
                    causes |= self._rest()
            except PlanOutOfDate as fenced:
                # another planner publishes now; this one stands by
                self._tell(generation=0)
                self._stumble("fenced", fenced, STAND_BY_S)
            except DispatchError as refusal:
                self._stumble("store", refusal, AFTER_FAULT_S)
            except Exception as fault:  # noqa: BLE001 - planning must go on whatever one round met
                self._stumble("error", fault, AFTER_FAULT_S)

    def _stumble(self, fault: str, error: Exception, wait_s: float) -> None:
        """Tell of a fault and wait; what was to be planned is then planned again."""
        _log.error("planning stumbled: %s", error, exc_info=error)
        self._desk.hold(0.0)
        self._tell(fault=fault, detail=str(error), busy=False)
        self._stopping.wait(wait_s)

    def _tell(self, **changes: object) -> None:
        # named by field, and each caller gives the field's own kind
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
        improver = self._improver
        if improver is not None and self._is_quiet() and improver.wants():
            self._improve(improver)
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
        """Tell of starts that have passed without a report; plan for what time has brought."""
        overdue, causes = self._agenda.look(self._desk.situation())
        if overdue:
            self._desk.give(ReportOverdue(movement_ids=overdue))
        return set(causes)

    # -- one plan --------------------------------------------------------------------------

    def _plan(self, causes: set[str]) -> None:
        """Make and publish one plan; while facts overtake it, make it again."""
        began_s = time.monotonic()
        patient_s = began_s + self._policy.overtake_ms / 1000.0
        hurry = 0
        self._tell(busy=True)
        while not self._stopping.is_set():
            if hurry:
                # facts come faster than plans are made: they wait a moment, so that one gets out
                self._desk.hold(LONGEST_HOLD_S)
            situation = self._desk.situation()
            self._offset = max(self._offset, situation.offset)
            if not situation.movements:
                self._agenda.note(situation)
                self._tell(offset=situation.offset)
                break
            try:
                answer = self._answer(situation, hurry, patient_s)
                if self._put(answer, causes, began_s):
                    break
            except SolverStopped:
                # taken back for newer facts
                _log.debug("a plan was overtaken while it was made")
            except (PlanRefused, SolverFailed) as refusal:
                self._refused(refusal)
                return
            causes |= self._new_causes()
            # once patience is over, each attempt has less time, so that one of them gets through
            hurry += time.monotonic() >= patient_s
        self._desk.hold(0.0)
        self._tell(busy=False)
        self._quiet_since = time.monotonic()

    def _answer(self, situation: Situation, hurry: int, patient_s: float) -> _Answer:
        """Frame and solve; what came out as it did by framing alone gets a second look."""
        framed_s = time.monotonic()
        framed = frame(situation, self._port, self._policy)
        self._tell(last_frame_ms=_ms(framed_s))
        solved_s = time.monotonic()
        stop = self._overtaken_until(patient_s)
        judged = self._solve(framed, hurry, stop)
        looked = SecondLook()
        for _ in range(MOST_LOOKS):
            more = second_look(framed, judged)
            if not more:
                break
            looked = looked.with_more(more)
            framed = frame(
                situation,
                self._port,
                self._policy,
                freed=looked.freed,
                yielding=looked.yielding,
                ruled=looked.ruled,
            )
            judged = self._solve(framed, hurry, stop)
        return _Answer(framed=framed, judged=judged, solve_ms=_ms(solved_s))

    def _overtaken_until(self, patient_s: float) -> Callable[[], bool]:
        """Return what tells whether facts have come, until patience is over, or it is to end."""
        seen = self._offset

        def overtaken() -> bool:
            nonlocal seen
            if self._stopping.is_set():
                return True
            if time.monotonic() >= patient_s:
                return False
            facts = self._desk.facts(seen)
            seen = facts[-1].offset if facts else seen
            return any(fact.planning for fact in facts)

        return overtaken

    def _solve(self, framed: FramedProblem, hurry: int, stop: Callable[[], bool]) -> Judged:
        """Ask for a plan; where the answer is no good, ask again for the plainest one."""
        policy = self._policy
        mends = framed.has_published
        wall_s = policy.replan_s if mends else policy.first_plan_s
        limits = Limits(
            wall_s=max(SHORTEST_SOLVE_S, wall_s / 2**hurry),
            workers=policy.workers,
            seed=policy.seed,
            price_per_change=policy.price_per_change,
        )
        task = Task(kind="replan" if mends else "solve", problem=framed.problem, limits=limits)
        now = framed.situation.now
        within_s = limits.wall_s + policy.answer_within_s
        try:
            return self._gate.ask(self._solver, task, now=now, answer_within_s=within_s, stop=stop)
        except (PlanRefused, SolverFailed) as refusal:
            _log.error("planning asks for the plainest plan after: %s", refusal)
        plain = replace(task, limits=replace(limits, wall_s=0.0))
        return self._gate.ask(self._solver, plain, now=now, answer_within_s=policy.answer_within_s)

    def _refused(self, refusal: PlanRefused | SolverFailed) -> None:
        """Leave the plan in force as it is, and say so."""
        self._desk.hold(0.0)
        fault = "refused" if isinstance(refusal, PlanRefused) else "solver"
        _log.error("no plan was published: %s", refusal)
        self._tell(fault=fault, detail=str(refusal), busy=False)
        self._retry_at_s = time.monotonic() + RETRY_REFUSED_S
        self._quiet_since = time.monotonic()

    def _put(self, answer: _Answer, causes: Iterable[str], began_s: float) -> bool:
        """Publish or propose a plan that changes anything; False where it is out of date."""
        framed, judged, solve_ms = answer.framed, answer.judged, answer.solve_ms
        draft = draft_plan(framed, judged.outcome, judged.breaches)
        self._tell(fault="", detail="", last_solve_ms=solve_ms)
        if draft.changed:
            plan = publication(
                framed,
                judged,
                draft,
                generation=self.status.generation,
                cause=causes,
                solve_ms=solve_ms,
                replan_ms=_ms(began_s) if framed.has_published else None,
            )
            waits = asks(self._policy, draft)
            try:
                receipt = self._desk.give(ProposePlan(plan=plan) if waits else plan)
            except PlanOutOfDate as late:
                if "generation" in late.context:
                    raise
                return False
            self._announce(receipt, draft, causes, solve_ms)
        # told last: whoever sees it may rely on what was published for it being known
        self._tell(offset=framed.situation.offset)
        self._agenda.note(self._desk.situation())
        if self._improver is not None:
            self._improver.published(draft)
        return True

    def _announce(
        self, receipt: Receipt, draft: DraftPlan, causes: Iterable[str], solve_ms: int
    ) -> None:
        body = receipt.body
        _log.info(
            "plan %s for %s: %d moved, %d services changed hands, %d ms",
            body.get("version", body.get("id")),
            "+".join(sorted(causes)),
            len(draft.moves),
            draft.recrewed,
            solve_ms,
        )
        if "version" in body:
            self._tell(
                plan_version=body["version"],
                published_offset=receipt.offset,
                last_plan_at=self._clock.now(),
            )

    # -- better plans ----------------------------------------------------------------------

    def _improve(self, improver: Improver) -> None:
        """Look for a better plan until a fact comes; publish or propose what is found."""
        situation = self._desk.situation()
        found = improver.look(situation, interrupted=self._called())
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
        goes_out = found.unannounced or self._policy.improving.publish == "auto"
        try:
            receipt = self._desk.give(
                plan if goes_out else ProposePlan(plan=plan, gain_min=found.gain_min)
            )
        except PlanOutOfDate as late:
            if "generation" in late.context:
                raise
            return
        self._announce(receipt, found.draft, ("improved",), found.solve_ms)
        if goes_out:
            improver.published(found.draft)
            self._agenda.note(self._desk.situation())

    def _called(self) -> Callable[[], bool]:
        """Return what tells whether something else is to be done."""
        overtaken = self._overtaken_until(math.inf)

        def called() -> bool:
            return self._agenda.is_due(self._clock.now()) or overtaken()

        return called


def _ms(since_s: float) -> int:
    return round((time.monotonic() - since_s) * 1000)
