"""Tells waiting readers that the outbox has grown; the outbox itself is the truth."""

import asyncio
import logging
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Doorbell:
    """A bell with the highest offset that is durable.

    It may ring late, twice or for nothing; a reader that reads the outbox after the last offset
    it has seen misses nothing.
    """

    def __init__(self, offset: int = 0) -> None:
        self._offset = offset
        self._changed = threading.Condition()
        self._callbacks: list[Callable[[int], None]] = []

    @property
    def offset(self) -> int:
        """The highest offset rung so far."""
        return self._offset

    def ring(self, offset: int) -> None:
        """Wake everybody; called once the offset is durable."""
        with self._changed:
            self._offset = max(self._offset, offset)
            self._changed.notify_all()
            callbacks = tuple(self._callbacks)
        for callback in callbacks:
            try:
                callback(offset)
            except Exception:  # noqa: BLE001 - one listener's fault must not silence the others
                _log.exception("a listener of the doorbell failed")

    def wait(self, after_offset: int, timeout_s: float | None = None) -> bool:
        """Block until there is something after an offset; False when the time is up."""
        with self._changed:
            return self._changed.wait_for(lambda: self._offset > after_offset, timeout_s)

    def subscribe(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Call back on every ring, on the ringing thread; returns what ends it.

        The callback must be quick and must not call back into the store.
        """
        with self._changed:
            self._callbacks.append(callback)

        def end() -> None:
            with self._changed:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

        return end

    def subscribe_loop(
        self, loop: asyncio.AbstractEventLoop, callback: Callable[[int], None]
    ) -> Callable[[], None]:
        """Call back on every ring, on an event loop's own thread; returns what ends it."""

        def hand_over(offset: int) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(callback, offset)

        return self.subscribe(hand_over)
