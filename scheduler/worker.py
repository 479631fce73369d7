"""The engine in a warm child process: killable, bounded in memory, gated by the checks."""

import multiprocessing
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event
from time import monotonic
from typing import Any, Literal

from scheduler.checks import check
from scheduler.outcome import Breach, Limits, Outcome, Progress
from scheduler.problem import Problem

Kind = Literal["solve", "replan"]

_START_S = 60.0
"""A fresh process imports its libraries within this, also on a loaded machine."""
_GRACE_S = 20.0
"""An answer comes at most so long after the wall limit, or the process is taken for stuck."""
_STOP_S = 2.0
"""A process that is asked to stop has this long before it is terminated."""


class SolverFailed(Exception):
    """The solver gave no plan; ``code`` says why, for the log and the person on watch."""

    code = "solver-failed"

    def __init__(self, detail: str = "", code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class SolverCrashed(SolverFailed):
    """The process ended while it worked; a new one is started for the next question."""

    code = "solver-crashed"


class SolverOutOfMemory(SolverFailed):
    """The question needs more memory than the process may have."""

    code = "solver-out-of-memory"


class SolverStuck(SolverFailed):
    """No answer came within the limit and its grace; the process was ended."""

    code = "solver-stuck"


class SolverStopped(SolverFailed):
    """Somebody stopped the process while it worked."""

    code = "solver-stopped"


class PlanBreached(SolverFailed):
    """The plan broke a rule and was not let out; question and answer are kept for the report."""

    code = "plan-breached"

    def __init__(self, problem: Problem, outcome: Outcome, breaches: tuple[Breach, ...]) -> None:
        super().__init__(", ".join(sorted({breach.rule for breach in breaches})))
        self.problem = problem
        self.outcome = outcome
        self.breaches = breaches


def gate(problem: Problem, outcome: Outcome) -> Outcome:
    """Let an outcome pass only if it brings no new breach.

    Raises:
        PlanBreached: If it does.
    """
    breaches = tuple(b for b in check(problem, outcome) if b.status == "new")
    if breaches:
        raise PlanBreached(problem, outcome, breaches)
    return outcome


def _bound_memory(memory_mb: int | None) -> None:
    """Bound the address space of this process where the system can (not on Windows or macOS)."""
    if memory_mb is None:
        return
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not there on every system

        limit = memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _serve(connection: Connection, stop: Event, memory_mb: int | None) -> None:
    """Answer questions until the pipe closes. Runs in the child."""
    # Ctrl-C goes to the whole terminal group; the parent decides what becomes of its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from scheduler.engine import replan, solve  # noqa: PLC0415 - the import is the warming up

    _bound_memory(memory_mb)
    connection.send(("ready", None))
    while True:
        try:
            kind, problem, limits, hint = connection.recv()
        except EOFError:
            return
        try:
            if kind == "replan":
                answer = replan(problem, limits, _sender(connection), stop.is_set)
            else:
                answer = solve(problem, limits, hint, _sender(connection), stop.is_set)
            message: tuple[str, Any] = ("outcome", answer)
        except MemoryError:
            message = ("failed", (SolverOutOfMemory.code, "out of memory"))
        except Exception as fault:  # noqa: BLE001 - told to the parent, which raises it
            code = "problem-not-valid" if isinstance(fault, ValueError) else SolverFailed.code
            message = ("failed", (code, f"{type(fault).__name__}: {fault}"))
        connection.send(message)


def _sender(connection: Connection) -> Callable[[Progress], None]:
    return lambda progress: connection.send(("progress", progress))


class SolverProcess:
    """One warm solver process; one question at a time, from any thread.

    Args:
        memory_mb: Address space that the process may use (Linux); None: no bound.

    Example:
        >>> with SolverProcess() as process:
        ...     outcome = process.solve("solve", problem, Limits(wall_s=2.0))
    """

    def __init__(self, memory_mb: int | None = 6144) -> None:
        self._memory_mb = memory_mb
        self._context = multiprocessing.get_context("spawn")
        self._asking = threading.Lock()
        self._process: BaseProcess | None = None
        self._connection: Any = None
        self._stop = self._context.Event()
        self._ended_on_purpose = False

    def __enter__(self) -> "SolverProcess":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.is_alive()

    @property
    def is_busy(self) -> bool:
        """Whether a question is under way."""
        return self._asking.locked()

    @property
    def pid(self) -> int | None:
        """The process id, while it runs."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process and wait until it is warm; nothing happens if it runs.

        Raises:
            SolverCrashed: If it does not come up.
        """
        if self.is_alive:
            return
        self._release()
        self._ended_on_purpose = False
        self._stop = self._context.Event()
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_serve,
            args=(theirs, self._stop, self._memory_mb),
            name="fairway-solver",
            daemon=True,
        )
        process.start()
        theirs.close()
        self._process, self._connection = process, ours
        kind, _ = self._receive(monotonic() + _START_S)
        if kind != "ready":
            self.kill()
            raise SolverCrashed("no sign of life")

    def solve(
        self,
        kind: Kind,
        problem: Problem,
        limits: Limits,
        on_progress: Callable[[Progress], None] | None = None,
        *,
        hint: Outcome | None = None,
    ) -> Outcome:
        """Ask a question and wait for the answer, which has passed the checks.

        Args:
            kind: ``solve`` or ``replan``.
            problem: The question.
            limits: How long to work.
            on_progress: Called in this thread while it works.
            hint: A plan to start from (``solve`` only).

        Raises:
            SolverCrashed: If the process ended; the next question starts a new one.
            SolverStuck: If no answer came in time; likewise.
            SolverStopped: If it was stopped meanwhile.
            SolverOutOfMemory: If the memory bound was met.
            PlanBreached: If the plan breaks a rule.
            SolverFailed: If the problem is not valid, or the engine raised something else.
        """
        with self._asking:
            self.start()
            self._stop.clear()
            self._send((kind, problem, limits, hint))
            until = monotonic() + limits.wall_s + _GRACE_S
            while True:
                what, value = self._receive(until)
                if what == "outcome":
                    break
                if what == "failed":
                    code, detail = value
                    fault = SolverOutOfMemory if code == SolverOutOfMemory.code else SolverFailed
                    raise fault(detail, code)
                if what == "progress" and on_progress is not None:
                    on_progress(value)
        return gate(problem, value)

    def interrupt(self) -> None:
        """Ask for the best plan so far: the question under way is answered early."""
        self._stop.set()

    def stop(self) -> None:
        """End the process: ask, wait two seconds for the answer under way, then terminate."""
        self._ended_on_purpose = True
        self._stop.set()
        if self._asking.acquire(timeout=_STOP_S):
            try:
                if self._connection is not None:
                    self._connection.close()
                    self._connection = None
                if self._process is not None:
                    self._process.join(_STOP_S)
            finally:
                self._asking.release()
        self.kill()

    def kill(self) -> None:
        """End the process now."""
        self._ended_on_purpose = True
        process = self._process
        if process is not None and process.is_alive():
            process.terminate()
            process.join(_STOP_S)
            if process.is_alive():
                process.kill()
                process.join()

    def _release(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.join()
            self._process.close()
        self._connection = self._process = None

    def _send(self, message: tuple[Any, ...]) -> None:
        assert self._connection is not None
        try:
            self._connection.send(message)
        except OSError as gone:
            raise self._ended() from gone

    def _receive(self, until: float) -> tuple[str, Any]:
        assert self._connection is not None
        try:
            if not self._connection.poll(max(until - monotonic(), 0.0)):
                self.kill()
                raise SolverStuck(f"no answer within {_GRACE_S:.0f} s of the limit")
            return self._connection.recv()
        except (EOFError, OSError) as gone:
            raise self._ended() from gone

    def _ended(self) -> SolverFailed:
        process = self._process
        code = None
        if process is not None:
            process.join(_STOP_S)
            code = process.exitcode
        if self._ended_on_purpose:
            return SolverStopped("stopped")
        return SolverCrashed(f"exit code {code}")
