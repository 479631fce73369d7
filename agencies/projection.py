"""From a fact to what one view is told of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from agencies import company, maritime, pilotage, port, towage
from agencies.party import Board, View
from agencies.visibility import Row, Value, Veil
from dispatch.events import Change, Fact

Project = Callable[[str, str, str, Value, Veil], tuple[str, Row] | None]
Op = dict[str, Any]
"""``{"op": "put", "type", "id", "row"}`` or ``{"op": "del", "type", "id"}``."""
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


def ops_of(view: View, changes: Iterable[Change], veil: Veil) -> list[Op]:
    """Return what a view's holder has to do to its rows after a fact.

    Reads nothing but the fact's own changes. Where an organisation's row is the same before and
    after, it is told nothing.
    """
    ops: list[Op] = []
    for change in changes:
        before = _seen(view, change, change.before, veil)
        after = _seen(view, change, change.value, veil)
        if before is not None and (after is None or after[0] != before[0]):
            ops.append({"op": "del", "type": change.type, "id": before[0]})
        if after is not None and after != before:
            row = {**after[1], "id": after[0]}
            ops.append({"op": "put", "type": change.type, "id": after[0], "row": row})
    return ops


def _seen(view: View, change: Change, value: Value | None, veil: Veil) -> tuple[str, Row] | None:
    if value is None:
        return None
    return PROJECTS[view.board](view.organisation, change.type, change.id, value, veil)


def cause_of(view: View, fact: Fact, ops: Sequence[Op]) -> dict[str, Any]:
    """Return what a view is told of why its rows changed: ``kind``, ``plan_version``, ``note``.

    The note goes to those who see everything and to whoever caused the fact. Where ``ops`` only
    tell of a berth's use by others, the kind would say what those others did; it is left open.
    """
    causers = (fact.actor.get("organisation"), fact.actor.get("on_behalf_organisation"))
    open_to_view = view.board in SEES_EVERY_CAUSE or view.organisation in causers
    only_stays = not open_to_view and all(op["type"] == "stay" for op in ops)
    return {
        "kind": OCCUPANCY_CAUSE if only_stays else str(fact.kind),
        "plan_version": fact.plan_version,
        "note": dict(fact.note) if fact.note and open_to_view else None,
    }
