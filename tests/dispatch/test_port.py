"""What the built-in port says, against the figures it was made from."""

import dataclasses
import math
from datetime import date

import pytest

from dispatch.port import Decision, Direction, RuleKind, RuleStatus, TugOperation, load_port
from dispatch.port.port import meeting_width_m
from dispatch.provenance import MARKS, Bilingual
from dispatch.vessel import Vessel, VesselType, call_sign_holds, imo_number_holds, mmsi_holds

PORT = load_port("guangzhou")
DAY = date(2026, 11, 24)


def ship(vessel_type: VesselType = VesselType.CONTAINER, **change: object) -> Vessel:
    fields: dict[str, object] = {
        "name": "TEST", "imo": "9074729", "mmsi": "477123456", "call_sign": "VRAB1", "flag": "HK",
        "vessel_type": vessel_type, "loa_m": 200.0, "beam_m": 30.0, "gt": 40_000.0,
        "dwt_t": 45_000.0, "max_draught_m": 11.0, "air_draught_m": 45.0, "bow_thruster": False,
        "dangerous_goods": False,
    }  # fmt: skip
    return Vessel(**(fields | change))  # type: ignore[arg-type]


def test_the_port_is_whole():
    assert (len(PORT.berths), len(PORT.quays), len(PORT.segments)) == (65, 18, 15)
    assert (len(PORT.towage.tugs), len(PORT.pilotage.pilots), len(PORT.companies)) == (40, 120, 9)
    assert next(iter(PORT.nodes)) == "P4DT"
    assert list(PORT.nodes)[-1] == "NG"
    assert PORT.zone.key == "Asia/Shanghai"
    assert PORT.draught_water == "local"
    assert PORT.nodes["CS"].km == 114.6
    operators = {item.company_id: item.quays for item in PORT.companies.values()}
    assert sum(len(quays) for quays in operators.values()) == len(PORT.quays)


