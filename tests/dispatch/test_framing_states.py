"""Framing of what has been told, begun, ended or answered: reality always fits."""

from dataclasses import replace

import pytest

from dispatch.declaration import Alongside, Stretch
from dispatch.framing import frame
from dispatch.movement import (
    Approval,
    EventKind,
    MovementState,
    PlannedTime,
    Service,
    ServiceKind,
    Waiver,
)
from dispatch.policy import Policy
from dispatch.situation import Outage
from scheduler import Limits, solve
from scheduler.checks import check
from scheduler.validation import validate
from tests.dispatch.framing_samples import (
    PORT,
    asked,
    at,
    event,
    fog,
    framed,
    movement,
    only,
    situation,
)

CREWS = (("pilots", ("PL001",)), ("tugs-berthing", ("T08", "T09")))


def told(start_min: float, mode: str = "NS1-1/clear", **changes: object) -> PlannedTime:
    planned = PlannedTime(
        start_at=at(start_min),
        end_at=at(start_min + 250),
        mode=mode,
        from_place=None,
        to_place="NS1-1",
        passage=(),
        crews=CREWS,
        plan_version=1,
        stretch=Stretch(from_m=60.0, to_m=250.0),
    )
    return replace(planned, **changes)  # pyright: ignore[reportArgumentType]


def planned(start_min: float, **changes: object):
    return replace(
        movement(1, asked(), state=MovementState.PLANNED, planned=told(start_min)),
        **changes,  # pyright: ignore[reportArgumentType]
    )


def test_what_was_told_is_told_to_the_scheduler():
    one = only(framed(planned(300)))
    assert one.published is not None
    assert (one.published.mode, one.published.start) == ("NS1-1/clear", 300)
    assert [(crew.need, crew.resources) for crew in one.published.crews] == list(CREWS)
    assert not one.pinned
    assert one.fixed is None


def test_a_start_inside_the_freeze_is_pinned():
    assert only(framed(planned(119))).pinned
    assert not only(framed(planned(120))).pinned
    assert only(framed(planned(300, pinned=True))).pinned


def test_a_movement_whose_crew_has_set_out_is_pinned():
    def job(status: Approval) -> Service:
        return Service(
            id="S1", movement_id="M1", kind=ServiceKind.PILOTAGE, need="pilots",
            resource_id=pilot_id, organisation="PILOT", planned_start_at=at(140),
            planned_end_at=at(390), from_place="P18GS", to_place="NS", status=status,
        )  # fmt: skip

    pilot_id = next(
        pilot.pilot_id
        for pilot in PORT.pilotage.pilots
        if pilot.on_duty and pilot.station_id == "PS-HP"
    )
    cleared = planned(140, clearance=Approval.CONFIRMED)
    assert only(framed(cleared, services=(job(Approval.CONFIRMED),))).pinned
    assert not only(framed(cleared, services=(job(Approval.REQUESTED),))).pinned
    assert not only(framed(planned(140), services=(job(Approval.CONFIRMED),))).pinned


def test_a_told_slow_passage_stays_possible_once_the_fog_is_gone():
    foggy = framed(movement(1, asked()), restrictions=(fog(0, 900),))
    slow = next(mode for mode in only(foggy).modes if mode.restricted)
    again = only(framed(planned(300, planned=told(300, slow.id))))
    assert again.published is not None
    assert again.published.mode == slow.id
    assert next(mode for mode in again.modes if mode.id == slow.id) == slow


def test_a_told_way_that_is_gone_is_stood_for_by_another():
    one = only(framed(planned(300, planned=told(300, "NS4-16/clear"))))
    assert one.published is not None
    assert one.published.mode == "NS1-1/clear"


def test_a_start_just_passed_is_held_until_the_grace_is_over():
    held = only(framed(planned(-10)))
    assert held.fixed is not None
    assert (held.fixed.start, held.fixed.actual) == (-10, False)
    freed = only(framed(planned(-10), freed=frozenset({"M1"})))
    assert freed.fixed is None
    assert freed.earliest >= 0
    overdue = only(framed(planned(-16)))
    assert overdue.fixed is None


