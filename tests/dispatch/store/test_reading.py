"""Reading what is there, and being told what is not."""

import pytest

from dispatch.commands import Withdraw
from dispatch.errors import NotFound
from dispatch.store.database import Database
from dispatch.store.reading import (
    last_offset,
    read_declaration,
    read_entities,
    read_entity,
    read_history,
    read_outbox,
    read_plan_files,
    read_proposal,
    read_resources,
    read_situation,
)
from dispatch.store.writer import Writer
from tests.dispatch import port_words as words
from tests.dispatch.books import Books


@pytest.fixture
def books(database: Database, writer: Writer, clock: words.HandClock) -> Books:
    books = Books(database=database, writer=writer, clock=clock)
    books.declare(words.a_call(1))
    books.place("M1", words.at(6), "PL001", "T01")
    return books


def test_an_empty_port_has_every_type_and_nothing_in_it(database: Database) -> None:
    offset, values = read_entities(database)
    assert offset == last_offset(database) == 0
    assert set(values) == {
        "movement",
        "service",
        "stay",
        "restriction",
        "outage",
        "declaration",
        "resource",
        "plan",
        "proposal",
    }
    assert not any(values.values())
    situation = read_situation(database, now=words.DAY)
    assert (situation.offset, situation.plan_version, situation.movements) == (0, 0, ())


def test_one_entity_is_read_by_itself(books: Books) -> None:
    assert read_entity(books.database, "movement", "M1") == books.movement("M1")
    assert {item.id for item in read_resources(books.database)} == {
        item.id for item in words.RESOURCES
    }


def test_what_is_not_there_is_not_found(books: Books) -> None:
    database = books.database
    for read in (
        lambda: read_entity(database, "movement", "M99"),
        lambda: read_declaration(database, "D99"),
        lambda: read_proposal(database, "P99"),
        lambda: read_plan_files(database, 99),
    ):
        with pytest.raises(NotFound) as refused:
            read()
        assert refused.value.context["id"] in ("M99", "D99", "P99", "99")


def test_the_outbox_is_read_page_by_page(books: Books) -> None:
    facts = read_outbox(books.database, 0)
    pages = [read_outbox(books.database, after, 1) for after in range(len(facts))]
    assert [fact for page in pages for fact in page] == facts
    assert read_outbox(books.database, len(facts)) == []
    assert facts[0].at == words.DAY


def test_a_history_goes_back_page_by_page_and_outlives_what_it_tells_of(books: Books) -> None:
    books.do(Withdraw(declaration_id="D1", expected_revision=1), words.COMPANY)
    history = read_history(books.database, "movement", "M1")
    assert [fact.kind for fact in history] == ["withdrawn", "plan_published", "declared"]
    last = read_history(books.database, "movement", "M1", limit=1)
    older = read_history(books.database, "movement", "M1", before=last[0].offset)
    assert [*last, *older] == history
    assert read_history(books.database, "movement", "M99") == []


def test_a_situation_is_of_one_moment(books: Books) -> None:
    situation = books.situation()
    assert situation.offset == books.last.offset
    assert situation.plan_version == 1
    (movement, _) = situation.movements
    assert movement.planned is not None
    assert movement.planned.crews == (("pilot", ("PL001", "T01")),)
    assert [service.id for service in situation.services] == ["S1", "S2"]
