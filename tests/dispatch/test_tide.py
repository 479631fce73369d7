"""Heights of tide against other predictors, published waters, and themselves."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from utide import reconstruct
from utide._ut_constants import ut_constants
from utide.utilities import Bunch

from dispatch.port import load_port
from dispatch.tide import (
    TideStation,
    WaterLevelOverride,
    corrected_constants,
    height_at_node_m,
    height_m,
    utc_array,
)
from dispatch.tide_constituents import CONSTITUENTS, speed_deg_per_h
from dispatch.units import local_draught_m

PORT = load_port("guangzhou")
STATIONS = PORT.tide_stations
KNOWN = json.loads((Path(__file__).parent / "data" / "guangzhou_tides.json").read_text())
MINUTE = np.timedelta64(60, "s")
PERIHELION_DEG = 283.3
UTIDE_NAMES = {str(name): index for index, name in enumerate(ut_constants.const.name)}
OTHER_NAMES = {"EP2": "EPS2", "LAMBDA2": "LDA2", "SGM": "SIG1", "M1": "NO1"}
# utide refers S1, MA2 and MB2 to the perihelion, R2 has lunar satellites there, and it knows the
# rest not at all; ours follow the list of the International Hydrographic Organization
NOT_COMPARED = {"S1", "MA2", "MB2", "R2", "MTM", "MSQM", "3N2", "3L2", "T3", "S3", "R3"}
# no nodal satellites in utide: it takes f = 1 where Doodson has up to 1.46
WITHOUT_SATELLITES = {"MF", "MM"}


def utide_height_m(station: TideStation, times: np.ndarray, names: set[str]) -> np.ndarray:
    """Predict the same corrected constants with utide."""
    kept = [item for item in corrected_constants(station) if item.name in names]
    index = np.array([UTIDE_NAMES[OTHER_NAMES.get(item.name, item.name)] for item in kept])
    phases = np.array(
        [item.phase_deg - (PERIHELION_DEG if item.name == "SA" else 0.0) for item in kept]
    )
    days = times.astype("datetime64[s]").astype(float) / 86400.0 + 719163.0
    options = Bunch(
        twodim=False, nodsatlint=False, nodsatnone=False, gwchlint=False, gwchnone=False,
        nodiagn=True, notrend=True, prefilt=[], nodal=True, epoch="python", linci=True,
        ordercnstit=None,
    )  # fmt: skip
    coefficients = Bunch(
        name=ut_constants.const.name[index],
        A=np.array([item.amplitude_m for item in kept]),
        g=phases,
        mean=station.z0_m,
        slope=0.0,
        aux=Bunch(
            lind=index,
            frq=ut_constants.const.freq[index],
            lat=station.lat_deg,
            reftime=float(days.mean()),
            opt=options,
        ),
    )
    found = reconstruct(
        days, coefficients, epoch="python", verbose=False, constit=coefficients.name
    )
    return np.asarray(found.h)


@pytest.mark.parametrize("station_id", STATIONS)
@pytest.mark.parametrize("year", [1999, 2015, 2026, 2034])
def test_heights_agree_with_utide_in_any_year(station_id, year):
    start = np.datetime64(f"{year}-01-01T00:00:00", "s")
    times = start + np.arange(0, 365 * 1440, 97) * MINUTE
    station = STATIONS[station_id]
    names = {item.name for item in station.constants} - NOT_COMPARED - WITHOUT_SATELLITES
    ours = replace(
        station, constants=tuple(item for item in station.constants if item.name in names)
    )
    difference = height_m(ours, times) - utide_height_m(station, times, names)
    assert np.sqrt(np.mean(difference**2)) < 0.01
    assert np.abs(difference).max() < 0.035


@pytest.mark.parametrize("station_id", STATIONS)
def test_heights_of_the_sample_week_are_those_given(station_id):
    given_m = np.array(KNOWN["stations"][station_id]["heights_m"])
    start = np.datetime64("2026-11-20T16:00:00", "s")
    ours = height_m(STATIONS[station_id], start + np.arange(len(given_m)) * 60 * MINUTE)
    # the given heights leave out the eleven small constituents that utide does not know
    assert np.sqrt(np.mean((ours - given_m) ** 2)) < 0.035
    assert np.abs(ours - given_m).max() < 0.09


def turns(station: TideStation, about: datetime, kind: str, reach_min: int = 180):
    """Return (minutes from ``about``, height) of the turn of the tide nearest to an instant."""
    start = utc_array([about])[0]
    minutes = np.arange(-reach_min, reach_min + 1)
    heights = height_m(station, start + minutes * MINUTE)
    sign = 1 if kind == "HW" else -1
    signed = sign * heights
    at = [i for i in range(1, len(signed) - 1) if signed[i - 1] <= signed[i] > signed[i + 1]]
    nearest = min(at, key=lambda i: abs(minutes[i]))
    return int(minutes[nearest]), float(heights[nearest])


@pytest.mark.parametrize("station_id", STATIONS)
def test_turns_of_the_sample_week_are_those_given(station_id):
    errors_min, errors_m = [], []
    for text, given_m, kind in KNOWN["stations"][station_id]["extremes"]:
        about = datetime.fromisoformat(text + "+08:00")
        minutes, found_m = turns(STATIONS[station_id], about, kind)
        errors_min.append(abs(minutes))
        errors_m.append(abs(found_m - given_m))
    assert np.mean(errors_min) < 8
    assert max(errors_m) < 0.08


def test_published_waters_of_hong_kong_are_met_only_with_the_hour_added():
    station = STATIONS["hongkong_quarry_bay"]
    early = replace(station, corrections=replace(station.corrections, time_shift_min=0.0))
    errors = {}
    for name, tried in (("corrected", station), ("as published", early)):
        errors[name] = [
            turns(tried, datetime.fromisoformat(text + "+08:00"), kind)[0]
            for kind, text, _ in KNOWN["hong_kong_waters"]
        ]
    heights = [
        turns(station, datetime.fromisoformat(text + "+08:00"), kind)[1] - height
        for kind, text, height in KNOWN["hong_kong_waters"]
    ]
    assert sorted(abs(error) for error in errors["corrected"])[-2] <= 12  # one is a flat high water
    assert np.mean(np.abs(errors["corrected"])) < 10
    assert np.mean(np.abs(errors["as published"])) > 50
    assert np.sqrt(np.mean(np.square(heights))) < 0.03  # the Observatory rounds to 0.1 m


def test_annual_tide_of_the_port_is_highest_in_autumn():
    """SA taken with the argument of another list would shift the season by nine months."""
    station = STATIONS["hongkong_quarry_bay"]
    months = []
    for month in range(1, 13):
        start = np.datetime64(f"2025-{month:02d}-01T00:00:00", "s")
        months.append(height_m(station, start + np.arange(28 * 24) * 60 * MINUTE).mean())
    assert int(np.argmax(months)) + 1 in {9, 10, 11}


@given(
    hours=st.integers(-200_000, 400_000),
    shift_min=st.floats(-300, 300),
)
def test_a_time_shift_moves_the_curve_and_nothing_else(hours, shift_min):
    station = STATIONS["macau"]
    later = replace(station, corrections=replace(station.corrections, time_shift_min=shift_min))
    start = np.datetime64("2000-01-01T00:00:00", "s") + np.timedelta64(hours * 3600, "s")
    times = start + np.arange(0, 24 * 60, 30) * MINUTE
    shifted = times + np.timedelta64(round(shift_min * 60), "s")
    # the small nodal corrections are not shifted, nor the second rounded away
    assert height_m(later, shifted) == pytest.approx(height_m(station, times), abs=2e-3)


@given(share=st.floats(0, 1), hour=st.integers(0, 100_000))
def test_a_mix_lies_between_its_stations_in_proportion(share, hour):
    times = np.datetime64("2020-01-01T00:00:00", "s") + np.array([hour]) * 60 * MINUTE
    mixed = height_at_node_m({"nansha": share, "huangpu": 1 - share}, STATIONS, times)
    ends = [height_m(STATIONS[name], times) for name in ("nansha", "huangpu")]
    assert mixed == pytest.approx(share * ends[0] + (1 - share) * ends[1], abs=1e-12)


def test_correcting_leaves_the_published_constants_alone():
    station = STATIONS["nansha"]
    before = station.constants
    first, second = corrected_constants(station), corrected_constants(station)
    assert station.constants == before
    assert first == second
    m2 = {item.name: item for item in first}["M2"]
    published = {item.name: item for item in before}["M2"]
    assert m2.amplitude_m == pytest.approx(1.6 * published.amplitude_m)
    lag_deg = speed_deg_per_h(CONSTITUENTS["M2"]) * 1.5
    assert m2.phase_deg == pytest.approx((published.phase_deg + lag_deg) % 360)


def test_speeds_are_the_published_ones():
    published = {
        "SA": 0.0410686, "MF": 1.0980330, "O1": 13.9430356, "K1": 15.0410686, "N2": 28.4397295,
        "M2": 28.9841042, "3L2": 29.5331208, "S2": 30.0, "K2": 30.0821373, "T3": 44.9589333,
        "MS4": 58.9841042, "2MK5": 73.0092771, "2MS6": 87.9682085, "M8": 115.9364168,
    }  # fmt: skip
    for name, speed in published.items():
        assert speed_deg_per_h(CONSTITUENTS[name]) == pytest.approx(speed, abs=3e-6), name


AT = datetime(2026, 11, 24, 4, tzinfo=UTC)


def override(**change: object) -> WaterLevelOverride:
    fields: dict[str, object] = {
        "station_id": "huangpu", "from_at": AT, "to_at": AT + timedelta(hours=6),
        "offset_m": -0.15, "measured_m": None, "observed_at": None,
        "entered_by": "duty officer", "reason": "offshore wind",
    }  # fmt: skip
    return WaterLevelOverride(**(fields | change))  # type: ignore[arg-type]


def test_an_override_holds_from_its_start_to_before_its_end_and_at_its_station_only():
    times = [AT - timedelta(minutes=1), AT, AT + timedelta(hours=6)]
    plain = height_m(STATIONS["huangpu"], times)
    assert height_m(STATIONS["huangpu"], times, [override()]) - plain == pytest.approx(
        [0.0, -0.15, 0.0]
    )
    elsewhere = height_m(STATIONS["nansha"], times, [override()])
    assert elsewhere == pytest.approx(height_m(STATIONS["nansha"], times))


def test_a_measurement_gives_the_offset_and_the_later_word_counts():
    seen_at = AT - timedelta(minutes=10)
    predicted = height_m(STATIONS["huangpu"], [seen_at])[0]
    measured = override(offset_m=None, measured_m=predicted + 0.3, observed_at=seen_at)
    plain = height_m(STATIONS["huangpu"], [AT])[0]
    assert height_m(STATIONS["huangpu"], [AT], [measured])[0] == pytest.approx(plain + 0.3)
    both = height_m(STATIONS["huangpu"], [AT], [measured, override()])[0]
    assert both == pytest.approx(plain - 0.15)
    node = PORT.height_at_node_m("DH", [AT], [override()])[0]
    assert node == pytest.approx(PORT.height_at_node_m("DH", [AT])[0] - 0.4 * 0.15)


@pytest.mark.parametrize(
    "change",
    [
        {"offset_m": None},
        {"measured_m": 1.0, "observed_at": AT},
        {"offset_m": None, "measured_m": 1.0},
        {"to_at": AT},
    ],
)
def test_an_override_that_says_nothing_or_too_much_is_refused(change):
    with pytest.raises(ValueError):
        override(**change)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError):
        height_m(STATIONS["macau"], [datetime(2026, 1, 1)])


def test_draught_grows_in_fresh_water_and_not_in_the_sea():
    assert local_draught_m(12.0, 1.025) == 12.0
    assert local_draught_m(12.0, 1.0) == pytest.approx(12.3)
    assert local_draught_m(12.0, 1.0, k=0.8) == pytest.approx(12.24)
