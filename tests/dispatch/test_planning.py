"""The loop, with the real books and the real solver's process."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import dispatch.planning
from dispatch.clock import SimulatedClock
from dispatch.commands import (
    PLANNER,
    Actor,
    ClearMovement,
    ConfirmService,
    Declare,
    DeclineService,
    EstimateMovement,
    HoldMovement,
    RegisterResources,
    ReportEvent,
)
from dispatch.declaration import Alongside, CallPlan, DeclarationPlan, Stretch
from dispatch.events import FactKind
from dispatch.improving import Improver
from dispatch.lifecycle import Party
from dispatch.movement import EventKind, Movement, MovementState
from dispatch.planning import Planner
from dispatch.planning_desk import StoreDesk
from dispatch.planning_service import planning
from dispatch.policy import ImprovingPolicy, Policy, PublishPolicy
from dispatch.port import Port
from dispatch.roster import resources_of
from dispatch.solver_process import SolverProcess
from dispatch.solving import SolverFailed
from dispatch.store.database import Database
from dispatch.store.reading import read_entities, read_outbox, read_plans
from dispatch.store.writer import Writer
from tests.dispatch.framing_samples import NOW, PORT, asked, at, vessel
from tests.dispatch.test_rule_days import MIDNIGHT_MIN, TODAY, TOMORROW, all_by_day

COMPANY = Actor(account="nsa", organisation="CO-NSA", party=Party.COMPANY)
DISPATCH = Actor(account="duty", organisation="PORT", party=Party.DISPATCH)
MARITIME = Actor(account="msa", organisation="MSA", party=Party.MARITIME)
PILOTS = Actor(account="pilots", organisation="PILOT", party=Party.PILOTAGE)

QUICK = Policy(
    gather_ms=20, first_plan_s=0.5, replan_s=0.5, improving=ImprovingPolicy(on=False), workers=1
)


@pytest.fixture(scope="module")
def solver() -> Iterator[SolverProcess]:
    process = SolverProcess()
    process.warm()
    yield process
    process.close()


class Service:
    """A small service: books, clock, planner."""

    def __init__(self, folder: Path, solver: Any, policy: Policy, port: Port = PORT) -> None:
        self.rejected = folder / "rejected"
        self.database = Database(f"sqlite:///{folder}/fairway.db", port="guangzhou")
        self.database.upgrade()
        self.clock = SimulatedClock(NOW, speed=0)
        self.writer = Writer(self.database, self.clock)
        self.writer.start()
        self.desk = StoreDesk(self.database, self.writer, self.clock)
        self.give(RegisterResources(resources=resources_of(PORT)), PLANNER)
        improver = Improver(port, policy, solver, self.clock, rejected=self.rejected)
        self.planner = Planner(
            self.desk, port, policy, solver, self.clock,
            rejected=self.rejected, improver=improver,
        )  # fmt: skip

    def give(self, command: object, actor: Actor) -> Any:
        future: Future[Any] = self.writer.submit(command, actor)
        return future.result(10).body

    def declare(
        self, number: int, *plans: Any, alongside: Alongside | None = None
    ) -> tuple[str, ...]:
        ship = vessel(imo=f"{9000000 + number}", mmsi=f"{412000000 + number}")
        call = CallPlan(call_ref=str(number), vessel=ship, movements=plans, alongside=alongside)
        plan = DeclarationPlan(company="CO-NSA", reference=f"p{number}", calls=(call,))
        return tuple(one["id"] for one in self.give(Declare(plan=plan), COMPANY)["movements"])

    def movement(self, name: str) -> Movement:
        return next(item for item in self.desk.situation().movements if item.id == name)

    def until(self, holds: Callable[[], Any], within_s: float = 20.0) -> None:
        end_s = time.monotonic() + within_s
        while time.monotonic() < end_s:
            if holds():
                return
            time.sleep(0.02)
        pytest.fail(f"not within {within_s} s: {self.planner.status}")

    def until_planned(self, *names: str) -> None:
        self.until(lambda: all(self.movement(name).planned for name in names))

    def settle(self) -> None:
        """Wait until every fact has been looked at."""

        def settled() -> bool:
            status = self.planner.status
            return not status.busy and status.offset >= self.desk.last_offset()

        self.until(settled)

    def close(self) -> None:
        assert self.planner.stop()
        assert self.writer.stop()
        self.database.close()


@pytest.fixture
def make(tmp_path: Path, solver: SolverProcess) -> Iterator[Callable[..., Service]]:
    made: list[Service] = []

    def start(
        policy: Policy = QUICK, using: Any = solver, *, begin: bool = True, port: Port = PORT
    ) -> Service:
        service = Service(tmp_path / f"{len(made)}", using, policy, port)
        made.append(service)
        if begin:
            service.planner.start()
            service.until(lambda: service.planner.status.generation)
            service.settle()
        return service

    yield start
    for service in made:
        service.close()


def test_what_is_declared_is_planned_and_published(make):
    service = make()
    entry, leave = service.declare(1, asked(start_min=200), asked("exit", 1300))
    service.until_planned(entry, leave)
    planned = service.movement(entry).planned
    assert planned is not None
    assert (planned.start_at, planned.to_place) == (at(200), "NS1-1")
    services = [one for one in service.desk.situation().services if one.movement_id == entry]
    assert {one.need for one in services} == {"pilots", "tugs-berthing"}
    (version,) = read_plans(service.database)
    assert version.cause == ("declared",)
    assert version.replan_ms is None


def test_facts_that_come_together_make_one_plan(make):
    service = make(replace(QUICK, gather_ms=500))
    names = [
        service.declare(number, asked(start_min=200, berths=(f"NS1-{number}",)))[0]
        for number in range(1, 4)
    ]
    service.until_planned(*names)
    assert len(read_plans(service.database)) == 1


def test_a_late_ship_moves_and_the_others_stay(make):
    service = make()
    late = service.declare(1, asked(start_min=300, berths=("NS1-1",)))[0]
    other = service.declare(2, asked(start_min=400, berths=("NS1-3",)))[0]
    service.until_planned(late, other)
    stays = service.movement(other).planned
    service.give(EstimateMovement(movement_id=late, estimated_at=at(420)), DISPATCH)
    service.until(lambda: service.movement(late).planned.start_at >= at(420))
    assert service.movement(other).planned == stays
    version = read_plans(service.database)[0]
    assert (version.cause, version.moved) == (("estimated",), 1)
    assert version.replan_ms is not None
    assert service.movement(late).change.from_at == at(300)


def test_a_declined_pilot_is_replaced_and_the_time_stays(make):
    service = make()
    (entry,) = service.declare(1, asked(start_min=300))
    service.until_planned(entry)
    job = next(one for one in service.desk.situation().services if one.need == "pilots")
    service.give(DeclineService(service_id=job.id, reason_code="unfit"), PILOTS)

    def replaced() -> bool:
        found = [one for one in service.desk.situation().services if one.need == "pilots"]
        return bool(found) and found[0].resource_id != job.resource_id

    service.until(replaced)
    assert service.movement(entry).planned.start_at == at(300)


def test_a_hold_takes_the_time_away_and_says_so(make):
    service = make()
    (entry,) = service.declare(1, asked(start_min=300))
    service.until_planned(entry)
    service.give(HoldMovement(movement_id=entry, reason_code="inspection"), MARITIME)
    service.until(lambda: service.movement(entry).planned is None)
    assert [reason.rule for reason in service.movement(entry).unplaced_reasons] == ["hold"]


def test_an_answer_that_only_confirms_plans_nothing(make):
    service = make()
    (entry,) = service.declare(1, asked(start_min=300))
    service.until_planned(entry)
    before = len(read_outbox(service.database, 0))
    for job in service.desk.situation().services:
        if job.organisation == "PILOT":
            service.give(ConfirmService(service_id=job.id), PILOTS)
    service.give(ClearMovement(movement_id=entry), MARITIME)
    time.sleep(0.5)
    kinds = [fact.kind for fact in read_outbox(service.database, before)]
    assert kinds == [FactKind.SERVICE_CONFIRMED, FactKind.CLEARED]


def test_a_start_without_a_report_becomes_overdue_and_is_planned_anew(make):
    service = make()
    (entry,) = service.declare(1, asked(start_min=100))
    service.until_planned(entry)
    service.settle()
    service.clock.advance_to(at(110))
    time.sleep(1.2)
    assert service.movement(entry).planned.start_at == at(100)
    service.clock.advance_to(at(116))
    service.until(lambda: service.movement(entry).planned.start_at >= at(116))
    kinds = [fact.kind for fact in read_outbox(service.database, 0)]
    assert kinds.count(FactKind.OVERDUE) == 1


def test_a_movement_that_has_begun_is_never_moved_again(make):
    service = make()
    (entry,) = service.declare(1, asked(start_min=100))
    service.until_planned(entry)
    service.clock.advance_to(at(104))
    event = ReportEvent(
        movement_id=entry, kind=EventKind.PILOT_ON_BOARD, actual_at=at(103),
        force=True, reason="reported by VHF",
    )  # fmt: skip
    service.give(event, DISPATCH)
    service.until(lambda: service.movement(entry).planned.start_at == at(103))
    other = service.declare(2, asked(start_min=101, berths=("NS1-2",)))[0]
    service.until_planned(other)
    begun = service.movement(entry)
    assert (begun.state, begun.planned.start_at) == (MovementState.UNDER_WAY, at(103))
    gap = service.movement(other).planned.start_at - at(103)
    assert abs(gap) >= timedelta(minutes=10)


def test_what_is_beyond_the_horizon_is_planned_once_it_comes_into_sight(make):
    service = make()
    (far,) = service.declare(1, asked(start_min=48 * 60 + 30))
    service.until(lambda: service.movement(far).unplaced_reasons)
    assert service.movement(far).unplaced_reasons[0].rule == "beyond_horizon"
    service.settle()
    service.clock.advance_to(at(31))
    service.until_planned(far)


def test_a_ship_that_comes_to_sail_on_another_day_keeps_to_the_rules_of_that_day(make):
    service = make(port=all_by_day(effective_from=TOMORROW))
    # asked for before midnight, but no berth of hers is reached before it
    names = service.declare(1, asked(start_min=MIDNIGHT_MIN - 20))
    service.until_planned(*names)
    start_at = service.movement(names[0]).planned.start_at
    assert start_at >= at(MIDNIGHT_MIN + 6 * 60)
    assert not service.rejected.exists()


def test_who_was_kept_out_by_a_rule_is_planned_at_the_midnight_at_which_it_ends(make):
    service = make(port=all_by_day(effective_to=TODAY))
    at_night = asked(start_min=MIDNIGHT_MIN - 60, latest_at=at(MIDNIGHT_MIN + 60))
    (name,) = service.declare(1, at_night)
    service.until(lambda: service.movement(name).unplaced_reasons)
    assert service.movement(name).unplaced_reasons[0].rule == "daylight"
    service.settle()
    service.clock.advance_to(at(MIDNIGHT_MIN))
    service.until_planned(name)


def test_a_plan_that_moves_too_much_waits_for_the_dispatch_centre(make):
    service = make(replace(QUICK, publish=PublishPolicy(mode="ask")))
    (entry,) = service.declare(1, asked(start_min=300))
    service.until_planned(entry)
    service.give(EstimateMovement(movement_id=entry, estimated_at=at(420)), DISPATCH)
    service.until(lambda: read_entities(service.database)[1]["proposal"])
    assert service.movement(entry).planned.start_at == at(300)
    (proposal,) = read_entities(service.database)[1]["proposal"].values()
    assert proposal["changes"][0]["movement_id"] == entry


class Overtaken:
    """The real solver, while new facts come for each of its first answers."""

    def __init__(self, solver: SolverProcess) -> None:
        self.solver = solver
        self.before_answering: list[Callable[[], object]] = []
        self.walls: list[float] = []

    def run(self, task, *, answer_within_s, stop=None):
        self.walls.append(task.limits.wall_s)
        outcome = self.solver.run(task, answer_within_s=answer_within_s)
        if self.before_answering:
            self.before_answering.pop()()
        return outcome


def test_a_plan_overtaken_by_facts_is_made_again_and_gets_through(make, solver):
    slow = Overtaken(solver)
    service = make(replace(QUICK, overtake_ms=0), slow, begin=False)
    numbers = iter(range(2, 5))

    def declare_another() -> None:
        number = next(numbers)
        service.declare(number, asked(start_min=300, berths=(f"NS1-{number}",)))

    slow.before_answering = [declare_another] * 3
    (entry,) = service.declare(1, asked(start_min=300))
    service.planner.start()
    service.until_planned(entry)
    (version,) = read_plans(service.database)
    assert version.placed == 4
    assert slow.walls[:4] == [0.5, 0.25, 0.125, 0.1]


def test_commands_are_not_held_while_planning_rests_after_a_fault(make, solver, monkeypatch):
    monkeypatch.setattr(dispatch.planning, "LONGEST_HOLD_S", 60.0)
    monkeypatch.setattr(dispatch.planning, "AFTER_FAULT_S", 60.0)
    slow = Overtaken(solver)
    service = make(replace(QUICK, overtake_ms=0), slow, begin=False)

    def fail() -> None:
        raise RuntimeError("spoilt")

    def declare_another() -> None:
        service.declare(2, asked(start_min=300, berths=("NS1-2",)))

    slow.before_answering = [fail, declare_another]
    service.declare(1, asked(start_min=300))
    service.planner.start()
    service.until(lambda: service.planner.status.fault == "error")
    assert not slow.before_answering
    # while others' commands are held, this would not come back
    service.declare(3, asked(start_min=300, berths=("NS1-3",)))


class Faulty:
    """A solver whose answers are changed by what a test says, and then the real one."""

    def __init__(self, solver: SolverProcess, spoil: Callable[[Any], Any], times: int) -> None:
        self.solver = solver
        self.spoil = spoil
        self.times = times
        self.walls: list[float] = []

    def run(self, task, *, answer_within_s, stop=None):
        self.walls.append(task.limits.wall_s)
        outcome = self.solver.run(task, answer_within_s=answer_within_s, stop=stop)
        self.times -= 1
        return self.spoil(outcome) if self.times >= 0 else outcome


def _too_early(outcome):
    return replace(
        outcome,
        placements=tuple(replace(item, start=item.start - 60) for item in outcome.placements),
    )


def _lost(_outcome):
    raise SolverFailed("ended")


@pytest.mark.parametrize("spoil", [_too_early, _lost])
def test_a_bad_answer_never_leaves_and_the_plainest_plan_does(make, solver, spoil):
    faulty = Faulty(solver, spoil, times=1)
    service = make(QUICK, faulty)
    (entry,) = service.declare(1, asked(start_min=300))
    service.until_planned(entry)
    assert service.movement(entry).planned.start_at == at(300)
    assert faulty.walls == [0.5, 0.0]
    (kept,) = service.rejected.iterdir()
    assert (kept / "problem.json").is_file()


def test_when_no_answer_is_good_the_plan_in_force_stays_and_the_fault_is_shown(make, solver):
    faulty = Faulty(solver, _too_early, times=0)
    service = make(QUICK, faulty)
    (entry,) = service.declare(1, asked(start_min=300))
    service.until_planned(entry)
    faulty.times = 2
    (other,) = service.declare(2, asked(start_min=300, berths=("NS1-3",)))
    service.until(lambda: service.planner.status.fault == "refused")
    assert service.movement(entry).planned.start_at == at(300)
    assert service.movement(other).planned is None
    (third,) = service.declare(3, asked(start_min=500, berths=("NS1-4",)))
    service.until_planned(entry, other, third)
    service.until(lambda: service.planner.status.fault == "")


def test_a_second_planner_fences_the_first(make):
    service = make()
    (entry,) = service.declare(1, asked(start_min=300))
    service.until_planned(entry)
    service.settle()
    service.writer.acquire_lease("another")
    (other,) = service.declare(2, asked(start_min=300, berths=("NS1-3",)))
    service.until(lambda: service.planner.status.fault == "fenced")
    assert service.movement(other).planned is None


def test_a_plan_gets_out_although_facts_come_faster_than_plans_are_made(make):
    service = make(replace(QUICK, overtake_ms=200))
    (first,) = service.declare(1, asked())
    service.until_planned(first)
    over = threading.Event()

    def disturb() -> None:
        minute = 0
        while not over.is_set():
            minute += 1
            later = at(200 + minute % 50)
            service.give(EstimateMovement(movement_id=first, estimated_at=later), COMPANY)

    storm = threading.Thread(target=disturb)
    storm.start()
    try:
        (second,) = service.declare(2, asked(berths=("NS1-2",)))
        service.until(lambda: service.movement(second).planned, within_s=20)
    finally:
        over.set()
        storm.join(10)
    assert not storm.is_alive()


def test_the_improver_finds_a_place_without_asking_when_nobody_told_is_moved(make, solver):
    policy = replace(QUICK, improving=ImprovingPolicy(on=True, after_idle_s=0.2, budget_s=2.0))
    dropping = Faulty(solver, _drop_last, times=1)
    service = make(policy, dropping, begin=False)
    (first,) = service.declare(1, asked(start_min=300))
    (second,) = service.declare(2, asked(start_min=300, berths=("NS1-3",)))
    service.planner.start()
    service.until_planned(first, second)
    assert read_plans(service.database)[0].cause == ("improved",)


def _drop_last(outcome):
    from scheduler.outcome import Reason, Unplaced

    *kept, last = outcome.placements
    lost = Unplaced(movement=last.movement, reasons=(Reason(rule="headway"),))
    return replace(outcome, placements=tuple(kept), unplaced=(*outcome.unplaced, lost))


def test_a_ship_that_cannot_leave_before_the_next_one_comes_still_gets_a_time(make):
    service = make()
    here = Alongside(place="NS1-1", since_at=at(-600), stretch=Stretch(from_m=60.0, to_m=250.0))
    leave = service.declare(1, asked("exit", 60, berths=()), alongside=here)[0]
    (entry,) = service.declare(2, asked(start_min=130))
    service.until_planned(leave, entry)
    begun = service.movement(entry).planned.start_at
    service.clock.advance_to(begun)
    event = ReportEvent(
        movement_id=entry, kind=EventKind.PILOT_ON_BOARD, actual_at=begun,
        force=True, reason="reported by VHF",
    )  # fmt: skip
    service.give(event, DISPATCH)
    service.until(lambda: service.movement(entry).state is MovementState.UNDER_WAY)
    # the ship at the berth is late by more than the other takes to come
    late_at = begun + timedelta(minutes=400)
    service.give(EstimateMovement(movement_id=leave, estimated_at=late_at), DISPATCH)
    service.until(lambda: (found := service.movement(leave).planned) and found.start_at >= late_at)
    # any further fact makes the one under way wait for her
    service.declare(3, asked(start_min=900, berths=("NS1-4",)))

    def waits() -> bool:
        berthing = next(
            job
            for job in service.desk.situation().services
            if job.movement_id == entry and job.need == "tugs-berthing"
        )
        return berthing.planned_start_at >= service.movement(leave).planned.start_at

    service.until(waits)


def test_planning_starts_and_ends_with_its_solvers(make, tmp_path):
    service = make(begin=False)
    (entry,) = service.declare(1, asked(start_min=300))
    with planning(
        service.database, service.writer, PORT, QUICK, service.clock, data=tmp_path
    ) as planner:
        service.until_planned(entry)
        service.until(lambda: planner.status.plan_version == 1)
    assert not [one for one in threading.enumerate() if one.name == "fairway-planner"]
