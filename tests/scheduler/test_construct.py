"""The first plan: always an answer, always within the rules."""

import pytest

from scheduler.answer import outcome
from scheduler.conflicts import Conflicts
from scheduler.construct import by_request, construct, first_come_first_served, first_plan
from scheduler.problem import Fixed, Problem
from tests.scheduler.builders import (
    a_berth,
    a_crew,
    a_duty,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    a_segment,
    a_ship,
    a_stay,
    an_anchorage,
    an_entry,
    an_entry_mode,
    an_exit,
    an_exit_mode,
    spans,
)
from tests.scheduler.instances import a_day
from tests.scheduler.plans import breaches, starts


def plan(problem: Problem):
    return outcome(construct(Conflicts(problem), by_request(Conflicts(problem))))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("movements", [30, 80])
def test_every_first_plan_keeps_every_rule_and_deals_with_every_movement(seed, movements):
    day = a_day(seed, movements=movements)
    draft = first_plan(Conflicts(day))
    assert breaches(day, outcome(draft)) == []
    assert draft.total() <= first_come_first_served(day).total()


def test_an_empty_problem_has_an_empty_plan():
    assert plan(Problem(horizon=100)).placements == ()


def test_alone_a_ship_starts_when_it_wants_to():
    assert starts(plan(a_problem(an_entry(requested=77)))) == {"in": 77}


def test_gaps_are_filled_by_those_who_come_later():
    problem = a_problem(
        an_entry("a", ship="s", requested=0),
        an_entry("b", ship="t", requested=40, latest=40),
        an_entry("c", ship="u", requested=39, early_weight=1),
        ships=tuple(a_ship(name, headway_ticks=20) for name in "stu"),
        berths=(a_berth("B1"),),
    )
    conflicts = Conflicts(problem)
    found = outcome(construct(conflicts, [0, 1, 2]))
    assert starts(found) == {"a": 0, "b": 40, "c": 20}


def test_the_ship_at_the_berth_goes_first_even_if_it_asks_last():
    problem = a_problem(
        an_entry("come", ship="new", requested=100),
        an_exit("go", ship="old", requested=200),
        stays=(
            a_stay("s", ship="new", entry="come"),
            a_stay("t", ship="old", exit="go", place="B1"),
        ),
        berths=(a_berth(turnover_ticks=30),),
    )
    found = plan(problem)
    assert breaches(problem, found) == []
    # clear of the berth at 210, turned over at 240: berthing begins then, 30 after the start
    assert starts(found) == {"go": 200, "come": 210}


def test_a_short_call_fits_before_the_next_ship_only_if_it_is_gone_in_time():
    late = an_entry("late", ship="t", requested=300, latest=300)
    problem = a_problem(
        late,
        an_entry("first", ship="s", requested=100),
        an_exit("leave", ship="s", requested=150),
        stays=(
            a_stay("b", ship="t", entry="late"),
            a_stay("a", ship="s", entry="first", exit="leave", service_ticks=50),
        ),
    )
    conflicts = Conflicts(problem)
    found = outcome(construct(conflicts, [0, 1, 2]))
    assert breaches(problem, found) == []
    assert starts(found)["late"] == 300
    assert starts(found)["leave"] + 10 <= 330


def test_an_exit_that_a_fixed_arrival_needs_comes_before_it():
    fixed = an_entry("fixed", ship="new", fixed=Fixed(mode="m", start=300))
    leaving = an_exit("go", ship="old", requested=500)
    problem = a_problem(
        fixed,
        leaving,
        stays=(
            a_stay("s", ship="new", entry="fixed"),
            a_stay("t", ship="old", exit="go", place="B1"),
        ),
        berths=(a_berth(turnover_ticks=30),),
    )
    early = a_problem(
        fixed, an_exit("go", ship="old", requested=250), stays=problem.stays, berths=problem.berths
    )
    for one in (problem, early):
        found = plan(one)
        assert breaches(one, found) == []
        assert starts(found)["fixed"] == 300
        assert starts(found)["go"] + 10 + 30 <= 330


def test_a_fixed_arrival_whose_berth_cannot_be_cleared_is_left_out_with_the_ship_named():
    problem = a_problem(
        an_entry("fixed", ship="new", fixed=Fixed(mode="m", start=300)),
        an_exit("go", ship="old", earliest=400, requested=400),
        stays=(
            a_stay("s", ship="new", entry="fixed"),
            a_stay("t", ship="old", exit="go", place="B1"),
        ),
    )
    found = plan(problem)
    assert breaches(problem, found) == []
    assert starts(found) == {"go": 400}
    (left_out,) = found.unplaced
    assert left_out.movement == "fixed"
    assert ("berth_occupancy", ("go",)) in [(r.rule, r.movements) for r in left_out.reasons]


def test_a_facts_own_breaches_stop_nothing():
    problem = a_problem(
        an_entry("a", ship="s", fixed=Fixed(mode="m", start=5, actual=True)),
        an_entry("b", ship="t", fixed=Fixed(mode="m", start=6, actual=True), held="x"),
        an_entry("c", ship="u", requested=0),
        ships=tuple(a_ship(name, headway_ticks=20) for name in "stu"),
    )
    found = plan(problem)
    assert breaches(problem, found) == []
    assert starts(found) == {"a": 5, "b": 6, "c": 26}


def test_the_berth_is_chosen_that_is_free():
    modes = (an_entry_mode("B1"), an_entry_mode("B2", id="two"))
    problem = a_problem(
        an_entry(modes=modes),
        berths=(a_berth("B1"), a_berth("B2")),
        stays=(a_stay("s", entry="in"), a_stay("t", ship="old", place="B1")),
    )
    (placement,) = plan(problem).placements
    assert (placement.mode, placement.start) == ("two", 0)


def test_a_full_anchorage_takes_nobody_until_one_has_left():
    shift = an_exit("shift", ship="old", requested=200, modes=(an_exit_mode("A1"),))
    problem = a_problem(
        an_entry(modes=(an_entry_mode("A1"),), requested=50),
        shift,
        anchorages=(an_anchorage(capacity=1),),
        stays=(a_stay("s", entry="in"), a_stay("t", ship="old", exit="shift", place="A1")),
    )
    found = plan(problem)
    assert breaches(problem, found) == []
    assert starts(found) == {"shift": 200, "in": 180}


def test_teams_are_named_and_who_is_off_is_not_asked():
    problem = a_problem(
        an_entry(needs=(a_need(),), modes=(an_entry_mode(duties=(a_duty(),)),), requested=100),
        pools=(a_pool(),),
        resources=(a_resource("p1", off=spans((0, 200))), a_resource("p2")),
    )
    (placement,) = plan(problem).placements
    assert placement.start == 100
    assert placement.crews == (a_crew("p2"),)


def test_one_pilot_serves_two_ships_one_after_the_other_with_the_way_between():
    mode = an_entry_mode(duties=(a_duty(),))
    problem = a_problem(
        an_entry("a", ship="s", needs=(a_need(),), modes=(mode,), requested=50),
        an_entry("b", ship="t", needs=(a_need(),), modes=(mode,), requested=60),
        pools=(a_pool(debrief_ticks=3, early_ticks=4, min_rest_ticks=5),),
        resources=(a_resource("p"),),
        segments=(a_segment(),),
    )
    found = plan(problem)
    assert breaches(problem, found) == []
    # fast at 90, 25 back to sea with 3 + 4 + 5 about it
    assert starts(found) == {"a": 50, "b": 90 + 25 + 12}
