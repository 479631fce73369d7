"""A second walk through the same question on the second core; the better plan of both counts."""

import os
import random
import resource
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from scheduler.conflicts import Conflicts
from scheduler.draft import Draft, Place
from scheduler.outcome import Limits
from scheduler.pipe import read_message, write_message
from scheduler.problem import Problem
from scheduler.purpose import Cheaper
from scheduler.recreate import Recreation, heat_of

Places = dict[int, Place]

_SPARE_S = 0.15
"""So much earlier than asked for it ends its walk, to have answered by then."""
_PATIENCE_S = 5.0
"""So long after its time is over it ends itself, whatever it does."""
_MEMORY_MIB = 2048


@dataclass(frozen=True, slots=True)
class Errand:
    """What the companion is asked: walk from a plan until an instant of the machine's clock."""

    problem: Problem
    limits: Limits
    places: Places
    until_s: float


class Companion:
    """A process that walks from a plan while this one does; use it in a ``with``.

    It ends when its time is over, when this process ends, and with the ``with`` in any case.

    Args:
        draft: The plan to start from.
        limits: Those of the question.
        until_s: When its walk is over, by ``time.monotonic``, which the machine's processes share.
    """

    def __init__(self, draft: Draft, limits: Limits, until_s: float) -> None:
        self._errand = Errand(draft.problem, limits, draft.snapshot(), until_s)
        self._process: subprocess.Popen[bytes] | None = None
        self._talker: threading.Thread | None = None
        self._found: Places | None = None

    @property
    def pid(self) -> int | None:
        """The process's id; None where it was not started."""
        return None if self._process is None else self._process.pid

    def __enter__(self) -> "Companion":
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "scheduler.companion"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
                    # it works on one core; threads of numpy's would only take room
                    "OPENBLAS_NUM_THREADS": "1",
                },
            )
        except OSError:
            # the machine has no room for another process: one walk is what there is
            return self
        self._talker = threading.Thread(
            target=self._talk, args=(self._process,), name="fairway-companion", daemon=True
        )
        self._talker.start()
        return self

    def __exit__(self, *_: object) -> None:
        process, talker = self._process, self._talker
        if process is None or talker is None:
            return
        process.kill()
        process.wait()
        talker.join()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    # it was ended before it had read all of its errand
                    continue

    @property
    def is_out(self) -> bool:
        """Whether it has not answered yet, and still may."""
        return self._talker is not None and self._talker.is_alive()

    def answer(self, within_s: float) -> Places | None:
        """Its best plan; None where it has none to tell in time."""
        if self._talker is not None:
            self._talker.join(max(within_s, 0.0))
        return self._found

    def _talk(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            write_message(process.stdin, self._errand)
            self._found = read_message(process.stdout)
        except (EOFError, OSError):
            # it was ended: there is no second plan, and the first one is good without it
            self._found = None


def walk(errand: Errand, is_over: Callable[[], bool]) -> Places:
    """The best plan that a walk of one's own comes to."""
    draft = Draft(Conflicts(errand.problem))
    draft.restore(errand.places)
    purpose = Cheaper(draft, errand.limits.price_per_change)
    begun_s = monotonic()
    span_s = max(errand.until_s - _SPARE_S - begun_s, 0.01)
    found = Recreation(
        draft,
        purpose,
        # another walk than that of the process that asks
        random.Random(f"companion {errand.limits.seed}"),  # noqa: S311 - repeatable, not secret
        key=lambda: (-len(draft.placed), purpose.total()),
    )
    found.run(
        lambda: monotonic() - begun_s >= span_s or is_over(),
        lambda: (monotonic() - begun_s) / span_s,
        heat_of(draft),
        1 << 30,
    )
    return draft.snapshot()


def _bound_memory() -> None:
    """Keep within a bound of its own, or within what is left of its parent's."""
    wanted = _MEMORY_MIB * 1024 * 1024
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bounds = [wanted, *(bound for bound in (soft, hard) if bound != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))


def main() -> None:
    """Run one errand: read from the input, answered on the output."""
    _bound_memory()
    # a Ctrl-C at the terminal goes to the whole group; the parent decides when this one ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks = os.fdopen(sys.stdin.fileno(), "rb", buffering=0, closefd=False)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # what a library prints must not end up in the answer
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        errand = read_message(tasks)
        signal.alarm(max(1, int(errand.until_s - monotonic() + _PATIENCE_S)))

        def is_over() -> bool:
            # nothing more is ever sent: what there is to read is the end of the process that asks
            ready, _, _ = select.select([tasks], [], [], 0)
            return bool(ready)

        write_message(out, walk(errand, is_over))
    except (EOFError, BrokenPipeError):
        # nobody is there any more to ask or to be told
        return


if __name__ == "__main__":
    main()
