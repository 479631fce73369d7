"""Entity values: what boards are made from, as plain JSON; the one place that shapes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from dispatch.declaration import Stretch
from dispatch.movement import (
    Approval,
    Condition,
    Event,
    Movement,
    PlannedTime,
    Reason,
    Service,
    StandingBreach,
    TimeChange,
    Waiver,
)
from dispatch.records import Declaration, PlanVersion, Proposal
from dispatch.resources import Resource
from dispatch.situation import Outage, Restriction

Value = dict[str, Any]

TYPES = (
    "movement",
    "service",
    "stay",
    "restriction",
    "outage",
    "declaration",
    "resource",
    "plan",
    "proposal",
)
"""Entity types, in the order of a snapshot."""

PLAN_ID = "plan"


def instant(at: datetime | None) -> str | None:
    """Return an instant as ISO 8601 in UTC with Z, to the second."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def is_executable(movement: Movement, services: Iterable[Service]) -> bool:
    """Tell whether a movement may start: planned, every service confirmed, and cleared.

    ``services`` are those of the movement that are not cancelled; a denied one counts until a
    plan has put another in its place.
    """
    return (
        movement.planned is not None
        and movement.clearance is Approval.CONFIRMED
        and not open_services(services)
    )


def open_services(services: Iterable[Service]) -> tuple[str, ...]:
    """Return the ids of services that are neither confirmed nor replaced."""
    taken = list(services)
    filled = {item.need for item in taken if item.status is not Approval.DENIED}
    return tuple(
        item.id
        for item in taken
        if item.status is not Approval.CONFIRMED
        and not (item.status is Approval.DENIED and item.need in filled)
    )


def stretch_m(stretch: Stretch | None) -> list[float] | None:
    """Return a stretch of quay as ``[from, to]`` in metres."""
    return None if stretch is None else [stretch.from_m, stretch.to_m]


def _reason(reason: Reason, owners: Mapping[str, str]) -> Value:
    return {
        "rule": reason.rule,
        "movements": list(reason.movements),
        # one for one beside the movements, so that each company may be told of its own ships
        "companies": [owners.get(movement) for movement in reason.movements],
        "resources": list(reason.resources),
        "params": dict(reason.params),
        "gain_min": reason.gain_min,
    }


def _condition(condition: Condition) -> Value:
    return {
        "id": condition.id,
        "kind": condition.kind,
        "at": instant(condition.at),
        "movement_id": condition.movement_id,
        "gap_min": condition.gap_min,
        "count": condition.count,
    }


def _waiver(waiver: Waiver) -> Value:
    return {
        "id": waiver.id,
        "rule": waiver.rule,
        "reason": waiver.reason,
        "signed_by": waiver.signed_by,
        "expires_at": instant(waiver.expires_at),
    }


def _event(event: Event) -> Value:
    return {
        "id": event.id,
        "kind": event.kind.value,
        "actual_at": instant(event.actual_at),
        "reported_at": instant(event.reported_at),
        "organisation": event.organisation,
        "reported_by": event.reported_by,
        "on_behalf_of": event.on_behalf_of,
        "corrected_by": event.corrected_by,
        "cancelled": event.cancelled,
    }


def _planned(planned: PlannedTime | None) -> Value | None:
    if planned is None:
        return None
    return {
        "start_at": instant(planned.start_at),
        "end_at": instant(planned.end_at),
        "from_place": planned.from_place,
        "to_place": planned.to_place,
        "stretch": stretch_m(planned.stretch),
        "passage": [
            {
                "segment": leg.segment,
                "enter_at": instant(leg.enter_at),
                "leave_at": instant(leg.leave_at),
            }
            for leg in planned.passage
        ],
        "plan_version": planned.plan_version,
    }


def movements_in_reasons(movement: Movement) -> Iterator[str]:
    """Yield the ids of the movements that a movement's reasons name."""
    change = movement.change.reasons if movement.change else ()
    for reason in (*movement.wait_reasons, *movement.unplaced_reasons, *change):
        yield from reason.movements


def time_change_value(change: TimeChange, owners: Mapping[str, str]) -> Value:
    """Return a change of a planned start as plain JSON.

    Args:
        change: The change.
        owners: The company of each movement that its reasons name.
    """
    return {
        "from_at": instant(change.from_at),
        "to_at": instant(change.to_at),
        "reasons": [_reason(reason, owners) for reason in change.reasons],
        "plan_version": change.plan_version,
    }


def _breach(breach: StandingBreach) -> Value:
    return {"rule": breach.rule, "status": breach.status, "params": dict(breach.params)}


def _vessel(movement: Movement) -> Value:
    vessel = movement.vessel
    return {
        "name": vessel.name,
        "imo": vessel.imo,
        "mmsi": vessel.mmsi,
        "call_sign": vessel.call_sign,
        "flag": vessel.flag,
        "vessel_type": vessel.vessel_type.value,
        "loa_m": vessel.loa_m,
        "beam_m": vessel.beam_m,
        "gt": vessel.gt,
        "dwt_t": vessel.dwt_t,
        "air_draught_m": vessel.air_draught_m,
        "dangerous_goods": vessel.dangerous_goods,
    }


