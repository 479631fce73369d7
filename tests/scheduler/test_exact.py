"""The exact model over some free movements: the best plan, told apart from a good one."""

from dataclasses import replace

import pytest

from scheduler import Limits, solve
from scheduler.adopt import adopt
from scheduler.conflicts import Conflicts
from scheduler.construct import by_request, construct
from scheduler.exact import Exact, Limit
from scheduler.problem import Follows
from tests.scheduler.builders import (
    a_berth,
    a_boarding_place,
    a_duty,
    a_need,
    a_pool,
    a_problem,
    a_resource,
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


def best(problem):
    """The plan of one exact model over all movements, adopted into an empty draft."""
    conflicts = Conflicts(problem)
    draft = construct(conflicts, [])
    for movement in list(draft.placed):
        draft.unplace(movement)
    exact = Exact(draft, range(len(problem.movements)))
    value = exact.minimise(exact.total(), Limit(10.0))
    assert exact.proved
    assert adopt(draft, exact.places())
    assert draft.total() == value
    assert breaches(problem, draft.placements()) == []
    return {p.movement: p for p in draft.placements()}


def test_the_heavy_ship_goes_first():
    problem = a_problem(
        an_entry("light", ship="s", requested=100, earliest=100),
        an_entry("heavy", ship="t", requested=101, earliest=101, late_weight=9),
        ships=(a_ship("s", headway_ticks=20), a_ship("t")),
    )
    found = best(problem)
    assert (found["heavy"].start, found["light"].start) == (101, 121)


def test_a_ship_is_left_out_where_that_is_cheaper():
    problem = a_problem(
        an_entry("a", ship="s", latest=10, unplaced_cost=50),
        an_entry("b", ship="t", latest=10, unplaced_cost=60),
        ships=(a_ship("s", headway_ticks=20), a_ship("t")),
    )
    assert set(best(problem)) == {"b"}


def test_stays_take_turns_with_the_turnover_between():
    problem = a_problem(
        an_entry("a", ship="s"),
        an_exit("x", ship="s", requested=60, earliest=60),
        an_entry("b", ship="t", requested=10, earliest=10, late_weight=5),
        an_exit("y", ship="t", requested=90, earliest=90),
        stays=(
            a_stay("p", ship="s", entry="a", exit="x", service_ticks=20),
            a_stay("q", ship="t", entry="b", exit="y", service_ticks=40),
        ),
        berths=(a_berth(turnover_ticks=15),),
    )
    found = best(problem)
    # t goes first: fast at 50, leaves at 90, clear at 100; s begins berthing at 115
    assert found["b"].start == 10
    assert found["a"].start == 85


def test_a_ship_without_an_exit_keeps_its_berth_for_good():
    problem = a_problem(
        an_entry("a", ship="s", unplaced_cost=10),
        an_entry("b", ship="t", unplaced_cost=500),
        stays=(
            a_stay("p", ship="s", entry="a", service_ticks=5000),
            a_stay("q", ship="t", entry="b", service_ticks=5000),
        ),
    )
    assert set(best(problem)) == {"b"}


def test_closed_berths_and_full_anchorages_wait():
    at_anchor = an_entry_mode("A1", id="anchor")
    problem = a_problem(
        an_entry("a", ship="s"),
        an_entry("b", ship="t", modes=(at_anchor,)),
        an_exit("c", ship="u", requested=100, earliest=100, modes=(an_exit_mode("A1"),)),
        stays=(
            a_stay("p", ship="s", entry="a", service_ticks=51),
            a_stay("q", ship="t", entry="b"),
            a_stay("r", ship="u", exit="c", place="A1"),
        ),
        berths=(a_berth(closed=spans((90, 300))),),
        anchorages=(an_anchorage(capacity=1),),
    )
    found = best(problem)
    assert found["a"].start == 270
    assert (found["c"].start, found["b"].start) == (100, 80)


def test_slots_teams_and_orders_hold():
    mode = an_entry_mode(boarding_place="P1", duties=(a_duty(),))
    problem = a_problem(
        an_entry("a", ship="s", modes=(mode,), needs=(a_need(),), requested=40, earliest=40),
        an_entry("b", ship="t", modes=(mode,), needs=(a_need(),), requested=40, earliest=40),
        an_entry("c", ship="u", follows=(Follows(movement="b", gap_ticks=5),)),
        boarding_places=(a_boarding_place(),),
        pools=(a_pool(),),
        resources=(a_resource("p", below_loa_mm=300_000), a_resource("q")),
    )
    found = best(problem)
    assert sorted(found[name].start for name in "ab") == [40, 60]
    assert found["b"].start == 40
    assert found["c"].start == 85


def test_limits_over_a_rolling_day_are_not_in_the_model_but_no_plan_gets_past_them():
    mode = an_entry_mode(duties=(a_duty(),))
    entries = tuple(
        an_entry(
            name,
            ship=name,
            modes=(mode,),
            needs=(a_need(),),
            requested=100 * k + 50,
            earliest=100 * k + 50,
        )
        for k, name in enumerate("abc")
    )
    problem = a_problem(
        *entries, pools=(a_pool(max_duties=2, rolling_ticks=900),), resources=(a_resource("p"),)
    )
    found = solve(problem, Limits(wall_s=1.0, workers=1))
    assert breaches(problem, found) == []
    assert len(found.placements) == 2 or starts(found)["c"] >= 950


@pytest.mark.parametrize("seed", range(3))
def test_an_exact_neighbourhood_is_never_worse_than_what_it_replaces(seed):
    day = a_day(seed, movements=40)
    conflicts = Conflicts(day)
    draft = construct(conflicts, by_request(conflicts))
    before = draft.total()
    chosen = [k for k in range(len(day.movements)) if day.movements[k].kind == "exit"][:8]
    places = {k: draft.unplace(k) for k in chosen if k in draft.placed}
    exact = Exact(draft, chosen)
    exact.hint(places)
    assert exact.minimise(exact.total(), Limit(10.0)) is not None
    assert adopt(draft, exact.places())
    assert draft.total() <= before
    assert breaches(day, draft.placements()) == []


def test_what_does_not_hold_is_not_adopted():
    problem = a_problem(
        an_entry("a", ship="s"),
        an_entry("b", ship="t"),
        ships=(a_ship("s", headway_ticks=20), a_ship("t")),
    )
    conflicts = Conflicts(problem)
    draft = construct(conflicts, [])
    from scheduler.draft import Place

    assert not adopt(draft, {0: Place(0, 5, {}), 1: Place(1, 6, {})})
    assert draft.placed == {}
    assert adopt(draft, {0: Place(0, 5, {}), 1: Place(1, 25, {})})


def test_a_neighbourhood_may_be_held_near_where_it_was():
    problem = a_problem(an_entry("a", ship="s", requested=500))
    conflicts = Conflicts(problem)
    draft = construct(conflicts, [])
    if 0 in draft.placed:
        draft.unplace(0)
    exact = Exact(draft, [0], within=lambda _movement: (10, 90))
    exact.minimise(exact.total(), Limit(5.0))
    assert exact.places()[0].start in range(10, 91)


def test_a_smaller_limit_of_time_still_answers():
    day = replace(a_day(1, movements=20), label="hurry")
    assert solve(day, Limits(wall_s=0.01)).placements
