"""The statements of every command, built once: building one costs more than running it."""

from functools import cache
from typing import Any

from sqlalchemy import (
    Delete,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from dispatch.store.shelves import TABLES


@cache
def header() -> Select[*tuple[Any, ...]]:
    """The port's row; takes ``port``."""
    table = TABLES["ports"]
    return select(
        table.c.plan_version,
        table.c.last_offset,
        table.c.last_planning_offset,
        table.c.lease_generation,
        table.c.lease_holder,
    ).where(table.c.port == bindparam("port"))


@cache
def counters() -> Select[*tuple[Any, ...]]:
    """Every counter; takes ``port``."""
    table = TABLES["counters"]
    return select(table.c.prefix, table.c.last).where(table.c.port == bindparam("port"))


@cache
def by_id(table: Table) -> Select[*tuple[Any, ...]]:
    """Body and on_boards of some ids; takes ``port`` and ``wanted``."""
    return select(table.c.body, table.c.on_boards).where(
        table.c.port == bindparam("port"), table.c.id.in_(bindparam("wanted", expanding=True))
    )


@cache
def by_field(table: Table, column: str) -> Select[*tuple[Any, ...]]:
    """Id and body of what is on the boards with some values; takes ``port`` and ``wanted``."""
    return select(table.c.id, table.c.body).where(
        table.c.port == bindparam("port"),
        table.c.on_boards.is_(True),
        table.c[column].in_(bindparam("wanted", expanding=True)),
    )


@cache
def on_boards(table: Table) -> Select[*tuple[Any, ...]]:
    """Id and body of all that is on the boards; takes ``port``."""
    return select(table.c.id, table.c.body).where(
        table.c.port == bindparam("port"), table.c.on_boards.is_(True)
    )


@cache
def entity_values() -> Select[*tuple[Any, ...]]:
    """Type, id and value of some entities; takes ``port`` and ``wanted``, pairs of type and id."""
    table = TABLES["entities"]
    return select(table.c.type, table.c.id, table.c.value).where(
        table.c.port == bindparam("port"),
        tuple_(table.c.type, table.c.id).in_(bindparam("wanted", expanding=True)),
    )


@cache
def add(table: Table) -> Insert:
    """A new row; takes its columns."""
    return insert(table)


@cache
def change(table: Table, keys: tuple[str, ...], names: tuple[str, ...]) -> Update:
    """Another value in some columns; takes each key with ``of_`` before it, and the columns."""
    return (
        update(table)
        .where(*(table.c[key] == bindparam(f"of_{key}") for key in keys))
        .values({name: bindparam(name) for name in names})
    )


@cache
def remove(table: Table, keys: tuple[str, ...]) -> Delete:
    """A row that goes; takes each key with ``of_`` before it."""
    return delete(table).where(*(table.c[key] == bindparam(f"of_{key}") for key in keys))
