"""A tug company's board: its own jobs, the ships they are for, and its own fleet."""

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


def project(
    organisation: str, entity_type: str, entity_id: str, value: Value, veil: Veil
) -> tuple[str, Row] | None:
    """Return the id and row under which a tug company sees an entity, or None."""
    del veil  # nothing of this board is under another name
    if entity_type == "restriction":
        return entity_id, restriction_for_all(value)
    if entity_type == "plan":
        return entity_id, plan_for_all(value)
    if entity_type == "movement":
        if organisation not in (value.get("service_organisations") or ()):
            return None
        row = without(only(value, MOVEMENT_FOR_CREWS), ("service_organisations",))
        row["vessel"] = vessel_for_crews(value)
        row["events"] = [
            # who else was there is no business of a crew; what happened and when is
            only(event, ("id", "kind", "actual_at", "reported_at", "corrected_by"))
            for event in value.get("events") or ()
        ]
        return entity_id, row
    if value.get("organisation") != organisation:
        return None
    if entity_type == "service" and value.get("kind") == "towage":
        return entity_id, without(value, ("company",))
    if entity_type in ("resource", "outage"):
        return entity_id, dict(value)
    return None
