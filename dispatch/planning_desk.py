"""What planning reads from the books and writes into them."""

from collections.abc import Sequence
from typing import Protocol

from dispatch.clock import Clock
from dispatch.commands import PLANNER, Receipt
from dispatch.events import Fact
from dispatch.situation import Situation
from dispatch.store.database import Database
from dispatch.store.reading import last_offset, read_outbox, read_situation
from dispatch.store.writer import Writer

LONGEST_WAIT_FOR_WRITER_S = 60.0


class Desk(Protocol):
    """The books as planning sees them; every call may come from planning's own thread only."""

    def situation(self) -> Situation:
        """Return all that bears on the plan, of one moment."""
        ...

    def facts(self, after: int) -> Sequence[Fact]:
        """Return the facts after an offset, in order; more may follow."""
        ...

    def last_offset(self) -> int:
        """Return the offset of the last fact."""
        ...

    def wait(self, after: int, timeout_s: float) -> bool:
        """Wait for a fact after an offset; False when the time is up."""
        ...

    def hold(self, most_s: float) -> None:
        """Have all others wait with what they would write, until something is given, or so long."""
        ...

    def give(self, command: object) -> Receipt:
        """Give a command as the planner and wait until it is durable.

        Raises:
            DispatchError: it is refused.
        """
        ...


class StoreDesk:
    """The books in the port's database, written by its one writer."""

    def __init__(self, database: Database, writer: Writer, clock: Clock) -> None:
        """Take the database, its writer (started) and the service's clock."""
        self._database = database
        self._writer = writer
        self._clock = clock

    def situation(self) -> Situation:
        """See ``Desk``."""
        return read_situation(self._database, now=self._clock.now())

    def facts(self, after: int) -> Sequence[Fact]:
        """See ``Desk``."""
        return read_outbox(self._database, after)

    def last_offset(self) -> int:
        """See ``Desk``."""
        return last_offset(self._database)

    def wait(self, after: int, timeout_s: float) -> bool:
        """See ``Desk``; the bell may be late or silent, so the books are read when time is up."""
        if self._database.doorbell.wait(after, timeout_s):
            return True
        return self.last_offset() > after

    def hold(self, most_s: float) -> None:
        """See ``Desk``."""
        self._writer.hold(most_s)

    def give(self, command: object) -> Receipt:
        """See ``Desk``."""
        return self._writer.submit(command, PLANNER).result(LONGEST_WAIT_FOR_WRITER_S)
