"""A second port of another shape is read by the same code and answers the same questions."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from dispatch.port import Direction, RuleKind, TugOperation, load_port, sample_day_names
from dispatch.vessel import Vessel, VesselType

HAVEN = load_port("samplehaven")
DAY = date(2026, 7, 1)


def ship(vessel_type: VesselType, loa_m: float, beam_m: float) -> Vessel:
    return Vessel(
        name="TEST", imo="9074729", mmsi="512123456", call_sign="ZMAB1", flag="NZ",
        vessel_type=vessel_type, loa_m=loa_m, beam_m=beam_m, gt=9000.0, dwt_t=12_000.0,
        max_draught_m=7.0, air_draught_m=25.0, bow_thruster=False, dangerous_goods=False,
    )  # fmt: skip


def test_nothing_in_it_pretends_to_be_real():
    marks = {node.provenance.mark for node in HAVEN.nodes.values()}
    marks |= {berth.provenance.mark for berth in HAVEN.berths.values()}
    marks |= {rule.provenance.mark for rule in HAVEN.rules.values()}
    marks |= {station.provenance.mark for station in HAVEN.tide_stations.values()}
    assert marks <= {"fictional", "assumed"}
    assert HAVEN.traffic_service is None
    assert sample_day_names(HAVEN) == ()


def test_a_passage_goes_out_of_one_branch_and_into_the_other():
    legs = HAVEN.passage("TOWN", "MILL")
    assert [(leg.segment.segment_id, leg.direction) for leg in legs] == [
        ("TOWNCUT", Direction.OUTWARD),
        ("MILLARM", Direction.INWARD),
    ]
    assert [leg.segment.segment_id for leg in HAVEN.passage("SEA", "MILL")] == [
        "ROADS", "REACH", "MILLARM",
    ]  # fmt: skip
    assert HAVEN.tug_running_min("TOWN", "MILL") == 26
    assert HAVEN.pilot_transfer_min("PS-TOWN", "SEA") == 55


def test_meeting_is_a_matter_of_beams_in_one_reach_and_forbidden_in_another():
    def verdict(segment: str, first_m: float, second_m: float) -> tuple[bool, str]:
        pair = [(ship(VesselType.GENERAL, 120.0, beam_m), 7.0) for beam_m in (first_m, second_m)]
        meeting = HAVEN.meeting(segment, pair[0], pair[1], DAY)
        return meeting.allowed, meeting.reason

    assert verdict("REACH", 24.0, 24.0) == (True, "open")
    assert verdict("REACH", 24.0, 24.1) == (False, "combined_beam")
    assert verdict("TOWNCUT", 5.0, 5.0) == (False, "never")
    assert verdict("MILLARM", 5.0, 5.0) == (False, "large_ship")


def test_its_rules_are_its_own():
    ferry = ship(VesselType.RORO, 150.0, 24.0)
    assert HAVEN.ship_class("roro") == "passenger"
    assert HAVEN.headway_min(ferry, DAY) == 12
    assert HAVEN.pilotage_compulsory(ferry, DAY)
    assert not list(HAVEN.rules_in_force(RuleKind.DAYLIGHT, DAY))
    assert HAVEN.under_keel_share("REACH", DAY) == 0.15
    assert HAVEN.alongside_clearance_m(8.0, DAY) == 0.4
    needed = HAVEN.tug_requirement(TugOperation.BERTH, ferry, 6.0)
    assert (needed.count, needed.min_total_pull_t) == (2, 65)
    assert HAVEN.pilot_requirement(ferry, conning_h=20.0).first_classes == ("A",)


def test_draughts_are_declared_at_sea_and_grow_on_the_way_in():
    assert HAVEN.draught_water == "sea"
    assert HAVEN.local_draught_m(7.0, "SEA") == 7.0
    assert HAVEN.local_draught_m(7.0, "MILL") == pytest.approx(7.0 * (1 + 0.8 * 0.023 / 1.002))


def test_its_tide_is_its_own_and_later_up_the_river():
    start = np.datetime64("2031-03-01T00:00:00", "s")
    times = start + np.arange(1500) * np.timedelta64(60, "s")
    bar, town = HAVEN.height_at_node_m("BAR", times), HAVEN.height_at_node_m("TOWN", times)
    assert 15 <= int(np.argmax(town[:800])) - int(np.argmax(bar[:800])) <= 35
    assert 1.0 < bar.max() - bar.min() < 3.0


def test_the_day_keeps_its_local_date_when_the_clocks_change():
    for day, offset_h in ((date(2026, 7, 1), 12), (date(2026, 12, 1), 13), (date(2026, 9, 27), 13)):
        sun = HAVEN.daylight(day)
        assert sun.sunrise_at is not None
        local = sun.sunrise_at.astimezone(HAVEN.zone)
        assert local.date() == day
        assert local.utcoffset() == timedelta(hours=offset_h)


def test_summer_is_in_december():
    def light(day: date) -> timedelta:
        start = HAVEN.daylight(day).sunrise_at
        end = HAVEN.daylight(day).sunset_at
        assert start is not None
        assert end is not None
        return end - start

    assert light(date(2026, 12, 21)) > light(date(2026, 6, 21)) + timedelta(hours=5)


def test_light_over_the_night_of_the_change_is_two_days_of_light():
    start = datetime(2026, 9, 26, 0, tzinfo=UTC)
    spans = HAVEN.light_intervals(start, start + timedelta(hours=30))
    assert len(spans) == 2
    assert spans[0][1] < spans[1][0]
