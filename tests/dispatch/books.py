"""One port in words: give commands, look at what boards would be told, and check the books."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatch.commands import PLANNER, Actor, Declare, PlacedMovement, Receipt, UnplacedMovement
from dispatch.declaration import CallPlan
from dispatch.events import Fact
from dispatch.handling.book import KINDS, Book
from dispatch.situation import Situation
from dispatch.store.database import Database
from dispatch.store.reading import (
    last_offset,
    read_entities,
    read_outbox,
    read_plans,
    read_situation,
)
from dispatch.store.shelving import StoredSource
from dispatch.store.writer import Writer
from tests.dispatch import port_words as words


@dataclass
class Books:
    """A running writer on a database."""

    database: Database
    writer: Writer
    clock: words.HandClock

    def do(self, command: Any, actor: Actor = PLANNER, **more: Any) -> Receipt:
        return self.writer.submit(command, actor, **more).result(10)

    def declare(self, *calls: CallPlan, actor: Actor = words.COMPANY) -> list[str]:
        """Declare and return the movement ids."""
        plan = words.a_plan(*calls, company=actor.organisation)
        return [item["id"] for item in self.do(Declare(plan=plan), actor).body["movements"]]

    def publish(
        self, *placed: PlacedMovement, unplaced: tuple[UnplacedMovement, ...] = ()
    ) -> Receipt:
        offset = last_offset(self.database)
        return self.do(words.a_publication(*placed, offset=offset, unplaced=unplaced))

    def place(self, movement_id: str, start_at: datetime, *resources: str) -> Receipt:
        return self.publish(words.a_placement(movement_id, start_at, *resources))

    def values(self, kind: str) -> Mapping[str, Any]:
        return read_entities(self.database)[1][kind]

    def movement(self, movement_id: str) -> Mapping[str, Any]:
        return self.values("movement")[movement_id]

    def service(self, service_id: str) -> Mapping[str, Any]:
        return self.values("service")[service_id]

    def services(self, movement_id: str) -> dict[str, Mapping[str, Any]]:
        """The services of a movement by resource."""
        return {
            value["resource_id"]: value
            for value in self.values("service").values()
            if value["movement_id"] == movement_id
        }

    def facts(self) -> list[Fact]:
        return read_outbox(self.database, 0, 100_000)

    @property
    def last(self) -> Fact:
        return self.facts()[-1]

    def situation(self) -> Situation:
        return read_situation(self.database, now=self.clock.now())


def check_books(database: Database) -> None:
    """Offsets have no gap, each change starts where the last one ended, and the entity values are
    what the facts add up to and what the domain says.
    """
    facts = read_outbox(database, 0, 100_000)
    assert [fact.offset for fact in facts] == list(range(1, len(facts) + 1))
    told: dict[tuple[str, str], Any] = {}
    for fact in facts:
        for change in fact.changes:
            key = (change.type, change.id)
            assert change.before == told.get(key), (fact.offset, key)
            assert change.before != change.value, (fact.offset, key)
            if change.value is None:
                del told[key]
            else:
                told[key] = change.value
    offset, values = read_entities(database)
    assert offset == len(facts)
    assert {(kind, item): value for kind in values for item, value in values[kind].items()} == told
    assert_domain_agrees(database)


def assert_domain_agrees(database: Database) -> None:
    """Make every entity anew from the domain: nothing may differ from what was told."""
    with database.reading() as connection:
        source = StoredSource(connection, database.port)
        book = Book(source, now=words.DAY)
        for kind in KINDS:
            for item in book.everything(kind):
                book.put(item)
        plans = read_plans(database, limit=1)
        book.plan = plans[0] if plans else None
        assert book.changes() == ()
        made = book._values_after()
    _, values = read_entities(database)
    known = {(kind, item) for kind in values for item in values[kind]}
    assert {key for key, value in made.items() if value is not None} == known
