"""What was told of a wait is told on only while it is true."""

from dataclasses import replace

import pytest

from scheduler import Limits, publish, replan, solve
from scheduler.outcome import Outcome
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
    placed,
    spans,
)
from tests.scheduler.instances import a_day
from tests.scheduler.plans import changed, starts

QUICK = Limits(wall_s=0.3, workers=1, deterministic=True)

SEPARATE = {"headway", "no_overtaking", "one_way", "meeting_limit", "safety_zone"}


def told(problem, movement, *names):
    """The same problem with what the reasons of one movement's waiting name."""
    (raw,) = (m for m in problem.movements if m.id == movement)
    return changed(problem, movement, published=replace(raw.published, waits_for=names))


def untold(problem):
    """The same problem without what anybody waits for."""
    movements = tuple(
        replace(m, published=m.published and replace(m.published, waits_for=None))
        for m in problem.movements
    )
    return replace(problem, movements=movements)


@pytest.fixture
def behind():
    """A ship that waits for another, each with a pilot."""
    entry = an_entry_mode(duties=(a_duty(),))
    problem = a_problem(
        an_entry("a", ship="s", requested=100, earliest=100, late_weight=9, needs=(a_need(),)),
        an_entry("b", ship="t", requested=105, earliest=105, needs=(a_need(),)),
        an_entry("c", ship="u", requested=600, earliest=600, needs=(a_need(),)),
        ships=(a_ship("s", headway_ticks=20), a_ship("t"), a_ship("u", headway_ticks=20)),
        pools=(a_pool(),),
        resources=tuple(a_resource(name) for name in "pqrs"),
    )
    problem = replace(
        problem, movements=tuple(replace(m, modes=(entry,)) for m in problem.movements)
    )
    plan = (
        placed("a", 100, a_crew("p")),
        placed("b", 120, a_crew("q")),
        placed("c", 600, a_crew("r")),
    )
    return told(publish(problem, Outcome(status="feasible", placements=plan)), "b", "a")


def test_a_wait_that_stands_is_not_told_again(behind):
    found = replan(behind, QUICK)
    assert starts(found) == {"a": 100, "b": 120, "c": 600}
    assert found.waits == {}
    (raw,) = (m for m in behind.movements if m.id == "b")
    asked = changed(behind, "b", published=replace(raw.published, waits_for=None))
    assert [r.movements for r in replan(asked, QUICK).waits["b"]] == [("a",)]


def test_what_happens_elsewhere_does_not_matter(behind):
    found = replan(changed(behind, "c", earliest=700), QUICK)
    assert starts(found)["c"] == 700
    assert set(found.waits) == {"c"}


def test_improving_tells_all(behind):
    assert set(solve(behind, QUICK).waits) == {"b"}


@pytest.mark.parametrize(
    ("who", "changes"),
    [
        pytest.param("a", {"earliest": 99, "requested": 99, "waived": ("headway",)}, id="waived"),
        pytest.param("a", {"held": "arrest"}, id="the other is left out"),
        pytest.param("a", {"earliest": 400}, id="the other comes later"),
        pytest.param("b", {"earliest": 120}, id="cannot come before"),
        pytest.param("b", {"barred": ("q",)}, id="another pilot"),
        pytest.param("b", {"earliest": 150}, id="comes later"),
        pytest.param("b", {"daylight_only": True}, id="needs the light"),
    ],
)
def test_a_wait_is_told_anew_once_anything_of_it_has_changed(behind, who, changes):
    behind = replace(behind, daylight=spans((120, 900)))
    found = replan(changed(behind, who, **changes), QUICK)
    assert "b" in found.waits


def test_a_window_that_shuts_the_same_starts_is_told(behind):
    # b is in the reach from 120, and may not be in it before
    closure = Closure(id="x", span=Interval(50, 100), segments=())
    found = replan(replace(behind, closures=(closure,)), QUICK)
    assert found.waits == {}
    closure = Closure(id="x", span=Interval(101, 120), segments=())
    found = replan(changed(replace(behind, closures=(closure,)), "a", waived=("closure",)), QUICK)
    assert starts(found) == {"a": 100, "b": 120, "c": 600}
    assert {r.rule for r in found.waits["b"]} == {"closure", "headway"}


def test_another_ship_that_came_into_the_way_is_told(behind):
    other = an_entry("n", ship="v", requested=100, earliest=100, latest=100, waived=("headway",))
    ships = (*behind.ships, a_ship("v"))
    found = replan(replace(behind, movements=(*behind.movements, other), ships=ships), QUICK)
    assert starts(found)["n"] == 100
    assert found.waits == {}  # she keeps from nobody
    stays = (
        a_stay("n", ship="v", entry="n", place="B1", until=150),
        a_stay("b", ship="t", entry="b"),
    )
    crowded = replace(behind, movements=(*behind.movements, other), ships=ships, stays=stays)
    found = replan(crowded, QUICK)
    assert starts(found)["b"] == 120
    assert {r.rule for r in found.waits["b"]} == {"headway", "berth_occupancy"}


@pytest.mark.parametrize("names", [(), ("gone",), ("c",), ("a", "c"), ("b",)])
def test_names_that_explain_nothing_are_not_believed(behind, names):
    assert "b" in replan(told(behind, "b", *names), QUICK).waits


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_not_told_again_is_what_would_be_told(seed):
    day = a_day(seed, movements=50)
    plan = solve(day, Limits(wall_s=1.0))
    again = untold(publish(day, plan))
    bare = replan(again, QUICK)
    for name, reasons in bare.waits.items():
        if reasons and all(r.movements and r.rule in SEPARATE for r in reasons):
            again = told(again, name, *{other for r in reasons for other in r.movements})
    kept = {m.id for m in again.movements if m.published and m.published.waits_for}
    assert kept
    moved = next(m for m in again.movements if m.published and not m.fixed and m.kind == "entry")
    late = starts(plan)[moved.id] + 45
    again = changed(again, moved.id, earliest=late, latest=max(moved.latest, late))
    found = replan(again, QUICK)
    whole = replan(untold(again), QUICK)
    assert starts(found) == starts(whole)
    unsaid = set(whole.waits) - set(found.waits)
    assert unsaid
    assert unsaid <= kept
    for name in unsaid:
        assert [r.rule for r in whole.waits[name]] == [r.rule for r in bare.waits[name]]
    assert {name: found.waits[name] for name in found.waits} == {
        name: whole.waits[name] for name in found.waits
    }
