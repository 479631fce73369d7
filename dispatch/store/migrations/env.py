"""Alembic's environment: runs on the connection that it is given, in its transaction."""

from typing import Literal

from alembic import context
from sqlalchemy import JSON
from sqlmodel.sql.sqltypes import AutoString

from dispatch.store.tables import Instant, Row


def render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own types, and plain text, by the names that the migrations import."""
    if kind == "type" and isinstance(item, Instant):
        return "Instant()"
    if kind == "type" and isinstance(item, JSON):
        return "Json"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    render_item=render,
    compare_type=True,
    transactional_ddl=True,
)
context.run_migrations()
