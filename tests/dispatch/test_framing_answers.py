"""Reading an answer back: instants, services, reasons, and only true changes."""

from dataclasses import replace
from datetime import timedelta

from dispatch.framing import draft_plan, frame
from dispatch.framing.answers import read_params
from dispatch.movement import MovementState, ServiceKind
from dispatch.movement import Reason as SaidReason
from dispatch.policy import Policy
from scheduler import Limits, replan, solve
from scheduler.outcome import Breach, Outcome, Placement, Reason, Unplaced
from tests.dispatch.framing_samples import PORT, asked, at, framed, movement, situation

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


def told_of(one):
    """What a planned movement was told."""
    assert one.planned is not None
    return one.planned


def asked_of(framed_problem, movement_id):
    """What is asked to stay as it was published."""
    found = framed_problem.movements[movement_id].movement.published
    assert found is not None
    return found


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


def two_of_which_one_waits():
    """What was told of a ship that waits for a berth, and of the one that lies there."""
    ships = [movement(1, asked()), movement(2, asked(start_min=70)), movement(3, asked())]
    ships = [
        replace(one, call_id=f"C{n}", asked=replace(one.asked, berths=(f"NS1-{n}",)))
        for n, one in enumerate(ships, start=1)
    ]
    calls = tuple(
        replace(situation(one).calls[0], id=one.call_id, movement_ids=(one.id,)) for one in ships
    )
    found = frame(replace(situation(*ships), calls=calls), PORT, Policy())
    told = published(found, draft_plan(found, solve(found.problem, LIMITS)))
    waits = (
        SaidReason(rule="berth_occupancy", movements=("M1",), gain_min=9),
        SaidReason(rule="tugs", resources=("T1",)),
    )
    waiting = tuple(
        # told a start that is ten minutes later than she asked for
        replace(
            one,
            wait_reasons=waits,
            asked=replace(one.asked, requested_at=told_of(one).start_at - timedelta(minutes=10)),
        )
        if one.id == "M2"
        else one
        for one in told.movements
    )
    again = frame(replace(told, movements=waiting), PORT, Policy())
    placements = tuple(
        Placement(
            movement=item.movement.id,
            mode=asked_of(again, item.movement.id).mode,
            start=asked_of(again, item.movement.id).start,
            crews=asked_of(again, item.movement.id).crews,
        )
        for item in again.movements.values()
    )
    return again, waits, Outcome(status="feasible", placements=placements)


def waits_of(draft, movement_id):
    return next(one.wait_reasons for one in draft.placed if one.movement_id == movement_id)


def test_what_was_told_of_a_wait_stands_where_nothing_of_it_has_changed():
    again, waits, same = two_of_which_one_waits()
    draft = draft_plan(again, same)
    assert draft.changed == 0
    assert waits_of(draft, "M2") == waits


def test_a_wait_is_not_told_on_for_a_ship_that_goes_at_another_time():
    again, waits, same = two_of_which_one_waits()
    for goes in ("M1", "M3"):
        moved = tuple(
            replace(one, start=one.start + 30) if one.movement == goes else one
            for one in same.placements
        )
        draft = draft_plan(again, replace(same, placements=moved))
        assert waits_of(draft, "M2") == (waits[1:] if goes == "M1" else waits)
    left = tuple(one for one in same.placements if one.movement != "M1")
    lost = Unplaced(movement="M1", reasons=(Reason(rule="closure"),))
    draft = draft_plan(again, replace(same, placements=left, unplaced=(lost,)))
    assert waits_of(draft, "M2") == waits[1:]


def test_what_the_answer_says_of_a_wait_goes_before_what_was_told():
    again, _, same = two_of_which_one_waits()
    for now in ((), (Reason(rule="daylight"),)):
        draft = draft_plan(again, replace(same, waits={"M2": now}))
        assert [item.rule for item in waits_of(draft, "M2")] == [item.rule for item in now]
        assert draft.changed == 1


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


