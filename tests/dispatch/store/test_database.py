"""Engine, migrations, epoch and what a transaction sees."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import alembic.command
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, select
from sqlalchemy.exc import IntegrityError, StatementError

from dispatch.store.database import PORTS, Database, DatabaseUnsupported, alembic_config
from dispatch.store.shelves import TABLES
from dispatch.store.tables import Row


def test_from_nothing_to_the_newest_shape_and_no_further(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []
        tables = set(inspect(connection).get_table_names())
    assert tables == set(Row.metadata.tables) | {"alembic_version"}


def test_every_migration_can_be_taken_back(database: Database) -> None:
    with database.engine.connect() as connection, connection.begin():
        alembic.command.downgrade(alembic_config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.upgrade()
    assert database.epoch()


def test_every_row_carries_its_port_and_every_constraint_a_name() -> None:
    for table in Row.metadata.tables.values():
        assert "port" in {column.name for column in table.primary_key}, table.name
        for constraint in table.constraints:
            assert constraint.name, table.name


def test_upgrading_again_changes_nothing(database: Database) -> None:
    epoch = database.epoch()
    database.upgrade()
    assert database.epoch() == epoch


def test_a_file_is_opened_as_it_must_be(database: Database) -> None:
    with database.reading() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_each_file_has_an_epoch_of_its_own_and_a_restored_one_another(tmp_path: Path) -> None:
    epochs = set()
    for name in ("a", "b"):
        database = Database(f"sqlite:///{tmp_path}/{name}.sqlite3", port="testhaven")
        database.upgrade()
        epochs |= {database.epoch(), database.renew_epoch()}
        assert database.epoch() in epochs
        database.close()
    assert len(epochs) == 4
    assert all(len(epoch) == 32 for epoch in epochs)


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "postgresql://localhost/port", "mysql://x/y"]
)
def test_other_databases_are_refused_by_name(url: str) -> None:
    with pytest.raises(DatabaseUnsupported) as refused:
        Database(url, port="testhaven")
    assert refused.value.code == "database-unsupported"


def test_a_password_in_the_address_is_not_repeated() -> None:
    with pytest.raises(DatabaseUnsupported) as refused:
        Database("postgresql://fairway:secret@localhost/port", port="testhaven")
    assert "secret" not in refused.value.detail


def test_a_reader_sees_one_moment_while_another_writes(database: Database) -> None:
    with database.reading() as reading:
        before = reading.execute(select(PORTS.c.epoch)).scalar_one()
        renewed = threading.Thread(target=database.renew_epoch)
        renewed.start()
        renewed.join(10)
        assert not renewed.is_alive()
        assert reading.execute(select(PORTS.c.epoch)).scalar_one() == before
    assert database.epoch() != before


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    counters = TABLES["counters"]
    with pytest.raises(RuntimeError), database.writing() as connection:
        connection.execute(insert(counters).values(port="testhaven", prefix="M", last=1))
        raise RuntimeError
    with database.reading() as connection:
        assert connection.execute(select(counters)).all() == []


def test_a_row_of_a_port_that_is_not_there_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(insert(TABLES["counters"]).values(port="x", prefix="M", last=1))


def test_instants_come_back_in_utc_and_those_without_a_zone_are_refused(
    database: Database,
) -> None:
    events = TABLES["events"]
    there = datetime(2026, 11, 24, 8, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    row = {"port": "testhaven", "id": "E1", "movement_id": "M1", "kind": "anchored"}
    with database.writing() as connection:
        connection.execute(insert(events).values(**row, actual_at=there))
        back = connection.execute(select(events.c.actual_at)).scalar_one()
    assert back == there
    assert back.tzinfo is UTC
    with pytest.raises(StatementError), database.writing() as connection:
        naive = there.replace(tzinfo=None)
        connection.execute(insert(events).values(**{**row, "id": "E2"}, actual_at=naive))
