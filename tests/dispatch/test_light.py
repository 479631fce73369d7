"""Sunrise and sunset against the sample days' own table."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.light import daylight, light_intervals
from dispatch.port import load_port

PORT = load_port("guangzhou")
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("day", "dawn", "rise", "set_", "dusk"),
    [
        (22, "06:18", "06:42", "17:39", "18:04"), (24, "06:19", "06:43", "17:39", "18:03"),
        (26, "06:20", "06:45", "17:39", "18:03"), (28, "06:22", "06:46", "17:39", "18:03"),
        (30, "06:23", "06:48", "17:39", "18:04"),
    ],
)  # fmt: skip
def test_sun_times_are_the_given_ones_to_the_minute(day, dawn, rise, set_, dusk):
    sun = PORT.daylight(date(2026, 11, day))
    found = (sun.civil_dawn_at, sun.sunrise_at, sun.sunset_at, sun.civil_dusk_at)
    for instant, given in zip(found, (dawn, rise, set_, dusk), strict=True):
        expected = datetime.fromisoformat(f"2026-11-{day}T{given}").replace(tzinfo=ZONE)
        assert instant is not None
        assert abs((instant - expected).total_seconds()) <= 90


def test_the_whole_port_sees_the_sun_within_two_minutes():
    times = [PORT.daylight(date(2026, 11, 24), node).sunset_at for node in PORT.nodes]
    known = [instant for instant in times if instant is not None]
    assert len(known) == len(times)
    assert max(known) - min(known) < timedelta(minutes=4)


def test_beyond_the_polar_circle_there_may_be_no_sunrise():
    sun = daylight(70.0, 20.0, date(2026, 6, 21), ZoneInfo("Europe/Oslo"))
    assert sun.sunrise_at is None
    assert sun.sunset_at is None
    noon = datetime(2026, 6, 21, 12, tzinfo=UTC)
    spans = light_intervals(70.0, 20.0, ZoneInfo("Europe/Oslo"), noon, noon + timedelta(hours=1))
    assert not list(spans)


def test_light_is_given_for_every_day_that_the_interval_touches():
    start = datetime(2026, 11, 24, 4, tzinfo=UTC)
    spans = PORT.light_intervals(start, start + timedelta(hours=48))
    assert [span[0].astimezone(ZONE).day for span in spans] == [24, 25, 26]
    night = datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert PORT.light_intervals(night, night + timedelta(hours=2)) == ()
