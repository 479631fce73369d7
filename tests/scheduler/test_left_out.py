"""Why not at all: every rule that stands against what was asked for, and who competes."""

from dataclasses import replace

from scheduler.conflicts import Conflicts
from scheduler.draft import Draft
from scheduler.left_out import why_all_left_out, why_left_out
from scheduler.problem import Closure, Interval, Published
from tests.scheduler.builders import (
    a_duty,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    a_ship,
    an_entry,
    an_entry_mode,
    spans,
)

QUEUE = ((250, 60), (330, 21), (361, 11), (377, 6), (387, 5), (396, 5))
"""Starts and headways of ships that together keep a reach from 200 to 400."""


def closed(*ends: tuple[int, int]) -> tuple[Closure, ...]:
    return tuple(Closure(id=f"c{k}", span=span, segments=()) for k, span in enumerate(spans(*ends)))


def draft_without(late, *others, queue=QUEUE, **changes):
    """A plan that holds a queue of ships and nothing else."""
    ships = [an_entry(f"q{k}", ship=f"q{k}") for k in range(len(queue))]
    hulls = tuple(a_ship(f"q{k}", headway_ticks=gap) for k, (_, gap) in enumerate(queue))
    problem = a_problem(late, *ships, *others, ships=hulls, **changes)
    draft = Draft(Conflicts(problem))
    for k, (start, _) in enumerate(queue, start=1):
        (mode,) = draft.tables.modes_of[k]
        draft.place(k, mode, start, {})
    return draft


def reasons_of(late, *others, in_brief=False, **changes):
    """Why an entry is left out of it."""
    return why_left_out(draft_without(late, *others, **changes), 0, in_brief=in_brief)


def span_of(reason):
    return reason.params["from_tick"], reason.params["to_tick"]


def test_who_blocks_the_most_is_named_first_and_all_are_counted():
    (reason,) = reasons_of(an_entry(requested=200, earliest=200, latest=400))
    assert reason.rule == "headway"
    assert reason.movements == ("q0", "q1", "q2", "q3")
    assert reason.params["count"] == len(QUEUE)
    assert span_of(reason) == (200, 401)


def test_who_blocks_only_what_a_window_shuts_competes_for_nothing():
    found = reasons_of(
        an_entry(requested=200, earliest=200, latest=400), closures=closed((150, 320))
    )
    headway, closure = found
    assert (headway.rule, closure.rule) == ("headway", "closure")
    assert headway.movements == ("q1", "q2", "q3", "q4")
    assert headway.params["count"] == len(QUEUE) - 1
    assert span_of(headway) == (320, 401)
    assert span_of(closure) == (200, 320)
    assert closure.params["start_tick"] == 200
    assert closure.params["closure"] == "c0"


def test_the_longest_span_is_told_with_the_nearest_figures():
    late = an_entry(requested=215, earliest=200, latest=400)
    found = reasons_of(late, closures=closed((240, 250), (300, 340)))
    closure = next(reason for reason in found if reason.rule == "closure")
    # in the reach for 30 ticks: shut from 211 to 250, and from 271 to 340
    assert span_of(closure) == (271, 340)
    assert (closure.params["start_tick"], closure.params["closure"]) == (215, "c0")


def test_a_window_that_shuts_little_is_passed_over():
    late = an_entry(requested=200, earliest=200, latest=400)
    found = reasons_of(late, closures=closed((150, 240)))
    assert [reason.rule for reason in found] == ["headway"]
    found = reasons_of(late, closures=closed((150, 260)))
    assert [reason.rule for reason in found] == ["headway", "closure"]


def test_a_window_that_is_shut_in_one_way_only_is_passed_over():
    late = an_entry(
        requested=200,
        earliest=200,
        latest=400,
        daylight_only=True,
        modes=(an_entry_mode(), an_entry_mode(id="long", end_at=140)),
    )
    # the long way needs light for 140 ticks and has it for no start after 250
    found = reasons_of(late, daylight=spans((0, 391)))
    daylight = [reason for reason in found if reason.rule == "daylight"]
    assert daylight == []


