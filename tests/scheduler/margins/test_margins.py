"""Margins are 0 or more exactly where the checks say nothing, and tell the right figures."""

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.checks import CHECKS
from scheduler.checks.counted import member_names
from scheduler.checks.crews import judge_pool
from scheduler.checks.sheet import Sheet
from scheduler.margins import margins, tightest
from scheduler.outcome import Placement
from scheduler.problem import Closure, Count, Crew, Gap, Interval, Pool, Visibility, Wind
from tests.scheduler.builders import (
    a_berth,
    a_crew,
    a_duty,
    a_leg,
    a_level,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    a_segment,
    a_ship,
    a_stay,
    an_entry,
    an_entry_mode,
    an_exit,
    placed,
    spans,
)
from tests.scheduler.strategies import HORIZON, problems

ASKED = [
    "under_keel_clearance",
    "alongside_clearance",
    "air_draught",
    "requested_window",
    "daylight",
    "visibility",
    "wind",
    "closure",
    "headway",
    "no_overtaking",
    "one_way",
    "meeting_limit",
    "safety_zone",
    "berth_occupancy",
    "anchorage_capacity",
    "boarding_slot",
    "service_time",
    "follows",
]
LEFT_OUT = {"never_came", "other_place", "other_left_out"}
"""Codes that are no distance to anything."""
CREW_CODES = {"between_duties", "first_duty", "off", "number"}


@st.composite
def plans(draw):
    """A problem, and any placements for it: most of them break something."""
    problem = draw(problems())
    placements = []
    for movement in problem.movements:
        if draw(st.integers(0, 5)) == 0:
            continue
        crews = tuple(
            Crew(need=need.id, resources=tuple(draw(st.lists(st.sampled_from(those), max_size=2))))
            for need in movement.needs
            if (those := _members(problem, need))
        )
        placements.append(
            Placement(
                movement=movement.id,
                mode=draw(st.sampled_from(movement.modes)).id,
                start=draw(st.integers(-3, HORIZON + 2)),
                crews=crews,
            )
        )
    return problem, tuple(placements)


def _members(problem, need):
    (pool,) = (one for one in problem.pools if one.id == need.pool)
    named = [one.id for one in problem.resources if one.pool == need.pool]
    return [*named, *member_names(pool, need)]


@settings(max_examples=250)
@given(plans())
def test_a_margin_is_negative_exactly_where_the_check_of_its_rule_speaks(case):
    problem, plan = case
    told = margins(problem, plan)
    broken = {m.rule for of in told.values() for m in of if m.margin < 0}
    sheet = Sheet(problem, plan)
    for rule in ASKED:
        found = [b for b in CHECKS[rule](sheet) if b.params.get("code") not in LEFT_OUT]
        # what is between ships that are there for good has no movement to tell it of
        if rule == "berth_occupancy":
            found = [b for b in found if _has_movement(sheet, b)]
        if rule == "anchorage_capacity":
            found = [b for b in found if _somebody_moves(sheet, b)]
        assert (rule in broken) == bool(found), (rule, found)
    for pool in ("pilots", "tugs", "gangs"):
        found = [b for b in judge_pool(sheet, pool) if b.params["code"] in CREW_CODES]
        assert (pool in broken) == bool(found), (pool, found)


def _has_movement(sheet, breach):
    stays = {hold.stay.id: hold for hold in sheet.holds}
    names = (breach.params["stay"], breach.params.get("other_stay"))
    held = [stays[name] for name in names if name is not None]
    return any(one.entry or one.exit for one in held)


def _somebody_moves(sheet, breach):
    tick = breach.params.get("tick", -inf)
    return any(
        (hold.entry or hold.exit) and hold.begin <= tick < hold.end
        for hold in sheet.holds
        if hold.place == breach.params["place"]
    )


def of(problem, *plan, movement="in", rule, code="", side=""):
    """The one margin of that kind."""
    found = [
        m
        for m in margins(problem, plan)[movement]
        if (m.rule, m.code, m.side) == (rule, code, side)
    ]
    assert len(found) == 1, found
    return found[0]


def test_water_under_the_keel_is_told_with_the_place_and_tick_of_the_least():
    problem = a_problem(
        an_entry(draught_mm=10_000),
        segments=(a_segment(depth_mm=9_000, ukc_mm=500),),
        water_levels=(a_level("sea", (2_000, 3_000)), a_level("port", (2_000, 3_000))),
    )
    margin = of(problem, placed("in", 12), rule="under_keel_clearance")
    # 9 m and 2.2 m of tide at tick 12, less 10 m and half a metre
    assert (margin.margin, margin.unit) == (700, "mm")
    assert margin.params["segment"] == "S1"
    assert (margin.params["tick"], margin.params["ukc_mm"]) == (12, 1_200)


