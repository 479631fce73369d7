"""Every ship has its pilots: enough, of the right class, in time and rested."""

import pytest

from scheduler.problem import Fixed, Interval, PastDuty
from tests.scheduler.builders import (
    a_crew,
    a_duty,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    a_ship,
    actual,
    an_entry,
    an_entry_mode,
    an_exit,
    an_exit_mode,
    placed,
    spans,
)
from tests.scheduler.checks.judging import breaches, broken, only

RULE = "pilots"
# An entry is piloted from sea to port for [s, s+40), an exit back again for [s, s+40).
IN = an_entry_mode(duties=(a_duty(),))
OUT = an_exit_mode(duties=(a_duty(from_place="port", to_place="sea"),))
NEED = a_need()
CREW = a_crew("p")


def piloted(name="in", **changes):
    ship = changes.pop("ship", name)
    return an_entry(name, ship=ship, **{"modes": (IN,), "needs": (NEED,)} | changes)


def piloted_out(name="out", **changes):
    return an_exit(name, ship=name, **{"modes": (OUT,), "needs": (NEED,)} | changes)


def station(*movements, pilots=None, pool=None, **changes):
    return a_problem(
        *(movements or (piloted(),)),
        resources=pilots or (a_resource("p"), a_resource("q")),
        pools=(pool or a_pool(),),
        **changes,
    )


def codes(problem, *plan):
    return [breach.params["code"] for breach in breaches(RULE, problem, *plan)]


def test_a_need_without_a_pull_asks_for_exactly_its_number():
    for count, members, kept in ((1, "p", True), (1, "", False), (1, "pq", False), (2, "pq", True)):
        problem = station(piloted(needs=(a_need(count=count),)))
        crew = a_crew(*members)
        assert codes(problem, placed("in", 500, crew)) == ([] if kept else ["count"])
    assert codes(station(), placed("in", 500)) == ["count"]


def test_a_need_counts_only_in_a_mode_that_has_a_duty_for_it():
    problem = station(piloted(modes=(an_entry_mode(), an_entry_mode(id="n", duties=(a_duty(),)))))
    assert codes(problem, placed("in", 500)) == []
    assert codes(problem, placed("in", 500, mode="n")) == ["count"]


def test_nobody_serves_twice_in_a_team_nor_what_he_has_declined():
    two = station(piloted(needs=(a_need(count=2),)))
    assert codes(two, placed("in", 500, a_crew("p", "p"))) == ["twice_in_team"]
    barred = station(piloted(barred=("p",)))
    assert only(RULE, barred, placed("in", 500, CREW)).resources == ("p",)
    assert codes(barred, placed("in", 500, a_crew("q"))) == []
    stranger = station(
        pilots=(a_resource("p", pool="tugs"),), pool=a_pool(), label="a tug is no pilot"
    )
    assert codes(stranger, placed("in", 500, CREW)) == ["other_pool"]


@pytest.mark.parametrize(
    ("limits", "admits"),
    [
        ({}, True),
        ({"below_loa_mm": 200_001}, True),
        ({"below_loa_mm": 200_000}, False),
        ({"not_kinds": ("lng", "bulk")}, False),
        ({"not_kinds": ("lng",)}, True),
    ],
)
def test_the_first_admits_the_ship(limits, admits):
    pilots = (a_resource("p", **limits),)
    problem = station(piloted(needs=(a_need(first_admits=True),)), pilots=pilots)
    assert codes(problem, placed("in", 500, CREW)) == ([] if admits else ["class"])
    assert codes(station(pilots=pilots), placed("in", 500, CREW)) == []


def test_the_others_are_of_their_grade():
    need = a_need(count=2, first_admits=True, other_grade=2)
    pilots = (
        a_resource("small", grade=3, below_loa_mm=100_000),
        a_resource("first", grade=3),
        a_resource("other", grade=2, below_loa_mm=100_000),
    )
    problem = station(piloted(needs=(need,)), pilots=pilots)
    assert codes(problem, placed("in", 500, a_crew("other", "first"))) == []
    assert codes(problem, placed("in", 500, a_crew("first", "small"))) == ["class"]
    assert codes(problem, placed("in", 500, a_crew("other", "small"))) == ["class"]


@pytest.mark.parametrize(("start", "kept"), [(37, True), (36, False)])
def test_the_first_duty_leaves_time_to_come_from_home(start, kept):
    # Home to sea 20, early 10, make ready 7.
    pool = a_pool(early_ticks=10, make_ready_ticks=7, debrief_ticks=99, min_rest_ticks=99)
    plan = placed("in", start, CREW)
    assert codes(station(pool=pool), plan) == ([] if kept else ["first_duty"])
    fixed = piloted(fixed=Fixed(mode="m", start=start, crews=(CREW,)))
    assert codes(station(fixed, pool=pool), plan) == []
    open_crew = piloted(fixed=Fixed(mode="m", start=start))
    assert codes(station(open_crew, pool=pool), plan) == ([] if kept else ["first_duty"])