def test_windows_that_only_together_leave_nothing_are_all_told_and_nobody_is_blamed():
    late = an_entry(requested=250, earliest=200, latest=400, daylight_only=True)
    found = reasons_of(
        late, queue=((300, 20),), closures=closed((200, 300)), daylight=spans((0, 320))
    )
    assert {reason.rule for reason in found} == {"closure", "daylight"}
    assert {span_of(reason) for reason in found} == {(200, 300), (281, 401)}
    assert all(not reason.movements for reason in found)


def test_a_rule_without_which_there_is_a_start_tells_its_span():
    late = an_entry(requested=250, earliest=200, latest=400)
    (closure,) = reasons_of(late, queue=(), closures=closed((180, 430)))
    assert (closure.rule, closure.params["start_tick"]) == ("closure", 250)
    late = an_entry(requested=250, earliest=200, latest=400)
    closure, headway = reasons_of(late, queue=((420, 100),), closures=closed((180, 330)))
    assert (closure.rule, closure.params["start_tick"]) == ("closure", 250)
    assert span_of(closure) == (200, 330)
    assert (headway.rule, headway.movements) == ("headway", ("q0",))
    assert headway.params["start_tick"] == 330


def test_two_pools_that_both_lack_a_team_are_both_told():
    needs = (a_need(), a_need("tugs"))
    late = an_entry(
        requested=250,
        earliest=200,
        latest=300,
        needs=needs,
        modes=(an_entry_mode(duties=(a_duty(), a_duty("tugs"))),),
    )
    off = (Interval(0, 900),)
    found = reasons_of(
        late,
        queue=((250, 5),),
        pools=(a_pool(), a_pool("tugs")),
        resources=(a_resource("p", off=off), a_resource("t", "tugs", off=off)),
    )
    assert [reason.rule for reason in found] == ["pilots", "tugs"]
    assert {reason.params["have_count"] for reason in found} == {0}
    # nearest to what was asked for of the starts that the ship ahead leaves
    assert {reason.params["start_tick"] for reason in found} == {245}


def test_in_brief_the_rule_that_leaves_no_start_is_told_with_who_is_in_the_way():
    late = an_entry(requested=200, earliest=200, latest=400)
    shut = closed((150, 320))
    assert reasons_of(late, closures=shut, in_brief=True) == reasons_of(late, closures=shut)


def test_in_brief_the_pool_that_lacks_a_team_is_told_and_no_other():
    needs = (a_need(), a_need("tugs"))
    late = an_entry(
        requested=250,
        earliest=200,
        latest=300,
        needs=needs,
        modes=(an_entry_mode(duties=(a_duty(), a_duty("tugs"))),),
    )
    (reason,) = reasons_of(
        late,
        queue=((250, 5),),
        in_brief=True,
        pools=(a_pool(), a_pool("tugs")),
        resources=(a_resource("p"), a_resource("t", "tugs", off=(Interval(0, 900),))),
    )
    assert (reason.rule, reason.params["have_count"]) == ("tugs", 0)
    assert reason.params["start_tick"] == 245


def test_once_it_hurries_the_rest_is_told_in_brief_and_who_was_told_a_time_goes_first():
    late = an_entry(requested=250, earliest=200, latest=400)
    twin = replace(late, id="told", published=Published(mode="m", start=250))
    draft = draft_without(late, twin, queue=((420, 100),), closures=closed((180, 330)))
    asked = []

    def hurries():
        asked.append(None)
        return len(asked) > 1

    found = why_all_left_out(draft, hurries)
    brief = why_left_out(draft, 0, in_brief=True)
    assert brief != why_left_out(draft, 0)
    assert list(found.items()) == [(0, brief), (2, why_left_out(draft, 2))]
