"""Sunrise and sunset at the port."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import dawn, dusk, sunrise, sunset


@dataclass(frozen=True, slots=True, kw_only=True)
class Daylight:
    """The sun of one local day, instants in UTC.

    None where the sun does not rise or set that day, as beyond the polar circles.
    """

    day: date
    civil_dawn_at: datetime | None
    sunrise_at: datetime | None
    sunset_at: datetime | None
    civil_dusk_at: datetime | None


def daylight(lat_deg: float, lon_deg: float, day: date, zone: ZoneInfo) -> Daylight:
    """Return the sun times of a local day at a position.

    Source: astral, after the NOAA solar calculator; sunrise and sunset at 0.833 degrees below
    the horizon, civil twilight at 6 degrees; a minute or so accurate.
    """
    observer = Observer(latitude=lat_deg, longitude=lon_deg)

    def instant(event: object) -> datetime | None:
        assert callable(event)
        try:
            found = event(observer, date=day, tzinfo=zone)
        except ValueError:
            # astral's way to say that the sun does not reach the height on this day
            return None
        assert isinstance(found, datetime)
        return found.astimezone(UTC)

    return Daylight(
        day=day,
        civil_dawn_at=instant(dawn),
        sunrise_at=instant(sunrise),
        sunset_at=instant(sunset),
        civil_dusk_at=instant(dusk),
    )


def light_intervals(
    lat_deg: float, lon_deg: float, zone: ZoneInfo, from_at: datetime, to_at: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the intervals from sunrise to sunset that meet ``[from_at, to_at)``, not cut to it.

    A day without sunrise or sunset gives no interval.
    """
    day = from_at.astimezone(zone).date() - timedelta(days=1)
    last = to_at.astimezone(zone).date() + timedelta(days=1)
    while day <= last:
        sun = daylight(lat_deg, lon_deg, day, zone)
        rises_at, sets_at = sun.sunrise_at, sun.sunset_at
        if rises_at is not None and sets_at is not None and rises_at < to_at and from_at < sets_at:
            yield rises_at, sets_at
        day += timedelta(days=1)
