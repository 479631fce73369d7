"""Maritime review's board: every movement with its ticket of rule values; no private remarks."""

from agencies.visibility import Row, Value, Veil, without


def project(
    organisation: str, entity_type: str, entity_id: str, value: Value, veil: Veil
) -> tuple[str, Row] | None:
    """Return the id and row under which maritime review sees an entity, or None."""
    del organisation, veil  # one maritime authority to a port, and it knows all by name
    if entity_type == "proposal":
        return None  # a plan that may never be published is the dispatch centre's matter
    return entity_id, without(value, ("remarks",))
