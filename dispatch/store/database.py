"""Engine, how transactions begin, migrations, and the port's own row; all that is SQLite's own."""

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
from sqlalchemy import Connection, create_engine, event, insert, select, update
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import QueuePool

from dispatch.errors import DispatchError
from dispatch.store.doorbell import Doorbell
from dispatch.store.tables import PortRow, Row

_MIGRATIONS = Path(__file__).parent / "migrations"
_WRITING = "fairway_writing"
_BUSY_MS = 10_000

PORTS = Row.metadata.tables["ports"]


class DatabaseUnsupported(DispatchError):
    """The address names a database that this release does not know."""

    code = "database-unsupported"
    title = "This database is not supported"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Database:
    """The database of one port.

    Reads and writes are short; never hold one while solving. Thread-safe.

    Args:
        url: ``sqlite:///PATH``; the folder is made. A file, never ``:memory:``, whose
            connections would not see each other.
        port: Which port's rows; every row carries it.

    Raises:
        DatabaseUnsupported: any other kind of address.
    """

    def __init__(self, url: str, *, port: str) -> None:
        address = make_url(url)
        if address.get_backend_name() != "sqlite" or not address.database:
            raise DatabaseUnsupported(f"not a SQLite file: {address.render_as_string()}")
        if address.database == ":memory:":
            raise DatabaseUnsupported("a database in memory keeps nothing")
        self.path = Path(address.database)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.url = url
        self.port = port
        self.doorbell = Doorbell()
        self._writing = threading.RLock()
        self.engine = _sqlite_engine(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a read transaction: everything read in it is of one moment."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open the write transaction with the port locked; commits at the end, or rolls back."""
        with (
            self._writing,
            self.engine.connect().execution_options(**{_WRITING: True}) as connection,
            connection.begin(),
        ):
            self.lock_port(connection)
            yield connection

    def lock_port(self, connection: Connection) -> None:
        """Lock the port's row, so that what is validated is what is written.

        SQLite has locked the whole file by then (BEGIN IMMEDIATE) and reads ``FOR UPDATE`` as
        nothing.
        """
        connection.execute(
            select(PORTS.c.port).where(PORTS.c.port == self.port).with_for_update()
        ).all()

    def upgrade(self) -> None:
        """Bring the tables to the newest shape and make the port's row where there is none."""
        with self._writing, self.engine.connect().execution_options(**{_WRITING: True}) as link:
            with link.begin():
                alembic.command.upgrade(alembic_config(link), "head")
            with link.begin():
                found = link.execute(select(PORTS.c.last_offset).where(PORTS.c.port == self.port))
                last_offset = found.scalar()
                if last_offset is None:
                    row = PortRow(port=self.port, epoch=secrets.token_hex(16))
                    link.execute(insert(PORTS).values(**row.model_dump()))
        self.doorbell.ring(last_offset or 0)

    def epoch(self) -> str:
        """Return the port's epoch: random, and another one after a restore."""
        with self.reading() as connection:
            found = connection.execute(select(PORTS.c.epoch).where(PORTS.c.port == self.port))
            return found.scalar_one()

    def renew_epoch(self) -> str:
        """Make every cursor given out so far void, as after a restore."""
        epoch = secrets.token_hex(16)
        with self.writing() as connection:
            connection.execute(update(PORTS).where(PORTS.c.port == self.port).values(epoch=epoch))
        return epoch

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def alembic_config(connection: Connection) -> alembic.config.Config:
    """Return a configuration for Alembic's commands on an open connection."""
    config = alembic.config.Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=56,
        json_serializer=_compact,
        connect_args={"check_same_thread": False, "timeout": _BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def set_up(link: Any, _record: Any) -> None:
        # the driver's own idea of when a transaction begins is switched off; see `begin`
        link.isolation_level = None
        cursor = link.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # a transaction that reads first and writes later could not be queued behind another
        writing = connection.get_execution_options().get(_WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
