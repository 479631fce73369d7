"""Ships, declarations, plans and people, with plain defaults, for tests of the books."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dispatch.commands import (
    Actor,
    PlacedMovement,
    PlannedService,
    PlanRecord,
    PublishPlan,
    UnplacedMovement,
)
from dispatch.declaration import Alongside, CallPlan, DeclarationPlan, MovementPlan, Stretch
from dispatch.lifecycle import Party
from dispatch.movement import PassageLeg, PlannedTime, Reason, ServiceKind
from dispatch.resources import Resource
from dispatch.vessel import Vessel, VesselType

DAY = datetime(2026, 11, 24, tzinfo=UTC)


def at(hour: float, minute: float = 0) -> datetime:
    """An hour of the sample day; beyond 24 is the next day."""
    return DAY + timedelta(hours=hour, minutes=minute)


class HandClock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime = DAY) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def real_seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self.at).total_seconds())


COMPANY = Actor(account="nsa-1", organisation="CO-NSA", party=Party.COMPANY)
RIVAL = Actor(account="ag-1", organisation="AG-1", party=Party.COMPANY)
PILOTAGE = Actor(account="pilots-1", organisation="PILOT", party=Party.PILOTAGE)
TOWAGE = Actor(account="tugs-a", organisation="TUG-A", party=Party.TOWAGE)
OTHER_TOWAGE = Actor(account="tugs-b", organisation="TUG-B", party=Party.TOWAGE)
MARITIME = Actor(account="msa-1", organisation="MSA", party=Party.MARITIME)
CENTRE = Actor(account="centre-1", organisation="PORT", party=Party.DISPATCH)


def for_party(party: Party, organisation: str | None = None, *, read_back: bool = True) -> Actor:
    """The dispatch centre on behalf of a party."""
    return replace(
        CENTRE, on_behalf_of=party, on_behalf_organisation=organisation, read_back=read_back
    )


RESOURCES = (
    *(
        Resource(
            id=f"PL00{n}",
            pool="pilots",
            organisation="PILOT",
            name_zh=f"引航员{n}",
            name_en=f"Pilot {n}",
            home="ST-1",
            grade="A",
        )
        for n in range(1, 5)
    ),
    *(
        Resource(
            id=f"T0{n}",
            pool="tugs",
            organisation="TUG-A" if n < 4 else "TUG-B",
            name_zh=f"拖轮{n}",
            name_en=f"Tug {n}",
            home="B-1",
            pull_t=60.0,
        )
        for n in range(1, 7)
    ),
)


def a_vessel(number: int = 1) -> Vessel:
    return Vessel(
        name=f"PEARL {number}",
        imo=str(9_000_000 + number),
        mmsi=str(412_000_000 + number),
        call_sign=f"BX{number:03}",
        flag="CN",
        vessel_type=VesselType.CONTAINER,
        loa_m=260.0,
        beam_m=32.3,
        gt=52_000.0,
        dwt_t=53_040.0,
        max_draught_m=12.5,
        air_draught_m=49.6,
        bow_thruster=True,
        dangerous_goods=False,
    )


def an_entry(start_at: datetime = at(6), **changes: object) -> MovementPlan:
    plan = MovementPlan(
        kind="entry",
        requested_at=start_at,
        latest_at=start_at + timedelta(hours=12),
        draught_m=11.3,
        berths=("NS1-2", "NS1-3"),
        service_min=600,
        cargo="containers",
        remarks="agent waits ashore",
    )
    return replace(plan, **changes)


def an_exit(start_at: datetime = at(20), **changes: object) -> MovementPlan:
    plan = MovementPlan(
        kind="exit", requested_at=start_at, latest_at=start_at + timedelta(hours=12), draught_m=10.0
    )
    return replace(plan, **changes)


def a_shift(start_at: datetime = at(12), **changes: object) -> MovementPlan:
    plan = MovementPlan(
        kind="shift",
        requested_at=start_at,
        latest_at=start_at + timedelta(hours=12),
        draught_m=10.0,
        berths=("SJ-1",),
    )
    return replace(plan, **changes)


def a_call(
    number: int = 1,
    movements: tuple[MovementPlan, ...] | None = None,
    alongside: Alongside | None = None,
) -> CallPlan:
    if movements is None:
        movements = (an_entry(), an_exit())
    return CallPlan(
        call_ref=f"V{number:04}",
        vessel=a_vessel(number),
        movements=movements,
        alongside=alongside,
    )


def a_plan(*calls: CallPlan, company: str = "CO-NSA") -> DeclarationPlan:
    return DeclarationPlan(company=company, reference="2026-11-24", calls=calls or (a_call(),))


def lying_at(place: str = "NS1-4", since_at: datetime = at(-10)) -> Alongside:
    return Alongside(
        place=place,
        since_at=since_at,
        stretch=Stretch(from_m=382.5, to_m=642.5),
        expected_departure_at=at(30),
    )


RECORD = PlanRecord(
    problem_json='{"problem": true}', outcome_json='{"outcome": true}', cause=("declared",), seed=7
)
LATE = Reason(rule="berth_occupancy", movements=("M900",), params={"until": 30}, gain_min=30)


def a_job(
    resource_id: str, start_at: datetime, *, need: str | None = None, minutes: int = 180
) -> PlannedService:
    pilot = resource_id.startswith("PL")
    return PlannedService(
        kind=ServiceKind.PILOTAGE if pilot else ServiceKind.TOWAGE,
        need=need or ("pilot" if pilot else "tugs"),
        resource_id=resource_id,
        planned_start_at=start_at,
        planned_end_at=start_at + timedelta(minutes=minutes),
        from_place="P18GS",
        to_place="NS1-2",
    )


def a_placement(
    movement_id: str,
    start_at: datetime,
    *resources: str,
    to_place: str | None = "NS1-2",
    reasons: tuple[Reason, ...] = (LATE,),
) -> PlacedMovement:
    middle_at = start_at + timedelta(hours=1)
    end_at = start_at + timedelta(hours=3)
    return PlacedMovement(
        movement_id=movement_id,
        planned=PlannedTime(
            start_at=start_at,
            end_at=end_at,
            mode="m0",
            from_place="P18GS",
            to_place=to_place,
            passage=(
                PassageLeg(segment="S01", enter_at=start_at, leave_at=middle_at),
                PassageLeg(segment="S02", enter_at=middle_at, leave_at=end_at),
            ),
            crews=(("pilot", resources),),
            plan_version=0,
        ),
        services=tuple(a_job(resource, start_at) for resource in resources),
        wait_reasons=(LATE,),
        change_reasons=reasons,
    )


def a_publication(
    *placed: PlacedMovement,
    offset: int,
    generation: int = 1,
    unplaced: tuple[UnplacedMovement, ...] = (),
) -> PublishPlan:
    return PublishPlan(
        based_on_offset=offset,
        generation=generation,
        placed=placed,
        unplaced=unplaced,
        record=RECORD,
    )
