"""From the outbox to the hub: on the doorbell, and every second without it."""

import asyncio
import contextlib
import logging
import time
from typing import Any

from api.hub import FACTS_KEPT, Hub
from dispatch.events import Fact
from dispatch.store.database import Database
from dispatch.store.reading import read_entities, read_outbox

LOG = logging.getLogger("fairway.tailer")

POLL_S = 1.0
HEARTBEAT_S = 5.0
BATCH = 500
RETRY_S = 1.0


class Tailer:
    """Reads the outbox after the last offset that the hub has, for as long as it runs."""

    def __init__(self, database: Database, hub: Hub) -> None:
        """Take the store to read and the hub to feed."""
        self._database = database
        self._hub = hub
        self._rung = asyncio.Event()
        self._covered_s = time.monotonic()

    @property
    def behind_s(self) -> float:
        """Seconds since the hub was last known to hold all that the outbox held."""
        return max(0.0, time.monotonic() - self._covered_s - POLL_S)

    async def load(self) -> None:
        """Fill the hub from one reading of the store."""
        epoch, offset, entities, facts = await asyncio.to_thread(self._read_all)
        await self._hub.load(epoch, offset, entities, facts)
        self._covered_s = time.monotonic()

    def _read_all(self) -> tuple[str, int, dict[str, dict[str, dict[str, Any]]], list[Fact]]:
        epoch = self._database.epoch()
        offset, entities = read_entities(self._database)
        after = max(0, offset - FACTS_KEPT)
        facts: list[Fact] = []
        while after < offset:
            batch = read_outbox(self._database, after, BATCH)
            if not batch:
                break
            facts += [fact for fact in batch if fact.offset <= offset]
            after = batch[-1].offset
        return epoch, offset, entities, facts

    async def run(self) -> None:
        """Feed the hub until cancelled; a store that fails is tried again."""
        loop = asyncio.get_running_loop()
        end = self._database.doorbell.subscribe_loop(loop, lambda _offset: self._rung.set())
        try:
            while True:
                try:
                    await self._catch_up()
                except Exception:
                    LOG.exception("the outbox could not be read")
                    await asyncio.sleep(RETRY_S)
                    continue
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._rung.wait(), POLL_S)
                self._rung.clear()
        finally:
            end()

    async def _catch_up(self) -> None:
        while True:
            batch = await asyncio.to_thread(read_outbox, self._database, self._hub.offset, BATCH)
            for fact in batch:
                if fact.offset != self._hub.offset + 1:
                    # the store was restored under a running service
                    LOG.warning("outbox gap", extra={"offset": fact.offset})
                    await self.load()
                    return
                await self._hub.take(fact)
            if len(batch) < BATCH:
                self._covered_s = time.monotonic()
                return

    async def beat(self) -> None:
        """Send heartbeats until cancelled."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            await self._hub.heartbeat(self.behind_s)
