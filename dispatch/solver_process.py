"""A solver in a child process: warm, bounded, and ended when it does not answer."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import Empty, Queue
from time import monotonic
from typing import Any

from dispatch.solving import SolverFailed, SolverStopped, Task
from scheduler.outcome import Limits, Outcome, Progress
from scheduler.pipe import read_message, write_message
from scheduler.problem import Problem

_log = logging.getLogger(__name__)

STOP_GRACE_S = 1.0
"""A solver that is asked to stop and has not answered by then is ended."""

POLL_S = 0.05
START_WITHIN_S = 30.0
MEMORY_MIB = 6144


class SolverProcess:
    """Answers one task at a time in a process of its own; see ``Solver``.

    The process is started when first needed (``warm`` does so ahead of time) and again after it
    was ended. It ends by itself when this process does.
    """

    def __init__(
        self,
        *,
        memory_mib: int = MEMORY_MIB,
        listener: Callable[[Progress], None] | None = None,
    ) -> None:
        """Set the bounds.

        Args:
            memory_mib: Address space of the process; 0 sets no bound.
            listener: Told how a search goes, on the asking thread.
        """
        self._memory_mib = memory_mib
        self._listener = listener
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: Queue[Any] = Queue()
        self._number = 0
        self._lock = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process's id while it lives."""
        process = self._process
        return None if process is None or process.poll() is not None else process.pid

    def warm(self) -> None:
        """Start the process, so that the first question need not wait for it."""
        with self._lock:
            self._started()

    def run(
        self,
        task: Task,
        *,
        answer_within_s: float,
        stop: Callable[[], bool] | None = None,
    ) -> Outcome:
        """See ``Solver.run``."""
        message = (task.kind, task.problem, task.limits, task.hint)
        return self._ask(message, answer_within_s, stop)

    def ask(
        self,
        kind: str,
        problem: Problem,
        limits: Limits,
        detail: object = None,
        *,
        answer_within_s: float,
    ) -> Any:
        """Ask one of ``scheduler.questions``; as ``run``, but its answer is of another kind.

        Raises:
            SolverFailed: there is no answer.
        """
        return self._ask((kind, problem, limits, detail), answer_within_s, None)

    def _ask(
        self,
        question: tuple[object, ...],
        answer_within_s: float,
        stop: Callable[[], bool] | None,
    ) -> Any:
        with self._lock:
            process = self._started()
            self._number += 1
            self._send(process, (self._number, *question))
            return self._wait(process, monotonic() + answer_within_s, stop)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _started(self) -> subprocess.Popen[bytes]:
        process = self._process
        if process is not None and process.poll() is None:
            return process
        if process is not None:
            _end(process)
        self._messages = Queue()
        process = subprocess.Popen(  # noqa: S603 - this interpreter and this project's own module
            [sys.executable, "-m", "scheduler.worker", str(self._memory_mib)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._process = process
        reader = threading.Thread(
            target=_read_all, args=(process, self._messages), name="fairway-solver", daemon=True
        )
        reader.start()
        try:
            kind, _, detail = self._messages.get(timeout=START_WITHIN_S)
        except Empty:
            kind, detail = "late", ""
        if kind != "ready":
            self.close()
            raise SolverFailed("ended", f"it did not start: {kind} {detail}")
        return process

    def _send(self, process: subprocess.Popen[bytes], message: object) -> None:
        assert process.stdin is not None
        try:
            write_message(process.stdin, message)
        except OSError as broken:
            self.close()
            raise SolverFailed("ended", str(broken)) from broken

    def _wait(
        self,
        process: subprocess.Popen[bytes],
        until_s: float,
        stop: Callable[[], bool] | None,
    ) -> Any:
        while monotonic() < until_s:
            answer = self._next(POLL_S)
            if answer is not None:
                return answer[0]
            if stop is not None and stop():
                self._take_back(process)
                raise SolverStopped
        self.close()
        raise SolverFailed("too-long")

    def _next(self, timeout_s: float) -> tuple[Any] | None:
        """Return the answer to the task in hand, in a tuple; None where there is none yet."""
        try:
            kind, number, content = self._messages.get(timeout=timeout_s)
        except Empty:
            return None
        if kind == "ended":
            self.close()
            raise SolverFailed("ended", str(content))
        if number != self._number:
            return None
        if kind == "error":
            raise SolverFailed("error", str(content))
        if kind == "progress":
            if self._listener is not None:
                self._listener(content)
            return None
        return (content,)

    def _take_back(self, process: subprocess.Popen[bytes]) -> None:
        """Ask the process to stop, so that it stays warm; end it where it does not listen."""
        try:
            self._send(process, "stop")
            until_s = monotonic() + STOP_GRACE_S
            while monotonic() < until_s:
                if self._next(POLL_S) is not None:
                    return
        except SolverFailed as failure:
            _log.info("a solver that was asked to stop: %s", failure)
            return
        self.close()


def _read_all(process: subprocess.Popen[bytes], messages: Queue[Any]) -> None:
    """Hand on what the process says until it ends."""
    assert process.stdout is not None
    try:
        while True:
            messages.put(read_message(process.stdout))
    except (EOFError, OSError, ValueError):
        process.wait()
        messages.put(("ended", 0, f"exit code {process.returncode}"))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:
                # what was still to be written is of no use to anybody now
                _log.debug("a pipe to an ended solver was closed with bytes in it")
