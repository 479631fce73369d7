"""Why this time: what binds, who is in the way, what would be gained."""

import pytest

from scheduler import Limits, solve
from scheduler.problem import Closure, Interval
from tests.scheduler.builders import (
    a_crew,
    a_duty,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    a_ship,
    a_stay,
    an_entry,
    an_entry_mode,
    an_exit,
    spans,
)
from tests.scheduler.instances import a_day
from tests.scheduler.plans import starts

QUICK = Limits(wall_s=0.3)


def test_a_window_names_its_figures():
    closure = Closure(id="blasting", span=Interval(100, 200), segments=())
    found = solve(a_problem(an_entry(requested=150, earliest=150), closures=(closure,)), QUICK)
    assert starts(found) == {"in": 200}
    (reason,) = found.waits["in"]
    assert (reason.rule, reason.gain_ticks) == ("closure", 50)
    assert reason.params["closure"] == "blasting"


def test_what_was_asked_for_before_now_waits_for_its_window():
    found = solve(a_problem(an_entry(requested=-15, earliest=-15)), QUICK)
    assert starts(found) == {"in": 0}
    assert [reason.rule for reason in found.waits["in"]] == ["requested_window"]


def test_a_ship_ahead_is_named_with_what_it_costs():
    problem = a_problem(
        an_entry("a", ship="s", requested=100, earliest=100, late_weight=9),
        an_entry("b", ship="t", requested=105, earliest=105),
        ships=(a_ship("s", headway_ticks=20), a_ship("t")),
    )
    found = solve(problem, QUICK)
    assert starts(found) == {"a": 100, "b": 120}
    (reason,) = found.waits["b"]
    assert (reason.rule, reason.movements, reason.gain_ticks) == ("headway", ("a",), 15)
    assert "a" not in found.waits


def test_a_berth_names_the_ship_that_lies_there():
    problem = a_problem(
        an_exit("go", ship="old", requested=200, earliest=200, late_weight=9),
        an_entry("come", ship="new", requested=50, earliest=50),
        stays=(
            a_stay("t", ship="old", exit="go", place="B1"),
            a_stay("s", ship="new", entry="come"),
        ),
    )
    found = solve(problem, QUICK)
    assert starts(found)["come"] == 180
    (reason,) = found.waits["come"]
    assert (reason.rule, reason.movements) == ("berth_occupancy", ("go",))
    assert reason.gain_ticks == 130


def test_a_missing_pilot_is_counted():
    problem = a_problem(
        an_entry(
            requested=100,
            earliest=100,
            needs=(a_need(),),
            modes=(an_entry_mode(duties=(a_duty(),)),),
        ),
        pools=(a_pool(),),
        resources=(a_resource("p", off=spans((0, 200))),),
    )
    found = solve(problem, QUICK)
    assert starts(found) == {"in": 220}
    assert found.placements[0].crews == (a_crew("p"),)
    (reason,) = found.waits["in"]
    assert (reason.rule, reason.gain_ticks) == ("pilots", 120)
    assert reason.params["have_count"] == 0
    assert reason.params["need_count"] == 1


def test_two_rules_that_bind_together_are_both_told_without_a_gain():
    closure = Closure(id="x", span=Interval(90, 200), segments=())
    problem = a_problem(
        an_entry(requested=100, earliest=100, daylight_only=True),
        closures=(closure,),
        daylight=spans((200, 500)),
    )
    found = solve(problem, QUICK)
    assert starts(found) == {"in": 200}
    assert {(r.rule, r.gain_ticks) for r in found.waits["in"]} == {("closure", 0), ("daylight", 0)}


def test_what_is_left_out_tells_the_rule_that_leaves_no_start():
    problem = a_problem(an_entry(held="papers-missing"))
    (left_out,) = solve(problem, QUICK).unplaced
    assert left_out.reasons[0].rule == "hold"
    assert left_out.reasons[0].params["held"] == "papers-missing"


def test_what_is_left_out_for_another_names_it():
    problem = a_problem(
        an_exit("stays", ship="old", held="arrest"),
        an_entry("come", ship="new", requested=50),
        stays=(
            a_stay("t", ship="old", exit="stays", place="B1"),
            a_stay("s", ship="new", entry="come"),
        ),
    )
    reasons = {one.movement: one.reasons for one in solve(problem, QUICK).unplaced}
    assert [(r.rule, r.movements) for r in reasons["come"]] == [("berth_occupancy", ("stays",))]


def test_an_exit_without_its_entry_says_so():
    problem = a_problem(
        an_entry(held="x"), an_exit(), stays=(a_stay(entry="in", exit="out", service_ticks=9),)
    )
    reasons = {one.movement: one.reasons for one in solve(problem, QUICK).unplaced}
    assert [(r.rule, r.movements) for r in reasons["out"]] == [("service_time", ("in",))]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_wait_and_every_missing_one_has_a_reason(seed):
    day = a_day(seed, movements=50)
    found = solve(day, Limits(wall_s=1.5))
    asked = {m.id: m.requested for m in day.movements}
    waiting = {p.movement for p in found.placements if p.start > asked[p.movement]}
    assert set(found.waits) == waiting
    assert [name for name, reasons in found.waits.items() if not reasons] == []
    assert all(one.reasons for one in found.unplaced)
