"""A real service with a day on it: spreadsheets declared, and a plan put in force by hand.

The plan is not a solver's: the console's tests want a known one at once. It goes through the same
command as a solver's does.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2

from dispatch.clock import SimulatedClock
from dispatch.commands import (
    PLANNER,
    AcquireLease,
    PlacedMovement,
    PlannedService,
    PlanRecord,
    PublishPlan,
    UnplacedMovement,
)
from dispatch.movement import (
    MovementState,
    PassageLeg,
    PlannedTime,
    Reason,
    ServiceKind,
)
from dispatch.port import load_port, sample_day
from dispatch.store.reading import read_situation
from tests.api import serving

PORT = load_port("guangzhou")
DAY = sample_day(PORT, "typical")
STARTS_AT = datetime.combine(DAY.day, datetime.min.time(), PORT.zone).astimezone(UTC)
COMPANIES = ("CO-PC", "CO-RO")
TUGS = "TUG-A"
SIGN_IN = ("PORT", "MSA", "PILOT", "TUG-A", "CO-RO", "CO-PC")
"""Accounts that are there from the start, to sign in through the form."""
PASSAGE = ("S01", "S02", "S03", "S04a", "S05", "S06")
STEP = timedelta(minutes=25)


class Stage:
    """A service that runs, and a hand that plans."""

    def __init__(self, folder: Path, companies=COMPANIES) -> None:
        self.folder = folder
        self.clock = SimulatedClock(STARTS_AT, speed=1.0)
        self.running = serving.run(folder, clock=self.clock)
        self.companies = companies
        self.sessions: dict[str, dict[str, str]] = {}
        for account in SIGN_IN:
            serving.make_account(self.running, account)

    @property
    def url(self) -> str:
        return self.running.url

    def situation(self):
        return read_situation(self.running.service.database, now=self.clock.now())

    def declare_sample(self, company: str) -> dict:
        path = DAY.spreadsheets[company]
        with self.running.as_(company) as client:
            files = {"file": (path.name, path.read_bytes())}
            answer = client.post("/v1/declarations/import", files=files)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def declare_all(self) -> None:
        for company in self.companies:
            self.declare_sample(company)
        self.publish()

    def session(self, account: str) -> dict[str, str]:
        """An open session as the console keeps it; signing in anew each time is slow on purpose."""
        if account not in self.sessions:
            serving.make_account(self.running, account)
            body = {"account": account, "password": serving.PASSWORD}
            answer = httpx2.post(f"{self.url}/v1/sessions", json=body)
            assert answer.status_code == 201, answer.text
            self.sessions[account] = answer.json()
        return self.sessions[account]

    def do(self, command) -> dict:
        return dict(self.running.service.writer.submit(command, PLANNER).result(30).body)

    def publish(
        self, later: dict[str, timedelta] | None = None, left_out: tuple[str, ...] = ()
    ) -> int:
        """Plan every movement that has not started at its requested time, some later than that."""
        later = later or {}
        situation = self.situation()
        here = {call.id: call.alongside.place for call in situation.calls if call.alongside}
        placed, unplaced = [], []
        movements = sorted(situation.movements, key=lambda item: item.asked.requested_at)
        for number, movement in enumerate(movements):
            if movement.state not in (MovementState.DECLARED, MovementState.PLANNED):
                continue
            if movement.id in left_out:
                reason = Reason(rule="under_keel_clearance", params=WATER)
                unplaced.append(UnplacedMovement(movement_id=movement.id, reasons=(reason,)))
                continue
            delay = later.get(movement.id, timedelta())
            place = here.get(movement.call_id)
            crew = crew_of(movement, number)
            placed.append(placement(movement, place, crew, delay, placed))
            if movement.asked.berths:
                here[movement.call_id] = movement.asked.berths[0]
        generation = self.do(AcquireLease(holder="hand"))["generation"]
        plan = PublishPlan(
            based_on_offset=situation.offset,
            generation=generation,
            placed=tuple(placed),
            unplaced=tuple(unplaced),
            record=PlanRecord(problem_json="{}", outcome_json="{}", cause=("declared",)),
        )
        return self.do(plan)["version"]

    def restart(self, monkeypatch, off_for=lambda: None) -> None:
        """Stop the service, do something while it is away, and start it where it was."""
        http_port = int(self.url.rsplit(":", 1)[1])
        self.running.stop()
        off_for()
        monkeypatch.setattr(serving, "free_port", lambda: http_port)
        self.running = serving.run(self.folder, clock=self.clock)

    def stop(self) -> None:
        self.running.stop()


WATER = {"segment": "S04a", "need_mm": 15_200, "have_mm": 14_650}


PILOTS = sorted(pilot.pilot_id for pilot in PORT.pilotage.pilots)[:24]
FLEET = sorted(tug.tug_id for tug in PORT.towage.tugs if tug.company_id == TUGS)


def crew_of(movement, number: int) -> tuple[str, str, str]:
    """A pilot and two tugs, the same in every plan but for those that declined."""
    pilots = [name for name in PILOTS if name not in movement.declined]
    tugs = [name for name in FLEET if name not in movement.declined]
    first = number * 2 % len(tugs)
    return pilots[number % len(pilots)], tugs[first], tugs[first - 1]


def placement(movement, place, crew, delay, earlier) -> PlacedMovement:
    """Place one movement with a pilot and two tugs, ``delay`` after it was asked for."""
    asked = movement.asked
    start = asked.requested_at + delay
    target = asked.berths[0] if asked.berths else None
    source = None if asked.kind == "entry" else (asked.from_place or place)
    names = PASSAGE if asked.kind == "entry" else PASSAGE[::-1]
    legs = tuple(
        PassageLeg(segment=name, enter_at=start + STEP * index, leave_at=start + STEP * (index + 1))
        for index, name in enumerate(names)
    )
    end = legs[-1].leave_at
    planned = PlannedTime(
        start_at=start,
        end_at=end,
        mode="hand",
        from_place=source,
        to_place=target,
        passage=legs,
        crews=(("pilots", crew[:1]), ("tugs", crew[1:])),
        plan_version=0,
    )
    kinds = (ServiceKind.PILOTAGE, ServiceKind.TOWAGE, ServiceKind.TOWAGE)
    services = tuple(
        PlannedService(
            kind=kind,
            need="pilots" if kind is ServiceKind.PILOTAGE else "tugs",
            resource_id=resource,
            planned_start_at=start if kind is ServiceKind.PILOTAGE else start + STEP * 4,
            planned_end_at=end,
            from_place=source or asked.boarding_place or "P18GS",
            to_place=target or asked.boarding_place or "P18GS",
        )
        for kind, resource in zip(kinds, crew, strict=True)
    )
    reasons = ()
    if delay and earlier:
        other = earlier[-1].movement_id
        reasons = (
            Reason(rule="one_way", movements=(other,), params={"segment": "S04a"}, gain_min=25),
            Reason(rule="under_keel_clearance", params=WATER, gain_min=10),
        )
    return PlacedMovement(
        movement_id=movement.id,
        planned=planned,
        services=services,
        wait_reasons=reasons,
        change_reasons=reasons,
    )
