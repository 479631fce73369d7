"""Questions about the plan in force that change nothing: what if, how much room, how certain."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dispatch.clock import Clock
from dispatch.declaration import Fault
from dispatch.errors import CommandFailed, NotFound, ServiceOverloaded, StateConflict, ValueRefused
from dispatch.foreseen import (
    Value,
    certainty_value,
    cost_value,
    difference_value,
    has_time,
    head,
    left_out_value,
    margin_value,
    owners_of,
    way_out_value,
)
from dispatch.framing import FramedProblem, frame
from dispatch.policy import Policy
from dispatch.port import Port
from dispatch.situation import Situation
from dispatch.solver_process import SolverProcess
from dispatch.solving import SolverFailed
from dispatch.store.database import Database
from dispatch.store.reading import read_plan_version, read_situation
from dispatch.wishes import Wish, asked_of, subjects, wished
from scheduler.certainty import Certainty, Spreads
from scheduler.margins import Margin
from scheduler.outcome import Limits
from scheduler.problem import Problem
from scheduler.relaxing import Relaxed
from scheduler.validation import validate
from scheduler.what_if import WhatIf
from scheduler.wishes import Instead

WHAT_IF_S = 0.4
RELAX_S = 3.0
ANSWER_WITHIN_S = 15.0
OTHER_BERTHS = 3
"""So many other berths are tried for what has no time."""
MOST_WAYS_OUT = 4
MOST_WAITING = 4
"""So many questions may wait at once; more are turned away."""


@dataclass(frozen=True, slots=True)
class _Read:
    """The situation as framed, kept while nothing has happened since."""

    key: tuple[int, int, object]
    framed: FramedProblem


class Foresight:
    """Answers questions in a child process of its own, so that planning never waits for them.

    Its methods block for as long as the answer takes: call them from a thread.
    """

    def __init__(self, database: Database, port: Port, policy: Policy, clock: Clock) -> None:
        """Take what planning reads from; the child process starts with the first question."""
        self._database = database
        self._port = port
        self._policy = policy
        self._clock = clock
        self._solver = SolverProcess()
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)
        self._read: _Read | None = None
        self._certainty: tuple[int, Value] | None = None
        self._reckoning = threading.Lock()

    def close(self) -> None:
        """End the child process."""
        self._solver.close()

    # -- the questions ---------------------------------------------------------------------

    def margins(self, movement_id: str) -> Value:
        """Return how far a planned movement is from each limit.

        Raises:
            NotFound: There is no such movement.
            StateConflict: It has no planned time.
        """
        with self._a_place():
            framed = self._framed(self._situation())
            self._require_in_problem(framed, (movement_id,))
            if not has_time(framed, movement_id):
                raise StateConflict(
                    "it has no planned time", context={"type": "movement", "id": movement_id}
                )
            found: tuple[Margin, ...] | None = self._ask("margins", framed.problem, movement_id)
        owners = owners_of(framed)
        return {
            **head(framed),
            "movement_id": movement_id,
            "margins": [margin_value(framed, margin, owners) for margin in found or ()],
        }

    def what_if(self, wishes: Sequence[Wish]) -> Value:
        """Return what would change in the plan if some wishes came true; nothing is kept.

        Raises:
            NotFound: A wish names what is not there.
            StateConflict: It is about a movement that has begun.
            ValueRefused: It lacks what its kind needs, or makes no sense.
        """
        with self._a_place():
            framed = self._framed(self._situation())
            changed, problem = self._supposed(framed, wishes)
            names = subjects(wishes)
            self._require_in_problem(changed, names)
            self._require_sense(framed, problem, wishes)
            instead = Instead(problem=problem, subjects=names)
            answer: WhatIf = self._ask("what-if", framed.problem, (instead,), WHAT_IF_S)
        owners = owners_of(framed)
        return {
            **head(framed),
            "possible": answer.possible,
            "subjects": list(answer.subjects),
            "moved": [difference_value(changed, one, owners) for one in answer.moved],
            "recrewed": [difference_value(changed, one, owners) for one in answer.recrewed],
            "placed": [difference_value(changed, one, owners) for one in answer.placed],
            "left_out": [left_out_value(changed, one, owners) for one in answer.left_out],
            "cost": {
                "before": cost_value(answer.cost_before),
                "after": cost_value(answer.cost_after),
            },
        }

    def way_out(self, movement_id: str) -> Value:
        """Return the cheapest single thing that would place what has no planned time.

        Raises:
            NotFound: There is no such movement.
            StateConflict: It has a planned time, or is not planned yet.
        """
        with self._a_place():
            framed = self._framed(self._situation())
            self._require_in_problem(framed, (movement_id,))
            if has_time(framed, movement_id):
                raise StateConflict(
                    "it has a planned time", context={"type": "movement", "id": movement_id}
                )
            asked = {
                "movement": movement_id,
                "elsewhere": self._elsewhere(framed, movement_id),
                "most": MOST_WAYS_OUT,
            }
            answer: Relaxed = self._ask("relax", framed.problem, asked, RELAX_S)
        return {
            **head(framed),
            "movement_id": movement_id,
            "found": None if answer.found is None else way_out_value(framed, answer.found),
            "others": [way_out_value(framed, one) for one in answer.others],
            "tried": list(answer.tried),
            "complete": answer.complete,
        }

    def certainty(self) -> Value:
        """Return how certain the planned times are; reckoned once for each plan version.

        While it is reckoned anew, others are told the last answer, which names its version.
        """
        known = self._certainty
        if known is not None and (
            self._reckoning.locked() or known[0] == read_plan_version(self._database)
        ):
            return known[1]
        with self._reckoning, self._a_place():
            situation = self._situation()
            known = self._certainty
            if known is not None and known[0] == situation.plan_version:
                return known[1]
            framed = self._framed(situation)
            spreads = Spreads()
            answer: Certainty = self._ask("certainty", framed.problem, spreads)
            value = certainty_value(framed, answer, spreads)
            self._certainty = (situation.plan_version, value)
        return value

    def _elsewhere(self, framed: FramedProblem, movement_id: str) -> dict[str, Problem]:
        """Frame the situation with a movement to other berths that take the ship, same quay first.

        What else may speak against a berth is for the solver to find. Nothing else is of any use to
        what is held.
        """
        if framed.movements[movement_id].movement.held is not None:
            return {}
        situation = framed.situation
        movement = next(one for one in situation.movements if one.id == movement_id)
        asked = movement.asked.berths
        if movement.asked.kind == "exit" or not asked or asked[0] not in self._port.berths:
            return {}
        quay = self._port.berths[asked[0]].quay_id
        those = [
            (berth.quay_id != quay, name)
            for name, berth in self._port.berths.items()
            if name not in asked
            and movement.vessel.vessel_type in berth.vessel_types
            and movement.vessel.loa_m <= berth.max_loa_m
        ]
        found: dict[str, Problem] = {}
        for _, place in sorted(those)[:OTHER_BERTHS]:
            wish = Wish(kind="berth", movement_id=movement_id, place=place)
            changed = frame(wished(situation, (wish,), self._port), self._port, self._policy)
            if movement_id in changed.movements and not validate(changed.problem):
                found[place] = changed.problem
        return found

    # -- asking ----------------------------------------------------------------------------

    def _supposed(
        self, framed: FramedProblem, wishes: Sequence[Wish]
    ) -> tuple[FramedProblem, Problem]:
        """Frame the situation in which wishes have come true; return the problem asked then."""
        situation = wished(framed.situation, wishes, self._port)
        changed = framed
        if situation is not framed.situation:
            changed = frame(situation, self._port, self._policy)
        return changed, asked_of(changed.problem, changed.grid, wishes)

    def _require_sense(
        self, framed: FramedProblem, problem: Problem, wishes: Sequence[Wish]
    ) -> None:
        """Refuse wishes that make a meaningless problem, at the first that does."""
        faults = validate(problem)
        if not faults or validate(framed.problem):
            return  # what is meaningless without any wish is for the solver to refuse
        for number in range(len(wishes)):
            faults = validate(self._supposed(framed, wishes[: number + 1])[1])
            if faults:
                raise ValueRefused(
                    "no plan can be asked for with it",
                    context={"change": number, "kind": wishes[number].kind},
                    faults=tuple(
                        Fault(
                            code=fault.code.replace("_", "-"),
                            params={**fault.params, "path": fault.path},
                            pointer=f"/changes/{number}",
                        )
                        for fault in faults
                    ),
                )

    def _situation(self) -> Situation:
        return read_situation(self._database, now=self._clock.now())

    def _framed(self, situation: Situation) -> FramedProblem:
        """Frame the situation, unless it is as it was and the minute, too."""
        minute = situation.now.replace(second=0, microsecond=0)
        key = (situation.offset, situation.plan_version, minute)
        known = self._read
        if known is not None and known.key == key:
            return known.framed
        framed = frame(situation, self._port, self._policy)
        self._read = _Read(key, framed)
        return framed

    def _ask(
        self, kind: str, problem: Problem, detail: object, wall_s: float = ANSWER_WITHIN_S
    ) -> Any:
        limits = Limits(wall_s=wall_s, workers=1, seed=self._policy.seed)
        try:
            return self._solver.ask(kind, problem, limits, detail, answer_within_s=ANSWER_WITHIN_S)
        except SolverFailed as failure:
            raise CommandFailed(f"no answer: {failure.reason}") from failure

    @contextmanager
    def _a_place(self) -> Iterator[None]:
        """Count as one that waits, from the framing on, which takes its time as well."""
        if not self._waiting.acquire(blocking=False):
            raise ServiceOverloaded("too many questions wait", context={"kept": "no"})
        try:
            yield
        finally:
            self._waiting.release()

    def _require_in_problem(self, framed: FramedProblem, names: Sequence[str]) -> None:
        known = {movement.id for movement in framed.situation.movements}
        for name in names:
            if name not in known:
                raise NotFound(f"no movement {name}", context={"type": "movement", "id": name})
            if name not in framed.movements:
                raise StateConflict(
                    "it is not planned yet, or is over",
                    context={
                        "type": "movement",
                        "id": name,
                        "reason": framed.deferred.get(name, "over"),
                    },
                )