def movement_value(
    movement: Movement, call_ref: str, services: Sequence[Service], owners: Mapping[str, str]
) -> Value:
    """Return a movement as an entity.

    Args:
        movement: The movement.
        call_ref: Its company's own reference of the call.
        services: Its own, cancelled ones left out.
        owners: The company of each movement that its reasons name.
    """
    asked = movement.asked
    live = [item for item in services if item.status is not Approval.DENIED]
    return {
        "id": movement.id,
        "call_id": movement.call_id,
        "call_ref": call_ref,
        "declaration_id": movement.declaration_id,
        "company": movement.company,
        "sequence": movement.sequence,
        "kind": asked.kind,
        "vessel": _vessel(movement),
        "draught_m": asked.draught_m,
        "draught_water": asked.draught_water,
        "cargo": asked.cargo,
        "cargo_t": asked.cargo_t,
        "remarks": asked.remarks,
        "berths": list(asked.berths),
        "from_place": asked.from_place,
        "boarding_place": asked.boarding_place,
        "pilot_required": asked.pilot_required,
        "service_min": asked.service_min,
        "requested_at": instant(asked.requested_at),
        "latest_at": instant(asked.latest_at),
        "estimated_at": instant(movement.estimated_at),
        "priority": movement.priority,
        "pinned": movement.pinned,
        "state": movement.state.value,
        "clearance": movement.clearance.value,
        "clearance_reason": movement.clearance_reason,
        "clearance_reconfirm": movement.clearance_reconfirm,
        "conditions": [_condition(item) for item in movement.conditions],
        "waivers": [_waiver(item) for item in movement.waivers],
        "declined": list(movement.declined),
        "planned": _planned(movement.planned),
        "actual_start_at": instant(movement.actual_start_at),
        "actual_end_at": instant(movement.actual_end_at),
        "events": [_event(item) for item in movement.events],
        "wait_reasons": [_reason(item, owners) for item in movement.wait_reasons],
        "unplaced_reasons": [_reason(item, owners) for item in movement.unplaced_reasons],
        "change": time_change_value(movement.change, owners) if movement.change else None,
        "breaches": [_breach(item) for item in movement.breaches],
        "executable": is_executable(movement, services),
        "service_organisations": sorted({item.organisation for item in live}),
        "revision": movement.revision,
    }


def service_value(service: Service, movement: Movement) -> Value:
    """Return a service as an entity, with what its party has to know of the movement."""
    return {
        "id": service.id,
        "movement_id": service.movement_id,
        "kind": service.kind.value,
        "need": service.need,
        "resource_id": service.resource_id,
        "organisation": service.organisation,
        "company": movement.company,
        "vessel_name": movement.vessel.name,
        "vessel_type": movement.vessel.vessel_type.value,
        "loa_m": movement.vessel.loa_m,
        "movement_kind": movement.asked.kind,
        "planned_start_at": instant(service.planned_start_at),
        "planned_end_at": instant(service.planned_end_at),
        "from_place": service.from_place,
        "to_place": service.to_place,
        "status": service.status.value,
        "confirmed_start_at": instant(service.confirmed_start_at),
        "reconfirm": service.reconfirm,
        "reason": service.reason,
    }


def restriction_value(restriction: Restriction) -> Value:
    """Return a restriction as an entity."""
    return {
        "id": restriction.id,
        "kind": restriction.kind,
        "from_at": instant(restriction.from_at),
        "to_at": instant(restriction.to_at),
        "segments": list(restriction.segments),
        "place": restriction.place,
        "value": restriction.value,
        "reason": restriction.reason,
        "set_by": restriction.set_by,
        "on_behalf_of": restriction.on_behalf_of,
    }


def outage_value(outage: Outage, resource: Resource) -> Value:
    """Return an outage as an entity."""
    return {
        "id": outage.id,
        "resource_id": outage.resource_id,
        "organisation": resource.organisation,
        "pool": resource.pool,
        "from_at": instant(outage.from_at),
        "to_at": instant(outage.to_at),
        "reason": outage.reason,
    }


def declaration_value(declaration: Declaration) -> Value:
    """Return a declaration as an entity; its plan is read by itself."""
    return {
        "id": declaration.id,
        "company": declaration.company,
        "reference": declaration.reference,
        "state": declaration.state,
        "revision": declaration.revision,
        "movement_ids": list(declaration.movement_ids),
        "declared_at": instant(declaration.declared_at),
        "declared_by": declaration.declared_by,
    }


def resource_value(resource: Resource, outages: Sequence[Outage]) -> Value:
    """Return a pilot or tug as an entity; ``out`` as long as an outage stands, begun or not."""
    first = min(outages, key=lambda outage: (outage.from_at, outage.id), default=None)
    return {
        "id": resource.id,
        "pool": resource.pool,
        "organisation": resource.organisation,
        "name_zh": resource.name_zh,
        "name_en": resource.name_en,
        "grade": resource.grade,
        "pull_t": resource.pull_t,
        "home": resource.home,
        "out": first is not None,
        "out_from_at": instant(first.from_at) if first else None,
        "out_to_at": instant(first.to_at) if first else None,
        "reason": first.reason if first else None,
    }


def plan_value(plan: PlanVersion) -> Value:
    """Return the plan in force as an entity."""
    return {
        "id": PLAN_ID,
        "version": plan.version,
        "published_at": instant(plan.published_at),
        "based_on_offset": plan.based_on_offset,
        "cause": list(plan.cause),
        "placed": plan.placed,
        "unplaced": plan.unplaced,
        "moved": plan.moved,
        "solve_ms": plan.solve_ms,
        "replan_ms": plan.replan_ms,
        "breaches": dict(plan.breaches),
        "proposal": plan.proposal,
    }


def proposal_value(proposal: Proposal) -> Value:
    """Return a proposal as an entity."""
    return {
        "id": proposal.id,
        "based_on_version": proposal.based_on_version,
        "gain_min": proposal.gain_min,
        "changes": [dict(change) for change in proposal.changes],
        "made_at": instant(proposal.made_at),
        "state": proposal.state,
    }