def test_of_two_ships_each_is_told_the_other_and_on_which_side_it_is():
    ships = (a_ship("one", headway_ticks=10), a_ship("two", headway_ticks=20))
    problem = a_problem(an_entry("a", ship="one"), an_entry("b", ship="two"), ships=ships)
    plan = (placed("a", 0), placed("b", 27))
    behind = of(problem, *plan, movement="a", rule="headway", side="after")
    ahead = of(problem, *plan, movement="b", rule="headway", side="before")
    assert (behind.margin, behind.other) == (7, "b")
    assert (ahead.margin, ahead.other) == (7, "a")
    assert ahead.params["need_ticks"] == 20


@pytest.mark.parametrize(
    ("sight_m", "need"),
    # thicker than a kilometre the gap of the kinds is half as long again
    [(2_000, 50), (500, 75)],
)
def test_of_two_kinds_the_gap_between_them_counts_and_is_longer_in_fog(sight_m, need):
    ships = (
        a_ship("one", kind="tanker", headway_ticks=10),
        a_ship("two", kind="bulk", headway_ticks=20),
    )
    problem = a_problem(
        an_entry("a", ship="one"),
        an_entry("b", ship="two"),
        ships=ships,
        gaps=(
            Gap(leader="tanker", follower="bulk", ticks=50, segment="S1"),
            Gap(leader="bulk", follower="tanker", ticks=90),
            Gap(leader="tanker", follower="bulk", ticks=99, segment="elsewhere"),
        ),
        visibility=(Visibility(span=spans((0, 900))[0], visibility_m=sight_m),),
        slow_visibility_m=1_000,
        slow_headway_permille=1_500,
    )
    plan = (placed("a", 0), placed("b", 60))
    behind = of(problem, *plan, movement="a", rule="headway", side="after")
    assert (behind.margin, behind.params["need_ticks"]) == (60 - need, need)


def test_a_time_that_fog_makes_many_times_as_long_is_told_however_far_apart_the_two_are():
    ships = (a_ship("one", headway_ticks=100), a_ship("two"))
    problem = a_problem(
        an_entry("a", ship="one"),
        an_entry("b", ship="two"),
        ships=ships,
        visibility=(Visibility(span=spans((0, 900))[0], visibility_m=100),),
        slow_visibility_m=1_000,
        slow_headway_permille=10_000,
    )
    plan = (placed("a", 0), placed("b", 999))
    assert of(problem, *plan, movement="b", rule="headway", side="before").margin == -1


@pytest.mark.parametrize(("tick_s", "is_near"), [(60, False), (10, True), (600, False)])
def test_how_far_a_neighbour_is_seen_is_a_matter_of_hours_not_of_ticks(tick_s, is_near):
    problem = a_problem(an_entry("a", ship="one"), an_entry("b", ship="two"), tick_s=tick_s)
    # 900 ticks are 15 hours, two and a half, or six days
    told = margins(problem, (placed("a", 0), placed("b", 900)))["a"]
    assert any(margin.rule == "headway" for margin in told) == is_near


def test_where_two_ships_meet_the_width_to_spare_is_told():
    problem = a_problem(
        an_entry("a", ship="one"),
        an_exit("b", ship="two"),
        ships=(a_ship("one", beam_mm=30_000), a_ship("two", beam_mm=40_000)),
        segments=(a_segment(passing="by_pair", combined_beam_mm=75_000, clear_ticks=1),),
    )
    met = of(
        problem,
        placed("a", 0),
        placed("b", 0),
        movement="a",
        rule="meeting_limit",
        code="combined_beam",
        side="after",
    )
    assert (met.margin, met.unit, met.other) == (5_000, "mm", "b")


def test_windows_tell_how_far_the_start_may_move_either_way():
    problem = a_problem(
        an_entry(daylight_only=True, berthing_wind_mms=12_000, min_visibility_m=500),
        daylight=spans((50, 300)),
        wind=(Wind(span=spans((200, 220))[0], wind_mms=12_000),),
        visibility=(Visibility(span=spans((60, 90))[0], visibility_m=400),),
        closures=(Closure(id="c", span=spans((180, 190))[0]),),
    )
    plan = placed("in", 100)

    def sides(rule):
        return tuple(
            m.margin
            for side in ("before", "after")
            for m in margins(problem, [plan])["in"]
            if (m.rule, m.side) == (rule, side)
        )

    assert sides("daylight") == (50, 160)
    # it berths from 30 to 40 after its start: at 161 the last tick of that would be 200
    assert sides("wind") == (60,)
    assert sides("visibility") == (10,)
    # in the reach for 30 ticks
    assert sides("closure") == (50,)


