"""The solver's process: answers, stays warm, can be stopped, and its end is not ours."""

import os
import signal
import time

import pytest

from dispatch.framing import frame
from dispatch.policy import Policy
from dispatch.solver_process import SolverProcess
from dispatch.solving import SolverFailed, SolverStopped, Task
from scheduler import Limits, solve
from tests.dispatch.framing_samples import PORT, asked, framed, movement
from tests.dispatch.sample_situation import situation


@pytest.fixture
def solver():
    process = SolverProcess()
    yield process
    process.close()


def small() -> Task:
    limits = Limits(wall_s=0.5, workers=1, deterministic=True)
    return Task(kind="solve", problem=framed(movement(1, asked())).problem, limits=limits)


def test_it_answers_as_the_scheduler_does_and_stays_warm(solver):
    task = small()
    answer = solver.run(task, answer_within_s=30)
    assert answer.placements == solve(task.problem, task.limits).placements
    pid = solver.pid
    began_s = time.monotonic()
    solver.run(task, answer_within_s=30)
    assert solver.pid == pid
    assert time.monotonic() - began_s < 2.0


def test_a_solver_that_was_killed_meanwhile_is_started_again(solver):
    solver.warm()
    os.kill(solver.pid, signal.SIGKILL)
    time.sleep(0.1)
    assert len(solver.run(small(), answer_within_s=30).placements) == 1


def test_a_solver_that_ends_while_it_works_is_a_failure(solver):
    solver.warm()
    problem = frame(situation("peak"), PORT, Policy()).problem
    killed = []

    def kill_once():
        if not killed:
            killed.append(os.kill(solver.pid, signal.SIGKILL))
        return False

    task = Task(kind="solve", problem=problem, limits=Limits(wall_s=60))
    with pytest.raises(SolverFailed) as failed:
        solver.run(task, answer_within_s=60, stop=kill_once)
    assert failed.value.reason == "ended"
    assert len(solver.run(small(), answer_within_s=30).placements) == 1


def test_a_malformed_question_is_an_error_and_not_the_end(solver):
    task = small()
    broken = Task(kind="solve", problem=None, limits=task.limits)  # pyright: ignore[reportArgumentType]
    with pytest.raises(SolverFailed) as failed:
        solver.run(broken, answer_within_s=30)
    assert failed.value.reason == "error"
    assert len(solver.run(task, answer_within_s=30).placements) == 1


def test_a_question_that_takes_too_long_is_given_up_and_the_next_is_answered(solver):
    problem = frame(situation("peak"), PORT, Policy()).problem
    solver.warm()
    with pytest.raises(SolverFailed) as failed:
        solver.run(
            Task(kind="solve", problem=problem, limits=Limits(wall_s=60)), answer_within_s=0.3
        )
    assert failed.value.reason == "too-long"
    assert len(solver.run(small(), answer_within_s=30).placements) == 1


def test_a_question_can_be_taken_back(solver):
    problem = frame(situation("peak"), PORT, Policy()).problem
    solver.warm()
    began_s = time.monotonic()
    with pytest.raises(SolverStopped):
        solver.run(
            Task(kind="solve", problem=problem, limits=Limits(wall_s=60)),
            answer_within_s=60,
            stop=lambda: time.monotonic() - began_s > 0.3,
        )
    assert time.monotonic() - began_s < 4.0
    assert len(solver.run(small(), answer_within_s=30).placements) == 1


def test_memory_is_bounded():
    problem = frame(situation("peak"), PORT, Policy()).problem
    process = SolverProcess(memory_mib=64)
    try:
        with pytest.raises(SolverFailed):
            process.run(Task(kind="solve", problem=problem, limits=Limits()), answer_within_s=20)
    finally:
        process.close()