def test_a_passed_latest_does_not_take_a_place_away_and_says_so():
    late = replace(asked(), requested_at=at(-900), latest_at=at(-100))
    found = framed(planned(30, asked=late))
    assert only(found).latest >= 30 + Policy().latest_extension_min
    assert [note.code for note in found.notes] == ["latest-extended"]
    never_told = framed(movement(1, late))
    assert only(never_told).latest == -100


def test_an_exit_behind_a_late_entry_may_leave_later_than_it_asked():
    found = framed(
        movement(1, asked(), estimated_at=at(900)),
        movement(2, asked("exit", 700)),
    )
    entry, leave = (item.movement for item in found.movements.values())
    assert entry.earliest == 900
    assert entry.requested == 60
    assert leave.latest > 900 + 600


def test_an_early_ship_may_start_early():
    assert only(framed(movement(1, asked(start_min=300), estimated_at=at(100)))).earliest == 100


@pytest.mark.parametrize(
    ("clearance", "code"),
    [(Approval.HELD, "maritime-hold"), (Approval.DENIED, "maritime-rejection")],
)
def test_a_hold_and_a_rejection_bar_the_movement(clearance, code):
    assert only(framed(planned(300, clearance=clearance))).held == code
    recent = only(framed(planned(-5, clearance=clearance)))
    assert recent.fixed is None


def test_a_waiver_holds_until_it_expires():
    waivers = tuple(
        Waiver(
            id=f"W{number}", movement_id="M1", rule=rule, reason="r", signed_by="MSA",
            expires_at=at(minute),
        )
        for number, (rule, minute) in enumerate([("headway", 10), ("daylight", -10)])
    )  # fmt: skip
    assert only(framed(movement(1, asked(), waivers=waivers))).waived == ("headway",)


def under_way(start_min: float, *events, **changes):
    return planned(
        start_min,
        state=MovementState.UNDER_WAY,
        actual_start_at=at(start_min),
        events=tuple(events),
        **changes,
    )


def test_a_movement_under_way_is_what_happened_with_its_crews():
    one = only(framed(under_way(-30)))
    assert one.fixed is not None
    assert one.fixed.actual
    assert one.fixed.start == -30
    assert [(crew.need, crew.resources) for crew in one.fixed.crews] == list(CREWS)
    assert one.modes[0].stretch_mm == (60_000, 250_000)


@pytest.mark.parametrize("mode", ["NS1-1/clear", "NS1-1/slow.S01~S03"])
def test_one_under_way_keeps_the_passage_that_it_was_told_whatever_the_fog_does(mode):
    begun = under_way(-60, planned=told(-60, mode))
    sails = only(framed(begun)).modes[0]
    assert sails.id == mode
    for weather in (fog(-60, 0), fog(-60, 30), fog(20, 900), fog(0, 900, 1500.0, "S05")):
        assert only(framed(begun, restrictions=(weather,))).modes[0] == sails
    # minutes later it is still the same, though another reach is under her keel by then
    later = frame(
        replace(situation(begun), now=at(47), restrictions=(fog(-60, 100),)), PORT, Policy()
    )
    assert only(later).modes[0] == sails


def test_one_that_began_without_a_plan_sails_by_the_weather():
    clear = only(framed(under_way(-30))).modes[0]
    legs = {leg.segment: leg for leg in clear.legs}
    lifts = -30 + legs["S01"].leave + 10
    mode = only(framed(under_way(-30, planned=None), restrictions=(fog(-60, lifts),))).modes[0]
    slow = {leg.segment for leg in mode.legs if leg.leave - leg.enter >= leg.slow_ticks}
    assert slow == {"S01"}
    assert mode.restricted


def test_fog_over_one_under_way_is_reported_and_stops_no_plan():
    found = framed(under_way(-60), restrictions=(fog(-60, 900, 500.0),))
    breaches = check(found.problem, solve(found.problem, Limits(wall_s=0.1, workers=1)))
    assert {(one.rule, one.status) for one in breaches} == {("visibility", "actual")}


