"""What somebody might wish for, on small plans with one right answer."""

from dataclasses import replace

import pytest

from scheduler import Limits, Outcome, publish, solve
from scheduler.certainty import certainty
from scheduler.checks import check
from scheduler.margins import margins
from scheduler.problem import Closure, Count, Interval, Problem
from scheduler.relaxing import Prices, cheapest_relaxation
from scheduler.validation import ProblemInvalid
from scheduler.what_if import what_if
from scheduler.wishes import (
    ChangeRefused,
    Close,
    CloseBerth,
    Extend,
    GoTo,
    Hold,
    OneMore,
    OutOfService,
    Reopen,
    SailAt,
    StartWithin,
    Weigh,
)
from tests.scheduler.builders import (
    a_berth,
    a_crew,
    a_duty,
    a_level,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    a_segment,
    a_ship,
    a_stay,
    actual,
    an_entry,
    an_entry_mode,
    placed,
)


def told(problem, *plan):
    """The problem after a plan was published."""
    return publish(problem, Outcome(status="feasible", placements=plan))


def two_ships(**changes):
    """Two entries that keep 20 ticks apart, published at 0 and 20; each has a berth."""
    ships = tuple(a_ship(name, headway_ticks=20) for name in ("one", "two"))
    entries = [
        an_entry("a", ship="one", latest=300),
        an_entry("b", ship="two", latest=300, requested=20, modes=(an_entry_mode("B2"),)),
    ]
    problem = a_problem(
        *entries,
        ships=ships,
        berths=(a_berth("B1"), a_berth("B2")),
        stays=(a_stay("s1", ship="one", entry="a"), a_stay("s2", ship="two", entry="b")),
        **changes,
    )
    return told(problem, placed("a", 0), placed("b", 20))


def test_nothing_changes_where_nothing_is_changed():
    answer = what_if(two_ships(), [])
    assert answer.possible
    assert (answer.moved, answer.recrewed, answer.placed, answer.left_out) == ((), (), (), ())
    assert answer.cost_before == answer.cost_after


def test_what_has_begun_without_having_been_told_is_not_newly_placed():
    problem = two_ships()
    begun, other = problem.movements
    problem = replace(problem, movements=(replace(actual(begun, 0), published=None), other))
    answer = what_if(problem, [])
    assert (answer.moved, answer.recrewed, answer.placed, answer.left_out) == ((), (), (), ())


def test_a_ship_that_comes_later_moves_and_moves_the_one_that_it_meets():
    problem = two_ships()
    answer = what_if(problem, [StartWithin(movement="a", earliest=10, latest=10)])
    assert answer.possible
    assert answer.subjects == ("a",)
    assert {one.movement: (one.start_before, one.start_after) for one in answer.moved} == {
        "a": (0, 10),
        "b": (20, 30),
    }
    assert answer.moved[1].reasons[0].rule == "headway"
    # by the wishes as they are: ten late each
    assert answer.cost_after.total - answer.cost_before.total == 20
    assert problem == two_ships(), "it is asked of a copy"


def test_a_wish_that_cannot_be_had_is_not_possible_and_says_why():
    problem = two_ships()
    problem = replace(problem, movements=(actual(problem.movements[0], 0), problem.movements[1]))
    answer = what_if(problem, [StartWithin(movement="b", earliest=5, latest=15)])
    assert not answer.possible
    assert [(one.movement, one.reasons[0].rule) for one in answer.left_out] == [("b", "headway")]


def test_a_window_of_a_ship_moves_with_what_it_does_next():
    problem = two_ships()
    changed = StartWithin(movement="a", earliest=400).applied(problem)
    assert (changed.movements[0].earliest, changed.movements[0].latest) == (400, 700)
    assert changed.movements[0].requested == 400


def test_another_berth_is_taken_where_there_is_a_way_to_it():
    other = replace(an_entry_mode("B2"), id="to-b2")
    problem = told(
        a_problem(
            an_entry("a", modes=(an_entry_mode("B1"), other)),
            berths=(a_berth("B1"), a_berth("B2")),
        ),
        placed("a", 0),
    )
    answer = what_if(problem, [GoTo(movement="a", place="B2")])
    assert [(one.mode_before, one.mode_after) for one in answer.moved] == [("m", "to-b2")]
    with pytest.raises(ChangeRefused, match="no_such_way"):
        what_if(problem, [GoTo(movement="a", place="B3")])


