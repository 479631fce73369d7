"""Which of a port's rules hold on the days that a problem reaches."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from dispatch.framing.grid import Grid
from dispatch.movement import Movement
from dispatch.port import Port


class RuleDays:
    """The port's own days, each stood for by the first one looked at with the same rules in force.

    As long as no rule begins or ends, all days are one, and nothing is framed more than once.
    """

    def __init__(self, port: Port, grid: Grid) -> None:
        """Take the port and the grid of the problem."""
        self._port = port
        self._grid = grid
        self._first: dict[frozenset[str], date] = {}
        self._stands_for: dict[date, date] = {}
        self.all = self.between(0, grid.horizon - 1)
        """Of every start that may be chosen: what cannot be told apart by movement keeps to all."""

    def between(self, begin: int, end: int) -> frozenset[date]:
        """Return the days of the ticks from ``begin`` to ``end``, both included."""
        zone = self._port.zone
        first = self._grid.instant(begin).astimezone(zone).date()
        last = self._grid.instant(max(begin, end)).astimezone(zone).date()
        count = (last - first).days + 1
        return frozenset(self._with_these_rules(first + timedelta(days=n)) for n in range(count))

    def of(self, movement: Movement) -> frozenset[date]:
        """Return the days of a movement: when it began, as it was told, or else as it was asked."""
        floor = self._grid.floor
        if movement.actual_start_at is not None:
            # what has begun is not judged anew at midnight
            begun = floor(movement.actual_start_at)
            return self.between(begun, begun)
        if movement.planned is not None:
            return self.between(floor(movement.planned.start_at), floor(movement.planned.end_at))
        wanted = max(0, floor(movement.estimated_at or movement.asked.requested_at))
        return self.between(wanted, wanted)

    def _with_these_rules(self, day: date) -> date:
        found = self._stands_for.get(day)
        if found is None:
            found = self._first.setdefault(self._port.rule_set(day), day)
            self._stands_for[day] = found
        return found


def rule_changes(port: Port, from_at: datetime, days: int) -> Iterator[datetime]:
    """Yield the local midnights at which the rules in force change.

    Args:
        port: The port.
        from_at: Only midnights after this instant.
        days: How many local days ahead are looked at.
    """
    day = from_at.astimezone(port.zone).date()
    before = port.rule_set(day)
    for ahead in range(1, days + 1):
        next_day = day + timedelta(days=ahead)
        after = port.rule_set(next_day)
        if after != before:
            yield datetime.combine(next_day, time.min, port.zone)
        before = after
