"""Reading the port's books: the situation, entity values, facts, plans, histories."""

import zlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from dispatch.entities import TYPES, Value
from dispatch.errors import NotFound
from dispatch.events import Change, Fact, FactKind
from dispatch.movement import Call, Movement, Service
from dispatch.records import Declaration, PlanVersion, Proposal
from dispatch.resources import Resource
from dispatch.situation import Outage, Restriction, Situation
from dispatch.store.codec import decode
from dispatch.store.database import Database
from dispatch.store.shelves import TABLES
from dispatch.store.shelving import StoredSource, read_header


def read_situation(database: Database, *, now: datetime) -> Situation:
    """Read all that bears on the plan, of one moment.

    Finished calls stay in it until they are archived. Denied services are left out: whom they
    bar is in ``Movement.declined``.

    Args:
        database: The port's database.
        now: By the service's clock.
    """
    with database.reading() as connection:
        header = read_header(connection, database.port)
        source = StoredSource(connection, database.port)
        movements = source.everything(Movement)
        services = source.everything(Service)
        calls = source.everything(Call)
        restrictions = source.everything(Restriction)
        outages = source.everything(Outage)
    return Situation(
        now=now,
        offset=header.last_offset,
        plan_version=header.plan_version,
        calls=tuple(sorted(calls, key=_number)),
        movements=tuple(sorted(movements, key=_number)),
        services=tuple(sorted((item for item in services if item.status != "denied"), key=_number)),
        restrictions=tuple(sorted(restrictions, key=_number)),
        outages=tuple(sorted(outages, key=_number)),
    )


def read_entities(database: Database) -> tuple[int, dict[str, dict[str, Value]]]:
    """Read every entity value of one moment.

    Returns:
        The outbox offset that it covers, and the values by type and id (every type is there).
    """
    table = TABLES["entities"]
    values: dict[str, dict[str, Value]] = {kind: {} for kind in TYPES}
    with database.reading() as connection:
        offset = read_header(connection, database.port).last_offset
        rows = connection.execute(
            select(table.c.type, table.c.id, table.c.value).where(table.c.port == database.port)
        )
        for kind, entity_id, value in rows:
            values[kind][entity_id] = value
    return offset, values


def read_entity(database: Database, kind: str, entity_id: str) -> Value:
    """Read one entity value.

    Raises:
        NotFound: it is not there, or not any more.
    """
    with database.reading() as connection:
        found = StoredSource(connection, database.port).values([(kind, entity_id)])
    if not found:
        raise NotFound(f"no {kind} {entity_id}", context={"type": kind, "id": entity_id})
    return found[kind, entity_id]


def last_offset(database: Database) -> int:
    """Read the offset of the last fact; 0 before the first."""
    with database.reading() as connection:
        return read_header(connection, database.port).last_offset


def read_plan_version(database: Database) -> int:
    """Read the version of the plan in force; 0 before the first."""
    with database.reading() as connection:
        return read_header(connection, database.port).plan_version


def read_outbox(database: Database, after: int, limit: int = 500) -> list[Fact]:
    """Read the facts after an offset, in order, at most ``limit``."""
    table = TABLES["outbox"]
    with database.reading() as connection:
        rows = connection.execute(
            select(table)
            .where(table.c.port == database.port, table.c.offset > after)
            .order_by(table.c.offset)
            .limit(limit)
        ).mappings()
        return [_fact(row) for row in rows]


def read_history(
    database: Database, kind: str, entity_id: str, *, before: int | None = None, limit: int = 100
) -> list[Fact]:
    """Read the facts that changed an entity, newest first, with the changes of all entities.

    Args:
        database: The port's database.
        kind: Entity type.
        entity_id: Entity id; one that is gone still has its history.
        before: Only facts before this offset.
        limit: At most so many.
    """
    outbox, subjects = TABLES["outbox"], TABLES["subjects"]
    query = (
        select(outbox)
        .join(
            subjects,
            (subjects.c.port == outbox.c.port) & (subjects.c.offset == outbox.c.offset),
        )
        .where(
            subjects.c.port == database.port,
            subjects.c.type == kind,
            subjects.c.id == entity_id,
        )
        .order_by(outbox.c.offset.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(outbox.c.offset < before)
    with database.reading() as connection:
        return [_fact(row) for row in connection.execute(query).mappings()]


def read_declaration(database: Database, declaration_id: str) -> Declaration:
    """Read a declaration with its plan.

    Raises:
        NotFound: there is none.
    """
    with database.reading() as connection:
        found = list(StoredSource(connection, database.port).load(Declaration, (declaration_id,)))
    if not found:
        raise NotFound(
            f"no declaration {declaration_id}",
            context={"type": "declaration", "id": declaration_id},
        )
    return found[0][0]


def read_resources(database: Database) -> list[Resource]:
    """Read the pilots and tugs that are known."""
    with database.reading() as connection:
        return StoredSource(connection, database.port).everything(Resource)


def read_proposal(database: Database, proposal_id: str) -> Proposal:
    """Read a proposal with its plan, open or not.

    Raises:
        NotFound: there is none.
    """
    with database.reading() as connection:
        found = list(StoredSource(connection, database.port).load(Proposal, (proposal_id,)))
    if not found:
        raise NotFound(
            f"no proposal {proposal_id}", context={"type": "proposal", "id": proposal_id}
        )
    return found[0][0]


def read_plans(
    database: Database, *, before: int | None = None, limit: int = 50
) -> list[PlanVersion]:
    """Read plan versions, newest first, without their records."""
    table = TABLES["plan_versions"]
    query = (
        select(table.c.body)
        .where(table.c.port == database.port)
        .order_by(table.c.version.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(table.c.version < before)
    with database.reading() as connection:
        return [decode(PlanVersion, body) for (body,) in connection.execute(query)]


def read_plan(database: Database, version: int) -> PlanVersion:
    """Read a plan version, without its record.

    Raises:
        NotFound: there is none.
    """
    with database.reading() as connection:
        return decode(PlanVersion, _plan_row(connection, database.port, version)["body"])


def read_plan_files(database: Database, version: int) -> tuple[str, str]:
    """Read a plan version's problem and outcome, as the JSON texts that they were kept as.

    Raises:
        NotFound: there is none.
    """
    with database.reading() as connection:
        row = _plan_row(connection, database.port, version)
    return (
        zlib.decompress(row["problem_zlib"]).decode(),
        zlib.decompress(row["outcome_zlib"]).decode(),
    )


def _plan_row(connection: Connection, port: str, version: int) -> RowMapping:
    table = TABLES["plan_versions"]
    row = (
        connection.execute(select(table).where(table.c.port == port, table.c.version == version))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(f"no plan {version}", context={"type": "plan", "id": str(version)})
    return row


def _number(item: Any) -> tuple[int, str]:
    return len(item.id), item.id


def _fact(row: RowMapping) -> Fact:
    changes: Sequence[Any] = row["body"]["changes"]
    return Fact(
        offset=row["offset"],
        at=row["at"],
        kind=FactKind(row["kind"]),
        actor=row["actor"],
        planning=row["planning"],
        plan_version=row["plan_version"],
        changes=tuple(
            Change(
                type=change["type"],
                id=change["id"],
                value=change["value"],
                before=change["before"],
            )
            for change in changes
        ),
        note=row["body"]["note"],
    )
