"""Questions besides plans: asked of the child process, which they do not end; wishes as facts."""

from dataclasses import replace

import pytest

from dispatch.clock import SimulatedClock
from dispatch.errors import NotFound, StateConflict, ValueRefused
from dispatch.foresight import OTHER_BERTHS, Foresight
from dispatch.framing import frame
from dispatch.movement import Approval, MovementState, PlannedTime
from dispatch.policy import Policy
from dispatch.solver_process import SolverProcess
from dispatch.solving import SolverFailed
from dispatch.store.database import Database
from dispatch.wishes import RESTRICTIONS, Wish, asked_of, subjects, wished
from scheduler import Limits, publish, solve
from scheduler.certainty import certainty
from scheduler.margins import margins
from scheduler.problem import Interval
from scheduler.validation import validate
from scheduler.what_if import published, what_if
from scheduler.wishes import Instead, OutOfService
from tests.dispatch.framing_samples import PORT, asked, at, framed, movement, situation

LIMITS = Limits(wall_s=0.3, workers=1, deterministic=True)


@pytest.fixture(scope="module")
def problem():
    """A ship that comes and goes, with its plan published."""
    plain = framed(movement(1, asked()), movement(2, asked("exit", start_min=1200))).problem
    return publish(plain, solve(plain, LIMITS))


@pytest.fixture(scope="module")
def solver():
    process = SolverProcess()
    yield process
    process.close()


def test_each_kind_of_question_is_answered_as_in_this_process(solver, problem):
    name = problem.movements[0].id
    plan = published(problem)
    assert (
        solver.ask("margins", problem, LIMITS, name, answer_within_s=30)
        == margins(problem, plan)[name]
    )
    assert solver.ask("certainty", problem, LIMITS, None, answer_within_s=30) == certainty(
        problem, plan, seed=LIMITS.seed
    )
    changes = (Instead(problem=problem),)
    there = solver.ask("what-if", problem, LIMITS, changes, answer_within_s=30)
    here = what_if(problem, changes, LIMITS)
    assert (there.possible, there.moved) == (here.possible, here.moved)
    held = replace(
        problem,
        movements=(
            replace(problem.movements[0], published=None, held="papers"),
            *problem.movements[1:],
        ),
    )
    relaxed = solver.ask("relax", held, LIMITS, {"movement": name}, answer_within_s=30)
    assert relaxed.found.code == "release"


def test_a_question_that_makes_no_sense_does_not_end_the_process(solver, problem):
    solver.warm()
    pid = solver.pid
    with pytest.raises(SolverFailed) as failed:
        solver.ask("relax", problem, LIMITS, {"movement": "nobody"}, answer_within_s=30)
    assert failed.value.reason == "error"
    assert solver.ask("margins", problem, LIMITS, "nobody", answer_within_s=30) is None
    assert solver.pid == pid


def changed(wish, **of_movement):
    """The first movement after a wish about it, and its problem."""
    before = situation(movement(1, asked(), **of_movement))
    after = wished(before, (wish,), PORT)
    return after.movements[0], frame(after, PORT, Policy()).problem


def test_a_wish_is_put_into_the_situation_as_the_fact_would_be():
    one, problem = changed(Wish(kind="estimate", movement_id="M1", from_at=at(200)))
    assert one.estimated_at == at(200)
    assert problem.movements[0].earliest == 200
    one, problem = changed(Wish(kind="draught", movement_id="M1", draught_m=7.5))
    assert problem.movements[0].draught_mm == 7_500
    one, problem = changed(Wish(kind="hold", movement_id="M1"))
    assert problem.movements[0].held is not None
    _, problem = changed(Wish(kind="release", movement_id="M1"), clearance=Approval.HELD)
    assert problem.movements[0].held is None
    _, urgent = changed(Wish(kind="priority", movement_id="M1", priority=1))
    _, plain = changed(Wish(kind="priority", movement_id="M1", priority=3))
    assert urgent.movements[0].late_weight > plain.movements[0].late_weight
    other = next(
        name
        for name, berth in PORT.berths.items()
        if one.vessel.vessel_type in berth.vessel_types
        and berth.max_loa_m >= one.vessel.loa_m
        and name not in one.asked.berths
    )
    one, problem = changed(Wish(kind="berth", movement_id="M1", place=other))
    assert {mode.to_place for mode in problem.movements[0].modes} == {other}


def test_a_closed_channel_and_a_tug_out_are_put_there_too():
    tug = PORT.towage.tugs[0].tug_id
    before = situation(movement(1, asked()))
    after = wished(
        before,
        (
            Wish(kind="closure", from_at=at(0), to_at=at(50)),
            Wish(kind="out_of_service", resource_id=tug, from_at=at(0)),
        ),
        PORT,
    )
    problem = frame(after, PORT, Policy()).problem
    assert [(one.span.begin, one.span.end) for one in problem.closures] == [(0, 50)]
    assert next(one for one in problem.resources if one.id == tug).off
    assert before.restrictions == ()


