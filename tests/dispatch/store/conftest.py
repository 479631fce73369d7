"""A database in a file, a clock set by hand, and a running writer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.commands import PLANNER, Actor, Receipt, RegisterResources
from dispatch.handling.book import Terms
from dispatch.store.database import Database
from dispatch.store.writer import Writer
from tests.dispatch.port_words import RESOURCES, HandClock

Do = Callable[..., Receipt]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/fairway.sqlite3", port="testhaven")
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def writer(database: Database, clock: HandClock) -> Iterator[Writer]:
    with Writer(database, clock, terms=Terms()) as writer:
        writer.submit(RegisterResources(resources=RESOURCES), PLANNER).result(10)
        assert writer.acquire_lease("test") == 1
        yield writer


@pytest.fixture
def do(writer: Writer) -> Do:
    def do(command: Any, actor: Actor = PLANNER, **more: Any) -> Receipt:
        return writer.submit(command, actor, **more).result(10)

    return do
