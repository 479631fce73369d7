"""Single situations for the tests of framing, small enough to be read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dispatch.declaration import Alongside, MovementPlan
from dispatch.framing import FramedProblem, frame
from dispatch.movement import Call, Event, EventKind, Movement
from dispatch.policy import Policy
from dispatch.port import load_port
from dispatch.situation import Restriction, Situation
from dispatch.vessel import Vessel, VesselType
from scheduler import problem
from scheduler.validation import validate

PORT = load_port("guangzhou")
NOW = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
"""Eight in the morning at the port."""


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def vessel(**changes: Any) -> Vessel:
    ship = Vessel(
        name="TEST", imo="9074729", mmsi="412345678", call_sign="BTEST", flag="CN",
        vessel_type=VesselType.CONTAINER, loa_m=190.0, beam_m=28.0, gt=25_000.0, dwt_t=26_000.0,
        max_draught_m=10.0, air_draught_m=40.0, bow_thruster=True, dangerous_goods=False,
    )  # fmt: skip
    return replace(ship, **changes)


def asked(kind: str = "entry", start_min: float = 60, **changes: Any) -> MovementPlan:
    plan = MovementPlan(
        kind=kind,  # pyright: ignore[reportArgumentType]
        requested_at=at(start_min),
        latest_at=at(start_min + 720),
        draught_m=9.0,
        berths=("NS1-1",) if kind == "entry" else (),
        boarding_place="P18GS",
        service_min=600 if kind == "entry" else 0,
        pilot_required=True,
    )
    return replace(plan, **changes)


def movement(number: int, plan: MovementPlan, **changes: Any) -> Movement:
    one = Movement(
        id=f"M{number}", call_id="C1", declaration_id="D1", company="CO-NSA", sequence=number - 1,
        vessel=vessel(), asked=plan,
    )  # fmt: skip
    return replace(one, **changes)


def event(kind: EventKind, minute: float) -> Event:
    return Event(
        id=f"E{minute}", movement_id="M1", kind=kind, actual_at=at(minute), reported_at=at(minute),
        reported_by="PORT",
    )  # fmt: skip


def fog(from_min: float, to_min: float, value_m: float = 1500.0, *segments: str) -> Restriction:
    return Restriction(
        id="R1", kind="visibility", from_at=at(from_min), to_at=at(to_min), value=value_m,
        segments=segments,
    )  # fmt: skip


def situation(
    *movements: Movement, alongside: Alongside | None = None, **changes: Any
) -> Situation:
    ship = movements[0].vessel if movements else vessel()
    call = Call(
        id="C1", company="CO-NSA", call_ref="1", vessel=ship, alongside=alongside,
        movement_ids=tuple(item.id for item in movements),
    )  # fmt: skip
    read = Situation(
        now=NOW, offset=1, plan_version=0, calls=(call,), movements=movements, services=()
    )
    return replace(read, **changes)


def framed(*movements: Movement, policy: Policy | None = None, **changes: Any) -> FramedProblem:
    freed = changes.pop("freed", frozenset())
    found = frame(situation(*movements, **changes), PORT, policy or Policy(), freed=freed)
    assert validate(found.problem) == ()
    return found


def only(found: FramedProblem) -> problem.Movement:
    (one,) = found.problem.movements
    return one
