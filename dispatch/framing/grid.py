"""Instants and minutes of the domain as ticks of a problem, and back."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.problem import Interval

TICK_S = 60


def minutes(duration_min: float) -> int:
    """Return a duration as ticks of a minute, halves rounded up.

    Times along a passage are added up first and rounded once, so that they do not drift.
    """
    return math.floor(duration_min + 0.5)


def up(value: float) -> int:
    """Round up, forgiving the noise of floating point."""
    return math.ceil(round(value, 6))


@dataclass(frozen=True, slots=True)
class Grid:
    """Minutes counted from an instant, on the minute."""

    origin_at: datetime
    horizon: int
    """Ticks in which starts are chosen."""
    known: int
    """Ticks for which tide, light and weather are framed."""

    @classmethod
    def at(cls, now: datetime, horizon_h: int, beyond_h: int) -> "Grid":
        """Return the grid whose tick 0 is the minute that ``now`` lies in."""
        return cls(
            now.replace(second=0, microsecond=0), horizon_h * 60, (horizon_h + beyond_h) * 60
        )

    def floor(self, instant: datetime) -> int:
        """Return the last tick that is not after an instant."""
        return (instant - self.origin_at) // timedelta(seconds=TICK_S)

    def ceil(self, instant: datetime) -> int:
        """Return the first tick that is not before an instant."""
        return -((self.origin_at - instant) // timedelta(seconds=TICK_S))

    def instant(self, tick: int) -> datetime:
        """Return the instant of a tick."""
        return self.origin_at + timedelta(seconds=tick * TICK_S)

    def span(
        self, from_at: datetime, to_at: datetime | None, *, past: bool = False
    ) -> Interval | None:
        """Return the ticks touched by ``[from_at, to_at)``; None if there are none.

        Without an end the span runs to the end of what is known. Unless ``past`` is asked for, it
        is cut at tick 0.
        """
        begin = self.floor(from_at) if past else max(0, self.floor(from_at))
        end = self.known if to_at is None else self.ceil(to_at)
        return Interval(begin, end) if begin < end else None
