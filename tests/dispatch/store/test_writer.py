"""One writer: many threads, groups, savepoints, idempotency, a clean stop."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

import pytest

from dispatch.commands import Declare, EstimateMovement, HoldMovement, Withdraw
from dispatch.errors import (
    CallAlreadyDeclared,
    CommandFailed,
    IdempotencyKeyReused,
    ServiceOverloaded,
    ServiceStopping,
)
from dispatch.handling.book import Terms
from dispatch.store.accounts import Account, create_account, read_accounts
from dispatch.store.database import Database
from dispatch.store.reading import last_offset, read_entities, read_outbox
from dispatch.store.writer import Writer
from tests.dispatch import port_words as words
from tests.dispatch.books import check_books
from tests.dispatch.port_words import a_call, a_plan, at


def declaration(number: int) -> Declare:
    return Declare(plan=a_plan(a_call(number)))


class Gate:
    """Terms whose judge lets the writer wait, so that commands queue up behind it."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()
        self.terms = Terms(judge=self._judge)

    def _judge(self, plan: object, now: object) -> tuple[()]:
        self.reached.set()
        assert self.open.wait(20)
        return ()


def test_many_threads_write_and_every_receipt_is_a_fact_of_its_own(
    database: Database, writer: Writer
) -> None:
    start = last_offset(database)

    def client(number: int) -> list[int]:
        offsets = []
        for turn in range(5):
            command = declaration(100 * number + turn)
            offsets.append(writer.submit(command, words.COMPANY).result(20).offset)
        return offsets

    with ThreadPoolExecutor(16) as pool:
        offsets = [offset for found in pool.map(client, range(1, 17)) for offset in found]
    assert sorted(offsets) == list(range(start + 1, start + 81))
    ids = [fact.changes[0].id for fact in read_outbox(database, start)]
    assert len(set(ids)) == 80
    check_books(database)


def test_what_waits_together_is_one_commit_and_a_refusal_leaves_the_others(
    database: Database,
) -> None:
    gate = Gate()
    with Writer(database, words.HandClock(), terms=gate.terms) as writer:
        first = writer.submit(declaration(1), words.COMPANY)
        assert gate.reached.wait(10)
        rung: list[int] = []
        database.doorbell.subscribe(rung.append)
        waiting = [writer.submit(declaration(n), words.COMPANY) for n in (2, 1, 3, 1, 4)]
        assert writer.depth == 5
        assert not any(future.done() for future in (first, *waiting))
        gate.open.set()
        wait([first, *waiting], 20)
    # the first went alone; the five behind it shared one commit, so the bell rang twice
    assert rung == [1, 4]
    assert [future.exception() for future in waiting[0::2]] == [None, None, None]
    for refused in waiting[1::2]:
        assert isinstance(refused.exception(), CallAlreadyDeclared)
    assert sorted(read_entities(database)[1]["declaration"]) == ["D1", "D2", "D3", "D4"]
    check_books(database)


def test_a_fault_in_one_command_is_told_and_the_others_are_kept(database: Database) -> None:
    def judge(plan: object, now: object) -> tuple[()]:
        if getattr(plan, "reference", "") == "bad":
            raise ZeroDivisionError
        return ()

    with Writer(database, words.HandClock(), terms=Terms(judge=judge)) as writer:
        bad = Declare(plan=replace(a_plan(a_call(1)), reference="bad"))
        futures = [
            writer.submit(command, words.COMPANY)
            for command in (declaration(2), bad, declaration(3))
        ]
        assert futures[0].result(10).offset == 1
        with pytest.raises(CommandFailed):
            futures[1].result(10)
        assert futures[2].result(10).offset == 2
    check_books(database)


def test_a_full_queue_refuses_at_once_and_loses_nothing(database: Database) -> None:
    gate = Gate()
    with Writer(database, words.HandClock(), terms=gate.terms, queue_limit=3) as writer:
        taken = [writer.submit(declaration(1), words.COMPANY)]
        assert gate.reached.wait(10)
        taken += [writer.submit(declaration(n), words.COMPANY) for n in (2, 3, 4)]
        with pytest.raises(ServiceOverloaded) as refused:
            writer.submit(declaration(5), words.COMPANY)
        assert refused.value.context == {"waiting": 3}
        gate.open.set()
        assert [future.result(20).offset for future in taken] == [1, 2, 3, 4]


