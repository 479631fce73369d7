"""A command's book on a connection: reading what it asks for, writing what it put."""

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, delete, select

from dispatch.commands import Actor
from dispatch.entities import Value
from dispatch.events import Change
from dispatch.handling.book import Book, Handled, Header, Kept, T
from dispatch.movement import Movement
from dispatch.records import PlanVersion
from dispatch.store import statements
from dispatch.store.codec import decode, encode
from dispatch.store.shelves import SHELVES, TABLES

_CHUNK = 400
"""Values of one IN list; SQLite takes 32 766 parameters, PostgreSQL 65 535."""

V = TypeVar("V")


def in_chunks(values: Collection[V]) -> Iterator[Sequence[V]]:
    """Cut a collection into pieces that a database takes as parameters."""
    listed = list(values)
    for start in range(0, len(listed), _CHUNK):
        yield listed[start : start + _CHUNK]


class StoredSource:
    """Reads a book's contents on one connection; implements ``dispatch.handling.book.Source``."""

    def __init__(self, connection: Connection, port: str) -> None:
        self._connection = connection
        self._port = port

    def header(self) -> Header:
        """Return the port's row."""
        return read_header(self._connection, self._port)

    def load(self, kind: type[T], ids: Collection[str]) -> Iterable[tuple[T, bool]]:
        """Return what there is of these ids, each with whether it is on the boards."""
        for chunk in in_chunks(ids):
            rows = self._connection.execute(
                statements.by_id(SHELVES[kind].table), {"port": self._port, "wanted": chunk}
            )
            for body, on_boards in rows:
                yield decode(kind, body), on_boards

    def find(
        self, kind: type[T], field: str, values: Collection[str], *, held: Collection[str] = ()
    ) -> Iterable[T]:
        """Return what is on the boards with one of these values in an indexed field.

        Those whose ids are ``held`` already are left out.
        """
        shelf = SHELVES[kind]
        statement = statements.by_field(shelf.table, shelf.indexed[field])
        for chunk in in_chunks(values):
            rows = self._connection.execute(statement, {"port": self._port, "wanted": chunk})
            for item_id, body in rows:
                if item_id not in held:
                    yield decode(kind, body)

    def everything(self, kind: type[T], *, held: Collection[str] = ()) -> list[T]:
        """Return all that is on the boards but what is ``held`` already."""
        rows = self._connection.execute(
            statements.on_boards(SHELVES[kind].table), {"port": self._port}
        )
        return [decode(kind, body) for item_id, body in rows if item_id not in held]

    def values(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Value]:
        """Return entity values as they were last told, by (type, id)."""
        found: dict[tuple[str, str], Value] = {}
        for chunk in in_chunks(keys):
            rows = self._connection.execute(
                statements.entity_values(), {"port": self._port, "wanted": chunk}
            )
            for kind, entity_id, value in rows:
                found[kind, entity_id] = value
        return found

    def last_numbers(self) -> Mapping[str, int]:
        """Return the last number given out, by prefix."""
        rows = self._connection.execute(statements.counters(), {"port": self._port})
        return {row.prefix: row.last for row in rows}

    def movement_of_event(self, event_id: str) -> str | None:
        """Return the movement that an event is of."""
        table = TABLES["events"]
        return self._connection.execute(
            select(table.c.movement_id).where(table.c.port == self._port, table.c.id == event_id)
        ).scalar()