def test_a_reported_all_clear_moves_the_rest_of_an_exit():
    here = Alongside(place="NS1-1", since_at=at(-900))
    crews = (("pilots", ("PL001",)), ("tugs-unberthing", ("T08", "T09")))
    way = told(-60, "NS1-1>P18GS/clear", from_place="NS1-1", to_place=None, crews=crews)
    plan = replace(asked("exit"), berths=())
    usual = under_way(-60, planned=way, asked=plan)
    late = under_way(-60, event(EventKind.ALL_CLEAR, -10), planned=way, asked=plan)
    mode = only(framed(usual, alongside=here)).modes[0]
    moved = only(framed(late, alongside=here)).modes[0]
    assert mode.clear_at == 30
    assert moved.clear_at == 50
    assert moved.end_at == mode.end_at + 20


def leaving(start_min: float | None):
    """A ship at NS1-1 with her exit, told or not, and another under way to her berth."""
    here = Alongside(place="NS1-1", since_at=at(-900), stretch=Stretch(from_m=60.0, to_m=250.0))
    way = told(start_min or 0, "NS1-1>P18GS/clear", from_place="NS1-1", to_place=None, crews=())
    exit_plan = replace(asked("exit", 30), berths=())
    leave = movement(
        2,
        exit_plan,
        call_id="C2",
        sequence=0,
        state=MovementState.DECLARED if start_min is None else MovementState.PLANNED,
        planned=None if start_min is None else way,
    )
    read = situation(under_way(-100), leave)
    return replace(read, calls=(*read.calls, replace(read.calls[0], id="C2", alongside=here)))


def test_a_ship_under_way_waits_for_the_one_that_is_at_her_berth():
    usual = framed(under_way(-100)).movements["M1"].movement.modes[0]
    found = frame(leaving(120), PORT, Policy())
    mode = found.movements["M1"].movement.modes[0]
    leave = found.movements["M2"].movement.modes[0]
    assert -100 + mode.arrive_at == 120 + leave.clear_at + 15
    assert mode.end_at - mode.arrive_at == usual.end_at - usual.arrive_at
    tugs = next(duty for duty in mode.duties if duty.need == "tugs-berthing")
    assert (tugs.begin, tugs.end) == (mode.arrive_at, mode.end_at)
    assert mode.legs == usual.legs
    assert validate(found.problem) == ()
    early = frame(leaving(-180), PORT, Policy())
    assert early.movements["M1"].movement.modes[0].arrive_at < mode.arrive_at


def test_a_ship_nobody_has_a_time_for_yields_when_asked_to():
    found = frame(leaving(None), PORT, Policy())
    assert found.movements["M2"].movement.waived == ()
    again = frame(leaving(None), PORT, Policy(), yielding=frozenset({"M2"}))
    assert again.movements["M2"].movement.waived == ("berth_occupancy",)


def test_a_ship_in_port_may_always_leave_later_than_she_asked():
    here = Alongside(place="NS1-1", since_at=at(-900))
    one = only(framed(movement(1, asked("exit")), alongside=here))
    assert one.latest == 60 + Policy().latest_extension_min


def test_a_movement_that_should_have_ended_is_still_under_way():
    found = framed(under_way(-600))
    mode = only(found).modes[0]
    assert -600 + mode.end_at == 10
    assert max(duty.end for duty in mode.duties) == mode.end_at
    assert validate(found.problem) == ()


def test_a_job_to_come_is_open_again_when_its_tug_is_lost_and_a_begun_one_is_not():
    outage = Outage(id="O1", resource_id="T08", from_at=at(0), to_at=None)
    one = only(framed(under_way(-30), outages=(outage,)))
    assert one.fixed is not None
    assert [crew.need for crew in one.fixed.crews] == ["pilots"]
    assert "tugs-berthing" in [need.id for need in one.needs]
    berthing = only(framed(under_way(-240), outages=(outage,)))
    assert berthing.fixed is not None
    assert "tugs-berthing" in [crew.need for crew in berthing.fixed.crews]


def test_a_movement_under_way_that_nobody_had_planned_still_fits():
    bare = movement(
        1, asked(), state=MovementState.UNDER_WAY, actual_start_at=at(-30), planned=None
    )
    one = only(framed(bare))
    assert one.fixed is not None
    assert one.fixed.actual
    assert [need.id for need in one.needs] == ["tugs-berthing"]


