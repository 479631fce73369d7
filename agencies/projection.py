"""From a fact to what one view is told of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from agencies import company, maritime, pilotage, port, towage
from agencies.party import Board, View
from agencies.visibility import Row, Value, Veil

Project = Callable[[str, str, str, Value, Veil], tuple[str, Row] | None]
Entities = Mapping[str, Mapping[str, Value]]
"""Entity values by type and id."""

PROJECTS: Mapping[Board, Project] = {
    Board.COMPANY: company.project,
    Board.PILOTAGE: pilotage.project,
    Board.TOWAGE: towage.project,
    Board.MARITIME: maritime.project,
    Board.PORT: port.project,
}
SEES_EVERY_CAUSE = frozenset({Board.MARITIME, Board.PORT})
OCCUPANCY_CAUSE = "occupancy_changed"
"""What is said to a company where all it may know is that a berth's use has changed."""


def rows_of(view: View, entities: Entities, veil: Veil) -> dict[str, list[Row]]:
    """Return all rows of a view by type; types without a row are left out."""
    project = PROJECTS[view.board]
    rows: dict[str, list[Row]] = {}
    for entity_type, values in entities.items():
        for entity_id, value in values.items():
            seen = project(view.organisation, entity_type, entity_id, value, veil)
            if seen is not None:
                rows.setdefault(entity_type, []).append({**seen[1], "id": seen[0]})
    return rows


def ops_of(view: View, changes: Iterable[Value], veil: Veil) -> list[dict[str, Any]]:
    """Return what a view's holder has to do to its rows after a fact.

    Reads nothing but the fact's own changes: each gives ``value`` (None: gone) and ``before``.
    Where an organisation's row is the same before and after, it is told nothing.
    """
    project = PROJECTS[view.board]
    ops: list[dict[str, Any]] = []
    for change in changes:
        entity_type, entity_id = change["type"], change["id"]
        before, after = (
            None if value is None else project(view.organisation, entity_type, entity_id, value, veil)
            for value in (change.get("before"), change.get("value"))
        )
        if before is not None and (after is None or after[0] != before[0]):
            ops.append({"op": "del", "type": entity_type, "id": before[0]})
        if after is not None and after != before:
            row = {**after[1], "id": after[0]}
            ops.append({"op": "put", "type": entity_type, "id": after[0], "row": row})
    return ops


def cause_for(
    view: View,
    *,
    kind: str,
    plan_version: int | None,
    note: Mapping[str, Any] | None,
    organisation: str | None,
    ops: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Return what a view is told of why its rows changed.

    Args:
        view: Who is told.
        kind: The fact's kind.
        plan_version: The plan version in force after it.
        note: Details of the fact; only for those who see everything, and for who caused it.
        organisation: Whose act the fact is.
        ops: What it changes for the view.
    """
    open_to_view = view.board in SEES_EVERY_CAUSE or organisation == view.organisation
    if not open_to_view and all(op["type"] == "stay" for op in ops):
        kind = OCCUPANCY_CAUSE
    return {
        "kind": kind,
        "plan_version": plan_version,
        "note": dict(note) if note and open_to_view else None,
    }
