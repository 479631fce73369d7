"""Books on which every test is checked at its end."""

from collections.abc import Iterator

import pytest

from dispatch.store.database import Database
from dispatch.store.writer import Writer
from tests.dispatch.books import Books, check_books
from tests.dispatch.port_words import HandClock
from tests.dispatch.store.conftest import clock, database, writer

__all__ = ["clock", "database", "writer"]


@pytest.fixture
def books(database: Database, writer: Writer, clock: HandClock) -> Iterator[Books]:
    yield Books(database=database, writer=writer, clock=clock)
    check_books(database)
