"""Framing: a situation becomes a problem that asks exactly what the port's rules ask."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from dispatch.declaration import Alongside, Stretch
from dispatch.framing import frame
from dispatch.movement import Condition, MovementState
from dispatch.policy import Policy, load_policy
from dispatch.port import load_port
from dispatch.situation import Outage, Restriction
from dispatch.units import running_min
from dispatch.vessel import VesselType
from scheduler.conflicts import Conflicts
from scheduler.validation import validate
from tests.dispatch import sample_situation
from tests.dispatch.framing_samples import (
    PORT,
    asked,
    at,
    fog,
    framed,
    movement,
    only,
    situation,
    vessel,
)

LEFT_EARLIER = Alongside(place="NS1-1", since_at=at(-600), expected_departure_at=at(1200))


@pytest.mark.parametrize(("day", "count"), [("typical", 117), ("peak", 147)])
def test_a_sample_day_becomes_a_valid_problem_in_which_everything_can_start(day, count):
    found = frame(sample_situation.situation(day), PORT, load_policy())
    assert validate(found.problem) == ()
    assert len(found.problem.movements) == count
    assert found.deferred == {}
    conflicts = Conflicts(found.problem)
    number = 0
    for item in found.problem.movements:
        masks = [conflicts.mask(number + k) for k in range(len(item.modes))]
        number += len(item.modes)
        assert sum(int(mask.sum()) for mask in masks) >= 60, item.id


def test_the_same_situation_gives_the_same_problem():
    read = sample_situation.situation("peak")
    assert frame(read, PORT, Policy()).problem == frame(read, PORT, Policy()).problem


def test_times_along_a_passage_are_rounded_once():
    mode = only(framed(movement(1, asked(berths=("XJ-1",))))).modes[0]
    sailed_min = 15.0
    for leg in mode.legs:
        assert leg.enter == int(sailed_min + 0.5)
        segment = PORT.segments[leg.segment]
        sailed_min += running_min(segment.length_km, segment.planning_speeds_kn["standard"])
        assert leg.leave == int(sailed_min + 0.5)
    assert mode.arrive_at == mode.legs[-1].leave
    assert mode.end_at == int(sailed_min + PORT.service_times.berthing_min(190.0) + 0.5)


def test_an_entry_has_pilots_from_boarding_and_tugs_while_it_is_berthed():
    one = only(framed(movement(1, asked())))
    mode = one.modes[0]
    duties = {duty.need: duty for duty in mode.duties}
    pilot, tugs = duties["pilots"], duties["tugs-berthing"]
    assert (pilot.begin, pilot.end) == (0, mode.end_at)
    assert (pilot.from_place, pilot.to_place) == ("P18GS", "NS")
    assert (tugs.begin, tugs.end) == (mode.arrive_at, mode.end_at)
    need = next(need for need in one.needs if need.id == "tugs-berthing")
    assert (need.count, need.pull_kg) == (2, 90_000)
    assert mode.boarding_place == "P18GS"


def test_an_exit_has_its_pilot_on_board_before_it_leaves():
    here = Alongside(place="NS1-1", since_at=at(-600), stretch=Stretch(from_m=50.0, to_m=240.0))
    found = framed(movement(1, asked("exit")), alongside=here)
    mode = only(found).modes[0]
    duties = {duty.need: duty for duty in mode.duties}
    assert duties["pilots"].begin == -15
    assert (duties["tugs-unberthing"].begin, duties["tugs-unberthing"].end) == (0, mode.clear_at)
    assert mode.clear_at == PORT.service_times.unberthing_min(190.0)
    assert mode.boarding_place is None
    (stay,) = found.problem.stays
    assert (stay.entry, stay.exit, stay.place) == (None, "M1", "NS1-1")
    assert stay.stretch_mm == (50_000, 240_000)


def test_without_a_pilot_nobody_boards_and_no_slot_is_taken():
    mode = only(framed(movement(1, asked(pilot_required=False)))).modes[0]
    assert mode.legs[0].enter == 0
    assert mode.boarding_place is None
    assert [duty.need for duty in mode.duties] == ["tugs-berthing"]


def test_a_foreign_ship_takes_a_pilot_whatever_was_asked():
    plan = asked(pilot_required=False)
    mode = only(framed(movement(1, plan, vessel=vessel(flag="PA")))).modes[0]
    assert "pilots" in [duty.need for duty in mode.duties]


def test_conning_over_eight_hours_takes_two_pilots_only_where_it_is_that_long():
    far = movement(1, asked(berths=("XJ-1",)))
    found = framed(far, restrictions=(fog(0, 900),))
    pilots = {
        mode.id: next(duty.need for duty in mode.duties if duty.need.startswith("pilots"))
        for mode in only(found).modes
    }
    assert pilots["XJ-1/clear"] == "pilots"
    assert "pilots-2" in pilots.values()


def test_an_lng_carrier_has_daylight_a_safety_zone_and_an_escort():
    ship = vessel(vessel_type=VesselType.LNG, loa_m=290.0, beam_m=46.0, gt=110_000.0)
    found = framed(movement(1, asked(berths=("LNG-1",), boarding_place="P4DT"), vessel=ship))
    one = only(found)
    assert one.daylight_only
    assert found.problem.ships[0].zone_ahead_mm == 4 * 290_000
    assert found.problem.ships[0].zone_abeam_mm == 6 * 46_000
    mode = one.modes[0]
    duties = {duty.need: duty for duty in mode.duties}
    legs = {leg.segment: leg for leg in mode.legs}
    escort = duties["tugs-escort"]
    assert (escort.begin, escort.end) == (legs["S04a"].enter, legs["S05"].leave)
    assert next(need for need in one.needs if need.id == "tugs-escort").count == 1


def test_a_lapsed_rule_is_not_asked_and_a_rule_in_force_is():
    segments = {item.id: item for item in framed(movement(1, asked())).problem.segments}
    assert segments["S08"].overtaking
    assert not segments["S06"].overtaking
    assert segments["S03"].ukc_permille == 120
    assert segments["S05"].ukc_permille == 100
    assert segments["S06"].daylight_loa_mm is None
    assert segments["S07"].daylight_loa_mm == 225_000
    assert segments["S06"].one_way is not None
    assert segments["S06"].one_way.exempt_below_loa_mm == 90_000
    assert segments["S05"].one_way is not None
    assert segments["S05"].one_way.applies_to == "large_large"


def test_every_parameter_names_the_rules_behind_it():
    found = framed(movement(1, asked()))
    assert found.rule_refs["under_keel_clearance"] == ("R-UKC-0", "R-UKC-1", "R-UKC-2")
    assert found.rule_refs["no_overtaking"] == ("R-OVT-2",)


def test_poor_visibility_brings_slow_passages_that_cover_every_start():
    found = framed(movement(1, asked()), restrictions=(fog(120, 500),))
    one = only(found)
    assert {mode.restricted for mode in one.modes} == {True, False}
    slow = next(mode for mode in one.modes if all(leg_is_slow(leg) for leg in mode.legs))
    assert slow.end_at > one.modes[0].end_at
    conflicts = Conflicts(found.problem)
    starts = np.any([conflicts.mask(number) for number in range(len(one.modes))], axis=0)
    assert starts[one.earliest : one.latest + 1].all()


def leg_is_slow(leg):
    return leg.leave - leg.enter >= leg.slow_ticks


def test_clear_weather_brings_one_passage_a_berth():
    one = only(framed(movement(1, asked(berths=("NS1-1", "NS1-2"))), restrictions=()))
    assert [mode.id for mode in one.modes] == ["NS1-1/clear", "NS1-2/clear"]
    late_fog = framed(movement(1, asked()), restrictions=(fog(2000, 2100),))
    assert len(only(late_fog).modes) == 1


def test_departures_wait_for_visibility_and_arrivals_do_not():
    here = Alongside(place="NS1-1", since_at=at(-600))
    assert only(framed(movement(1, asked("exit")), alongside=here)).min_visibility_m == 1000
    assert only(framed(movement(1, asked()))).min_visibility_m == 0


def test_wind_limits_follow_the_ship():
    ro_ro = vessel(vessel_type=VesselType.RORO)
    assert only(framed(movement(1, asked(), vessel=ro_ro))).berthing_wind_mms == 10_800
    assert only(framed(movement(1, asked()))).berthing_wind_mms is None
    assert only(framed(movement(1, asked()))).boarding_wind_mms == 13_900


def test_restrictions_and_outages_become_what_the_scheduler_knows():
    restrictions = (
        Restriction(id="R1", kind="closure", from_at=at(60), to_at=at(120), segments=("S05",)),
        Restriction(id="R2", kind="berth_closed", from_at=at(-5), to_at=None, place="NS1-2"),
        Restriction(id="R3", kind="wind", from_at=at(0), to_at=at(10.5), value=11.5),
        Restriction(
            id="R4", kind="water_level", from_at=at(0), to_at=at(60), place="nansha", value=-0.2
        ),
    )
    outage = Outage(id="O1", resource_id="T08", from_at=at(-60), to_at=at(90))
    found = framed(movement(1, asked()), restrictions=restrictions, outages=(outage,))
    asked_of = found.problem
    assert asked_of.closures[0].span == asked_of.closures[0].span.__class__(60, 120)
    closed = next(berth.closed for berth in asked_of.berths if berth.id == "NS1-2")
    assert (closed[0].begin, closed[0].end) == (0, 72 * 60)
    assert (asked_of.wind[0].span.end, asked_of.wind[0].wind_mms) == (11, 11_500)
    tug = next(item for item in asked_of.resources if item.id == "T08")
    assert [(span.begin, span.end) for span in tug.off] == [(0, 90)]
    plain = framed(movement(1, asked())).problem
    levels = {item.node: item.heights_mm for item in asked_of.water_levels}
    before = {item.node: item.heights_mm for item in plain.water_levels}
    assert levels["NS"][0] - before["NS"][0] in (-200, -201)
    assert levels["NS"][20] == before["NS"][20]
    assert levels["P18GS"] == before["P18GS"]


def test_water_light_and_weather_reach_beyond_the_horizon():
    found = framed(movement(1, asked()))
    level = found.problem.water_levels[0]
    assert (len(level.heights_mm) - 1) * level.step_ticks == 72 * 60
    assert found.problem.daylight[-1].end > 48 * 60


def test_conditions_waivers_and_answers_bind():
    plan = asked()
    conditions = (
        Condition(id="K1", kind="daylight_only"),
        Condition(id="K2", kind="not_before", at=at(200)),
        Condition(id="K3", kind="extra_tug", count=1),
        Condition(id="K4", kind="after_movement", movement_id="M2", gap_min=30),
    )
    first = movement(1, plan, conditions=conditions, declined=("T08", "PL001"))
    second = replace(movement(2, plan, vessel=vessel()), call_id="C2", sequence=0)
    read = situation(first, second)
    read = replace(read, calls=(*read.calls, replace(read.calls[0], id="C2")))
    found = frame(read, PORT, Policy())
    one = found.movements["M1"].movement
    assert one.daylight_only
    assert one.earliest == 200
    assert next(need for need in one.needs if need.id == "tugs-berthing").count == 3
    assert [(link.movement, link.gap_ticks) for link in one.follows] == [("M2", 30)]
    assert "T08" in one.barred


def test_a_movement_that_waits_for_one_without_a_time_is_held():
    other = movement(2, asked(start_min=4000), sequence=0, call_id="C2")
    first = movement(
        1, asked(), conditions=(Condition(id="K1", kind="after_movement", movement_id="M2"),)
    )
    read = situation(first, other)
    read = replace(read, calls=(*read.calls, replace(read.calls[0], id="C2")))
    found = frame(read, PORT, Policy())
    assert validate(found.problem) == ()
    assert found.movements["M1"].movement.held == "waits-for-unplanned-movement"
    assert found.deferred == {"M2": "beyond-horizon"}


def test_entry_shift_shift_exit_is_a_chain_of_stays():
    plans = (
        movement(1, asked(berths=("XS-1",))),
        movement(2, asked("shift", 1000, berths=("SJ",))),
        movement(3, asked("shift", 1400, berths=("XS-2",), service_min=120)),
        movement(4, asked("exit", 2000)),
    )
    found = framed(*plans)
    links = [(stay.entry, stay.exit, stay.service_ticks) for stay in found.problem.stays]
    assert links == [("M1", "M2", 600), ("M2", "M3", 0), ("M3", "M4", 120)]
    to_anchor = found.movements["M2"].movement.modes[0]
    assert (to_anchor.from_place, to_anchor.to_place) == ("XS-1", "SJ")
    assert to_anchor.end_at - to_anchor.arrive_at == PORT.service_times.anchoring_min
    from_anchor = found.movements["M3"].movement.modes[0]
    assert from_anchor.clear_at == PORT.service_times.weighing_min


def test_an_exit_has_a_mode_from_each_place_its_entry_may_go_to():
    found = framed(movement(1, asked(berths=("NS1-1", "NS2-5"))), movement(2, asked("exit", 1200)))
    exits = found.movements["M2"].movement.modes
    assert [mode.from_place for mode in exits] == ["NS1-1", "NS2-5"]


def test_what_is_asked_beyond_the_horizon_waits_and_its_berth_is_known_to_be_taken_until_then():
    found = framed(movement(1, asked()), movement(2, asked("exit", 3000)))
    assert found.deferred == {"M2": "beyond-horizon"}
    (stay,) = found.problem.stays
    assert (stay.exit, stay.until) == (None, 3000)


@pytest.mark.parametrize(
    ("movements", "alongside"),
    [
        ((movement(1, asked("exit", 3600, from_place="NS1-1")),), LEFT_EARLIER),
        (
            (movement(1, asked("exit", 1200, from_place="NS1-1"), estimated_at=at(3600)),),
            replace(LEFT_EARLIER, expected_departure_at=None),
        ),
        (
            (
                movement(
                    1, asked(start_min=-600), state=MovementState.COMPLETED,
                    actual_start_at=at(-600), actual_end_at=at(-100),
                ),
                movement(2, asked("exit", 3600)),
            ),
            None,
        ),
    ],
    ids=["expected-earlier", "estimated-later", "worked-earlier"],
)  # fmt: skip
def test_a_berth_is_not_free_before_the_departure_beyond_the_horizon(movements, alongside):
    found = framed(*movements, alongside=alongside)
    assert list(found.deferred.values()) == ["beyond-horizon"]
    (stay,) = found.problem.stays
    assert (stay.place, stay.exit, stay.until) == ("NS1-1", None, 3600)


def test_a_ship_whose_next_place_is_not_known_keeps_its_berth():
    lost = movement(1, asked("shift", 300, berths=("NOWHERE",), from_place="NS1-1"))
    found = framed(lost, alongside=LEFT_EARLIER)
    assert found.deferred == {"M1": "place-unknown"}
    assert found.problem.stays[0].until == found.grid.known


def test_no_single_pilot_is_asked_for_a_duty_longer_than_a_pilot_may_do():
    fog_all_day = fog(-60, 4000)
    out = asked("exit", from_place="XSR-2", berths=())
    here = Alongside(place="XSR-2", since_at=at(-600))
    one = only(framed(movement(1, out), alongside=here, restrictions=(fog_all_day,)))
    slowest = max(one.modes, key=lambda mode: mode.end_at)
    (duty,) = [item for item in slowest.duties if item.need.startswith("pilots")]
    (need,) = [item for item in one.needs if item.id == duty.need]
    # within the limit from unberthing on, beyond it from boarding on
    assert slowest.end_at <= 480 < duty.end - duty.begin
    assert need.count == 2


def test_a_stay_without_a_declared_time_lasts_as_long_as_is_usual_and_says_so():
    found = framed(movement(1, asked(service_min=0)))
    assert found.problem.stays[0].service_ticks == 966
    assert [note.code for note in found.notes] == ["usual-stay"]


def test_a_ship_without_a_movement_keeps_its_berth():
    here = Alongside(place="NS1-1", since_at=at(-600), expected_departure_at=at(300))
    found = framed(alongside=here)
    assert (found.problem.stays[0].place, found.problem.stays[0].until) == ("NS1-1", 300)
    gone = Alongside(place="NS1-1", since_at=at(-600), expected_departure_at=at(-300))
    assert framed(alongside=gone).problem.stays[0].until == 60


def test_a_draught_at_sea_grows_in_the_port_s_own_water():
    sea = only(framed(movement(1, asked(draught_water="sea", berths=("XS-1",)))))
    local = only(framed(movement(1, asked(berths=("XS-1",)))))
    assert local.draught_mm == 9000
    assert sea.draught_mm == round(9000 * 1.025 / 1.001)


def test_slots_begin_on_the_port_s_own_clock():
    later = situation(movement(1, asked()), alongside=None)
    later = replace(later, now=later.now + timedelta(minutes=7, seconds=30))
    found = frame(later, PORT, Policy())
    assert {place.slot_phase_ticks for place in found.problem.boarding_places} == {7}
    assert found.grid.origin_at == at(7)


def test_another_port_is_framed_by_the_same_code():
    haven = load_port("samplehaven")
    plan = asked(berths=("T1", "T2"), boarding_place="PILOT", draught_m=6.0, draught_water="sea")
    ship = vessel(loa_m=120.0, beam_m=18.0, flag="NZ", air_draught_m=25.0)
    shift = asked("shift", 900, berths=("M1",), draught_m=6.0)
    found = frame(
        situation(movement(1, plan, vessel=ship), movement(2, shift, vessel=ship)), haven, Policy()
    )
    assert validate(found.problem) == ()
    assert {mode.to_place for mode in found.movements["M1"].movement.modes} == {"T1", "T2"}
    legs = found.movements["M2"].movement.modes[0].legs
    assert [(leg.segment, leg.forward) for leg in legs] == [("TOWNCUT", False), ("MILLARM", True)]
