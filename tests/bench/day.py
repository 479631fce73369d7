"""The sample days on the real service: first plan, re-plans, waiting, memory.

Everything runs in this process but the solver, which has its own as always; only HTTP is left out.
"""

import asyncio
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from api.demo.disturbances import Rows, ship_runs_late, tug_declines
from api.demo.report import quantile
from api.demo.world import instant
from api.service import Service
from api.settings import Settings
from dispatch.clock import SimulatedClock
from dispatch.commands import (
    Actor,
    Declare,
    DeclineService,
    EstimateMovement,
    Restrict,
    TakeOutOfService,
)
from dispatch.intake import read_plan
from dispatch.lifecycle import Party
from dispatch.port import Port, SampleDay, load_port, sample_day
from dispatch.store.reading import read_entities, read_plan_files
from scheduler import first_come_first_served
from scheduler.answer import objective
from scheduler.outcome import Outcome
from scheduler.problem import Problem
from scheduler.wire import outcome_from_json, problem_from_json
from tests.bench.line import Line

DISTURBANCES = 30
PLAN_WITHIN_S = 60.0
DISPATCH = Actor(account="bench", organisation="PORT", party=Party.DISPATCH)


def run() -> Iterator[Line]:
    """Measure both days."""
    port = load_port("guangzhou")
    for name in ("typical", "peak"):
        with tempfile.TemporaryDirectory() as folder:
            yield from asyncio.run(_measure(port, sample_day(port, name), Path(folder)))


async def _measure(port: Port, day: SampleDay, folder: Path) -> list[Line]:
    bare_mib = _peak_mib("self")
    service = Service(
        Settings(data_dir=folder, demo=True), clock=SimulatedClock(day.starts_at, speed=1.0)
    )
    await service.start()
    try:
        await _forecast(service, day)
        first_s, movements = await _first_plan(service, port, day)
        problem, outcome = _plan_in_force(service)
        replans_s = await _disturb(service, port, day)
        peak_mib = _peak_mib("self") + sum(_peak_mib(pid) for pid in _children())
    finally:
        await service.stop()
    return [
        *_plan_lines(day.name, first_s, movements, problem, outcome),
        *_replan_lines(day.name, replans_s, first_s),
        Line(
            bench="day.memory",
            case=day.name,
            value=peak_mib,
            unit="MiB",
            against="the same process before the service starts",
            baseline=bare_mib,
            note="peak of the service and its solver processes together",
        ),
    ]


def _plan_lines(
    case: str, first_s: float, movements: int, problem: Problem, outcome: Outcome
) -> list[Line]:
    begun_s = time.perf_counter()
    draft = first_come_first_served(problem)
    served_s = time.perf_counter() - begun_s
    served = objective(draft)
    mine_h, theirs_h = (
        ticks * problem.tick_s / 3600 for ticks in (outcome.objective.late_ticks, served.late_ticks)
    )
    baseline = "first come, first served, back-filled"
    note = f"{len(outcome.unplaced)} of {movements} unplaced; baseline {served.unplaced}"
    return [
        Line(
            bench="day.first_plan",
            case=case,
            value=first_s,
            unit="s",
            against=baseline,
            baseline=served_s,
            note="from the last declaration's receipt to its plan on the boards",
        ),
        Line(
            bench="day.waiting",
            case=case,
            value=mine_h,
            unit="h",
            against=baseline,
            baseline=theirs_h,
            note=note,
        ),
    ]


def _replan_lines(case: str, replans_s: Sequence[float], first_s: float) -> list[Line]:
    return [
        Line(
            bench=f"day.replan_{name}",
            case=case,
            value=quantile(replans_s, share) or 0.0,
            unit="s",
            against="the first plan",
            baseline=first_s,
            note=f"{len(replans_s)} of {DISTURBANCES} single disturbances changed the plan; "
            "from sent to on the boards",
        )
        for name, share in (("p50", 0.5), ("p95", 0.95))
    ]


async def _forecast(service: Service, day: SampleDay) -> None:
    for wind in day.conditions.wind:
        await service.submit(
            Restrict(kind="wind", from_at=wind.from_at, to_at=wind.to_at, value=wind.wind_mps),
            DISPATCH,
        )
    for seen in day.conditions.visibility:
        await service.submit(
            Restrict(
                kind="visibility",
                from_at=seen.from_at,
                to_at=seen.to_at,
                value=seen.visibility_m,
                segments=seen.segments,
            ),
            DISPATCH,
        )
    for outage in day.outages:
        command = TakeOutOfService(
            resource_id=outage.resource_id, from_at=outage.from_at, to_at=outage.to_at
        )
        await service.submit(command, DISPATCH)


