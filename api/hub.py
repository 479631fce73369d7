"""From facts to sockets: one frame a view, built once, written to every subscriber."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from agencies.feed import Feed, Frame, History, encode
from agencies.party import View
from api.wire import text_frame
from dispatch.events import Fact

LOG = logging.getLogger("fairway.hub")

FACTS_KEPT = 1_000
CHANGES_KEPT = 4_000
"""A holder of an older cursor takes a snapshot. A change of a movement takes some 20 KB."""
MOST_WAITING_BYTES = 1024 * 1024
"""A subscriber that lets more wait is cut off, and resumes; a snapshot may wait beside it."""
YIELD_EVERY = 256
"""Subscribers written to between two turns of the loop (5,000 of them are 50 ms)."""


class Wiring(Protocol):
    """What the hub needs of a connection; ``api.wire.Wire`` is one."""

    @property
    def is_open(self) -> bool:
        """Whether frames may still be written."""
        ...

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the peer has not taken yet."""
        ...

    def write(self, frames: bytes) -> None:
        """Write whole frames without waiting."""
        ...

    def abort(self) -> None:
        """End the connection at once."""
        ...


@dataclass(slots=True, eq=False, kw_only=True)
class Subscriber:
    """One connection that follows a view.

    Attributes:
        account: Whose it is.
        session: Tells the session it was opened in.
        ending: Resolves to (close code, problem code) when the service ends the subscription.
        allowance_bytes: Length of the snapshot that may wait beside the bound.
    """

    wire: Wiring
    account: str
    session: str
    ending: asyncio.Future[tuple[int, str]]
    allowance_bytes: int = 0

    def send(self, frames: bytes) -> bool:
        """Write frames; False where the peer is gone, or was cut off for not reading."""
        if not self.wire.is_open:
            return False
        waiting = self.wire.waiting_bytes
        if waiting > MOST_WAITING_BYTES + self.allowance_bytes:
            LOG.warning(
                "subscriber cut off",
                extra={"account": self.account, "waiting_bytes": waiting},
            )
            self.wire.abort()
            return False
        if waiting <= MOST_WAITING_BYTES:
            self.allowance_bytes = 0
        self.wire.write(frames)
        return True

    def send_all(self, frames: bytes) -> None:
        """Write a newcomer's frames, however long."""
        self.allowance_bytes = len(frames)
        self.wire.write(frames)

    def end(self, close_code: int, problem: str) -> None:
        """Have the connection's own task close it."""
        if not self.ending.done():
            self.ending.set_result((close_code, problem))


@dataclass(slots=True)
class Channel:
    """A view with its feed and those who follow it."""

    feed: Feed
    subscribers: set[Subscriber] = field(default_factory=set[Subscriber])
    snapshot: tuple[int, str, bytes] | None = None
    """Offset, cursor and encoded frame of the last snapshot made."""