def one_behind_another():
    """A plan in force in which one ship keeps her distance from another, just framed again."""
    ships = [
        replace(one, call_id=f"C{n}", asked=replace(one.asked, berths=(f"NS1-{n}",)))
        for n, one in enumerate([movement(1, asked()), movement(2, asked(start_min=62))], start=1)
    ]
    calls = tuple(
        replace(situation(one).calls[0], id=one.call_id, movement_ids=(one.id,)) for one in ships
    )
    found = frame(replace(situation(*ships), calls=calls), PORT, Policy())
    told = published(found, draft_plan(found, solve(found.problem, LIMITS)))
    (reason,) = told.movements[1].wait_reasons
    assert (reason.rule, reason.movements) == ("headway", ("M1",))
    return told


def with_second(told, **changes):
    first, second = told.movements
    return replace(told, movements=(first, replace(second, **changes)))


def waits_for(told):
    return asked_of(frame(told, PORT, Policy()), "M2").waits_for


def test_a_wait_that_only_ships_explain_is_framed_with_their_names():
    told = one_behind_another()
    assert waits_for(told) == ("M1",)
    (reason,) = told.movements[1].wait_reasons
    other = SaidReason(rule="one_way", movements=("M7", "M1"))
    assert waits_for(with_second(told, wait_reasons=(reason, other))) == ("M1", "M7")


def test_a_wait_that_may_end_while_no_ship_moves_is_explained_again():
    told = one_behind_another()
    second = told.movements[1]
    for rule in ("wind", "visibility", "alongside_clearance", "closure", "tugs", "pilots"):
        for names in ((), ("M1",)):
            other = SaidReason(rule=rule, movements=names)
            changed = with_second(told, wait_reasons=(*second.wait_reasons, other))
            assert waits_for(changed) is None
    nobody = SaidReason(rule="berth_occupancy")
    assert waits_for(with_second(told, wait_reasons=(nobody,))) is None
    assert waits_for(with_second(told, wait_reasons=())) is None


def test_a_gain_that_time_has_overtaken_is_reckoned_again():
    told = one_behind_another()
    assert waits_for(replace(told, now=at(62))) == ("M1",)
    assert waits_for(replace(told, now=at(63))) is None
    assert waits_for(with_second(told, estimated_at=at(65))) is None


def test_what_cannot_be_asked_for_as_it_was_told_is_explained_again():
    told = one_behind_another()
    planned = told_of(told.movements[1])
    gone = replace(planned, crews=(("pilots", ("PL-GONE",)), *planned.crews[1:]))
    assert waits_for(with_second(told, planned=gone)) is None
    assert waits_for(with_second(told, planned=replace(planned, mode="gone"))) is None


def test_only_a_true_wait_is_told_on_when_a_plan_is_mended():
    told = one_behind_another()
    again = frame(told, PORT, Policy())
    answer = replan(again.problem, LIMITS)
    assert answer.waits == {}
    assert waits_of(draft_plan(again, answer), "M2") == told.movements[1].wait_reasons
    untrue = (SaidReason(rule="berth_occupancy", movements=("M1", "M2")),)
    again = frame(with_second(told, wait_reasons=untrue), PORT, Policy())
    draft = draft_plan(again, replan(again.problem, LIMITS))
    assert waits_of(draft, "M2") == told.movements[1].wait_reasons
    late = replace(told.movements[0], estimated_at=at(300))
    again = frame(replace(told, movements=(late, told.movements[1])), PORT, Policy())
    draft = draft_plan(again, replan(again.problem, LIMITS))
    assert waits_of(draft, "M2") != told.movements[1].wait_reasons


def test_a_wait_is_told_on_though_the_passage_is_reckoned_anew():
    told = one_behind_another()
    quicker = tuple(
        replace(
            one, planned=replace(told_of(one), end_at=told_of(one).end_at - timedelta(minutes=1))
        )
        for one in told.movements
    )
    again = frame(replace(told, movements=quicker), PORT, Policy())
    answer = replan(again.problem, LIMITS)
    assert answer.waits == {}
    assert waits_of(draft_plan(again, answer), "M2") == told.movements[1].wait_reasons
