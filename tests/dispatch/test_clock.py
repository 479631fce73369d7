"""Clocks, and local times where the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.clock import LocalTimeInvalid, SimulatedClock, local_instant, local_text

HAVEN = ZoneInfo("Pacific/Auckland")
START = datetime(2026, 11, 24, tzinfo=UTC)


def test_a_standing_clock_moves_only_when_it_is_told_to():
    clock = SimulatedClock(START, speed=0.0)
    assert clock.now() == START == clock.now()
    assert clock.real_seconds_until(START + timedelta(seconds=1)) == float("inf")
    clock.advance_to(START + timedelta(hours=1))
    clock.advance_to(START)
    assert clock.now() == START + timedelta(hours=1)
    assert clock.real_seconds_until(START) == 0.0


def test_a_fast_clock_waits_less_and_keeps_its_time_when_the_speed_changes():
    clock = SimulatedClock(START, speed=3600.0)
    assert 0.9 < clock.real_seconds_until(clock.now() + timedelta(hours=1)) <= 1.0
    before = clock.now()
    clock.set_speed(0.0)
    assert before <= clock.now() < before + timedelta(hours=1)


@pytest.mark.parametrize("bad", [{"speed": -1.0}, {"start_at": datetime(2026, 1, 1)}])
def test_a_clock_refuses_nonsense(bad):
    with pytest.raises(ValueError):
        SimulatedClock(**({"start_at": START, "speed": 1.0} | bad))


def test_local_times_are_read_in_the_port_s_zone():
    assert local_instant("2026-07-01 12:00", HAVEN) == datetime(2026, 7, 1, tzinfo=UTC)
    assert local_instant("2026-12-01 13:00", HAVEN) == datetime(2026, 12, 1, tzinfo=UTC)
    assert local_text(datetime(2026, 12, 1, tzinfo=UTC), HAVEN) == "2026-12-01 13:00"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-09-27 02:30", "time_skipped"),
        ("2026-04-05 02:30", "time_twice"),
        ("2026-02-30 02:30", "not_a_time"),
        ("tomorrow", "not_a_time"),
    ],
)
def test_a_local_time_that_is_no_one_instant_is_refused(text, code):
    with pytest.raises(LocalTimeInvalid) as told:
        local_instant(text, HAVEN)
    assert told.value.code == code


def test_an_hour_that_comes_twice_can_be_chosen():
    first, second = (local_instant("2026-04-05 02:30", HAVEN, fold=fold) for fold in (0, 1))
    assert second - first == timedelta(hours=1)
    with pytest.raises(LocalTimeInvalid):
        local_instant("2026-09-27 02:30", HAVEN, fold=0)