def test_stopping_finishes_what_waits_and_takes_nothing_more(database: Database) -> None:
    gate = Gate()
    writer = Writer(database, words.HandClock(), terms=gate.terms)
    with pytest.raises(ServiceStopping):
        writer.submit(declaration(1), words.COMPANY)
    assert not writer.running
    writer.start()
    assert writer.running
    futures = [writer.submit(declaration(n), words.COMPANY) for n in range(1, 6)]
    assert gate.reached.wait(10)
    stopper = threading.Thread(target=writer.stop)
    stopper.start()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            futures.append(writer.submit(declaration(9), words.COMPANY))
        except ServiceStopping:
            break
        time.sleep(0.01)
    gate.open.set()
    stopper.join(20)
    assert not stopper.is_alive()
    assert [future.result(0).offset for future in futures[:5]] == [1, 2, 3, 4, 5]
    assert writer.stop()
    assert not writer.running
    with pytest.raises(ServiceStopping):
        writer.submit(declaration(1), words.COMPANY)
    with pytest.raises(ServiceStopping):
        writer.start()


def test_a_command_that_is_given_up_before_its_turn_is_not_done(database: Database) -> None:
    gate = Gate()
    with Writer(database, words.HandClock(), terms=gate.terms) as writer:
        first = writer.submit(declaration(1), words.COMPANY)
        assert gate.reached.wait(10)
        given_up = writer.submit(declaration(2), words.COMPANY)
        assert given_up.cancel()
        third = writer.submit(declaration(3), words.COMPANY)
        gate.open.set()
        assert (first.result(10).offset, third.result(10).offset) == (1, 2)
        assert not first.cancel()


def test_only_commands_are_taken(writer: Writer) -> None:
    with pytest.raises(TypeError):
        writer.submit("declare", words.COMPANY)


# -- idempotency -------------------------------------------------------------------------------


def test_the_same_key_gives_the_same_answer_and_does_nothing_twice(
    database: Database, writer: Writer
) -> None:
    first = writer.submit(declaration(1), words.COMPANY, key="k1").result(10)
    again = writer.submit(declaration(1), words.COMPANY, key="k1").result(10)
    assert (again.body, again.offset, again.replayed) == (first.body, first.offset, True)
    assert not first.replayed
    assert len(read_entities(database)[1]["declaration"]) == 1


def test_the_key_holds_for_its_account_and_its_command_only(writer: Writer) -> None:
    writer.submit(declaration(1), words.COMPANY, key="k1").result(10)
    with pytest.raises(IdempotencyKeyReused):
        writer.submit(declaration(2), words.COMPANY, key="k1").result(10)
    other = Declare(plan=a_plan(a_call(3), company="AG-1"))
    assert not writer.submit(other, words.RIVAL, key="k1").result(10).replayed


def test_a_refused_command_may_be_tried_again_under_its_key(writer: Writer) -> None:
    writer.submit(declaration(1), words.COMPANY).result(10)
    with pytest.raises(CallAlreadyDeclared):
        writer.submit(declaration(1), words.COMPANY, key="k1").result(10)
    withdraw = Withdraw(declaration_id="D1", expected_revision=1)
    writer.submit(withdraw, words.COMPANY).result(10)
    assert writer.submit(declaration(1), words.COMPANY, key="k1").result(10).body["id"] == "D2"


def test_many_threads_with_one_key_make_one_declaration(database: Database, writer: Writer) -> None:
    barrier = threading.Barrier(12)

    def client(_: int) -> tuple[str, bool]:
        barrier.wait(10)
        receipt = writer.submit(declaration(1), words.COMPANY, key="race").result(20)
        return receipt.body["id"], receipt.replayed

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(client, range(12)))
    assert {declaration_id for declaration_id, _ in answers} == {"D1"}
    assert sum(not replayed for _, replayed in answers) == 1
    check_books(database)


def test_an_answer_that_changed_nothing_is_kept_too(writer: Writer) -> None:
    writer.submit(declaration(1), words.COMPANY).result(10)
    estimate = EstimateMovement(movement_id="M1", estimated_at=at(8))
    writer.submit(estimate, words.COMPANY).result(10)
    first = writer.submit(estimate, words.COMPANY, key="k").result(10)
    assert first.body == {"unchanged": True}
    hold = HoldMovement(movement_id="M1", reason_code="x")
    writer.submit(hold, words.MARITIME).result(10)
    again = writer.submit(estimate, words.COMPANY, key="k").result(10)
    assert (again.offset, again.replayed) == (first.offset, True)


# -- asyncio and the doorbell ------------------------------------------------------------------