def tidal(draught_mm):
    """There is 10 m from tick 0 to 60, and 8 m from 120 on."""
    level = a_level("sea", (2_000, 2_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    return a_problem(
        an_entry("a", draught_mm=draught_mm, earliest=150, requested=150, latest=400),
        segments=(a_segment(depth_mm=8_000),),
        water_levels=(level, replace(level, node="port")),
    )


def test_a_draught_decides_whether_there_is_water():
    problem = told(tidal(7_900), placed("a", 150))
    assert what_if(problem, [SailAt(movement="a", draught_mm=8_000)]).possible
    answer = what_if(problem, [SailAt(movement="a", draught_mm=8_001)])
    assert not answer.possible
    assert answer.left_out[0].reasons[0].rule == "under_keel_clearance"


def piloted(*names, latest=300):
    """Entries that each need the one pilot for 40 ticks, and 30 to come back."""
    mode = an_entry_mode(None, duties=(a_duty(),))
    entries = [
        an_entry(name, ship=name, modes=(mode,), needs=(a_need(),), earliest=30, requested=30,
                 latest=latest)
        for name in names
    ]  # fmt: skip
    return a_problem(*entries, pools=(a_pool(),), resources=(a_resource("p"),))


def test_a_pilot_off_duty_moves_those_that_needed_it():
    problem = told(piloted("a"), placed("a", 30, a_crew("p")))
    answer = what_if(problem, [OutOfService(resource="p", span=Interval(0, 100))])
    assert [(one.movement, one.start_after) for one in answer.moved] == [("a", 120)]
    assert answer.moved[0].reasons[0].rule == "pilots"


def test_one_pilot_more_places_who_was_left_out():
    problem = told(piloted("a", "b", latest=40), placed("a", 30, a_crew("p")))
    assert not what_if(problem, []).placed
    answer = what_if(problem, [OneMore(pool="pilots")])
    assert [(one.movement, one.start_after) for one in answer.placed] == [("b", 30)]
    assert answer.cost_before.unplaced == 1
    assert answer.cost_after.unplaced == 0
    late = what_if(problem, [OneMore(pool="pilots", from_tick=200)])
    assert not late.placed


def test_one_more_of_a_counted_pool_counts_from_its_tick_on():
    pool = a_pool(places=(), travel_ticks=(), counts=(Count(Interval(0, 100), 2),))
    problem = a_problem(an_entry(), pools=(pool,))
    changed = OneMore(pool="pilots", from_tick=40).applied(problem)
    assert changed.pools[0].counts == (
        Count(Interval(0, 40), 2),
        Count(Interval(40, 100), 3),
    )


def test_a_closure_moves_who_would_be_in_it_and_lifting_it_does_not():
    problem = two_ships()
    answer = what_if(problem, [Close(span=Interval(35, 60))])
    assert {one.movement: one.start_after for one in answer.moved} == {"b": 60}
    closed = replace(problem, closures=(Closure(id="fog", span=Interval(35, 60)),))
    assert what_if(closed, []).moved
    assert not what_if(closed, [Reopen(closure="fog")]).moved


def test_a_closed_berth_takes_nobody():
    answer = what_if(two_ships(), [CloseBerth(berth="B2", span=Interval(0, 900))])
    assert [one.movement for one in answer.left_out] == ["b"]
    again = CloseBerth(berth="B2", span=Interval(0, 900)).applied(two_ships())
    assert not what_if(again, [Reopen(berth="B2")]).left_out


def test_a_held_ship_loses_its_time_and_that_is_what_was_asked_for():
    answer = what_if(two_ships(), [Hold(movement="a", code="papers")])
    assert [one.movement for one in answer.left_out] == ["a"]
    assert answer.left_out[0].reasons[0].rule == "hold"


def test_a_weight_changes_no_plan_by_itself():
    answer = what_if(two_ships(), [Weigh(movement="a", late_weight=9)])
    assert answer.possible
    assert not answer.moved


@pytest.mark.parametrize(
    "change",
    [
        StartWithin(movement="nobody", earliest=0),
        OutOfService(resource="nobody", span=Interval(0, 1)),
        Close(span=Interval(0, 1), segments=("nowhere",)),
        CloseBerth(berth="nowhere", span=Interval(0, 1)),
        OneMore(pool="nothing"),
        Reopen(closure="nothing"),
        Weigh(movement="nobody", late_weight=1),
    ],
)
def test_what_is_not_there_is_refused(change):
    with pytest.raises(ChangeRefused, match="unknown"):
        what_if(two_ships(), [change])


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (SailAt(movement="a", draught_mm=0), "/movements/0/draught_mm"),
        (SailAt(movement="b", draught_mm=10**12), "/movements/1/draught_mm"),
        (StartWithin(movement="a", earliest=50, latest=40), "/movements/0/latest"),
        (Extend(movement="a", by_ticks=10**12), "/movements/0/latest"),
        (Weigh(movement="a", late_weight=-1), "/movements/0/late_weight"),
        (Close(span=Interval(9, 9)), "/closures/0/span"),
        (CloseBerth(berth="B1", span=Interval(9, 1)), "/berths/0/closed/0"),
        (
            GoTo(movement="a", place="B9", modes=(an_entry_mode("B9", id="other"),)),
            "/movements/0/modes/0/to_place",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(change, path):
    with pytest.raises(ProblemInvalid) as refused:
        what_if(two_ships(), [change])
    assert path in {fault.path for fault in refused.value.faults}


def test_two_closures_may_be_supposed_together():
    shut = [Close(span=Interval(0, 40)), Close(span=Interval(45, 75))]
    answer = what_if(two_ships(), shut)
    assert {one.movement: one.start_after for one in answer.moved} == {"a": 75, "b": 95}


def test_a_port_without_anything_is_asked_like_any_other():
    nothing = Problem(horizon=10)
    assert what_if(nothing, []).possible
    assert margins(nothing, ()) == {}
    assert certainty(nothing, ()).chances == ()
    with pytest.raises(ChangeRefused, match="unknown"):
        cheapest_relaxation(nothing, "nobody")


def test_what_the_problem_does_not_know_has_no_margin_and_no_chance():
    problem = two_ships()
    plan = (placed("nobody", 0), placed("a", 0, mode="nothing"), placed("b", 20))
    assert list(margins(problem, plan)) == ["b"]
    assert [chance.movement for chance in certainty(problem, plan).chances] == ["b"]


def test_what_has_happened_is_refused():
    problem = a_problem(actual(an_entry("a"), 0))
    with pytest.raises(ChangeRefused, match="happened"):
        what_if(problem, [StartWithin(movement="a", earliest=10)])


# ---- what would place it ----------------------------------------------------------------------


def works(problem, movement, relaxation):
    """What was found places the movement, in a plan that keeps every rule."""
    changed = relaxation.change.applied(problem)
    answer = what_if(problem, [relaxation.change])
    assert movement in {one.movement for one in answer.placed}
    assert [b for b in check(changed, answer.outcome) if b.status == "new"] == []


def test_to_wait_is_the_cheapest_and_as_long_as_it_takes():
    problem = told(piloted("a", "b", latest=40), placed("a", 30, a_crew("p")))
    answer = cheapest_relaxation(problem, "b")
    assert answer.found is not None
    # the pilot is done at 70, and back at sea 25 later
    assert (answer.found.code, answer.found.start, answer.found.params["by_ticks"]) == (
        "wait", 95, 55,
    )  # fmt: skip
    works(problem, "b", answer.found)


@pytest.mark.parametrize(("tick_s", "code"), [(60, "reopen"), (10, "wait")])
def test_how_long_it_may_wait_is_a_matter_of_hours_not_of_ticks(tick_s, code):
    shut = (Closure(id="c", span=Interval(0, 2_000)),)
    problem = a_problem(an_entry("a", latest=10), closures=shut, horizon=4_000, tick_s=tick_s)
    answer = cheapest_relaxation(problem, "a")
    assert answer.found is not None
    assert answer.found.code == code


def test_a_deep_ship_is_lightened_by_as_many_decimetres_as_it_takes():
    problem = tidal(8_450)
    answer = cheapest_relaxation(problem, "a")
    assert answer.tried == ("wait",)
    assert answer.found is not None
    assert (answer.found.code, answer.found.params["by_dm"]) == ("lighten", 5)
    works(problem, "a", answer.found)


def test_one_more_pilot_is_asked_for_from_when_it_is_needed():
    problem = told(piloted("a", "b", latest=40), placed("a", 30, a_crew("p")))
    problem = replace(problem, horizon=60)
    answer = cheapest_relaxation(problem, "b")
    assert answer.tried == ("wait", "lighten")
    assert answer.found is not None
    assert answer.found.code == "one_more"
    assert (answer.found.params["pool"], answer.found.params["from_tick"]) == ("pilots", 30)
    works(problem, "b", answer.found)


def test_a_berth_that_is_not_among_its_own_is_tried_where_a_way_is_given():
    problem = a_problem(an_entry("a"), berths=(a_berth("B1", kinds=("tanker",)), a_berth("B2")))
    assert cheapest_relaxation(problem, "a").found is None
    other = replace(an_entry_mode("B2"), id="to-b2")
    elsewhere = GoTo(movement="a", place="B2", modes=(other,)).applied(problem)
    answer = cheapest_relaxation(problem, "a", elsewhere={"B2": elsewhere})
    assert answer.found is not None
    assert (answer.found.code, answer.found.params["place"]) == ("other_berth", "B2")
    works(problem, "a", answer.found)


@pytest.mark.parametrize("code", ["reopen", "reopen_berth"])
def test_the_closure_that_stands_against_it_is_found(code):
    span = Interval(-10, 2_000)
    problem = a_problem(
        an_entry("a"),
        berths=(a_berth(closed=(span,) if code == "reopen_berth" else ()),),
        closures=(Closure(id="fog", span=span),) if code == "reopen" else (),
        stays=(a_stay(entry="a"),),
    )
    answer = cheapest_relaxation(problem, "a")
    assert answer.found is not None
    assert answer.found.code == code
    works(problem, "a", answer.found)


def test_of_a_held_ship_only_its_release_is_tried():
    problem = a_problem(an_entry("a", held="papers"))
    answer = cheapest_relaxation(problem, "a")
    assert answer.found is not None
    assert (answer.found.code, answer.found.params["hold"]) == ("release", "papers")


def test_nobody_else_may_lose_its_time_for_it():
    """It needs two pilots: with one more there are two, but the other ship has one of them."""
    problem = told(piloted("a", "b", latest=40), placed("a", 30, a_crew("p")))
    deep = replace(problem.movements[1], needs=(a_need(count=2),))
    problem = replace(problem, horizon=60, movements=(problem.movements[0], deep))
    answer = cheapest_relaxation(problem, "b")
    assert answer.found is None
    assert answer.tried == ("wait", "lighten", "one_more:pilots")
    assert answer.complete


def test_without_time_it_says_that_it_has_not_tried_everything():
    problem = a_problem(an_entry("a", draught_mm=9_000), segments=(a_segment(depth_mm=5_000),))
    answer = cheapest_relaxation(problem, "a", wall_s=0.0)
    assert (answer.found, answer.tried, answer.complete) == (None, (), False)


def test_more_ways_out_are_told_where_they_are_asked_for():
    problem = told(piloted("a", "b", latest=40), placed("a", 30, a_crew("p")))
    answer = cheapest_relaxation(problem, "b", most=3)
    assert answer.found is not None
    assert [one.code for one in (answer.found, *answer.others)] == ["wait", "one_more"]
    assert answer.tried == ("lighten",)
    for one in (answer.found, *answer.others):
        works(problem, "b", one)


@pytest.mark.parametrize(("tick_s", "one_more"), [(60, 480), (60, 10), (30, 480), (30, 10)])
def test_what_is_cheaper_is_told_first(tick_s, one_more):
    problem = told(piloted("a", "b", latest=40), placed("a", 30, a_crew("p")))
    problem = replace(problem, tick_s=tick_s)
    answer = cheapest_relaxation(problem, "b", most=2, prices=Prices(one_more=one_more))
    assert answer.found is not None
    found = {one.code: one for one in (answer.found, *answer.others)}
    requested = problem.movements[1].requested
    assert found["wait"].price == 95 - requested
    more = found["one_more"]
    assert more.price == more.start - requested + one_more * 60 // tick_s
    assert answer.found is min(found.values(), key=lambda one: one.price)
    # with one asked for, what costs more by itself than the cheapest in all is not even tried
    first = cheapest_relaxation(problem, "b", prices=Prices(one_more=one_more, lighten_dm=2_000))
    assert first.found == answer.found


def test_a_day_is_asked_within_a_second():
    from tests.bench.harbour import harbour

    problem = harbour(30, 3, 1.0, 1)
    plan = publish(problem, solve(problem, Limits(wall_s=0.3, workers=1)))
    start, late = next(
        (m.published.start, m.id)
        for m in plan.movements
        if m.kind == "entry" and m.published is not None
    )
    answer = what_if(plan, [StartWithin(movement=late, earliest=start + 45, latest=2_000)])
    assert answer.outcome.elapsed_s < 1.0
    assert late in {one.movement for one in (*answer.moved, *answer.left_out)}


def test_extending_reaches_the_next_movement_too():
    problem = two_ships()
    assert Extend(movement="a", by_ticks=50).applied(problem).movements[0].latest == 350
