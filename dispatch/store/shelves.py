"""How each kind of thing is kept: its table, its typed columns, its JSON body."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from dispatch.handling.book import Kept
from dispatch.movement import Call, Movement, Service
from dispatch.records import Declaration, Proposal
from dispatch.resources import Resource
from dispatch.situation import Outage, Restriction
from dispatch.store.tables import Row

TABLES: Mapping[str, Table] = Row.metadata.tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Where one kind is kept.

    Attributes:
        columns: The typed columns of a thing, id, port, body and on_boards left out.
        indexed: The fields by which it may be sought, with the column of each.
    """

    kind: type[Kept]
    table: Table
    columns: Callable[[Any], dict[str, Any]]
    indexed: Mapping[str, str]


def _shelf(
    kind: type[Kept],
    table: str,
    columns: Callable[[Any], dict[str, Any]],
    /,
    **indexed: str,
) -> Shelf:
    fields = {name.replace("__", "."): column for name, column in indexed.items()}
    return Shelf(kind=kind, table=TABLES[table], columns=columns, indexed=fields)


SHELVES: Mapping[type[Kept], Shelf] = {
    shelf.kind: shelf
    for shelf in (
        _shelf(
            Declaration,
            "declarations",
            lambda item: {"company": item.company, "state": item.state},
            company="company",
        ),
        _shelf(
            Call,
            "calls",
            lambda item: {
                "company": item.company,
                "imo": item.vessel.imo,
                "mmsi": item.vessel.mmsi,
            },
            vessel__imo="imo",
            vessel__mmsi="mmsi",
        ),
        _shelf(
            Movement,
            "movements",
            lambda item: {
                "call_id": item.call_id,
                "declaration_id": item.declaration_id,
                "company": item.company,
                "state": item.state.value,
                "actual_end_at": item.actual_end_at,
                "revision": item.revision,
            },
            call_id="call_id",
            declaration_id="declaration_id",
        ),
        _shelf(
            Service,
            "services",
            lambda item: {
                "movement_id": item.movement_id,
                "resource_id": item.resource_id,
                "organisation": item.organisation,
                "status": item.status.value,
                "planned_start_at": item.planned_start_at,
            },
            movement_id="movement_id",
        ),
        _shelf(
            Restriction,
            "restrictions",
            lambda item: {"kind": item.kind, "to_at": item.to_at},
            kind="kind",
        ),
        _shelf(
            Outage,
            "outages",
            lambda item: {"resource_id": item.resource_id, "to_at": item.to_at},
            resource_id="resource_id",
        ),
        _shelf(
            Resource,
            "resources",
            lambda item: {"organisation": item.organisation},
            organisation="organisation",
        ),
        _shelf(Proposal, "proposals", lambda item: {"state": item.state}, state="state"),
    )
}
