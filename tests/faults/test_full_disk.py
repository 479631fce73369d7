"""The disk is full: nothing is acknowledged, nothing is half-kept, and it goes on afterwards."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from dispatch.commands import Declare
from dispatch.errors import StoreUnavailable
from dispatch.store.database import Database
from dispatch.store.reading import last_offset
from dispatch.store.writer import Writer
from tests.dispatch import port_words as words
from tests.dispatch.books import check_books
from tests.dispatch.store.conftest import database

__all__ = ["database"]

pytestmark = pytest.mark.faults


def declaration(number: int, calls: int = 1) -> Declare:
    return Declare(plan=words.a_plan(*(words.a_call(100 * number + n) for n in range(calls))))


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """No file of this process may grow beyond a size; the write fails as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_log_that_cannot_grow_is_told_and_nothing_of_it_is_kept(database: Database) -> None:
    log = Path(f"{database.path}-wal")
    with Writer(database, words.HandClock()) as writer:
        kept = [writer.submit(declaration(1), words.COMPANY).result(10)]
        with largest_file(log.stat().st_size + 6_000):
            refused = [writer.submit(declaration(n, 30), words.COMPANY) for n in (2, 3)]
            for future in refused:
                error = future.exception(10)
                assert isinstance(error, StoreUnavailable)
                assert error.context["kept"] == "no"
        assert last_offset(database) == 1
        kept.append(writer.submit(declaration(2, 30), words.COMPANY).result(10))
        assert [receipt.offset for receipt in kept] == [1, 2]
        assert kept[1].body["id"] == "D2"
    check_books(database)


def test_a_database_that_may_not_grow_refuses_what_does_not_fit_and_keeps_the_rest(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path}/fairway.sqlite3", port="testhaven")
    database.upgrade()
    pages = {"most": 0}

    @event.listens_for(database.engine, "begin")
    def limit(connection) -> None:
        if pages["most"]:
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages['most']}")

    with database.reading() as connection:
        used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    pages["most"] = used + 25
    with Writer(database, words.HandClock()) as writer:
        kept, refused = 0, 0
        for number in range(1, 40):
            error = writer.submit(declaration(number), words.COMPANY).exception(10)
            if error is None:
                kept += 1
            else:
                assert isinstance(error, StoreUnavailable)
                assert "full" in error.detail
                refused += 1
        assert kept > 1
        assert refused > 1
        assert last_offset(database) == kept
        pages["most"] = 1_000_000
        receipt = writer.submit(declaration(50), words.COMPANY).result(10)
        assert receipt.offset == kept + 1
    check_books(database)
    database.close()
