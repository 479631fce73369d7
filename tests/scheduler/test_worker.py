"""The engine in a child process: answers, progress, and every way in which it can end."""

import os
import signal
import threading
import time
from dataclasses import replace

import pytest

from scheduler.outcome import Limits, Outcome, Placement, Progress
from scheduler.problem import Problem
from scheduler.worker import (
    PlanBreached,
    SolverCrashed,
    SolverFailed,
    SolverOutOfMemory,
    SolverProcess,
    SolverStopped,
    gate,
)
from tests.scheduler.instances import a_day


@pytest.fixture(scope="module")
def day() -> Problem:
    return a_day(1, movements=30)


@pytest.fixture
def process():
    with SolverProcess() as running:
        yield running


def test_it_answers_with_progress_and_stays_warm(process, day):
    seen: list[Progress] = []
    first = process.solve("solve", day, Limits(wall_s=0.5), seen.append)
    pid = process.pid
    again = process.solve("replan", day, Limits(wall_s=0.5))
    assert len(first.placements) + len(first.unplaced) == len(day.movements)
    assert len(again.placements) + len(again.unplaced) == len(day.movements)
    assert seen
    assert seen[-1].phase == "done"
    assert process.pid == pid


def test_an_interrupted_question_is_answered_early(process, day):
    threading.Timer(0.5, process.interrupt).start()
    begun = time.monotonic()
    outcome = process.solve("solve", a_day(2, movements=60), Limits(wall_s=60.0))
    assert time.monotonic() - begun < 30
    assert outcome.placements


def test_a_killed_process_is_told_and_the_next_question_starts_another(process, day):
    pid = process.pid
    threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(SolverCrashed) as crashed:
        process.solve("solve", a_day(2, movements=60), Limits(wall_s=60.0))
    assert crashed.value.code == "solver-crashed"
    assert process.solve("solve", day, Limits(wall_s=0.2)).placements
    assert process.pid != pid


def test_stopping_ends_process_and_question(day):
    process = SolverProcess()
    process.start()
    faults: list[BaseException | Outcome] = []

    def ask() -> None:
        try:
            faults.append(process.solve("solve", a_day(2, movements=60), Limits(wall_s=60.0)))
        except SolverStopped as fault:
            faults.append(fault)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.5)
    begun = time.monotonic()
    process.stop()
    asking.join(10)
    assert not asking.is_alive()
    assert time.monotonic() - begun < 10
    assert not process.is_alive
    assert len(faults) == 1


def test_memory_is_bounded(day):
    with SolverProcess(memory_mb=6144) as process:
        process.solve("solve", day, Limits(wall_s=0.2))
        # So long a horizon asks for more than the bound; the process says so and lives on.
        with pytest.raises(SolverOutOfMemory):
            process.solve("solve", replace(day, horizon=2_000_000_000), Limits(wall_s=1.0))
        assert process.solve("solve", day, Limits(wall_s=0.2)).placements


def test_a_problem_that_names_what_it_does_not_hold_is_refused(process, day):
    with pytest.raises(SolverFailed) as failed:
        process.solve("solve", replace(day, ships=()), Limits(wall_s=0.2))
    assert failed.value.code == "problem-not-valid"


def test_a_plan_with_a_new_breach_does_not_pass_the_gate(day):
    movement = day.movements[0]
    wrong = Placement(movement=movement.id, mode=movement.modes[0].id, start=movement.earliest)
    outcome = Outcome(status="feasible", placements=(wrong,))
    with pytest.raises(PlanBreached) as breached:
        gate(day, outcome)
    assert breached.value.problem is day
    assert breached.value.breaches
