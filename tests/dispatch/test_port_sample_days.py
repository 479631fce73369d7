"""The sample days are taken in by the same door as any company's spreadsheet."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import dispatch
from dispatch.declaration import CallPlan
from dispatch.intake import read_plan
from dispatch.port import SampleDay, load_port, sample_day, sample_day_names

PORT = load_port("guangzhou")
DAYS = {name: sample_day(PORT, name) for name in sample_day_names(PORT)}


def calls(day: SampleDay) -> list[CallPlan]:
    return [
        call
        for company, path in day.spreadsheets.items()
        for call in read_plan(
            path.read_bytes(), path.name, port=PORT, company=company, now=day.starts_at
        ).calls
    ]


CALLS = {name: calls(day) for name, day in DAYS.items()}


def test_every_company_sends_one_sheet_a_day():
    assert set(DAYS) == {"typical", "peak"}
    for day in DAYS.values():
        assert set(day.spreadsheets) == set(PORT.companies)


def test_the_days_hold_the_traffic_they_are_said_to_hold():
    counted = {
        name: Counter(movement.kind for call in calls for movement in call.movements)
        for name, calls in CALLS.items()
    }
    assert counted["typical"] == {"entry": 55, "exit": 56, "shift": 6}
    assert counted["peak"] == {"entry": 65, "exit": 71, "shift": 11}
    alongside = {
        name: sum(call.alongside is not None for call in calls) for name, calls in CALLS.items()
    }
    assert alongside == {"typical": 57, "peak": 61}
    for calls in CALLS.values():
        references = [call.call_ref for call in calls]
        assert len(set(references)) == len(references)


def test_ships_alongside_at_midnight_do_not_overlap_at_their_quay():
    for calls in CALLS.values():
        spans: dict[str, list[tuple[float, float]]] = {}
        for call in calls:
            lying = call.alongside
            if lying is None:
                continue
            assert lying.stretch is not None, call.call_ref
            berth = PORT.berths[lying.place]
            spans.setdefault(berth.quay_id, []).append((lying.stretch.from_m, lying.stretch.to_m))
        for quay_id, stretches in spans.items():
            stretches.sort()
            quay = PORT.quays[quay_id]
            for first, second in pairwise(stretches):
                assert second[0] - first[1] >= quay.min_clearance_m - 0.5
            assert stretches[0][0] >= 0
            assert stretches[-1][1] <= quay.length_m


def test_an_entry_tells_how_long_the_ship_stays():
    entries = [
        movement
        for calls in CALLS.values()
        for call in calls
        for movement in call.movements
        if movement.kind == "entry"
    ]
    assert all(60 < movement.service_min < 5 * 1440 for movement in entries)
    assert all(movement.boarding_place in PORT.boarding_places for movement in entries)
    assert all(movement.draught_water == "local" for movement in entries)


def test_weather_and_outages_are_those_of_the_day():
    peak = DAYS["peak"]
    assert peak.starts_at == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert peak.ends_at - peak.starts_at == timedelta(days=1)
    fog = peak.conditions.visibility_below(1000, "S05", peak.starts_at, peak.ends_at)
    local = [[mark.astimezone(PORT.zone).strftime("%H:%M") for mark in span] for span in fog]
    assert local == [["02:00", "08:30"]]
    wind = peak.conditions.wind_at_least(10.8, peak.starts_at, peak.ends_at)
    assert [span[0].astimezone(PORT.zone).hour for span in wind] == [19]
    assert {outage.resource_id for outage in peak.outages} == {"T08", "T15"}
    quiet = DAYS["typical"]
    assert quiet.outages == ()
    assert quiet.conditions.visibility_below(2000, "S05", quiet.starts_at, quiet.ends_at) == ()
    for day in DAYS.values():
        known = day.conditions.wind_over(day.starts_at, day.starts_at + timedelta(hours=72))
        assert all(piece.entry is not None for piece in known)


def test_the_columns_of_the_sheets_are_told_in_both_languages():
    text = (Path(dispatch.__file__).parent / "intake_columns.json").read_text(encoding="utf-8")
    columns = json.loads(text)
    headers = [header for item in columns for header in {item["zh"], item["en"]}]
    assert len(set(headers)) == len(headers)
    assert all(item["help_zh"] and item["help_en"] for item in columns)
