"""The gate: an answer that breaks a rule anew never passes, and its problem is kept."""

import json
from dataclasses import replace

import pytest

from dispatch.framing import frame
from dispatch.policy import Policy
from dispatch.solving import REJECTED_KEPT, Gate, PlanRefused, SolverFailed, Task
from scheduler import Limits, solve
from scheduler.outcome import Outcome
from scheduler.wire import outcome_from_json, problem_from_json
from tests.dispatch.framing_samples import NOW, PORT, asked, framed, movement, situation
from tests.dispatch.test_framing_states import under_way


class Answering:
    """A solver that gives one answer, or none."""

    def __init__(self, answer: Outcome | SolverFailed) -> None:
        self.answer = answer

    def run(self, task, *, answer_within_s, stop=None):
        if isinstance(self.answer, SolverFailed):
            raise self.answer
        return self.answer


LIMITS = Limits(wall_s=0.2, workers=1, deterministic=True)


def task() -> Task:
    problem = framed(movement(1, asked())).problem
    return Task(kind="solve", problem=problem, limits=LIMITS)


def test_a_plan_that_keeps_every_rule_passes(tmp_path):
    one = task()
    answer = solve(one.problem, LIMITS)
    judged = Gate(tmp_path).ask(Answering(answer), one, now=NOW, answer_within_s=1)
    assert judged.outcome == answer
    assert list(tmp_path.iterdir()) == []


def test_a_plan_that_breaks_a_rule_is_refused_and_kept_with_its_problem(tmp_path):
    one = task()
    answer = solve(one.problem, LIMITS)
    early = replace(answer.placements[0], start=one.problem.movements[0].earliest - 1)
    broken = replace(answer, placements=(early,))
    with pytest.raises(PlanRefused) as refused:
        Gate(tmp_path).ask(Answering(broken), one, now=NOW, answer_within_s=1)
    assert "requested_window" in {breach.rule for breach in refused.value.breaches}
    (folder,) = tmp_path.iterdir()
    assert problem_from_json((folder / "problem.json").read_text()) == one.problem
    assert outcome_from_json((folder / "outcome.json").read_text()).placements == (early,)
    reason = json.loads((folder / "reason.json").read_text())
    assert reason["breaches"][0]["movements"] == ["M1"]


def test_a_plan_that_forgets_a_movement_is_refused(tmp_path):
    one = task()
    with pytest.raises(PlanRefused):
        empty = Outcome(status="feasible", placements=())
        Gate(tmp_path).ask(Answering(empty), one, now=NOW, answer_within_s=1)


def test_what_has_happened_is_reported_and_stops_nothing(tmp_path):
    # a deep ship that has sailed at low water
    deep = under_way(-30, asked=asked(draught_m=16.9))
    problem = frame(situation(deep), PORT, Policy()).problem
    one = Task(kind="replan", problem=problem, limits=LIMITS)
    answer = solve(problem, LIMITS)
    judged = Gate(tmp_path).ask(Answering(answer), one, now=NOW, answer_within_s=1)
    found = {breach.rule for breach in judged.breaches}
    assert "under_keel_clearance" in found
    assert {breach.status for breach in judged.breaches} == {"actual"}


def test_no_answer_is_kept_too_and_old_reports_make_room(tmp_path):
    gate = Gate(tmp_path)
    for _ in range(REJECTED_KEPT + 3):
        with pytest.raises(SolverFailed):
            gate.ask(Answering(SolverFailed("too-long")), task(), now=NOW, answer_within_s=1)
    assert len(list(tmp_path.iterdir())) == REJECTED_KEPT


def test_a_folder_that_cannot_be_written_does_not_hide_the_refusal(tmp_path):
    taken = tmp_path / "rejected"
    taken.write_text("a file where the folder should be")
    with pytest.raises(SolverFailed):
        Gate(taken).ask(Answering(SolverFailed("ended")), task(), now=NOW, answer_within_s=1)
