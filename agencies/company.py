"""The port company's board: its own calls in full, the port's occupancy, and why."""

from agencies.visibility import (
    Row,
    Value,
    Veil,
    only,
    params_for_outsiders,
    plan_for_all,
    reasons_for,
    restriction_for_all,
)

MOVEMENT_FIELDS = (
    "id", "call_id", "call_ref", "declaration_id", "company", "sequence", "kind", "vessel",
    "draught_m", "draught_water", "cargo", "cargo_t", "berths", "stretch", "from_place",
    "boarding_place", "service_min", "requested_at", "latest_at", "estimated_at",
    "pilot_required", "priority", "pinned", "remarks", "state", "clearance", "clearance_reason",
    "clearance_reconfirm", "service_organisations",
    "waivers", "planned", "actual_start_at", "actual_end_at", "events", "executable", "revision",
)  # fmt: skip
SERVICE_FIELDS = (
    "id", "movement_id", "kind", "need", "resource_id", "organisation", "company", "vessel_name",
    "vessel_type", "loa_m", "movement_kind", "planned_start_at", "planned_end_at", "from_place",
    "to_place", "status", "confirmed_start_at", "reconfirm", "reason",
)  # fmt: skip
OWN_STAY_FIELDS = (
    "id", "place", "from_at", "to_at", "stretch", "company", "call_id", "vessel_name", "estimated",
)  # fmt: skip
FOREIGN_STAY_FIELDS = ("place", "from_at", "to_at", "stretch", "estimated")
DECLARATION_FIELDS = (
    "id", "company", "reference", "state", "revision", "movement_ids", "declared_at",
    "declared_by", "on_behalf_of",
)  # fmt: skip


def project(
    organisation: str, entity_type: str, entity_id: str, value: Value, veil: Veil
) -> tuple[str, Row] | None:
    """Return the id and row under which a company sees an entity, or None."""
    if entity_type == "stay":
        return _stay(organisation, entity_id, value, veil)
    if entity_type == "restriction":
        return entity_id, restriction_for_all(value)
    if entity_type == "plan":
        return entity_id, plan_for_all(value)
    if value.get("company") != organisation:
        return None
    if entity_type == "movement":
        return entity_id, _movement(organisation, value)
    if entity_type == "service":
        return entity_id, only(value, SERVICE_FIELDS)
    if entity_type == "declaration":
        return entity_id, only(value, DECLARATION_FIELDS)
    return None


def _stay(organisation: str, entity_id: str, value: Value, veil: Veil) -> tuple[str, Row]:
    if value.get("company") == organisation:
        return entity_id, only(value, OWN_STAY_FIELDS)
    name = veil.name(organisation, entity_id)
    return name, {"id": name, **only(value, FOREIGN_STAY_FIELDS)}


def _movement(organisation: str, value: Value) -> Row:
    row = only(value, MOVEMENT_FIELDS)
    for name in ("wait_reasons", "unplaced_reasons"):
        row[name] = reasons_for(value.get(name), organisation)
    change = value.get("change")
    row["change"] = change and {
        **only(change, ("from_at", "to_at", "plan_version")),
        "reasons": reasons_for(change.get("reasons"), organisation),
    }
    row["breaches"] = [
        {
            **only(breach, ("rule", "status")),
            "params": params_for_outsiders(breach.get("params") or {}),
        }
        for breach in value.get("breaches") or ()
    ]
    # "after ship X" may name another company's ship
    row["conditions"] = [
        only(condition, ("id", "kind", "at", "gap_min", "count"))
        for condition in value.get("conditions") or ()
    ]
    row["declined"] = list(value.get("declined") or ())
    return row