def test_what_began_at_another_minute_than_told_is_not_moved_by_a_question():
    plain = framed(movement(1, asked()))
    (answer,) = solve(plain.problem, LIMITS).placements
    item = plain.movements["M1"].variants[answer.mode].mode
    told_at = PlannedTime(
        start_at=at(-20), end_at=at(item.end_at - 20), mode=item.id, from_place=None,
        to_place=item.to_place, passage=(), crews=(), plan_version=1,
    )  # fmt: skip
    begun = movement(
        1, asked(), state=MovementState.UNDER_WAY, planned=told_at, actual_start_at=at(-13)
    )
    problem = framed(begun).problem
    one = problem.movements[0]
    assert (one.published and one.published.start, one.fixed and one.fixed.start) == (-20, -13)
    tug = PORT.towage.tugs[0].tug_id
    out = OutOfService(resource=tug, span=Interval(0, 60))
    supposed = what_if(problem, (out,), LIMITS)
    assert (supposed.possible, supposed.moved) == (True, ())
    assert {row.start_before for row in supposed.recrewed} <= {-13}


def test_other_berths_are_asked_of_only_with_problems_that_make_sense(tmp_path, monkeypatch):
    database = Database(f"sqlite:///{tmp_path}/fairway.db", port="guangzhou")
    asking = Foresight(database, PORT, Policy(), SimulatedClock(at(0), speed=0.0))
    plain = framed(movement(1, asked()))
    found = asking._elsewhere(plain, "M1")
    assert len(found) == OTHER_BERTHS
    assert all(validate(problem) == () for problem in found.values())
    monkeypatch.setattr("dispatch.foresight.validate", lambda problem: ("a fault",))
    assert asking._elsewhere(plain, "M1") == {}
    held = framed(movement(1, asked(), clearance=Approval.HELD))
    assert asking._elsewhere(held, "M1") == {}


def test_a_start_and_one_more_are_asked_of_the_problem():
    plain = framed(movement(1, asked()))
    wishes = (
        Wish(kind="start", movement_id="M1", from_at=at(100), to_at=at(130)),
        Wish(kind="one_more", pool="tugs", from_at=at(40)),
    )
    problem = asked_of(plain.problem, plain.grid, wishes)
    (one,) = problem.movements
    assert (one.earliest, one.latest) == (100, 130)
    assert len(problem.resources) == len(plain.problem.resources) + 1
    assert subjects(wishes) == ("M1",)


@pytest.mark.parametrize("state", [MovementState.UNDER_WAY, MovementState.COMPLETED])
def test_what_has_begun_is_not_supposed_otherwise(state):
    with pytest.raises(StateConflict):
        changed(Wish(kind="hold", movement_id="M1"), state=state)


@pytest.mark.parametrize("kind", ["estimate", "draught", "berth", "priority", "out_of_service"])
def test_a_wish_without_what_its_kind_needs_is_refused(kind):
    with pytest.raises(ValueRefused):
        changed(Wish(kind=kind, movement_id="M1"))


@pytest.mark.parametrize("kind", sorted(RESTRICTIONS))
def test_a_restriction_without_its_beginning_is_refused(kind):
    with pytest.raises((ValueRefused, NotFound)):
        changed(Wish(kind=kind, place=next(iter(PORT.berths)), value=1.0))


@pytest.mark.parametrize(
    "wish",
    [
        *(
            Wish(kind=kind, place=next(iter(PORT.berths)), value=1.0, from_at=at(60), to_at=at(60))
            for kind in ("closure", "berth_closed", "visibility", "wind")
        ),
        Wish(kind="draught", movement_id="M1", draught_m=10.1),
        Wish(
            kind="out_of_service",
            resource_id=PORT.towage.tugs[0].tug_id,
            from_at=at(60),
            to_at=at(0),
        ),
        Wish(kind="wind", value=-1.0, from_at=at(0)),
        Wish(kind="estimate", movement_id="M1", from_at=at(60 * 24 * 365 * 20)),
    ],
    ids=lambda wish: wish.kind,
)
def test_what_would_be_refused_as_a_fact_is_not_supposed_either(wish):
    with pytest.raises(ValueRefused):
        changed(wish)


def test_a_start_in_no_minute_is_refused():
    plain = framed(movement(1, asked()))
    wish = Wish(kind="start", movement_id="M1", from_at=at(100), to_at=at(99))
    with pytest.raises(ValueRefused):
        asked_of(plain.problem, plain.grid, (wish,))