def test_between_duties_lie_debrief_travel_early_and_rest_and_no_make_ready():
    # in ends at port at 540; port to sea 25, debrief 3, early 10, rest 4: the next at 582.
    pool = a_pool(early_ticks=10, make_ready_ticks=99, debrief_ticks=3, min_rest_ticks=4)
    problem = station(piloted("a"), piloted("b"), pool=pool)
    assert codes(problem, placed("a", 500, CREW), placed("b", 582, CREW)) == []
    assert codes(problem, placed("b", 500, CREW), placed("a", 582, CREW)) == []
    breach = only(RULE, problem, placed("a", 500, CREW), placed("b", 581, CREW))
    assert (breach.movements, breach.resources) == (("a", "b"), ("p",))
    assert breach.params == {
        "code": "between_duties",
        "need_ticks": 42,
        "gap_ticks": 41,
        "travel_ticks": 25,
    }
    # Outward from port there is no way between: 3 + 0 + 10 + 4.
    turn = station(piloted("a"), piloted_out("b"), pool=pool)
    assert codes(turn, placed("a", 500, CREW), placed("b", 557, CREW)) == []
    assert codes(turn, placed("a", 500, CREW), placed("b", 556, CREW)) == ["between_duties"]
    assert codes(turn, placed("a", 500, CREW), placed("b", 500, a_crew("q"))) == []


def test_a_long_duty_around_a_short_one_hides_no_third():
    long = an_entry_mode(duties=(a_duty(end=300),))
    problem = station(
        actual(piloted("long", modes=(long,)), 500),
        actual(piloted("short"), 510),
        piloted("free"),
    )
    plan = (placed("long", 500, CREW), placed("short", 510, CREW), placed("free", 600, CREW))
    found = {(b.movements, b.status) for b in breaches(RULE, problem, *plan)}
    assert found == {(("long", "short"), "actual"), (("long", "free"), "new")}


def test_a_past_duty_comes_before_the_first():
    # Over at port at 10; sea is 25 away: 35 at the earliest, without the way from home.
    past = (PastDuty(span=Interval(-50, 10), to_place="port"),)
    pilots = (a_resource("p", past=past),)
    pool = a_pool(make_ready_ticks=500)
    assert codes(station(pilots=pilots, pool=pool), placed("in", 35, CREW)) == []
    assert codes(station(pilots=pilots, pool=pool), placed("in", 34, CREW)) == ["between_duties"]


@pytest.mark.parametrize(("start", "kept"), [(441, True), (442, False), (637, False), (638, True)])
def test_a_pilot_is_home_before_he_goes_off_and_leaves_home_when_he_is_back(start, kept):
    # Before: end at s+40, debrief 14, port to home 5. After: make ready 8, home to sea 20, early
    # 10.
    pool = a_pool(early_ticks=10, make_ready_ticks=8, debrief_ticks=14)
    pilots = (a_resource("p", off=spans((500, 600))),)
    problem = station(pilots=pilots, pool=pool)
    assert codes(problem, placed("in", start, CREW)) == ([] if kept else ["off"])


def test_a_long_duty_is_shared():
    pool = a_pool(max_duty_ticks=39)
    assert codes(station(pool=pool), placed("in", 500, CREW)) == ["long_duty"]
    assert codes(station(pool=a_pool(max_duty_ticks=40)), placed("in", 500, CREW)) == []
    shared = station(piloted(needs=(a_need(count=2),)), pool=pool)
    assert codes(shared, placed("in", 500, a_crew("p", "q"))) == []


@pytest.mark.parametrize(("start", "kept"), [(400, True), (399, False)])
def test_only_so_many_duties_begin_in_a_rolling_span(start, kept):
    pool = a_pool(max_duties=2, rolling_ticks=300)
    problem = station(piloted("a"), piloted("b"), piloted("c"), pool=pool)
    plan = (placed("a", 100, CREW), placed("b", 200, CREW), placed("c", start, CREW))
    assert codes(problem, *plan) == ([] if kept else ["duties"])
    if not kept:
        assert only(RULE, problem, *plan).movements == ("a", "b", "c")


