"""Chances with a closed form, delays that run on as far as they do by hand, promises kept."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scheduler.certainty import (
    Spread,
    Spreads,
    caused_min,
    certainty,
    lateness,
    reliability,
)
from scheduler.problem import Closure, Crew, Follows, Interval
from scheduler.ripple import Lateness, Ripple
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
    actual,
    an_entry,
    an_entry_mode,
    an_exit,
    an_exit_mode,
    placed,
)

NEVER = Spread(low_min=0, mode_min=0, high_min=0)


def only(**arrival: Any):
    """Nothing is uncertain but when ships are ready, of the kinds that are given."""
    return Spreads(
        arrival=dict[Any, Spread](arrival), passage_permille=NEVER, berthing=NEVER, tolerance_min=0
    )


def two_at_one_berth(spare):
    """One is clear of its berth at 110; another is to be there at 110 + spare."""
    problem = a_problem(
        an_exit("out", ship="one", requested=100),
        an_entry("in", ship="two", requested=80 + spare),
        stays=(
            a_stay("s1", ship="one", place="B1", exit="out"),
            a_stay("s2", ship="two", entry="in"),
        ),
        segments=(a_segment(passing="always"),),
    )
    return problem, (placed("out", 100), placed("in", 80 + spare))


def triangular_cdf(x, high):
    """Chance of at most ``x`` of a triangular from 0 with its peak at 0."""
    return 1 - (max(0.0, high - x) / high) ** 2


@pytest.mark.parametrize("spare", [0, 10, 25, 60])
def test_the_ship_that_waits_for_a_berth_is_as_certain_as_the_one_before_allows(spare):
    problem, plan = two_at_one_berth(spare)
    late = Spread(low_min=0, mode_min=0, high_min=50)
    told = certainty(problem, plan, only(exit=late), samples=20_000)
    chances = {one.movement: one for one in told.chances}
    # the berth is wanted 30 after its start: it waits under way, and is late alongside, not earlier
    starts, ends = Ripple(problem, plan).run(
        lateness(Ripple(problem, plan), problem, only(exit=late), 20_000, np.random.default_rng(1))
    )
    assert chances["out"].delay_min == pytest.approx(50 / 3, rel=0.03)
    assert (ends[1] <= 0).mean() == pytest.approx(triangular_cdf(spare, 50), abs=0.012)
    assert (starts[1] == 0).all()


def test_of_two_that_follow_each_other_the_chance_of_the_second_has_a_closed_form():
    problem = a_problem(
        an_entry("a", ship="one"),
        an_entry("b", ship="two", requested=60, follows=(Follows(movement="a"),)),
    )
    plan = (placed("a", 0), placed("b", 60))
    told = certainty(
        problem, plan, only(entry=Spread(low_min=0, mode_min=0, high_min=40)), samples=20_000
    )
    # a is over at 40: 20 to spare; b itself is on time with the chance of being ready
    assert told.chances[0].holds == pytest.approx(0.0, abs=0.01)
    exact = certainty(
        problem,
        plan,
        replace(only(entry=Spread(low_min=0, mode_min=0, high_min=40)), tolerance_min=10),
        samples=20_000,
    )
    ready = triangular_cdf(10, 40)
    assert exact.chances[0].holds == pytest.approx(ready, abs=0.012)
    assert exact.chances[1].holds == pytest.approx(ready * triangular_cdf(30, 40), abs=0.012)


def run(problem, plan, ready, **more):
    """Start and end delays of one day."""
    ripple = Ripple(problem, plan)
    row = np.array([[float(ready.get(name, 0))] for name in ripple.names])
    nothing = np.zeros_like(row)
    starts, ends = ripple.run(
        Lateness(ready=row, **{"passage": nothing, "berthing": nothing} | more)
    )
    return (
        dict(zip(ripple.names, starts[:, 0], strict=True)),
        dict(zip(ripple.names, ends[:, 0], strict=True)),
    )


def test_a_delay_runs_through_the_headway():
    ships = tuple(a_ship(name, headway_ticks=20) for name in ("one", "two", "three"))
    problem = a_problem(
        *(an_entry(name, ship=name) for name in ("one", "two", "three")), ships=ships
    )
    plan = (placed("one", 0), placed("two", 25), placed("three", 55))
    starts, _ = run(problem, plan, {"one": 30})
    # 5 and 10 ticks to spare
    assert starts == {"one": 30, "two": 25, "three": 15}


def test_a_delay_runs_as_far_on_a_finer_grid():
    ships = tuple(a_ship(name, headway_ticks=900) for name in ("one", "two"))
    problem = a_problem(
        *(an_entry(name, ship=name) for name in ("one", "two")), ships=ships, tick_s=10
    )
    starts, _ = run(problem, (placed("one", 0), placed("two", 950)), {"one": 80})
    # two and a half hours between them, with 50 ticks to spare
    assert starts == {"one": 80, "two": 30}


def test_a_ship_that_comes_the_other_way_waits_until_the_reach_is_free():
    problem = a_problem(
        an_entry("in", ship="one"),
        an_exit("out", ship="two", modes=(an_exit_mode(clear_at=10),)),
        segments=(a_segment(passing="never", clear_ticks=5),),
    )
    # out of the reach at 30; the other enters it at 40
    starts, ends = run(problem, (placed("in", 0), placed("out", 30)), {"in": 12})
    assert starts["out"] == 0
    assert ends["out"] == 7


def test_a_team_that_is_late_is_late_at_its_next_duty():
    mode = an_entry_mode(None, duties=(a_duty(),))
    entries = [an_entry(name, ship=name, modes=(mode,), needs=(a_need(),)) for name in ("a", "b")]
    problem = a_problem(*entries, pools=(a_pool(debrief_ticks=5),), resources=(a_resource("p"),))
    plan = (placed("a", 50, a_crew("p")), placed("b", 130, a_crew("p")))
    starts, _ = run(problem, plan, {"a": 25})
    # 10 to spare: see the margins of the same plan
    assert starts == {"a": 25, "b": 15}
    others = (placed("a", 50, a_crew("p")), placed("b", 130, Crew(need="pilots", resources=())))
    assert run(problem, others, {"a": 25})[0]["b"] == 0


def test_a_ship_leaves_when_its_service_is_done():
    problem = a_problem(
        an_entry("in"),
        an_exit("out"),
        stays=(a_stay(entry="in", exit="out", service_ticks=100),),
    )
    starts, _ = run(problem, (placed("in", 0), placed("out", 150)), {"in": 30})
    assert starts["out"] == 20


def test_a_longer_passage_and_berthing_are_late_at_the_end():
    problem = a_problem(an_entry("in"))
    starts, ends = run(
        problem,
        (placed("in", 0),),
        {},
        passage=np.array([[6.0]]),
        berthing=np.array([[4.0]]),
    )
    assert (starts["in"], ends["in"]) == (0, 10)


def test_who_is_late_waits_for_the_end_of_a_closure():
    problem = a_problem(an_entry("in"), closures=(Closure(id="c", span=Interval(40, 100)),))
    # in the reach for 30 ticks
    assert run(problem, (placed("in", 10),), {})[0]["in"] == 0
    assert run(problem, (placed("in", 10),), {"in": 5})[0]["in"] == 90


def test_a_shut_port_keeps_who_would_start_in_it():
    problem = a_problem(an_entry("in"))
    shut = np.array([[5.0], [60.0]])
    assert run(problem, (placed("in", 10),), {}, shut=shut)[0]["in"] == 50
    assert run(problem, (placed("in", 70),), {}, shut=shut)[0]["in"] == 0


def test_who_waits_anyway_uses_that_up_first():
    problem = a_problem(an_entry("in", requested=0))
    late = only(entry=Spread(low_min=0, mode_min=0, high_min=40))
    assert certainty(problem, (placed("in", 0),), late).chances[0].holds < 0.05
    assert certainty(problem, (placed("in", 40),), late).chances[0].holds == 1.0


def test_what_has_begun_is_not_promised_but_holds_others_up():
    problem, plan = two_at_one_berth(0)
    problem = replace(problem, movements=(actual(problem.movements[0], 100), problem.movements[1]))
    told = certainty(problem, plan, Spreads())
    assert [one.movement for one in told.chances] == ["in"]


def test_the_keystone_is_the_one_that_all_others_wait_for():
    ships = tuple(a_ship(name, headway_ticks=20) for name in ("one", "two", "three"))
    problem = a_problem(
        *(an_entry(name, ship=name) for name in ("one", "two", "three")),
        ships=ships,
        berths=(a_berth("B1"),),
    )
    plan = (placed("one", 0), placed("two", 20), placed("three", 40))
    assert caused_min(Ripple(problem, plan), problem) == pytest.approx([2.0, 1.0, 0.0])
    told = certainty(problem, plan, only())
    assert told.keystones == ("one", "two")
    assert told.chances[0].caused_min == pytest.approx(2.0)


def test_no_days_at_all_are_refused():
    with pytest.raises(ValueError, match="samples"):
        certainty(a_problem(an_entry()), [placed("in", 0)], samples=0)


def test_the_same_seed_gives_the_same_answer():
    problem, plan = two_at_one_berth(5)
    assert certainty(problem, plan, seed=3) == certainty(problem, plan, seed=3)
    assert certainty(problem, plan, seed=3) != certainty(problem, plan, seed=4)


@pytest.mark.parametrize("shape", ["triangular", "normal"])
def test_a_spread_is_as_it_says(shape):
    values = Spread(low_min=-10, mode_min=0, high_min=10, shape=shape).sample(
        np.random.default_rng(1), (20_000,)
    )
    assert values.mean() == pytest.approx(0, abs=0.2)
    inside = ((values >= -10) & (values <= 10)).mean()
    assert inside == pytest.approx(1.0 if shape == "triangular" else 0.9, abs=0.01)


def test_what_is_promised_comes_true_as_often_on_other_days():
    """Chances reckoned from some days, held against 200 others."""
    from scheduler import Limits, solve
    from tests.bench.harbour import harbour

    promised, came_true = [], []
    for seed in range(3):
        problem = harbour(12, seed, 1.3, 1)
        plan = solve(problem, Limits(wall_s=0.0, workers=1)).placements
        told = certainty(problem, plan, Spreads(), seed=1)
        ripple = Ripple(problem, plan)
        late = lateness(ripple, problem, Spreads(), 200, np.random.default_rng(99))
        held = ripple.run(late)[0] * problem.tick_s / 60 <= Spreads().tolerance_min
        rows = {name: k for k, name in enumerate(ripple.names)}
        for chance in told.chances:
            promised += [chance.holds] * 200
            came_true += held[rows[chance.movement]].tolist()
    bins = reliability(promised, came_true)
    assert len(bins) >= 3
    assert sum(one.count for one in bins) == len(promised)
    for one in bins:
        assert one.came_true == pytest.approx(one.promised, abs=0.1)


def test_promises_that_are_not_kept_show_in_their_bin():
    bins = reliability([0.95] * 10 + [0.15] * 10, [True] * 5 + [False] * 14 + [True])
    assert [(one.promised, one.came_true, one.count) for one in bins] == [
        (pytest.approx(0.15), 0.1, 10),
        (pytest.approx(0.95), 0.5, 10),
    ]