def test_a_start_in_a_closed_window_tells_how_far_it_would_have_to_move():
    problem = a_problem(an_entry(daylight_only=True), daylight=spans((50, 300)))
    assert of(problem, placed("in", 20), rule="daylight", side="after").margin == -30


def test_the_neighbours_at_a_berth_are_told_with_the_time_between():
    problem = a_problem(
        an_entry("a", ship="one"),
        an_exit("b", ship="one"),
        an_entry("c", ship="two"),
        berths=(a_berth(turnover_ticks=15),),
        stays=(
            a_stay("s1", ship="one", entry="a", exit="b", service_ticks=60),
            a_stay("s2", ship="two", entry="c"),
        ),
    )
    plan = (placed("a", 0), placed("b", 120), placed("c", 130))
    # the berth is free at 130, and needed at 160
    before = of(problem, *plan, movement="c", rule="berth_occupancy", side="before")
    assert (before.margin, before.other) == (15, "b")
    after = of(problem, *plan, movement="b", rule="berth_occupancy", side="after")
    assert (after.margin, after.other) == (15, "c")
    service = of(problem, *plan, movement="b", rule="service_time", side="before")
    assert (service.margin, service.other) == (20, "a")


def test_a_team_has_the_time_until_its_next_duty_less_the_way_to_it():
    mode = an_entry_mode(duties=(a_duty(),))
    entries = [an_entry(name, ship=name, modes=(mode,), needs=(a_need(),)) for name in ("a", "b")]
    problem = a_problem(*entries, pools=(a_pool(debrief_ticks=5),), resources=(a_resource("p"),))
    plan = (placed("a", 50, a_crew("p")), placed("b", 130, a_crew("p")))
    slack = of(problem, *plan, movement="a", rule="pilots", code="between_duties", side="after")
    # over at 90; 5 to debrief and 25 back to sea
    assert (slack.margin, slack.other, slack.resource) == (10, "b", "p")
    first = of(problem, *plan, movement="a", rule="pilots", code="first_duty", side="before")
    assert first.margin == 30


def test_of_a_counted_pool_it_is_told_how_many_more_are_free_when_the_fewest_are():
    mode = an_entry_mode(duties=(a_duty("gangs"),))
    entries = [
        an_entry(name, ship=name, modes=(mode,), needs=(a_need("gangs", count=count),))
        for name, count in (("a", 2), ("b", 1), ("c", 1))
    ]
    there = (Count(Interval(0, 100), 4), Count(Interval(100, 900), 3))
    problem = a_problem(*entries, pools=(Pool(id="gangs", counts=there),))

    def gangs(count):
        return Crew(need="gangs", resources=tuple(f"gangs/{n + 1}" for n in range(count)))

    plan = (placed("a", 70, gangs(2)), placed("b", 105, gangs(1)), placed("c", 300, gangs(1)))
    first = of(problem, *plan, movement="a", rule="gangs", code="number")
    # until 100 two of four are free, then one of three, and from 105 on none until "a" is over
    assert (first.margin, first.unit, first.params["tick"]) == (0, "members", 105)
    assert of(problem, *plan, movement="c", rule="gangs", code="number").margin == 2
    over = (*plan[:2], placed("c", 80, gangs(1)))
    assert of(problem, *over, movement="c", rule="gangs", code="number").margin == -1


def test_the_tightest_is_told_by_unit():
    problem = a_problem(
        replace(an_entry(), draught_mm=9_000),
        segments=(a_segment(depth_mm=10_000), a_segment("S2", depth_mm=9_500)),
    )
    mode = an_entry_mode(legs=(a_leg(), a_leg("S2", enter=30, leave=40)), arrive_at=40, end_at=50)
    problem = replace(problem, movements=(replace(problem.movements[0], modes=(mode,)),))
    told = tightest(margins(problem, [placed("in", 5)])["in"])
    assert told["mm"].margin == 500
    assert told["mm"].params["segment"] == "S2"
    assert told["ticks"].margin == 5
    assert "ships" not in told


@pytest.mark.parametrize("units", [("mm",), ("ticks",)])
def test_only_units_asked_for_are_told(units):
    problem = a_problem(an_entry(), segments=(a_segment(depth_mm=20_000),))
    assert set(tightest(margins(problem, [placed("in", 5)])["in"], units)) == set(units)
