"""Mending: the smallest change, with its reasons and what is proved of it."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from scheduler import Limits, publish, replan, solve
from scheduler.problem import Fixed, Interval, Published, Visibility
from scheduler.wire import problem_from_json
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
)
from tests.scheduler.instances import a_day
from tests.scheduler.plans import breaches, changed, starts


def queue(*names, headway_ticks=20):
    """Entries that asked for the same time and are published one headway apart."""
    entries = tuple(
        an_entry(name, ship=name, requested=100 + k, earliest=100 + k)
        for k, name in enumerate(names)
    )
    ships = tuple(a_ship(name, headway_ticks=headway_ticks) for name in names)
    problem = a_problem(*entries, ships=ships)
    return publish(problem, solve(problem, Limits(wall_s=1.0)))


def test_nothing_happens_to_a_plan_that_holds():
    problem = queue("a", "b", "c")
    found = replan(problem)
    assert found.changes == ()
    assert found.proof == "only-broken-moved"
    assert found.objective.moved == found.objective.recrewed == 0


def test_only_what_is_broken_moves_and_to_the_nearest_place():
    problem = queue("a", "b", "c")
    assert starts(replan(problem)) == {"a": 100, "b": 120, "c": 140}
    late = changed(problem, "b", earliest=130)
    found = replan(late)
    assert breaches(late, found) == []
    assert starts(found) == {"a": 100, "b": 160, "c": 140}
    (change,) = found.changes
    assert (change.movement, change.start_before, change.start_after) == ("b", 120, 160)
    assert found.proof == "only-broken-moved"
    assert {reason.rule for reason in change.reasons} >= {"requested_window"}


def test_others_move_only_where_something_would_be_left_out():
    problem = queue("a", "b", "c")
    tight = changed(problem, "b", earliest=130, latest=150)
    found = replan(tight)
    assert breaches(tight, found) == []
    assert found.unplaced == ()
    moved = {change.movement: change for change in found.changes}
    assert set(moved) == {"b", "c"}
    # c moves only to make room, and says for whom
    assert any("b" in reason.movements for reason in moved["c"].reasons)
    assert found.proof == "neighbourhood-optimal"


def test_a_declined_job_changes_the_team_and_not_the_time():
    mode = an_entry_mode(duties=(a_duty(),))
    problem = a_problem(
        an_entry(modes=(mode,), needs=(a_need(),), requested=100, earliest=100),
        pools=(a_pool(),),
        resources=(a_resource("p"), a_resource("q")),
    )
    told = publish(problem, solve(problem, Limits(wall_s=0.2)))
    assert told.movements[0].published is not None
    assert told.movements[0].published is not None
    (crew,) = told.movements[0].published.crews
    declined = changed(told, "in", barred=crew.resources)
    found = replan(declined)
    assert starts(found) == {"in": 100}
    (change,) = found.changes
    assert change.crews_changed == ("pilots",)
    assert change.start_before == change.start_after
    assert [(r.rule, r.resources) for r in change.reasons] == [("pilots", crew.resources)]
    assert found.objective.recrewed == 1
    assert found.objective.moved == 0


def test_a_team_is_kept_where_it_can_be():
    mode = an_entry_mode(duties=(a_duty(),))
    problem = a_problem(
        an_entry(modes=(mode,), needs=(a_need(),), requested=100, earliest=100),
        pools=(a_pool(),),
        resources=tuple(a_resource(f"p{k}") for k in range(5)),
    )
    told = publish(problem, solve(problem, Limits(wall_s=0.2)))
    movement = told.movements[0]
    assert movement.published is not None
    told = changed(told, "in", published=replace(movement.published, crews=(a_crew("p3"),)))
    late = changed(told, "in", earliest=110)
    assert replan(late).placements[0].crews == (a_crew("p3"),)


def berthed():
    """A ship that is to leave before a fixed arrival comes to its berth."""
    problem = a_problem(
        an_entry("come", ship="new", fixed=Fixed(mode="m", start=300)),
        an_exit("go", ship="old", requested=200, earliest=200),
        stays=(
            a_stay("s", ship="new", entry="come"),
            a_stay("t", ship="old", exit="go", place="B1"),
        ),
    )
    return publish(problem, solve(problem, Limits(wall_s=0.2)))


def test_what_is_fixed_never_moves_and_the_exit_before_it_is_in_time():
    problem = berthed()
    late = changed(problem, "go", earliest=310)
    found = replan(late)
    assert breaches(late, found) == []
    assert starts(found) == {"come": 300, "go": 310}
    assert found.changes[0].movement == "go"


def test_an_exit_that_cannot_be_gone_in_time_costs_the_fixed_arrival_and_is_named():
    problem = changed(berthed(), "go", earliest=340)
    found = replan(problem)
    assert breaches(problem, found) == []
    assert starts(found) == {"go": 340}
    (left_out,) = found.unplaced
    assert left_out.movement == "come"
    assert any("go" in reason.movements for reason in left_out.reasons)


def test_an_arrival_that_has_happened_is_not_undone():
    problem = berthed()
    under_way = changed(
        problem, "come", fixed=Fixed(mode="m", start=300, actual=True), published=None
    )
    stuck = changed(under_way, "go", earliest=340)
    found = replan(stuck)
    assert starts(found)["come"] == 300
    assert breaches(stuck, found) == []


def test_an_entry_that_comes_later_takes_its_exit_with_it():
    problem = a_problem(
        an_entry(requested=100, earliest=100),
        an_exit(requested=200, earliest=200),
        stays=(a_stay(entry="in", exit="out", service_ticks=50),),
    )
    told = publish(problem, solve(problem, Limits(wall_s=0.2)))
    assert starts(replan(told)) == {"in": 100, "out": 200}
    late = changed(told, "in", earliest=150)
    found = replan(late)
    assert starts(found) == {"in": 150, "out": 240}
    assert breaches(late, found) == []


def test_a_held_movement_is_left_out_with_what_hangs_on_it():
    problem = a_problem(
        an_entry(requested=100, earliest=100),
        an_exit(requested=200, earliest=200),
        stays=(a_stay(entry="in", exit="out", service_ticks=50),),
    )
    held = changed(publish(problem, solve(problem, Limits(wall_s=0.2))), "in", held="papers")
    found = replan(held)
    reasons = {one.movement: [r.rule for r in one.reasons] for one in found.unplaced}
    assert "hold" in reasons["in"]
    assert "service_time" in reasons["out"]
    assert all(change.start_after is None for change in found.changes)


def test_a_new_declaration_disturbs_nobody():
    problem = queue("a", "b", "c")
    new = an_entry("d", ship="d", requested=101, earliest=101)
    more = replace(
        problem, movements=(*problem.movements, new), ships=(*problem.ships, a_ship("d"))
    )
    found = replan(more)
    assert breaches(more, found) == []
    assert starts(found) == {"a": 100, "b": 120, "c": 140, "d": 160}
    assert found.changes == ()


def one_gap(displaced_ticks):
    """Ships a headway apart; the second is late, and the next free gap is hours away."""
    names = [f"s{k:02d}" for k in range(20)]
    problem = queue(*names)
    second = next(m.id for m in problem.movements if m.published and m.published.start == 120)
    late = changed(problem, second, earliest=125)
    found = replan(late, Limits(wall_s=4.0, displaced_ticks=displaced_ticks))
    assert breaches(late, found) == []
    assert found.unplaced == ()
    return second, {change.movement: change for change in found.changes}


def test_no_ship_is_thrown_far_so_that_others_need_not_move():
    _, moved = one_gap(120)
    assert len(moved) > 1
    assert all(
        abs((one.start_after or 0) - (one.start_before or 0)) <= 140 for one in moved.values()
    )
    assert all(one.reasons for one in moved.values())


def test_where_that_is_no_displacement_only_the_late_ship_moves():
    late, moved = one_gap(1000)
    assert set(moved) == {late}
    assert moved[late].start_after == 500
    # she can start from 125 on; that she waits until 500 is another matter, and is told as well
    assert [reason.rule for reason in moved[late].reasons] == ["requested_window", "headway"]
    assert moved[late].reasons[1].movements


def test_teams_are_exchanged_before_anybody_is_moved():
    """The only tug left for one is held by another that could take the one that was declined."""
    modes = (an_entry_mode(duties=(a_duty(),)),)
    both = tuple(
        an_entry(name, ship=name, modes=modes, needs=(a_need(),), requested=at, earliest=at)
        for name, at in (("a", 100), ("b", 110))
    )
    problem = a_problem(
        *both,
        ships=(a_ship("a"), a_ship("b")),
        pools=(a_pool(),),
        resources=(a_resource("p"), a_resource("q")),
    )
    told = publish(problem, solve(problem, Limits(wall_s=0.2)))
    assert told.movements[0].published is not None
    (crew,) = told.movements[0].published.crews
    declined = changed(told, "a", barred=crew.resources)
    found = replan(declined)
    assert breaches(declined, found) == []
    assert starts(found) == {"a": 100, "b": 110}
    assert found.objective.recrewed == 2


@pytest.fixture(scope="module")
def told():
    day = a_day(1, movements=60)
    return publish(day, solve(day, Limits(wall_s=2.0)))


@pytest.mark.parametrize("seed", range(6))
def test_every_mended_plan_keeps_the_rules_and_explains_its_changes(told, seed):
    broken = disrupted(told, random.Random(seed), seed)
    found = replan(broken, Limits(wall_s=4.0))
    assert breaches(broken, found) == []
    assert all(change.reasons for change in found.changes)
    changes = {change.movement for change in found.changes}
    before = {m.id: m.published for m in broken.movements if m.published is not None}
    for placement in found.placements:
        known = before.get(placement.movement)
        if placement.movement not in changes and known is not None:
            assert (placement.start, placement.mode) == (known.start, known.mode)


def disrupted(problem, random_, kind):
    movements = [m for m in problem.movements if m.published is not None]
    one = random_.choice(movements)
    if kind % 3 == 0:
        late = min(one.published.start + random_.randint(20, 200), one.latest)
        return changed(problem, one.id, earliest=late)
    if kind % 3 == 1:
        fog = Visibility(span=Interval(800, 900), visibility_m=600)
        return replace(problem, visibility=(*problem.visibility, fog))
    names = [r for m in movements for crew in m.published.crews for r in crew.resources]
    lost = random_.choice(names)
    return replace(
        problem,
        resources=tuple(
            replace(r, off=(*r.off, Interval(300, 1500))) if r.id == lost else r
            for r in problem.resources
        ),
    )


def test_an_entry_is_withdrawn_whose_exit_was_lost_after_it_was_placed():
    # The turnover is so long that nobody fits after the ship that has come; her exit goes late.
    path = Path(__file__).parent / "data" / "exit_lost_after_its_entry.json"
    problem = problem_from_json(path.read_text(encoding="utf-8"))
    for find in (solve, replan):
        found = find(problem, Limits(wall_s=0.4, workers=1))
        assert breaches(problem, found) == []
        assert "in" in {one.movement for one in found.unplaced}


def test_a_pinned_ship_that_cannot_stay_is_placed_like_any_other():
    # "a" is late and will do from 20 to 24 only; "b" lies at 22 and may go at any time.
    told = queue("a", "b", headway_ticks=10)
    late = changed(told, "a", pinned=True, requested=10, earliest=20, latest=24, published=at(10))
    late = changed(late, "b", requested=22, earliest=0, latest=90, published=at(22))
    for find in (replan, solve):
        found = find(late, Limits(wall_s=1.0, workers=1))
        assert breaches(late, found) == []
        assert starts(found).keys() == {"a", "b"}
        assert starts(found)["a"] == 20


def at(start):
    return Published(mode=an_entry_mode().id, start=start)


@pytest.mark.parametrize("wall_s", [0.0, 0.5])
def test_of_two_needs_of_one_pool_the_first_does_not_starve_the_second(wall_s):
    # Told S1 aft and S2 fore; S2 is out. W1 is enough aft, so that S1 can go fore.
    duties = tuple(a_duty(need=need, begin=0, end=30) for need in ("aft", "fore"))
    ship = an_entry(
        "a",
        requested=50,
        earliest=50,
        latest=400,
        needs=(
            a_need("tugs", id="aft", pull_kg=30),
            a_need("tugs", id="fore", pull_kg=60),
        ),
        modes=(an_entry_mode(duties=duties),),
        published=Published(
            mode=an_entry_mode().id,
            start=50,
            crews=(a_crew("S1", need="aft"), a_crew("S2", need="fore")),
        ),
    )
    problem = a_problem(
        ship,
        pools=(a_pool("tugs"),),
        resources=(
            a_resource("S1", pool="tugs", pull_kg=60),
            a_resource("S2", pool="tugs", pull_kg=60, off=(Interval(0, 900),)),
            a_resource("W1", pool="tugs", pull_kg=40),
        ),
    )
    found = replan(problem, Limits(wall_s=wall_s, workers=1))
    assert breaches(problem, found) == []
    (place,) = found.placements
    assert place.start == 50
    assert {crew.need: crew.resources for crew in place.crews} == {"aft": ("W1",), "fore": ("S1",)}
