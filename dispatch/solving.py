"""Asking the scheduler: in a child process that can be ended, and judged before it is believed."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from scheduler.checks import check
from scheduler.outcome import Breach, Limits, Outcome
from scheduler.problem import Problem
from scheduler.wire import outcome_to_json, problem_to_json

_log = logging.getLogger(__name__)

REJECTED_KEPT = 50
"""So many bug reports are kept; the oldest go first."""


class SolverFailed(Exception):
    """The solver gave no answer: it ended, ran out of memory, or took too long.

    ``reason`` is ``ended``, ``too-long`` or ``error``.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep the reason and what the solver said."""
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}" if detail else reason)


class SolverStopped(Exception):
    """The question was taken back before it was answered."""


class PlanRefused(Exception):
    """An answer breaks rules that it should have kept; it is not used."""

    def __init__(self, breaches: Sequence[Breach]) -> None:
        """Keep the new breaches."""
        self.breaches = tuple(breaches)
        rules = sorted({breach.rule for breach in breaches})
        super().__init__(f"{len(breaches)} new breaches of {', '.join(rules)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A question for the solver.

    ``kind``: ``solve`` plans anew, ``replan`` mends what was published with the fewest changes,
    ``improve`` looks for a better plan from ``hint`` on.
    """

    kind: Literal["solve", "replan", "improve"]
    problem: Problem
    limits: Limits
    hint: Outcome | None = None


class Solver(Protocol):
    """Something that answers tasks, one at a time."""

    def run(
        self,
        task: Task,
        *,
        answer_within_s: float,
        stop: Callable[[], bool] | None = None,
    ) -> Outcome:
        """Answer a task.

        Args:
            task: The question.
            answer_within_s: Wall seconds after which it is given up.
            stop: Asked now and then; True takes the question back.

        Raises:
            SolverFailed: there is no answer.
            SolverStopped: the question was taken back.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An answer that may be used, with the breaches that it only reports."""

    outcome: Outcome
    breaches: tuple[Breach, ...]


class Gate:
    """Lets no answer pass that would break a rule anew."""

    def __init__(self, rejected: Path) -> None:
        """Take the folder in which problems are kept whose answers failed."""
        self._rejected = rejected

    def ask(
        self,
        solver: Solver,
        task: Task,
        *,
        now: datetime,
        answer_within_s: float,
        stop: Callable[[], bool] | None = None,
    ) -> Judged:
        """Ask a solver and judge its answer by the checks, which share no code with it.

        A question without a usable answer is kept as a file, for a bug report.

        Raises:
            PlanRefused: the answer breaks rules anew.
            SolverFailed: there is no answer.
            SolverStopped: the question was taken back.
        """
        try:
            outcome = solver.run(task, answer_within_s=answer_within_s, stop=stop)
        except SolverFailed as failure:
            self._keep(task, None, {"failure": str(failure)}, now)
            raise
        breaches = check(task.problem, outcome)
        new = tuple(breach for breach in breaches if breach.status == "new")
        if new:
            listed = [{**asdict(breach), "params": dict(breach.params)} for breach in new]
            self._keep(task, outcome, {"breaches": listed}, now)
            raise PlanRefused(new)
        return Judged(outcome=outcome, breaches=tuple(breaches))

    def _keep(
        self, task: Task, outcome: Outcome | None, why: dict[str, object], now: datetime
    ) -> None:
        """Write problem, answer and reason; a full disk must not stop planning."""
        name = f"{now:%Y%m%dT%H%M%S}-{task.kind}"
        try:
            self._rejected.mkdir(parents=True, exist_ok=True)
            number = sum(1 for path in self._rejected.glob(f"{name}-*") if path.is_dir())
            folder = self._rejected / f"{name}-{number:02d}"
            folder.mkdir()
            (folder / "problem.json").write_text(problem_to_json(task.problem), encoding="utf-8")
            if outcome is not None:
                (folder / "outcome.json").write_text(outcome_to_json(outcome), encoding="utf-8")
            reason = {"kind": task.kind, "limits": asdict(task.limits), **why}
            text = json.dumps(reason, ensure_ascii=False, indent=1, default=str)
            (folder / "reason.json").write_text(text, encoding="utf-8")
            _log.error("an answer was refused; problem kept in %s", folder)
            self._drop_oldest()
        except OSError:
            _log.exception("a refused answer could not be kept in %s", self._rejected)

    def _drop_oldest(self) -> None:
        folders = sorted(path for path in self._rejected.iterdir() if path.is_dir())
        for folder in folders[:-REJECTED_KEPT]:
            for file in folder.iterdir():
                file.unlink()
            folder.rmdir()