class Hub:
    """What the port's boards stand at, in memory, and who follows them.

    It is fed by one tailer (``load``, then ``take`` in order). All of it runs on the event loop.
    """

    def __init__(self, secret: bytes, now: Callable[[], datetime]) -> None:
        """Take the secret of cursors and made-up ids, and the service's clock."""
        self._secret = secret
        self._now = now
        self._channels: dict[str, Channel] = {}
        self._lock = asyncio.Lock()
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self.epoch = ""
        self.offset = 0
        self.entities: dict[str, dict[str, Mapping[str, Any]]] = {}
        self.facts: list[Fact] = []
        self._changes_kept = 0

    # -- what the tailer tells ----------------------------------------------------------------

    async def load(
        self,
        epoch: str,
        offset: int,
        entities: Mapping[str, Mapping[str, Mapping[str, Any]]],
        facts: Iterable[Fact] = (),
    ) -> None:
        """Start from a reading of the store; whoever follows is told to take a new snapshot.

        ``facts`` are the last ones up to ``offset``, gapless, so that cursors from before a
        restart can resume.
        """
        async with self._lock:
            self.epoch, self.offset = epoch, offset
            self.entities = {name: dict(values) for name, values in entities.items()}
            self.facts = list(facts)
            self._changes_kept = sum(len(fact.changes) for fact in self.facts)
            self._forget()
            for channel in self._channels.values():
                for subscriber in channel.subscribers:
                    subscriber.end(4409, "resync")
            self._channels.clear()
            self._wake()

    async def take(self, fact: Fact) -> None:
        """Apply the next fact and tell every view that it changes.

        Raises:
            ValueError: the fact is not the next one.
        """
        async with self._lock:
            if fact.offset != self.offset + 1:
                raise ValueError(f"fact {fact.offset} after {self.offset}")
            self._apply(fact)
            told: list[tuple[tuple[Subscriber, ...], bytes, Channel]] = []
            for channel in self._channels.values():
                frame = channel.feed.tell(fact)
                if frame is not None and channel.subscribers:
                    frames = text_frame(encode(frame))
                    told.append((tuple(channel.subscribers), frames, channel))
            self._wake()
            for subscribers, frames, channel in told:
                await self._write(subscribers, frames, channel)

    def _apply(self, fact: Fact) -> None:
        for change in fact.changes:
            values = self.entities.setdefault(change.type, {})
            if change.value is None:
                values.pop(change.id, None)
            else:
                values[change.id] = change.value
        self.facts.append(fact)
        self._changes_kept += len(fact.changes)
        self.offset = fact.offset
        self._forget()

    def _forget(self) -> None:
        """Drop the oldest facts once there are half as many again, or as many changes, as kept."""
        if len(self.facts) <= 1.5 * FACTS_KEPT and self._changes_kept <= 1.5 * CHANGES_KEPT:
            return
        first, changes = len(self.facts), 0
        while first > max(0, len(self.facts) - FACTS_KEPT):
            changes += len(self.facts[first - 1].changes)
            if changes > CHANGES_KEPT:
                break
            first -= 1
        del self.facts[:first]
        self._changes_kept = sum(len(fact.changes) for fact in self.facts)

    async def heartbeat(self, behind_s: float) -> None:
        """Tell everybody that the service lives and how far their view is covered."""
        async with self._lock:
            now = self._now()
            for channel in tuple(self._channels.values()):
                if channel.subscribers:
                    frame = channel.feed.heartbeat(self.offset, now, behind_s)
                    frames = text_frame(encode(frame))
                    await self._write(tuple(channel.subscribers), frames, channel)

    async def _write(
        self, subscribers: tuple[Subscriber, ...], frames: bytes, channel: Channel
    ) -> None:
        for number, subscriber in enumerate(subscribers, start=1):
            if subscriber in channel.subscribers and not subscriber.send(frames):
                channel.subscribers.discard(subscriber)
            if number % YIELD_EVERY == 0:
                await asyncio.sleep(0)

    def _wake(self) -> None:
        for offset, future in self._waiting:
            if offset <= self.offset and not future.done():
                future.set_result(None)
        self._waiting = [item for item in self._waiting if not item[1].done()]

    async def reached(self, offset: int) -> None:
        """Wait until a fact has been applied, so that what is read next holds it."""
        if offset <= self.offset:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((offset, future))
        await future

    # -- what views ask -----------------------------------------------------------------------

    @property
    def history(self) -> History:
        """The facts at hand."""
        return History(self.epoch, self.offset - len(self.facts), self.facts)

    def _channel(self, view: View) -> Channel:
        channel = self._channels.get(view.key)
        if channel is None:
            channel = Channel(Feed(view, self._secret, self.epoch, self.offset))
            self._channels[view.key] = channel
        return channel

    def join(self, view: View, since: str | None, subscriber: Subscriber) -> str:
        """Bring a newcomer up to date and tell it everything from now on.

        Returns:
            ``resume`` or ``snapshot``, as it was answered.
        """
        channel = self._channel(view)
        resumed = channel.feed.resume(since, self.history, self._now()) if since else None
        frames = (
            b"".join(text_frame(encode(frame)) for frame in resumed)
            if resumed is not None
            else text_frame(self._snapshot(channel))
        )
        subscriber.send_all(frames)
        channel.subscribers.add(subscriber)
        return "snapshot" if resumed is None else "resume"

    def leave(self, view: View, subscriber: Subscriber) -> None:
        """Forget a subscriber."""
        channel = self._channels.get(view.key)
        if channel is not None:
            channel.subscribers.discard(subscriber)

    def snapshot(self, view: View) -> bytes:
        """Return a view's snapshot frame, encoded."""
        return self._snapshot(self._channel(view))

    def _snapshot(self, channel: Channel) -> bytes:
        made = channel.snapshot
        if made is None or made[:2] != (self.offset, channel.feed.cursor):
            frame = channel.feed.snapshot(self.entities, self._now())
            made = (self.offset, channel.feed.cursor, encode(frame))
            channel.snapshot = made
        return made[2]

    def rows(self, view: View) -> dict[str, list[dict[str, Any]]]:
        """Return a view's rows by type."""
        return self._channel(view).feed.snapshot(self.entities, self._now())["rows"]

    def row(self, view: View, entity_type: str, entity_id: str) -> dict[str, Any] | None:
        """Return one row of a view, or None where it has none of this id."""
        value = self.entities.get(entity_type, {}).get(entity_id)
        if value is None:
            return None
        found = self._channel(view).feed.snapshot({entity_type: {entity_id: value}}, self._now())
        rows = found["rows"].get(entity_type, [])
        return rows[0] if rows and rows[0]["id"] == entity_id else None

    def page(self, view: View, since: str, limit: int) -> tuple[list[Frame], str] | None:
        """Return a view's deltas after a cursor; None: it has to take a snapshot."""
        return self._channel(view).feed.page(since, self.history, limit)

    def subscriptions(self, account: str) -> int:
        """Return how many connections an account has."""
        return sum(
            subscriber.account == account
            for channel in self._channels.values()
            for subscriber in channel.subscribers
        )

    def end_session(self, session: str) -> None:
        """End the subscriptions of a session that was closed."""
        for channel in self._channels.values():
            for subscriber in channel.subscribers:
                if subscriber.session == session:
                    subscriber.end(4401, "session-expired")
