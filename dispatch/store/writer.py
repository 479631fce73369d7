"""The one writer: groups waiting commands into one commit, and answers once it is durable."""

import hashlib
import json
import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from dispatch.clock import Clock
from dispatch.commands import PLANNER, AcquireLease, Actor, Archive, Receipt
from dispatch.errors import (
    CommandFailed,
    DispatchError,
    IdempotencyKeyReused,
    ServiceOverloaded,
    ServiceStopping,
    StoreUnavailable,
)
from dispatch.handling.book import Book, Terms
from dispatch.handling.handlers import HANDLERS, handle
from dispatch.lifecycle import Party
from dispatch.store.codec import encode
from dispatch.store.database import Database
from dispatch.store.shelves import TABLES
from dispatch.store.shelving import StoredSource, flush, read_header, sweep_answers
from dispatch.store.waiting_line import LineFull, WaitingLine

_log = logging.getLogger(__name__)

Answer = Receipt | DispatchError


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    command: object
    actor: Actor
    key: str | None
    future: Future[Receipt]


class Writer:
    """Executes commands, one after the other, on its own thread.

    Commands that wait at the same time share one transaction, each in a savepoint of its own: a
    command that is refused leaves nothing, and the others are kept. A receipt is given only once
    the commit is durable; where the commit fails, every command of the group is told so.

    Args:
        database: The port's database, at its newest shape.
        clock: Tells when a command happens.
        terms: What the port has decided about answers.
        queue_limit: Commands that may wait; one more is refused as overloaded.
        group_limit: Commands of one transaction.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        terms: Terms | None = None,
        queue_limit: int = 1_000,
        group_limit: int = 64,
    ) -> None:
        self._database = database
        self._clock = clock
        self._terms = terms or Terms()
        self._waiting: WaitingLine[_Waiting] = WaitingLine(
            queue_limit, lambda waiting: waiting.actor.party is Party.PLANNER
        )
        self._group_limit = group_limit
        self._entry = threading.Lock()
        self._open = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to take commands.

        Raises:
            ServiceStopping: it was stopped before; a writer is started once.
        """
        with self._entry:
            if self._thread is not None:
                raise ServiceStopping("a writer is started once")
            self._open = True
            self._thread = threading.Thread(target=self._run, name="fairway-writer", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float = 30.0) -> bool:
        """Take no more commands, finish those that wait, and end.

        Returns:
            Whether it ended in time.
        """
        with self._entry:
            was_open, self._open = self._open, False
        if self._thread is None:
            return True
        if was_open:
            self._waiting.close()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def __enter__(self) -> "Writer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether it takes commands and its thread is alive."""
        return self._open and self._thread is not None and self._thread.is_alive()

    @property
    def depth(self) -> int:
        """How many commands wait."""
        return len(self._waiting)

    def submit(self, command: object, actor: Actor, *, key: str | None = None) -> Future[Receipt]:
        """Hand a command in; safe from any thread, and never blocks.

        A future that is cancelled before its turn is left out. In asyncio:
        ``await asyncio.wrap_future(writer.submit(...))``.

        Args:
            command: One of ``dispatch.commands``.
            actor: Who gives it.
            key: Idempotency key, of the actor's account: the same command under the same key is
                done once, and answered alike each time.

        Returns:
            The receipt to come, or a ``DispatchError`` in its place.

        Raises:
            ServiceOverloaded: too many commands wait.
            ServiceStopping: it takes none (any more).
            TypeError: not a command.
        """
        if type(command) not in HANDLERS:
            raise TypeError(f"not a command: {command!r}")
        waiting = _Waiting(command=command, actor=actor, key=key, future=Future())
        with self._entry:
            if not self._open:
                raise ServiceStopping
            try:
                self._waiting.put(waiting)
            except LineFull:
                raise ServiceOverloaded(context={"waiting": len(self._waiting)}) from None
        return waiting.future

    def acquire_lease(self, holder: str) -> int:
        """Become the planner that may publish; returns the generation. Blocks until durable."""
        return self.submit(AcquireLease(holder=holder), PLANNER).result().body["generation"]

    def hold(self, most_s: float) -> None:
        """Let everybody's commands wait until the planner has given its next one.

        So that a plan gets through where facts come faster than plans are made.

        Args:
            most_s: Longest wait, seconds; 0 lets them go.
        """
        self._waiting.hold(most_s)

    # -- on the writer's thread ------------------------------------------------------------

    def _run(self) -> None:
        last = False
        while not last:
            group, last = self._gather()
            if group:
                self._answer(group)

    def _gather(self) -> tuple[list[_Waiting], bool]:
        """Wait for a command and take those that wait with it; tell whether it is the end."""
        taken, last = self._waiting.take(self._group_limit)
        return [one for one in taken if one.future.set_running_or_notify_cancel()], last

    def _answer(self, group: Sequence[_Waiting]) -> None:
        offset_before = 0
        answers: list[Answer] = []
        try:
            with self._database.writing() as connection:
                offset_before = read_header(connection, self._database.port).last_offset
                answers = [self._execute(waiting, connection) for waiting in group]
                offset_after = read_header(connection, self._database.port).last_offset
        except Exception as failure:  # noqa: BLE001 - whoever waits is told, whatever happened
            _log.exception("a group of %d commands was not kept", len(group))
            kept = self._kept_after_failure(offset_before) if answers else "no"
            for waiting in group:
                waiting.future.set_exception(_unavailable(failure, kept))
            return
        if offset_after > offset_before:
            self._database.doorbell.ring(offset_after)
        for waiting, answer in zip(group, answers, strict=True):
            if isinstance(answer, Receipt):
                waiting.future.set_result(answer)
            else:
                waiting.future.set_exception(answer)

    def _execute(self, waiting: _Waiting, connection: Connection) -> Answer:
        """Do one command in a savepoint; a failure of the database ends the whole group."""
        savepoint = connection.begin_nested()
        try:
            answer = self._do(waiting, connection)
        except DispatchError as refusal:
            savepoint.rollback()
            return refusal
        except DBAPIError:
            # the database may have given up the whole transaction: nothing of the group is sure
            raise
        except Exception:  # noqa: BLE001 - one faulty command must not stop the writer
            _log.exception("%s failed", type(waiting.command).__name__)
            savepoint.rollback()
            return CommandFailed(type(waiting.command).__name__)
        savepoint.commit()
        return answer

    def _do(self, waiting: _Waiting, connection: Connection) -> Receipt:
        port = self._database.port
        fingerprint = ""
        if waiting.key is not None:
            fingerprint = _fingerprint(waiting)
            earlier = _earlier_answer(waiting, fingerprint, connection, port)
            if earlier is not None:
                return earlier
        book = Book(StoredSource(connection, port), now=self._clock.now(), terms=self._terms)
        handled = handle(waiting.command, book, waiting.actor)
        if isinstance(waiting.command, Archive):
            sweep_answers(connection, port, waiting.command.before_at)
        if handled is None:
            receipt = Receipt(offset=book.header.last_offset, body={"unchanged": True})
        else:
            offset = flush(book, handled, waiting.actor, connection, port)
            receipt = Receipt(offset=offset, body=handled.body)
        if waiting.key is not None:
            connection.execute(
                insert(TABLES["answers"]).values(
                    port=port,
                    account=waiting.actor.account,
                    key=waiting.key,
                    fingerprint=fingerprint,
                    offset=receipt.offset,
                    at=book.now,
                    body=dict(receipt.body),
                )
            )
        return receipt

    def _kept_after_failure(self, offset_before: int) -> str:
        """Look whether a commit that failed was kept all the same."""
        try:
            with self._database.reading() as connection:
                offset = read_header(connection, self._database.port).last_offset
        except SQLAlchemyError:
            return "unknown"
        return "no" if offset == offset_before else "unknown"


def _unavailable(failure: BaseException, kept: str) -> StoreUnavailable:
    reason = str(failure.orig) if isinstance(failure, DBAPIError) else type(failure).__name__
    refusal = StoreUnavailable(reason, context={"kept": kept, "reason": reason})
    refusal.__cause__ = failure
    return refusal


def _fingerprint(waiting: _Waiting) -> str:
    """Return what tells one command from another under the same key."""
    content: Mapping[str, Any] = {
        "command": type(waiting.command).__name__,
        "content": encode(waiting.command),
        "on_behalf_of": waiting.actor.on_behalf_of,
        "on_behalf_organisation": waiting.actor.on_behalf_organisation,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _earlier_answer(
    waiting: _Waiting, fingerprint: str, connection: Connection, port: str
) -> Receipt | None:
    table = TABLES["answers"]
    row = connection.execute(
        select(table.c.fingerprint, table.c.offset, table.c.body).where(
            table.c.port == port,
            table.c.account == waiting.actor.account,
            table.c.key == waiting.key,
        )
    ).one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise IdempotencyKeyReused(context={"key": waiting.key})
    return Receipt(offset=row.offset, body=row.body, replayed=True)
