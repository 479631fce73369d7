"""Walking in two processes: a plan as good as alone or better, whatever becomes of the second."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler import Limits, improve, solve
from scheduler.clock import Clock
from scheduler.companion import Companion
from scheduler.conflicts import Conflicts
from scheduler.construct import by_request, construct
from scheduler.improve import Improver, is_whole
from tests.scheduler.instances import a_day
from tests.scheduler.plans import breaches

LIMITS = Limits(wall_s=4.0)
HAS_PROC = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="reads /proc")

ORPHAN = """
import sys, time
from scheduler import Limits
from scheduler.companion import Companion
from scheduler.conflicts import Conflicts
from scheduler.construct import by_request, construct
from tests.scheduler.instances import a_day

conflicts = Conflicts(a_day(3, movements=40))
draft = construct(conflicts, by_request(conflicts))
with Companion(draft, Limits(), time.monotonic() + 60) as companion:
    print(companion.pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def conflicts():
    return Conflicts(a_day(3, movements=40))


@pytest.fixture
def draft(conflicts):
    return construct(conflicts, by_request(conflicts))


def is_there(pid):
    """Whether a process is there; one that has ended and is not waited for counts, too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone_within(pid, seconds):
    until = time.monotonic() + seconds
    while is_there(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_there(pid)


def companions():
    """Pids of this process's companions."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for name in (task / "children").read_text().split():
            try:
                line = Path(f"/proc/{name}/cmdline").read_text()
            except OSError:
                continue
            if "scheduler.companion" in line:
                found.append(int(name))
    return found


def test_it_answers_with_a_better_plan_that_keeps_every_rule_and_is_gone_afterwards(draft):
    before = draft.total()
    with Companion(draft, LIMITS, time.monotonic() + 4.0) as companion:
        found = companion.answer(20.0)
        pid = companion.pid
    assert not is_there(pid)
    draft.restore(found)
    assert draft.total() < before
    assert is_whole(draft)


def test_one_that_is_ended_before_it_has_read_anything_leaves_nothing_behind(draft):
    with Companion(draft, LIMITS, time.monotonic() + 60.0) as companion:
        pid = companion.pid
    assert not is_there(pid)
    assert companion.answer(0.0) is None


def test_it_ends_with_the_process_that_asks():
    parent = subprocess.Popen(
        [sys.executable, "-c", ORPHAN],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(1.5)
        parent.send_signal(signal.SIGKILL)
    assert gone_within(pid, 20.0)


@HAS_PROC
def test_the_plan_is_good_although_the_companion_is_killed_midway(monkeypatch):
    monkeypatch.setattr(improve, "_COMPANY_S", LIMITS.wall_s)
    day = a_day(4, movements=50)
    killed = []

    def kill():
        until = time.monotonic() + 4.0
        while not killed and time.monotonic() < until:
            for pid in companions():
                time.sleep(0.5)
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
            time.sleep(0.05)

    killer = threading.Thread(target=kill)
    killer.start()
    found = solve(day, LIMITS)
    killer.join()
    assert killed
    assert breaches(day, found) == []
    assert companions() == []


@HAS_PROC
@pytest.mark.parametrize(
    "limits",
    [
        replace(LIMITS, workers=1),
        replace(LIMITS, deterministic=True, workers=1),
        replace(LIMITS, wall_s=1.0),
    ],
)
def test_who_asks_for_one_core_or_for_little_time_walks_alone(draft, limits):
    seen = []
    improver = Improver(draft, Clock(limits, lambda: bool(seen.extend(companions()))))
    improver.walk(40)
    assert seen == []


def test_a_plan_that_breaks_a_rule_is_not_taken_over(draft):
    before = draft.snapshot()
    improver = Improver(draft, Clock(LIMITS, None))
    # everybody when they asked, whoever is in the way
    wished = {
        movement: replace(place, start=draft.problem.movements[movement].requested)
        for movement, place in before.items()
    }
    assert not improver.take(wished)
    assert draft.snapshot() == before
