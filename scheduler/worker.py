"""``python -m scheduler.worker``: reads tasks from its input, answers on its output."""

import os
import resource
import select
import signal
import sys
from time import monotonic
from typing import Any, BinaryIO

from scheduler.engine import replan, solve
from scheduler.outcome import Limits, Progress
from scheduler.pipe import read_message, write_message
from scheduler.problem import Problem
from scheduler.questions import QUESTIONS

MIB = 1024 * 1024
PROGRESS_EVERY_S = 0.25


Message = tuple[int, str, Problem, Limits, Any]
"""Number, kind, problem and limits of a task, and its hint or what else its kind asks for."""


class _Progress:
    """Passes on what is known of a search, not more often than people can read."""

    def __init__(self, out: BinaryIO, number: int) -> None:
        self._out = out
        self._number = number
        self._told_s = 0.0

    def __call__(self, progress: Progress) -> None:
        now_s = monotonic()
        if now_s - self._told_s >= PROGRESS_EVERY_S:
            self._told_s = now_s
            write_message(self._out, ("progress", self._number, progress))


def _answer(message: Message, progress: _Progress, tasks: Any) -> object:
    _, kind, problem, limits, hint = message
    if kind in QUESTIONS:
        return QUESTIONS[kind](problem, limits, hint)

    def should_stop() -> bool:
        # anything that arrives while a task is worked on, or the end of the pipe, takes it back
        ready, _, _ = select.select([tasks], [], [], 0)
        return bool(ready)

    if kind == "replan":
        return replan(problem, limits, progress, should_stop)
    return solve(problem, limits, hint, progress, should_stop)


def main() -> None:
    """Serve until the input ends."""
    memory_mib = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    if memory_mib:
        resource.setrlimit(resource.RLIMIT_AS, (memory_mib * MIB, memory_mib * MIB))
    # a Ctrl-C at the terminal goes to the whole group; the parent decides when this one ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # unbuffered, so that `select` sees every byte that has not been read
    tasks = os.fdopen(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # what a library prints must not end up between the messages
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    write_message(out, ("ready", 0, None))
    while True:
        try:
            message = read_message(tasks)
        except EOFError:
            return
        if message == "stop":
            continue
        number = message[0]
        try:
            outcome = _answer(message, _Progress(out, number), tasks)
        except Exception as fault:  # noqa: BLE001 - whatever it was, the parent is told of it
            write_message(out, ("error", number, f"{type(fault).__name__}: {fault}"))
        else:
            write_message(out, ("answer", number, outcome))


if __name__ == "__main__":
    main()