def test_past_duties_count_in_the_rolling_span():
    past = tuple(PastDuty(span=Interval(b, b + 10), to_place="home") for b in (-200, -100))
    pool, pilots = a_pool(max_duties=2, rolling_ticks=300), (a_resource("p", past=past),)
    assert codes(station(pool=pool, pilots=pilots), placed("in", 99, CREW)) == ["duties"]
    assert codes(station(pool=pool, pilots=pilots), placed("in", 100, CREW)) == []
    alone = a_pool(max_duties=1, rolling_ticks=300)
    assert codes(station(pool=alone, pilots=pilots)) == []


@pytest.mark.parametrize(("start", "kept"), [(390, True), (389, False)])
def test_rest_is_kept_in_every_rolling_span(start, kept):
    # 40 each at 100 and 200; within 300 ticks at most 90 of duty: of the third at most 10 ticks
    # lie within 300 of tick 100.
    pool = a_pool(min_rest_rolling_ticks=210, rolling_ticks=300)
    problem = station(piloted("a"), piloted("b"), piloted("c"), pool=pool)
    plan = (placed("a", 100, CREW), placed("b", 200, CREW), placed("c", start, CREW))
    assert set(codes(problem, *plan)) == (set() if kept else {"rest"})


@pytest.mark.parametrize(("limit_ticks", "kept"), [(50, True), (49, False)])
def test_rest_is_looked_for_also_in_spans_that_end_with_a_duty(limit_ticks, kept):
    # The 300 ticks until the end of [200, 240) hold it and the last 10 of a long past duty.
    past = (PastDuty(span=Interval(-150, -50), to_place="sea"),)
    pool = a_pool(min_rest_rolling_ticks=300 - limit_ticks, rolling_ticks=300)
    problem = station(pool=pool, pilots=(a_resource("p", past=past),))
    found = [breach.params for breach in breaches(RULE, problem, placed("in", 200, CREW))]
    figures = {"code": "rest", "have_ticks": 50, "limit_ticks": limit_ticks, "begin_tick": -60}
    assert found == ([] if kept else [figures])


def test_a_fixed_team_stays_and_what_has_happened_is_no_excuse():
    fixed = Fixed(mode="m", start=500, crews=(CREW,))
    problem = station(piloted(fixed=fixed))
    assert codes(problem, placed("in", 500, CREW)) == []
    assert only(RULE, problem, placed("in", 500, a_crew("q"))).resources == ("p", "q")
    happened = station(piloted(fixed=Fixed(mode="m", start=500, crews=(CREW,), actual=True)))
    assert only(RULE, happened, placed("in", 500, a_crew("q"))).status == "new"
    assert not broken(RULE, happened, placed("in", 500, CREW))


def test_what_has_happened_is_only_reported():
    happened = actual(piloted(barred=("p",)), 3)
    found = breaches(RULE, station(happened, pool=a_pool(max_duty_ticks=1)), placed("in", 3, CREW))
    assert {breach.params["code"] for breach in found} == {"barred", "long_duty", "first_duty"}
    assert {breach.status for breach in found} == {"actual"}


def test_a_waiver_sets_the_rule_aside():
    assert only(RULE, station(piloted(waived=(RULE,))), placed("in", 500)).status == "waived"


def test_any_other_pool_is_judged_by_its_own_name():
    need, duty = a_need("linesmen"), a_duty("linesmen")
    movement = an_entry(modes=(an_entry_mode(duties=(duty,)),), needs=(need,))
    problem = a_problem(
        movement,
        ships=(a_ship(),),
        pools=(a_pool("linesmen"),),
        resources=(a_resource("l", pool="linesmen"),),
    )
    assert not broken("linesmen", problem, placed("in", 500, a_crew("l", need="linesmen")))
    assert broken("linesmen", problem, placed("in", 500))


def test_a_waiver_covers_its_own_ship_only():
    pool = a_pool(max_duties=1, rolling_ticks=900)
    movements = (piloted("a"), piloted("b"), piloted("c", waived=(RULE,)))
    problem = station(*movements, pool=pool)
    plan = (placed("a", 100, CREW), placed("b", 300, CREW), placed("c", 500, CREW))
    assert only(RULE, problem, plan[0], plan[2]).status == "waived"
    found = {(breach.movements, breach.status) for breach in breaches(RULE, problem, *plan)}
    assert (("a", "b"), "new") in found
    # Nor does it hide that two others are too near to each other around it.
    rest = station(*movements, pool=a_pool(min_rest_ticks=200))
    near = (placed("a", 100, CREW), placed("c", 200, CREW), placed("b", 300, CREW))
    found = {(breach.movements, breach.status) for breach in breaches(RULE, rest, *near)}
    assert (("a", "b"), "new") in found
