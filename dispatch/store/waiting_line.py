"""The line in which commands wait for the writer."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class LineFull(Exception):
    """As many wait as may."""


class WaitingLine(Generic[T]):
    """First come, first served, but for those that may pass while the others are held.

    Safe from any thread; one takes.
    """

    def __init__(self, limit: int, may_pass: Callable[[T], bool]) -> None:
        """Take how many may wait, and who passes those that are held."""
        self._limit = limit
        self._may_pass = may_pass
        self._items: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._held_until_s = 0.0

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._items)

    def put(self, item: T) -> None:
        """Add one at the end; those that may pass enter a full line, too.

        Raises:
            LineFull: too many wait.
        """
        with self._changed:
            # Whoever is held waits for one that may pass: were it refused, nobody would go on.
            if len(self._items) >= self._limit and not self._may_pass(item):
                raise LineFull
            self._items.append(item)
            self._changed.notify()

    def close(self) -> None:
        """Nothing more comes; nobody is held any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def hold(self, most_s: float) -> None:
        """Hold all until one comes that may pass, at most so many seconds; 0 lets them go."""
        with self._changed:
            self._held_until_s = time.monotonic() + most_s
            self._changed.notify()

    def take(self, most: int) -> tuple[list[T], bool]:
        """Wait for the next ones and return them, and whether they are the last."""
        with self._changed:
            while True:
                left_s = 0.0 if self._closed else self._held_until_s - time.monotonic()
                passing = [item for item in self._items if left_s > 0 and self._may_pass(item)]
                if passing:
                    self._held_until_s = 0.0
                    for item in passing:
                        self._items.remove(item)
                    return passing, False
                if left_s <= 0 and (self._items or self._closed):
                    taken = [self._items.popleft() for _ in range(min(most, len(self._items)))]
                    return taken, self._closed and not self._items
                self._changed.wait(left_s if self._items else None)
