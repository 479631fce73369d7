"""How long a ship may lie and wait to leave: the engine's plans, to the tick, and its words."""

from dataclasses import replace
from typing import Any

import pytest

from scheduler import Limits, publish, solve
from scheduler.conflicts import Conflicts
from scheduler.draft import Draft
from scheduler.starts import is_open
from tests.scheduler.builders import (
    a_berth,
    a_level,
    a_problem,
    a_ship,
    a_stay,
    actual,
    an_entry,
    an_exit,
    an_exit_mode,
)
from tests.scheduler.plans import breaches, changed, starts

QUICK = Limits(wall_s=1.0, workers=1, deterministic=True)
RULE = "alongside_clearance"
LIGHT = an_entry(draught_mm=8_000, latest=300)
FALLS = (*[1000] * 11, 0, 0, *[1000] * 20)
FIGURES = {"place": "B1", "need_mm": 10_000, "have_mm": 9_000}


def port(*movements, heights_mm=FALLS, ships=(), **stay: Any):
    """Water lacks for 10 m from tick 101 to 129; a ship is fast 40 after its start."""
    stay |= {{"in": "entry", "out": "exit"}[m.id]: m.id for m in movements if m.id in ("in", "out")}
    if "entry" not in stay:
        stay["place"] = "B1"
    stay.setdefault("service_ticks", 20)
    return a_problem(
        *movements,
        berths=(a_berth(depth_mm=9_000),),
        water_levels=(a_level("port", heights_mm, 10),),
        stays=(a_stay(**stay),),
        horizon=400,
        ships=ships,
    )


def solved(problem):
    found = solve(problem, QUICK)
    assert breaches(problem, found) == []
    return found


def test_a_ship_leaves_before_the_water_falls_or_comes_so_that_it_is_ready_after():
    # ready at 60 at the earliest, gone by 100: the exit fits in
    assert starts(solved(port(LIGHT, an_exit(requested=60)))) == {"in": 0, "out": 60}
    # its exit may only start when it could not be clear in time: its entry waits for it
    late = port(LIGHT, an_exit(requested=91, earliest=91))
    assert starts(solved(late)) == {"in": 70, "out": 130}
    in_time = port(LIGHT, an_exit(requested=90, earliest=90))
    assert starts(solved(in_time)) == {"in": 0, "out": 90}


def test_a_ship_whose_entry_cannot_wait_is_not_planned_to_leave():
    soon = replace(LIGHT, latest=69, unplaced_cost=200_000)
    found = solved(port(soon, an_exit(requested=91, earliest=91)))
    assert starts(found) == {"in": 0}
    (left_out,) = found.unplaced
    (reason,) = left_out.reasons
    assert (left_out.movement, reason.rule) == ("out", RULE)
    assert int(reason.params["need_mm"]) > int(reason.params["have_mm"])


def test_a_ship_that_comes_late_is_told_of_the_low_water_it_would_wait_through():
    found = solved(port(LIGHT, an_exit(requested=91, earliest=91)))
    (reason,) = found.waits["in"]
    assert (reason.rule, reason.movements, reason.gain_ticks) == (RULE, ("out",), 70)
    assert {key: reason.params[key] for key in FIGURES} == FIGURES


def behind(leaving, ahead_start):
    """A ship that is there and leaves 45 after another that has left."""
    problem = port(
        leaving,
        actual(an_exit("ahead", ship="t", modes=(an_exit_mode("B2"),)), ahead_start),
        ships=(a_ship(), a_ship("t", headway_ticks=45)),
        ready=60,
    )
    return replace(problem, berths=(*problem.berths, a_berth("B2")))


def test_a_ship_that_is_there_leaves_before_the_water_falls():
    leaving = an_exit(requested=60, earliest=60)
    assert starts(solved(behind(leaving, 45)))["out"] == 90
    found = solved(behind(leaving, 46))
    assert [one.movement for one in found.unplaced] == ["out"]
    assert RULE in {reason.rule for reason in found.unplaced[0].reasons}


def test_a_ship_that_could_not_have_left_before_low_water_waits_through_it():
    leaving = an_exit(requested=91, earliest=91)
    assert starts(solved(behind(leaving, 45)))["out"] == 130


@pytest.mark.parametrize("start", [0, 5])
def test_a_ship_whose_entry_has_happened_leaves_as_one_that_is_there(start):
    come = actual(LIGHT, start)
    assert starts(solved(port(come, an_exit(requested=80))))["out"] == 80
    assert starts(solved(port(come, an_exit(requested=91, earliest=91))))["out"] == 130
    assert starts(solved(port(come, an_exit(requested=200, earliest=90))))["out"] in range(65, 91)


def test_a_told_exit_that_would_have_to_wait_is_mended():
    told = port(LIGHT, an_exit(requested=60))
    found = solved(told)
    # it comes 35 later than told: it cannot be gone before the water falls, and has to be later
    now = changed(publish(told, found), "in", earliest=35, requested=35)
    again = solved(now)
    assert starts(again) == {"in": 70, "out": 130}
    assert {change.movement for change in again.changes} == {"in", "out"}


def test_a_signed_waiver_of_either_lets_it_wait():
    for light, out in (
        (replace(LIGHT, waived=(RULE,)), an_exit(requested=91, earliest=91)),
        (LIGHT, an_exit(requested=91, earliest=91, waived=(RULE,))),
    ):
        assert starts(solved(port(light, out)))["in"] == 0


def test_nothing_is_asked_where_no_water_is_ever_too_low():
    conflicts = Conflicts(port(LIGHT, an_exit(), heights_mm=(1000, 1000)))
    assert conflicts.waits == frozenset()
    assert Conflicts(port(LIGHT, an_exit())).waits == {0}
    assert Conflicts(port(LIGHT, an_exit(waived=(RULE,)))).waits == frozenset()


def test_a_start_is_open_to_the_tick_both_ways_round():
    problem = port(LIGHT, an_exit(modes=(an_exit_mode(clear_at=0),)))
    draft = Draft(Conflicts(problem))
    draft.place(0, 0, 0, {})
    assert [start for start in (100, 101, 102, 130) if is_open(draft, 1, 1, start)] == [100, 101]
    draft.place(1, 1, 150, {})
    draft.unplace(0)
    assert [start for start in (0, 69, 70) if is_open(draft, 0, 0, start)] == [70]
    draft.unplace(1)
    draft.place(1, 1, 101, {})
    assert is_open(draft, 0, 0, 0)