def test_a_completed_entry_leaves_its_ship_at_the_berth_and_its_crew_with_a_past():
    done = planned(
        -500,
        state=MovementState.COMPLETED,
        actual_start_at=at(-500),
        actual_end_at=at(-240),
    )
    leave = movement(2, asked("exit", 500))
    found = framed(done, leave)
    (stay,) = found.problem.stays
    assert (stay.entry, stay.exit, stay.place) == (None, "M2", "NS1-1")
    assert stay.stretch_mm == (60_000, 250_000)
    assert stay.ready == -240 + 600
    pilot = next(item for item in found.problem.resources if item.id == "PL001")
    tug = next(item for item in found.problem.resources if item.id == "T08")
    assert [(duty.span.begin, duty.span.end, duty.to_place) for duty in pilot.past] == [
        (-500, -240, "NS")
    ]
    assert [duty.span.end for duty in tug.past] == [-240]


def test_one_that_has_come_where_another_is_just_leaving_lay_there_after_her():
    """A ship that is all fast where the one before is still outbound: no two in one place."""
    here = Alongside(place="NS1-1", since_at=at(-900), stretch=Stretch(from_m=60.0, to_m=250.0))
    way = told(-120, "NS1-1>P18GS/clear", from_place="NS1-1", to_place=None, stretch=None)
    out = under_way(-120, planned=way, asked=replace(asked("exit"), berths=()))
    come = replace(
        under_way(-300, actual_end_at=at(-20)),
        id="M2", call_id="C2", state=MovementState.COMPLETED,
        vessel=replace(out.vessel, imo="9074730"),
    )  # fmt: skip
    both = replace(
        situation(out, alongside=here),
        movements=(out, come),
        calls=(
            situation(out, alongside=here).calls[0],
            replace(situation(come).calls[0], id="C2", movement_ids=("M2",)),
        ),
    )
    found = frame(both, PORT, Policy())
    assert validate(found.problem) == ()
    assert {stay.ship for stay in found.problem.stays} == {"C2"}
    breaches = check(found.problem, solve(found.problem, Limits(wall_s=0.1, workers=1)))
    assert "berth_occupancy" not in {one.rule for one in breaches}
    # one that leaves another berth keeps her stay
    assert come.planned is not None
    aside = replace(come, planned=replace(come.planned, to_place="NS1-3", stretch=None))
    found = frame(replace(both, movements=(out, aside)), PORT, Policy())
    assert {stay.ship for stay in found.problem.stays} == {"C1", "C2"}


def test_a_completed_exit_leaves_nothing_but_the_work_that_was_done():
    here = Alongside(place="NS1-1", since_at=at(-900))
    way = told(-500, "NS1-1>P18GS/clear", from_place="NS1-1", to_place=None, stretch=None)
    gone = planned(
        -500,
        planned=way,
        asked=replace(asked("exit"), berths=()),
        state=MovementState.COMPLETED,
        actual_start_at=at(-500),
        actual_end_at=at(-300),
    )
    found = framed(gone, alongside=here)
    assert found.problem.stays == ()
    assert found.problem.ships == ()
    pilot = next(item for item in found.problem.resources if item.id == "PL001")
    assert len(pilot.past) == 1


def test_an_exit_that_has_begun_breaks_no_service_time():
    here = Alongside(place="NS1-1", since_at=at(-900))
    way = told(-60, "NS1-1>P18GS/clear", from_place="NS1-1", to_place=None, crews=())
    gone = under_way(-60, planned=way, asked=replace(asked("exit"), berths=()))
    (stay,) = framed(gone, alongside=here).problem.stays
    assert stay.ready == -900
    assert only(framed(gone)).fixed is not None


def test_what_was_withdrawn_is_not_there():
    found = framed(movement(1, asked(), state=MovementState.WITHDRAWN))
    assert found.problem.movements == ()


def test_an_exit_from_nowhere_is_named_and_the_rest_is_planned():
    lost = movement(1, asked("exit"))
    found = frame(situation(lost), PORT, Policy())
    assert found.deferred == {"M1": "place-unknown"}