def test_a_coroutine_awaits_a_receipt_and_hears_the_bell_on_its_own_loop(
    database: Database, writer: Writer
) -> None:
    async def run() -> tuple[int, int, bool]:
        loop = asyncio.get_running_loop()
        heard: asyncio.Queue[tuple[int, bool]] = asyncio.Queue()
        end = database.doorbell.subscribe_loop(
            loop,
            lambda offset: heard.put_nowait((offset, asyncio.get_running_loop() is loop)),
        )
        receipt = await asyncio.wrap_future(writer.submit(declaration(1), words.COMPANY))
        offset, on_loop = await asyncio.wait_for(heard.get(), 10)
        end()
        await asyncio.wrap_future(writer.submit(declaration(2), words.COMPANY))
        await asyncio.sleep(0.05)
        assert heard.empty()
        return receipt.offset, offset, on_loop

    receipt_offset, rung_offset, on_loop = asyncio.run(run())
    assert (rung_offset, on_loop) == (receipt_offset, True)


def test_a_thread_waits_for_the_bell(database: Database, writer: Writer) -> None:
    before = database.doorbell.offset
    assert before == last_offset(database)
    assert not database.doorbell.wait(before, 0.05)
    assert database.doorbell.wait(before - 1, 0.05)
    heard = threading.Event()

    def listen() -> None:
        if database.doorbell.wait(before, 10):
            heard.set()

    listener = threading.Thread(target=listen)
    listener.start()
    writer.submit(declaration(1), words.COMPANY).result(10)
    listener.join(10)
    assert heard.is_set()


def test_a_listener_that_fails_does_not_silence_the_others(
    database: Database, writer: Writer, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(offset: int) -> None:
        raise ZeroDivisionError

    heard: list[int] = []
    database.doorbell.subscribe(fail)
    database.doorbell.subscribe(heard.append)
    receipt = writer.submit(declaration(1), words.COMPANY).result(10)
    assert heard == [receipt.offset]
    assert "listener" in caplog.text


def test_a_database_that_is_opened_again_goes_on_where_it_was(database: Database) -> None:
    with Writer(database, words.HandClock()) as writer:
        writer.submit(declaration(1), words.COMPANY).result(10)
    again = Database(database.url, port=database.port)
    again.upgrade()
    assert again.doorbell.offset == 1
    with Writer(again, words.HandClock()) as writer:
        receipt = writer.submit(declaration(2), words.COMPANY).result(10)
    assert (receipt.offset, receipt.body["id"]) == (2, "D2")
    check_books(again)
    again.close()


# -- others on the same file -------------------------------------------------------------------


def test_two_writers_on_one_file_share_one_row_of_offsets(database: Database) -> None:
    other = Database(database.url, port=database.port)
    with (
        Writer(database, words.HandClock()) as first,
        Writer(other, words.HandClock()) as second,
        ThreadPoolExecutor(8) as pool,
    ):

        def client(number: int) -> list[int]:
            writer = first if number % 2 else second
            return [
                writer.submit(declaration(100 * number + turn), words.COMPANY).result(30).offset
                for turn in range(4)
            ]

        offsets = [offset for found in pool.map(client, range(1, 9)) for offset in found]
    assert sorted(offsets) == list(range(1, 33))
    check_books(database)
    other.close()


def test_one_ship_is_declared_once_whichever_writer_gets_it(database: Database) -> None:
    other = Database(database.url, port=database.port)
    with Writer(database, words.HandClock()) as first, Writer(other, words.HandClock()) as second:
        futures = []
        for number in range(1, 11):
            theirs = Declare(plan=a_plan(a_call(number), company="AG-1"))
            futures.append(
                (
                    first.submit(declaration(number), words.COMPANY),
                    second.submit(theirs, words.RIVAL),
                )
            )
        for ours, rival in futures:
            refused = [ours.exception(20), rival.exception(20)]
            assert refused.count(None) == 1
            assert any(isinstance(error, CallAlreadyDeclared) for error in refused)
    check_books(database)
    other.close()


def test_an_account_is_made_from_outside_while_the_writer_is_busy(database: Database) -> None:
    other = Database(database.url, port=database.port)
    with Writer(database, words.HandClock()) as writer:
        futures = [writer.submit(declaration(number), words.COMPANY) for number in range(1, 60)]
        account = Account(name="desk", organisation="PILOT", party=words.Party.PILOTAGE)
        create_account(other, account, "nine pilots at dawn", now=at(0))
        assert [future.result(30).offset for future in futures] == list(range(1, 60))
    assert read_accounts(database) == [account]
    other.close()
