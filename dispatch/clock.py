"""Who knows the time, and times of day in the port's zone."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

TIME_FORMAT = "%Y-%m-%d %H:%M"
"""How times stand in spreadsheets and port files: local, to the minute."""


class Clock(Protocol):
    """Tells the time; nothing else in the domain may ask the machine for it."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        ...

    def real_seconds_until(self, instant: datetime) -> float:
        """Return the seconds to wait for an instant on this clock; 0 if it has passed."""
        ...


class MachineClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)

    def real_seconds_until(self, instant: datetime) -> float:
        """Return the seconds to wait for an instant; 0 if it has passed."""
        return max(0.0, (instant - self.now()).total_seconds())


class SimulatedClock:
    """A clock that starts at any instant and runs ``speed`` times as fast as the machine."""

    def __init__(self, start_at: datetime, *, speed: float = 1.0) -> None:
        """Start at an aware instant; ``speed`` 0 stands still.

        Raises:
            ValueError: an instant without a zone, or a negative speed.
        """
        if start_at.tzinfo is None or speed < 0:
            raise ValueError("start_at needs a zone and speed may not be negative")
        self._from_at = start_at.astimezone(UTC)
        self._from_s = time.monotonic()
        self._speed = speed

    @property
    def speed(self) -> float:
        """Simulated seconds a real second."""
        return self._speed

    def now(self) -> datetime:
        """Return the present simulated instant in UTC."""
        passed_s = (time.monotonic() - self._from_s) * self._speed
        return self._from_at + timedelta(seconds=passed_s)

    def set_speed(self, speed: float) -> None:
        """Run at another speed from now on; 0 stands still.

        Raises:
            ValueError: a negative speed.
        """
        if speed < 0:
            raise ValueError("speed may not be negative")
        self._from_at, self._from_s, self._speed = self.now(), time.monotonic(), speed

    def advance_to(self, instant: datetime) -> None:
        """Jump forward to an instant; one that has passed is left alone."""
        if instant > self.now():
            self._from_at, self._from_s = instant.astimezone(UTC), time.monotonic()

    def real_seconds_until(self, instant: datetime) -> float:
        """Return the real seconds to wait; infinite for a later instant while standing still."""
        ahead_s = (instant - self.now()).total_seconds()
        if ahead_s <= 0:
            return 0.0
        return float("inf") if self._speed == 0 else ahead_s / self._speed


class LocalTimeInvalid(ValueError):
    """A local time that cannot be read as one instant.

    ``code`` is ``not_a_time``, ``time_skipped`` (the clocks go forward over it) or
    ``time_twice`` (the clocks go back over it).
    """

    def __init__(self, code: str, text: str, zone: str) -> None:
        """Keep the code, the text and the zone."""
        super().__init__(f"{code}: {text!r} in {zone}")
        self.code = code
        self.text = text
        self.zone = zone


def local_instant(text: str, zone: ZoneInfo, *, fold: int | None = None) -> datetime:
    """Read a local time ``YYYY-MM-DD HH:MM`` as an instant in UTC.

    Args:
        text: the local time.
        zone: the port's zone.
        fold: which of two readings to take when the clocks go back: 0 the first, 1 the second;
            None refuses such a time.

    Raises:
        LocalTimeInvalid: not a time, or one that the zone skips or has twice.
    """
    try:
        local = datetime.strptime(text.strip(), TIME_FORMAT)  # noqa: DTZ007 - the zone follows
    except ValueError:
        raise LocalTimeInvalid("not_a_time", text, zone.key) from None
    return zoned_instant(local, zone, fold=fold)


def zoned_instant(local: datetime, zone: ZoneInfo, *, fold: int | None = None) -> datetime:
    """Return the instant of a naive local time; see ``local_instant``.

    Raises:
        LocalTimeInvalid: a time that the zone skips or has twice.
    """
    text = local.strftime(TIME_FORMAT)
    first, second = (local.replace(tzinfo=zone, fold=reading).astimezone(UTC) for reading in (0, 1))
    if first == second:
        return first
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise LocalTimeInvalid("time_skipped", text, zone.key)
    if fold is None:
        raise LocalTimeInvalid("time_twice", text, zone.key)
    return second if fold else first


def local_text(instant: datetime, zone: ZoneInfo) -> str:
    """Write an instant as local time ``YYYY-MM-DD HH:MM``."""
    return instant.astimezone(zone).strftime(TIME_FORMAT)
