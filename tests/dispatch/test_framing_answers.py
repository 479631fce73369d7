"""Reading an answer back: instants, services, reasons, and only true changes."""

from dataclasses import replace
from datetime import timedelta

from dispatch.framing import draft_plan, frame
from dispatch.framing.answers import read_params
from dispatch.movement import MovementState, ServiceKind
from dispatch.policy import Policy
from scheduler import Limits, solve
from scheduler.outcome import Breach, Outcome, Reason, Unplaced
from tests.dispatch.framing_samples import PORT, asked, at, framed, movement

LIMITS = Limits(wall_s=0.2, workers=1, deterministic=True)


def test_a_first_plan_tells_times_places_and_services():
    found = framed(movement(1, asked()))
    draft = draft_plan(found, solve(found.problem, LIMITS))
    (placed,) = draft.placed
    planned = placed.planned
    assert planned.start_at == at(60)
    assert (planned.from_place, planned.to_place) == (None, "NS1-1")
    assert planned.stretch is not None
    assert planned.stretch.to_m - planned.stretch.from_m == 190.0
    assert planned.passage[0].enter_at == at(75)
    assert all(leg.enter_at < leg.leave_at for leg in planned.passage)
    pilot = next(item for item in placed.services if item.kind is ServiceKind.PILOTAGE)
    tugs = [item for item in placed.services if item.kind is ServiceKind.TOWAGE]
    assert (pilot.planned_start_at, pilot.planned_end_at) == (planned.start_at, planned.end_at)
    assert len(tugs) >= 2
    assert {item.planned_start_at for item in tugs} == {planned.passage[-1].leave_at}
    assert dict(planned.crews)[tugs[0].need] == tuple(item.resource_id for item in tugs)
    assert (draft.changed, draft.moves, draft.recrewed) == (1, (), 0)


def published(found, draft):
    """Return the situation of a framed problem once its plan is in force."""
    told = {item.movement_id: item for item in draft.placed}
    movements = tuple(
        replace(
            one,
            state=MovementState.PLANNED,
            planned=replace(told[one.id].planned, plan_version=1),
            wait_reasons=told[one.id].wait_reasons,
        )
        for one in found.situation.movements
    )
    return replace(found.situation, movements=movements, plan_version=1)


def test_the_same_plan_again_changes_nothing():
    found = framed(movement(1, asked()))
    outcome = solve(found.problem, LIMITS)
    again = frame(published(found, draft_plan(found, outcome)), PORT, Policy())
    assert again.has_published
    draft = draft_plan(again, outcome)
    assert (draft.changed, draft.moves) == (0, ())


def test_the_order_within_a_team_means_nothing():
    found = framed(movement(1, asked()))
    outcome = solve(found.problem, LIMITS)
    again = frame(published(found, draft_plan(found, outcome)), PORT, Policy())
    placement = outcome.placements[0]
    turned = tuple(
        replace(crew, resources=crew.resources[::-1]) for crew in reversed(placement.crews)
    )
    draft = draft_plan(again, replace(outcome, placements=(replace(placement, crews=turned),)))
    assert draft.changed == 0


def test_a_later_minute_is_still_the_same_plan():
    found = framed(movement(1, asked(start_min=200)))
    outcome = solve(found.problem, LIMITS)
    later = replace(published(found, draft_plan(found, outcome)), now=at(7.5))
    again = frame(later, PORT, Policy())
    shifted = replace(outcome.placements[0], start=outcome.placements[0].start - 7)
    assert draft_plan(again, replace(outcome, placements=(shifted,))).changed == 0


def test_a_move_and_another_crew_are_told():
    found = framed(movement(1, asked()))
    outcome = solve(found.problem, LIMITS)
    again = frame(published(found, draft_plan(found, outcome)), PORT, Policy())
    placement = outcome.placements[0]
    others = tuple(
        replace(crew, resources=("PL999",)) if crew.need == "pilots" else crew
        for crew in placement.crews
    )
    moved = replace(placement, start=placement.start + 30, crews=others)
    draft = draft_plan(again, replace(outcome, placements=(moved,)))
    (move,) = draft.moves
    assert (move.movement, move.from_at, move.to_at) == ("M1", at(60), at(90))
    assert move.moved_min == 30
    assert draft.recrewed == 1


def test_a_place_that_is_lost_is_told_with_its_reasons():
    found = framed(movement(1, asked()))
    outcome = solve(found.problem, LIMITS)
    again = frame(published(found, draft_plan(found, outcome)), PORT, Policy())
    reason = Reason(
        rule="headway", movements=("M7",), params={"wait_ticks": 12, "start_tick": 5}, gain_ticks=9
    )
    lost = Outcome(
        status="feasible", placements=(), unplaced=(Unplaced(movement="M1", reasons=(reason,)),)
    )
    draft = draft_plan(again, lost)
    assert draft.moves[0].to_at is None
    assert draft.moves[0].moved_min == float("inf")
    told = draft.unplaced[0].reasons[0]
    assert (told.rule, told.movements, told.gain_min) == ("headway", ("M7",), 9)
    assert told.params == {"wait_min": 12, "start_at": "2026-11-24T00:05:00Z"}


def test_what_waits_beyond_the_horizon_is_told_once():
    far = movement(1, asked(start_min=4000))
    found = framed(far)
    nothing = solve(found.problem, LIMITS)
    draft = draft_plan(found, nothing)
    assert draft.unplaced[0].reasons[0].rule == "beyond_horizon"
    assert draft.changed == 1
    told = replace(far, unplaced_reasons=draft.unplaced[0].reasons)
    assert draft_plan(framed(told), nothing).changed == 0


def test_breaches_that_stand_are_kept_with_their_movements():
    found = framed(movement(1, asked()))
    outcome = solve(found.problem, LIMITS)
    breach = Breach(rule="wind", movements=("M1",), status="waived", params={"have_mms": 14_000})
    (placed,) = draft_plan(found, outcome, (breach,)).placed
    assert [(item.rule, item.status) for item in placed.breaches] == [("wind", "waived")]


def test_a_tug_that_declined_is_not_asked_again_for_what_it_is_doing():
    found = framed(movement(1, asked()))
    outcome = solve(found.problem, LIMITS)
    crew = next(item for item in outcome.placements[0].crews if item.need == "tugs-berthing")
    declining = replace(
        found.situation,
        movements=(replace(found.situation.movements[0], declined=(crew.resources[0],)),),
    )
    (placed,) = draft_plan(replace(found, situation=declining), outcome).placed
    assert crew.resources[0] not in {item.resource_id for item in placed.services}
    assert dict(placed.planned.crews)["tugs-berthing"] == crew.resources


def test_figures_become_minutes_and_instants_by_their_names():
    grid = framed(movement(1, asked())).grid
    read = read_params(grid, {"gap_ticks": 3, "end_tick": 61, "need_mm": 5, "segment": "S03"})
    end_at = (grid.origin_at + timedelta(minutes=61)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert read == {"gap_min": 3, "end_at": end_at, "need_mm": 5, "segment": "S03"}
