"""Weather in half-open pieces: no gap unnamed, later word over earlier."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dispatch.conditions import Closure, Conditions, Visibility, Wind

START = datetime(2026, 11, 25, tzinfo=UTC)


def hour(count: float) -> datetime:
    return START + timedelta(hours=count)


def fog(first: float, last: float, metres: float, *segments: str) -> Visibility:
    return Visibility(from_at=hour(first), to_at=hour(last), visibility_m=metres, segments=segments)


def wind(first: float, last: float, speed: float) -> Wind:
    return Wind(from_at=hour(first), to_at=hour(last), wind_mps=speed, from_deg=45.0)


def test_an_interval_holds_its_start_and_not_its_end():
    weather = Conditions(visibility=(fog(2, 8, 600),), wind=(wind(0, 4, 5.0),))
    assert weather.visibility_at(hour(2), "S01") is not None
    assert weather.visibility_at(hour(8), "S01") is None
    assert weather.wind_at(hour(0)) is not None
    assert weather.wind_at(hour(4)) is None


def test_what_lies_outside_the_series_is_unknown_and_bars_nothing():
    weather = Conditions(visibility=(fog(2, 4, 600),))
    pieces = weather.visibility_over("S01", hour(0), hour(6))
    assert [(item.from_at, item.to_at, item.entry is None) for item in pieces] == [
        (hour(0), hour(2), True),
        (hour(2), hour(4), False),
        (hour(4), hour(6), True),
    ]
    assert weather.visibility_below(1000, "S01", hour(0), hour(6)) == ((hour(2), hour(4)),)
    assert weather.wind_at_least(0.0, hour(0), hour(6)) == ()


def test_limits_are_below_for_sight_and_reached_for_wind():
    weather = Conditions(visibility=(fog(0, 1, 1000),), wind=(wind(0, 1, 10.8),))
    assert weather.visibility_below(1000, "S01", hour(0), hour(1)) == ()
    assert weather.wind_at_least(10.8, hour(0), hour(1)) == ((hour(0), hour(1)),)


def test_a_report_replaces_the_forecast_for_its_own_time_and_place():
    forecast = Conditions(visibility=(fog(0, 10, 8000), fog(2, 6, 600)))
    report = Conditions(visibility=(fog(3, 5, 3000, "S01"),))
    weather = forecast.layered(report)
    assert weather.visibility_below(1000, "S01", hour(0), hour(10)) == (
        (hour(2), hour(3)),
        (hour(5), hour(6)),
    )
    assert weather.visibility_below(1000, "S02", hour(0), hour(10)) == ((hour(2), hour(6)),)


def test_closures_of_a_segment_are_joined_and_cut():
    def closed(first: float, last: float, *segments: str) -> Closure:
        return Closure(
            from_at=hour(first), to_at=hour(last), segments=segments, reason="r", closed_by="MSA"
        )

    weather = Conditions(closures=(closed(4, 6), closed(1, 2, "S01"), closed(2, 4, "S01")))
    assert weather.closed("S01", hour(0), hour(5)) == ((hour(1), hour(5)),)
    assert weather.closed("S02", hour(0), hour(9)) == ((hour(4), hour(6)),)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 10), st.integers(0, 20)), max_size=8))
def test_pieces_cover_the_interval_and_say_what_each_instant_says(entries):
    weather = Conditions(wind=tuple(wind(at, at + span, speed) for at, span, speed in entries))
    pieces = weather.wind_over(hour(0), hour(30))
    assert pieces[0].from_at == hour(0)
    assert pieces[-1].to_at == hour(30)
    assert all(first.to_at == second.from_at for first, second in pairwise(pieces))
    for count in range(30):
        piece = next(item for item in pieces if item.from_at <= hour(count) < item.to_at)
        assert piece.entry == weather.wind_at(hour(count))
        last = [speed for at, span, speed in entries if at <= count < at + span]
        assert (piece.entry.wind_mps if piece.entry else None) == (last[-1] if last else None)
