"""Corners in which a plan, a proof or a price was wrong once."""

from dataclasses import replace
from time import monotonic

import pytest

from scheduler import Limits, improve, replan, solve
from scheduler.problem import Fixed, Mode, Published
from scheduler.relaxing import cheapest_relaxation
from tests.scheduler.builders import (
    a_berth,
    a_problem,
    a_stay,
    an_entry,
    an_entry_mode,
    an_exit,
)
from tests.scheduler.instances import a_day
from tests.scheduler.plans import breaches, starts
from tests.scheduler.quays import a_call, a_quay_of

REPEATABLE = Limits(wall_s=1.0, workers=1, deterministic=True)


def fixed_at(name, start, cost):
    mode = Mode(id="m", legs=(), to_place="B1", end_at=1)
    return an_entry(
        name,
        ship=name,
        modes=(mode,),
        requested=start,
        earliest=0,
        fixed=Fixed(mode="m", start=start),
        unplaced_cost=cost,
    )


@pytest.mark.parametrize("ask", [solve, replan])
@pytest.mark.parametrize("limits", [Limits(wall_s=0.0, workers=1), REPEATABLE])
def test_with_a_fixed_entry_that_cannot_come_its_exit_is_left_out_too(ask, limits):
    leaving = Mode(id="m", legs=(), from_place="B1", clear_at=1, end_at=1)
    there = replace(fixed_at("a", 0, 10**7), fixed=Fixed(mode="m", start=-1, actual=True))
    problem = a_problem(
        there,
        an_exit("ax", ship="a", modes=(leaving,), requested=4, earliest=4),
        fixed_at("b", 3, 10**7),
        an_exit("bx", ship="b", modes=(leaving,), requested=8, earliest=0),
        stays=(
            a_stay("a", ship="a", entry="a", exit="ax", service_ticks=1),
            a_stay("b", ship="b", entry="b", exit="bx", service_ticks=3),
        ),
        horizon=20,
    )
    outcome = ask(problem, limits)
    assert breaches(problem, outcome) == []
    assert set(starts(outcome)) == {"a", "ax"}


def test_nothing_is_proved_where_two_that_are_fixed_exclude_each_other():
    leaving = Mode(id="m", legs=(), from_place="B1", clear_at=1, end_at=1)
    problem = a_problem(
        fixed_at("a", 3, 1_000),
        fixed_at("b", 4, 5_000),
        an_exit("bx", ship="b", modes=(leaving,), requested=10, earliest=0, unplaced_cost=300),
        stays=(
            a_stay("a", ship="a", entry="a", service_ticks=5),
            a_stay("b", ship="b", entry="b", exit="bx", service_ticks=5),
        ),
        horizon=60,
    )
    outcome = solve(problem, REPEATABLE)
    assert breaches(problem, outcome) == []
    # b and its exit alone would cost 1,000
    assert outcome.status == "feasible"
    assert outcome.lower_bound is not None
    assert outcome.lower_bound <= 1_000


def to_either(name, at):
    modes = tuple(Mode(id=b, legs=(), to_place=b, arrive_at=0, end_at=1) for b in ("B1", "B2"))
    told = Published(mode="B1", start=at)
    return an_entry(
        name, ship=name, modes=modes, requested=at, earliest=at, latest=at, published=told
    )


def test_one_goes_to_another_berth_rather_than_the_two_after_it():
    problem = a_problem(
        *(to_either(name, at) for name, at in (("b", 0), ("c", 10), ("d", 20))),
        berths=(a_berth("B1"), a_berth("B2")),
        stays=tuple(
            a_stay(name, ship=name, entry=name, service_ticks=ticks)
            for name, ticks in (("b", 24), ("c", 5), ("d", 5))
        ),
        horizon=60,
    )
    outcome = replan(problem, REPEATABLE)
    assert breaches(problem, outcome) == []
    assert [change.movement for change in outcome.changes] == ["b"]


def test_one_lies_elsewhere_on_the_quay_rather_than_the_two_after_it():
    told = {"b": 4, "c": 8, "d": 8}
    calls = (
        a_call("b", 5, (0, 20), requested=0, service=28),
        a_call("c", 4, (0, 20), requested=2, service=4),
        a_call("d", 4, (0, 20), requested=12, service=4),
    )
    plain = a_quay_of(20, *calls, horizon=60)
    problem = replace(
        plain,
        movements=tuple(
            replace(
                movement,
                latest=movement.requested,
                published=Published(
                    mode="m", start=movement.requested, begin_mm=told[movement.ship]
                ),
            )
            for movement in plain.movements
            if movement.kind == "entry"
        ),
        stays=tuple(replace(stay, exit=None) for stay in plain.stays),
    )
    outcome = replan(problem, REPEATABLE)
    assert breaches(problem, outcome) == []
    assert outcome.objective.moved == 1


@pytest.mark.parametrize("has_happened", [False, True])
def test_what_has_happened_makes_no_way_out_cheaper(has_happened):
    deep = an_entry("k", ship="k", draught_mm=10_000, requested=300, unplaced_cost=10**6)
    other = an_entry("a", ship="a", modes=(an_entry_mode(to_place="B3"),), requested=0, earliest=0)
    other = replace(
        other,
        published=Published(mode="m", start=250),
        fixed=Fixed(mode="m", start=0, actual=True) if has_happened else None,
    )
    problem = a_problem(
        deep,
        other,
        berths=(a_berth("B1", depth_mm=9_200), a_berth("B2"), a_berth("B3")),
        stays=(a_stay("k", ship="k", entry="k"), a_stay("a", ship="a", entry="a")),
    )
    elsewhere = replace(deep, modes=(an_entry_mode(to_place="B2"),))
    answer = cheapest_relaxation(
        problem, "k", elsewhere={"B2": replace(problem, movements=(elsewhere, other))}, wall_s=20.0
    )
    assert answer.found is not None
    assert (answer.found.code, answer.found.price) == ("other_berth", 240)


def test_who_asks_to_stop_does_not_wait_for_the_companion(monkeypatch):
    monkeypatch.setattr(improve, "_COMPANY_S", 1.0)
    begun_s = monotonic()
    solve(
        a_day(4, movements=50),
        Limits(wall_s=30.0, workers=2),
        should_stop=lambda: monotonic() - begun_s > 1.0,
    )
    assert monotonic() - begun_s < 10.0