def walk(value: object):
    """Yield every dataclass inside a port."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield value
        for field in dataclasses.fields(value):
            yield from walk(getattr(value, field.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from walk(item)


def test_every_name_is_in_both_languages_and_every_record_is_marked():
    for item in walk(PORT):
        if isinstance(item, Bilingual):
            assert item.zh.strip(), item
            assert item.en.strip(), item
            assert not any("一" <= sign <= "鿿" for sign in item.en), item
        provenance = getattr(item, "provenance", None)
        if provenance is not None:
            assert provenance.mark in MARKS, item
            assert set(provenance.field_marks.values()) <= set(MARKS), item
            assert set(provenance.sources) <= set(PORT.sources), item


def test_a_port_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        PORT.berths["NS1-1"].depth_cd_m = 20.0  # type: ignore[misc]


def test_marks_are_kept_field_by_field():
    berth = PORT.berths["NS2-5"].provenance
    assert berth.mark_of("depth_cd_m") == "sourced"
    assert berth.mark_of("max_loa_m") == "assumed"
    assert PORT.segments["S02"].provenance.mark_of("length_km") == "derived"
    assert PORT.segments["S02"].provenance.sources == ("C1", "C3")


# -- passages -----------------------------------------------------------------------------------


def test_a_passage_names_its_segments_in_order_and_its_direction():
    inward = PORT.passage("P18GS", "NS")
    assert [leg.segment.segment_id for leg in inward] == ["S01", "S02", "S03"]
    assert {leg.direction for leg in inward} == {Direction.INWARD}
    outward = PORT.passage("NS", "P18GS")
    assert [leg.segment.segment_id for leg in outward] == ["S03", "S02", "S01"]
    assert [(leg.enters_at, leg.leaves_at) for leg in outward] == [
        ("NS", "NSS"), ("NSS", "LDN"), ("LDN", "P18GS"),
    ]  # fmt: skip
    assert sum(leg.segment.length_km for leg in inward) == pytest.approx(66.6)
    assert PORT.passage("NS", "NS") == ()
    with pytest.raises(KeyError):
        PORT.passage("NS", "NOWHERE")


def test_transit_is_the_unrounded_sum_over_the_segments():
    legs = PORT.passage("P18GS", "NS")
    minutes = sum(PORT.transit_min(leg.segment.segment_id, "standard") for leg in legs)
    assert minutes == pytest.approx(66.6 / 1.852 / 13.0 * 60)
    assert PORT.transit_min("S01", "lng") == pytest.approx(50.2 / 1.852 / 11.7 * 60)
    assert PORT.transit_min("S01", "standard", cap_speed_kn=8.0) == pytest.approx(
        50.2 / 1.852 / 8 * 60
    )
    slow = PORT.transit_min("S11", "standard")
    assert PORT.transit_min("S11", "standard", cap_speed_kn=8.0) == slow
    assert PORT.ship_class("lng") == "lng"
    assert PORT.ship_class("container") == "standard"


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("P4DT", "P13ZH", 53), ("P4DT", "NG", 544), ("P18GS", "NS", 185), ("NS", "CB", 24),
        ("CB", "DH", 54), ("HM", "XS", 118), ("HP", "NG", 73), ("NG", "P18GS", 469),
        ("NS", "NS", 0),
    ],
)  # fmt: skip
def test_tug_running_times_are_the_given_ones(start, end, minutes):
    assert PORT.tug_running_min(start, end) == minutes


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("PS-SEA", "P4DT", 65), ("PS-SEA", "NG", 225), ("PS-NS", "P18GS", 145),
        ("PS-HP", "LH", 55), ("PS-HP", "P4DT", 250), ("P13ZH", "NZ", 220), ("DZ", "NG", 55),
        ("PS-NS", "PS-NS", 0),
    ],
)  # fmt: skip
def test_pilot_transfer_times_are_the_given_ones(start, end, minutes):
    assert PORT.pilot_transfer_min(start, end) == minutes


def test_places_lead_to_their_channel_nodes():
    assert PORT.channel_node("NSG-3") == "NSS"
    assert PORT.channel_node("SJ") == "CB"
    assert PORT.channel_node("PSJ") == "CB"
    assert PORT.channel_node("HM") == "HM"
    with pytest.raises(KeyError):
        PORT.channel_node("NOWHERE")


def test_neighbours_are_those_on_the_same_quay():
    assert PORT.adjoining_berths("NS1-1") == ("NS1-2",)
    assert PORT.adjoining_berths("NS1-2") == ("NS1-1", "NS1-3")
    assert PORT.adjoining_berths("NS1-2", 2) == ("NS1-1", "NS1-3", "NS1-4")
    assert PORT.adjoining_berths("LNG-1") == ()


@pytest.mark.parametrize(
    ("vessel", "draught_m", "place"),
    [
        (ship(loa_m=249.9), 10.0, "P18GS"),
        (ship(loa_m=250.0), 10.0, "P13ZH"),
        (ship(loa_m=350.0), 10.0, "P4DT"),
        (ship(loa_m=249.0), 14.5, "P4DT"),
        (ship(VesselType.LNG, loa_m=200.0), 9.0, "P4DT"),
    ],
)
def test_ships_board_where_their_size_sends_them(vessel, draught_m, place):
    assert PORT.boarding_place_for(vessel, draught_m).place_id == place


# -- rules --------------------------------------------------------------------------------------


def test_a_lapsed_rule_holds_in_its_term_and_after_it_only_by_decision():
    rule = PORT.rules["R-OVT"]
    assert rule.status is RuleStatus.LAPSED
    assert not rule.in_force_at(date(2024, 6, 30))
    assert rule.in_force_at(date(2024, 7, 1))
    assert rule.in_force_at(date(2026, 6, 30))
    assert not rule.in_force_at(date(2026, 7, 1))
    assert PORT.overtaking_banned_by("S08", DAY) is None

    def decided(apply: bool, first: date | None, last: date | None) -> Decision:
        word = Bilingual("港口", "the port")
        return Decision(
            rule_id="R-OVT", apply=apply, from_day=first, to_day=last, decided_by=word, reason=word
        )

    kept = dataclasses.replace(rule, decisions=(decided(True, date(2026, 7, 1), None),))
    assert kept.in_force_at(DAY)
    assert not kept.in_force_at(date(2024, 6, 30))
    off = dataclasses.replace(kept, decisions=(*kept.decisions, decided(False, DAY, DAY)))
    assert not off.in_force_at(DAY)
    assert off.in_force_at(date(2026, 11, 25))


def test_rules_give_their_values_where_they_hold():
    assert PORT.under_keel_share("S03", DAY) == 0.12
    assert PORT.under_keel_share("S04a", DAY) == 0.10
    assert PORT.speed_limit_kn("S00a", DAY) is None
    assert PORT.speed_limit_kn("S02", DAY) == 15
    assert PORT.speed_limit_kn("S11", DAY) == 10
    assert PORT.alongside_clearance_m(9.0, DAY) == 0.5
    assert PORT.alongside_clearance_m(16.0, DAY) == pytest.approx(0.8)
    assert PORT.overtaking_banned_by("S06", DAY) == "R-OVT-2"
    daylight = {rule.rule_id: rule for rule in PORT.rules_in_force(RuleKind.DAYLIGHT, DAY)}
    assert daylight["R-DAY-1"].takes(loa_m=150.0, vessel_type="lng")
    assert not daylight["R-DAY-2"].takes(loa_m=224.9, vessel_type="lng")
    assert daylight["R-DAY-2"].names("segments") == ("S07", "S08", "S09", "S10", "S11")
    assert {
        bridge.air_draught_m - bridge.margin_m
        for segment in PORT.segments.values()
        for bridge in segment.bridges
    } == {74.5, 58.0}


def test_planning_speeds_keep_the_limits():
    for segment in PORT.segments.values():
        limit = PORT.speed_limit_kn(segment.segment_id, DAY)
        for speed in segment.planning_speeds_kn.values():
            assert limit is None or speed <= limit


@pytest.mark.parametrize(
    ("loa_m", "vessel_type", "minutes"),
    [
        (199.9, VesselType.BULK, 10), (200.0, VesselType.BULK, 15), (299.9, VesselType.BULK, 15),
        (300.0, VesselType.CONTAINER, 20), (180.0, VesselType.LNG, 30),
    ],
)  # fmt: skip
def test_headway_grows_with_length(loa_m, vessel_type, minutes):
    assert PORT.headway_min(ship(vessel_type, loa_m=loa_m), DAY) == minutes


def test_pilotage_is_compulsory_for_ships_of_other_registers():
    assert PORT.pilotage_compulsory(ship(flag="HK"), DAY)
    assert not PORT.pilotage_compulsory(ship(flag="CN"), DAY)


# -- meeting ------------------------------------------------------------------------------------

MAX_400 = ship(loa_m=400.0, beam_m=61.5)
K150 = ship(loa_m=367.0, beam_m=51.2)
K100 = ship(loa_m=346.0, beam_m=45.6)
PANAMAX = ship(loa_m=293.0, beam_m=32.3)


@pytest.mark.parametrize(
    ("first", "second", "needed_m"),
    [
        (K100, K150, 367), (K150, K150, 383), (MAX_400, MAX_400, 452),
        (MAX_400, ship(loa_m=300.0, beam_m=40.3), 388), (MAX_400, PANAMAX, 367),
    ],
)  # fmt: skip
def test_the_width_formula_gives_the_published_design(first, second, needed_m):
    width_m = meeting_width_m(PORT.rules["R-MEET-2"], first, second)
    assert math.floor(width_m + 0.5) == needed_m
    meeting = PORT.meeting("S01", (first, 12.0), (second, 12.0), DAY)
    assert meeting.allowed == (needed_m <= 385)
    assert meeting == PORT.meeting("S01", (second, 12.0), (first, 12.0), DAY)
    if not meeting.allowed:
        assert (meeting.reason, meeting.rule_id) == ("width", "R-MEET-2")


@pytest.mark.parametrize(
    ("segment", "first", "second", "allowed"),
    [
        ("S00a", (MAX_400, 16.0), (MAX_400, 16.0), True),
        # S05: two large ships may not meet, a large and a small one may
        ("S05", (ship(loa_m=225.0), 9.0), (ship(beam_m=32.3), 9.0), False),
        ("S05", (ship(loa_m=225.0), 9.0), (ship(loa_m=180.0), 9.0), True),
        # S06: a large ship meets nothing of 90 m or longer
        ("S06", (ship(loa_m=180.0), 8.0), (ship(loa_m=90.0, beam_m=15.0), 5.0), False),
        ("S06", (ship(loa_m=180.0), 8.0), (ship(loa_m=89.9, beam_m=15.0), 5.0), True),
        ("S06", (ship(loa_m=120.0), 9.5), (ship(loa_m=100.0), 5.0), False),
        ("S06", (ship(loa_m=120.0), 9.4), (ship(loa_m=100.0), 5.0), True),
        ("S12", (ship(loa_m=130.0), 6.0), (ship(loa_m=130.0), 6.0), True),
    ],
)
def test_who_may_meet_is_decided_segment_by_segment(segment, first, second, allowed):
    assert PORT.meeting(segment, first, second, DAY).allowed is allowed
    assert PORT.meeting(segment, second, first, DAY).allowed is allowed


# -- services -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loa_m", "on", "off"),
    [(139.9, 30, 20), (140, 45, 30), (199.9, 45, 30), (200, 60, 40), (300, 75, 50), (400, 75, 50)],
)
def test_service_times_are_half_open_rows_of_length(loa_m, on, off):
    assert PORT.service_times.berthing_min(loa_m) == on
    assert PORT.service_times.unberthing_min(loa_m) == off


@pytest.mark.parametrize(
    ("vessel", "draught_m", "operation", "expected"),
    [
        (ship(loa_m=89.9), 6.0, "berth", (0, 0, 0)),
        (ship(loa_m=90.0), 6.0, "berth", (1, 40, 0)),
        (ship(loa_m=200.0), 9.0, "berth", (2, 110, 0)),
        (ship(loa_m=299.0), 12.0, "berth", (3, 160, 0)),
        (ship(loa_m=299.0), 12.0, "unberth", (2, 110, 0)),
        (ship(loa_m=366.0), 14.0, "berth", (3, 190, 0)),
        (ship(loa_m=367.0), 14.0, "unberth", (4, 270, 0)),
        (ship(loa_m=150.0, bow_thruster=True), 8.0, "berth", (1, 45, 0)),
        (ship(loa_m=150.0), 8.0, "berth", (2, 90, 0)),
        (ship(loa_m=139.0, bow_thruster=True), 8.0, "berth", (1, 40, 0)),
        (ship(loa_m=160.0, bow_thruster=True), 8.0, "berth", (2, 90, 0)),
        (ship(VesselType.OIL, dwt_t=50_000.0), 10.0, "berth", (3, 110, 0)),
        (ship(VesselType.OIL, dwt_t=49_999.0), 10.0, "berth", (2, 110, 0)),
        (ship(VesselType.COAL, loa_m=225.0), 13.0, "berth", (3, 110, 0)),
        (ship(VesselType.COAL, loa_m=225.0), 12.9, "berth", (2, 110, 0)),
        (ship(VesselType.LNG, loa_m=290.0), 11.0, "berth", (4, 280, 1)),
        (ship(VesselType.LNG, loa_m=290.0), 11.0, "unberth", (4, 280, 1)),
        (ship(loa_m=367.0), 14.0, "anchor", (0, 0, 0)),
    ],
)
def test_tugs_follow_the_table_and_its_extras(vessel, draught_m, operation, expected):
    needed = PORT.tug_requirement(TugOperation(operation), vessel, draught_m)
    assert (needed.count, needed.min_total_pull_t, needed.escort_count) == expected
    assert bool(needed.escort_segments) == bool(needed.escort_count)


def test_the_fleet_can_give_every_pull_that_the_table_asks_for():
    strongest = sorted((tug.bollard_pull_t for tug in PORT.towage.tugs), reverse=True)
    for row in PORT.towage.rows:
        assert sum(strongest[: row.count]) >= row.min_total_pull_t
    for extra in PORT.towage.extras:
        assert sum(strongest[: extra.set_count or 0]) >= (extra.set_min_total_pull_t or 0)


@pytest.mark.parametrize(
    ("vessel", "conning_h", "count", "firsts", "seconds"),
    [
        (ship(loa_m=179.9), 4, 1, ("I", "II", "III"), ()),
        (ship(loa_m=180.0), 4, 1, ("I", "II"), ()),
        (ship(loa_m=250.0, gt=60_000.0), 4, 1, ("I",), ()),
        (ship(VesselType.OIL, loa_m=120.0), 4, 1, ("I", "II"), ()),
        (ship(VesselType.CRUISE, loa_m=120.0), 4, 1, ("I",), ()),
        (ship(loa_m=300.0), 4, 2, ("I",), ("I", "II")),
        (ship(loa_m=200.0, gt=100_000.0), 4, 2, ("I",), ("I", "II")),
        (ship(VesselType.LNG, loa_m=200.0), 4, 2, ("I",), ("I", "II")),
        (ship(loa_m=150.0), 8.0, 1, ("I", "II", "III"), ()),
        (ship(loa_m=190.0), 8.1, 2, ("I", "II"), ("I", "II")),
    ],
)
def test_pilots_follow_class_limits_size_and_length_of_passage(
    vessel, conning_h, count, firsts, seconds
):
    needed = PORT.pilot_requirement(vessel, conning_h)
    assert (needed.count, needed.first_classes, needed.second_classes) == (count, firsts, seconds)


def test_half_of_the_pilots_are_on_duty():
    assert sum(pilot.on_duty for pilot in PORT.pilotage.pilots) == 70


# -- ships' numbers -----------------------------------------------------------------------------


def test_ships_numbers_are_checked_by_their_own_rules():
    assert imo_number_holds("9074729")
    assert not imo_number_holds("9074728")
    assert not imo_number_holds("907472")
    assert not imo_number_holds("９074729")
    assert mmsi_holds("477123456")
    assert not mmsi_holds("077123456")
    assert not mmsi_holds("47712345")
    assert call_sign_holds("VRAB1")
    assert not call_sign_holds("12345")
    assert not call_sign_holds("V 1")


def test_the_ports_own_priority_of_a_ship_is_by_her_type_and_length():
    asked = {
        (VesselType.LNG, 290.0): 1,
        (VesselType.CRUISE, 120.0): 1,
        (VesselType.BULK, 367.0): 1,
        (VesselType.BULK, 366.9): 3,
        (VesselType.CONTAINER, 366.9): 2,
        (VesselType.CONTAINER, 222.0): 2,
        (VesselType.CONTAINER, 221.9): 3,
        (VesselType.RORO, 90.0): 2,
        (VesselType.GENERAL, 120.0): 3,
    }
    assert {key: PORT.priority_of(ship(key[0], loa_m=key[1])) for key in asked} == asked
    other = load_port("samplehaven")
    kinds = (VesselType.CRUISE, VesselType.RORO, VesselType.BULK)
    assert [other.priority_of(ship(kind)) for kind in kinds] == [1, 1, 2]
