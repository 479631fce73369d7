"""The pilotage's board: every pilotage job, the ships it is for, and the roster."""

from agencies.visibility import (
    MOVEMENT_FOR_CREWS,
    Row,
    Value,
    Veil,
    only,
    plan_for_all,
    restriction_for_all,
    vessel_for_crews,
    without,
)
from dispatch.resources import PILOTAGE_ORGANISATION

MOVEMENT_FIELDS = (*MOVEMENT_FOR_CREWS, "latest_at", "conditions", "events")


def project(
    organisation: str, entity_type: str, entity_id: str, value: Value, veil: Veil
) -> tuple[str, Row] | None:
    """Return the id and row under which the pilotage sees an entity, or None."""
    del organisation, veil  # one pilotage to a port; nothing of its board is under another name
    if entity_type == "restriction":
        return entity_id, restriction_for_all(value)
    if entity_type == "plan":
        return entity_id, plan_for_all(value)
    if entity_type == "service" and value.get("kind") == "pilotage":
        return entity_id, without(value, ("company",))
    if entity_type in ("resource", "outage") and value.get("pool") == "pilots":
        return entity_id, dict(value)
    if entity_type == "movement" and needs_pilot(value):
        row = only(value, MOVEMENT_FIELDS)
        row["vessel"] = vessel_for_crews(value)
        row["conditions"] = [
            without(condition, ("movement_id",)) for condition in value.get("conditions") or ()
        ]
        return entity_id, row
    return None


def needs_pilot(movement: Value) -> bool:
    """Tell whether a movement has a pilotage job, or will have one when it is planned."""
    served = PILOTAGE_ORGANISATION in (movement.get("service_organisations") or ())
    return served or bool(movement.get("pilot_required"))