def read_header(connection: Connection, port: str) -> Header:
    """Return the port's row."""
    row = connection.execute(statements.header(), {"port": port}).one()
    return Header(**row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name


def sweep_answers(connection: Connection, port: str, before: datetime) -> None:
    """Forget the answers kept under idempotency keys before an instant."""
    table = TABLES["answers"]
    connection.execute(delete(table).where(table.c.port == port, table.c.at < before))


def flush(book: Book, handled: Handled, actor: Actor, connection: Connection, port: str) -> int:
    """Write what a command put, and its fact where it changed anything.

    Returns:
        The outbox offset of the fact, or the last one where there is none.
    """
    _write_numbers(book, connection, port)
    for kind, items in book.written.items():
        if items:
            _write_shelf(kind, list(items.values()), book, connection, port)
    _write_events(book, connection, port)
    if book.lease is not None:
        generation, holder = book.lease
        _write_header(connection, port, lease_generation=generation, lease_holder=holder)
    if not handled.kind:
        return book.header.last_offset
    offset = book.header.last_offset + 1
    if book.plan is not None:
        _write_plan(book.plan, connection, port)
    changes = book.changes()
    _write_values(changes, offset, connection, port)
    fact = _fact_row(book, handled, actor, changes)
    connection.execute(statements.add(TABLES["outbox"]), {**fact, "port": port, "offset": offset})
    head: dict[str, Any] = {"last_offset": offset}
    if handled.planning:
        head["last_planning_offset"] = offset
    _write_header(connection, port, **head)
    return offset


def _write_header(connection: Connection, port: str, **values: Any) -> None:
    connection.execute(
        statements.change(TABLES["ports"], ("port",), tuple(values)), {"of_port": port, **values}
    )


def _write_numbers(book: Book, connection: Connection, port: str) -> None:
    known = book.numbers_before or {}
    changed = [
        {"of_port": port, "of_prefix": prefix, "last": last}
        for prefix, last in book.numbers.items()
        if prefix in known
    ]
    fresh = [
        {"port": port, "prefix": prefix, "last": last}
        for prefix, last in book.numbers.items()
        if prefix not in known
    ]
    table = TABLES["counters"]
    if changed:
        connection.execute(statements.change(table, ("port", "prefix"), ("last",)), changed)
    if fresh:
        connection.execute(statements.add(table), fresh)


def _write_shelf(
    kind: type[Kept], items: Sequence[Kept], book: Book, connection: Connection, port: str
) -> None:
    shelf = SHELVES[kind]
    inserted: list[dict[str, Any]] = []
    updated: list[dict[str, Any]] = []
    for item in items:
        values = {
            **shelf.columns(item),
            "on_boards": (kind, item.id) not in book.off_boards,
            "body": encode(item),
        }
        if (kind, item.id) in book.stored:
            updated.append({**values, "of_port": port, "of_id": item.id})
        else:
            inserted.append({**values, "port": port, "id": item.id})
    if inserted:
        connection.execute(statements.add(shelf.table), inserted)
    if updated:
        names = tuple(name for name in updated[0] if name not in ("of_port", "of_id"))
        connection.execute(statements.change(shelf.table, ("port", "id"), names), updated)


def _write_events(book: Book, connection: Connection, port: str) -> None:
    rows = [
        {
            "port": port,
            "id": event.id,
            "movement_id": movement.id,
            "kind": event.kind.value,
            "actual_at": event.actual_at,
        }
        for movement in book.written[Movement].values()
        if isinstance(movement, Movement)
        for event in movement.events
        if event.id in book.new_events
    ]
    if rows:
        connection.execute(statements.add(TABLES["events"]), rows)


def _write_plan(plan: PlanVersion, connection: Connection, port: str) -> None:
    record = plan.record
    assert record is not None
    connection.execute(
        statements.add(TABLES["plan_versions"]),
        {
            "port": port,
            "version": plan.version,
            "published_at": plan.published_at,
            "offset": plan.offset,
            "body": encode(replace(plan, record=None)),
            "problem_zlib": zlib.compress(record.problem_json.encode(), 6),
            "outcome_zlib": zlib.compress(record.outcome_json.encode(), 6),
        },
    )
    _write_header(connection, port, plan_version=plan.version)


def _write_values(
    changes: Sequence[Change], offset: int, connection: Connection, port: str
) -> None:
    table, keys = TABLES["entities"], ("port", "type", "id")
    gone = [change for change in changes if change.value is None]
    fresh = [change for change in changes if change.value is not None and change.before is None]
    other = [change for change in changes if change.value is not None and change.before is not None]

    def key(change: Change) -> dict[str, Any]:
        return {"of_port": port, "of_type": change.type, "of_id": change.id}

    if gone:
        connection.execute(statements.remove(table, keys), [key(change) for change in gone])
    if fresh:
        connection.execute(
            statements.add(table),
            [
                {"port": port, "type": item.type, "id": item.id, "value": item.value}
                for item in fresh
            ],
        )
    if other:
        connection.execute(
            statements.change(table, keys, ("value",)),
            [{**key(change), "value": change.value} for change in other],
        )
    if changes:
        connection.execute(
            statements.add(TABLES["subjects"]),
            [
                {"port": port, "type": item.type, "id": item.id, "offset": offset}
                for item in changes
            ],
        )


def _fact_row(
    book: Book, handled: Handled, actor: Actor, changes: Sequence[Change]
) -> dict[str, Any]:
    return {
        "at": book.now,
        "kind": handled.kind,
        "planning": handled.planning,
        "plan_version": book.plan.version if book.plan else book.header.plan_version,
        "actor": told_actor(actor),
        "body": {
            "changes": [
                {"type": item.type, "id": item.id, "value": item.value, "before": item.before}
                for item in changes
            ],
            "note": dict(handled.note),
        },
    }


def told_actor(actor: Actor) -> dict[str, Any]:
    """Return an actor as facts tell it."""
    told: dict[str, Any] = {
        "account": actor.account,
        "organisation": actor.organisation,
        "party": actor.party.value,
    }
    if actor.on_behalf_of is not None:
        told["on_behalf_of"] = actor.on_behalf_of.value
        told["on_behalf_organisation"] = actor.on_behalf_organisation
        told["read_back"] = actor.read_back
    if actor.request_id is not None:
        told["request_id"] = actor.request_id
    return told