async def _first_plan(service: Service, port: Port, day: SampleDay) -> tuple[float, int]:
    movements = 0
    begun_s = time.perf_counter()
    for company, path in day.spreadsheets.items():
        now = service.clock.now()
        plan = read_plan(path.read_bytes(), path.name, port=port, company=company, now=now)
        actor = Actor(account=company, organisation=company, party=Party.COMPANY)
        receipt = await service.submit(Declare(plan=plan), actor)
        movements += len(receipt.body["movements"])
        begun_s = time.perf_counter()
    await _until(lambda plan: plan["placed"] + plan["unplaced"] >= movements, service)
    return time.perf_counter() - begun_s, movements


async def _until(holds: Callable[[Mapping[str, Any]], bool], service: Service) -> Mapping[str, Any]:
    begun_s = time.perf_counter()
    while time.perf_counter() - begun_s < PLAN_WITHIN_S:
        plan = service.hub.entities.get("plan", {}).get("plan")
        if plan is not None and holds(plan):
            return plan
        await asyncio.sleep(0.005)
    raise TimeoutError("no plan came")


def _plan_in_force(service: Service) -> tuple[Problem, Outcome]:
    problem_json, outcome_json = read_plan_files(service.database, service.plan_version)
    return problem_from_json(problem_json), outcome_from_json(outcome_json)


async def _disturb(service: Service, port: Port, day: SampleDay) -> list[float]:
    """Send single disturbances one after another; each waits for its plan."""
    random = Random(7)
    seconds: list[float] = []
    kinds = ("decline", "late", "closure", "outage")
    for turn in range(DISTURBANCES):
        _, rows = await asyncio.to_thread(read_entities, service.database)
        given = _command(kinds[turn % len(kinds)], service, port, rows, random)
        if given is None:
            continue
        command, actor = given
        before = service.plan_version
        begun_s = time.perf_counter()
        receipt = await service.submit(command, actor)
        if await _changes_the_plan(service, receipt.offset, before):
            seconds.append(time.perf_counter() - begun_s)
    return seconds


async def _changes_the_plan(service: Service, offset: int, before: int) -> bool:
    """Wait for a fact's plan; False where planning is through with it and nothing had to change."""
    begun_s = time.perf_counter()
    while time.perf_counter() - begun_s < PLAN_WITHIN_S:
        if service.plan_version > before:
            return True
        status = service.planner.status if service.planner else None
        if status is not None and status.offset >= offset and not status.busy:
            return service.plan_version > before
        await asyncio.sleep(0.005)
    raise TimeoutError("planning did not come to an end")


def _command(
    kind: str, service: Service, port: Port, rows: Rows, random: Random
) -> tuple[object, Actor] | None:
    now = service.clock.now()
    if kind == "decline":
        act = tug_declines(now, rows, random)
        if act is None:
            return None
        actor = Actor(account="tug", organisation=act.party, party=Party.TOWAGE)
        return DeclineService(service_id=act.path.split("/")[3], reason_code="crew_rest"), actor
    if kind == "late":
        act = ship_runs_late(now, rows, random)
        if act is None:
            return None
        actor = Actor(account="agent", organisation=act.party, party=Party.COMPANY)
        movement_id = act.path.split("/")[3]
        start = rows["movement"][movement_id]["planned"]["start_at"]
        late_at = instant(start) + timedelta(minutes=random.randrange(20, 120, 5))
        return EstimateMovement(movement_id=movement_id, estimated_at=late_at), actor
    if kind == "closure":
        from_at = now + timedelta(minutes=random.randrange(60, 600, 10))
        segment = random.choice(list(port.segments)[-6:-1])
        return (
            Restrict(
                kind="closure",
                from_at=from_at,
                to_at=from_at + timedelta(minutes=40),
                segments=(segment,),
                reason="fog",
            ),
            DISPATCH,
        )
    tug = random.choice([item.tug_id for item in port.towage.tugs])
    from_at = now + timedelta(minutes=random.randrange(0, 600, 10))
    command = TakeOutOfService(
        resource_id=tug, from_at=from_at, to_at=from_at + timedelta(hours=3), reason="engine"
    )
    return command, DISPATCH


def _children() -> list[str]:
    """Process ids of this process's own children: the solvers."""
    me = str(os.getpid())
    folders = [item for item in Path("/proc").iterdir() if item.name.isdigit()]
    return [
        folder.name
        for folder in folders
        if (folder / "stat").read_text().rpartition(")")[2].split()[1] == me
    ]


def _peak_mib(process: str) -> float:
    if process == "self":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
