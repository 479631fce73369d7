"""What must hold between a question and the same question put in another way."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler import Limits, Outcome, Problem, solve
from scheduler.problem import Closure, Interval, OneWay, Resource
from scheduler.validation import validate
from tests.bench.small import small
from tests.scheduler.oracle import cost, weighted
from tests.scheduler.plans import breaches, starts
from tests.scheduler.strategies import SAMPLE_STEP
from tests.scheduler.strategies import problems as any_problems

FEW = settings(max_examples=25)
QUICK = Limits(wall_s=2.0, workers=1, deterministic=True)
LONG_AGO = -1_000_000
HIGH_WATER_MM = 20_000


def without_fixed_teams(problem: Problem) -> Problem:
    """The same problem with teams to be chosen where the start is still to come."""
    return replace(
        problem,
        movements=tuple(
            m if m.fixed is None or m.fixed.actual else replace(m, fixed=replace(m.fixed, crews=()))
            for m in problem.movements
        ),
    )


def problems():
    """What is asked of a fixed team is no matter of these properties."""
    return any_problems().map(without_fixed_teams)


def answer(problem: Problem) -> Outcome:
    outcome = solve(problem, QUICK)
    assert breaches(problem, outcome) == []
    return outcome


def never_dearer(better: Outcome, cost_before: int) -> bool:
    """Whether the best of a question is not proved dearer than a plan of a harder one."""
    return (better.lower_bound or 0) <= cost_before


def same_best(one: Outcome, other: Outcome) -> bool:
    """Whether two questions can have the same best cost; where both are proved they must."""
    return never_dearer(one, other.objective.total) and never_dearer(other, one.objective.total)


def proofs(*outcomes: Outcome) -> str:
    return "proved" if all(one.status == "optimal" for one in outcomes) else "open"


# ---- more to choose from ----------------------------------------------------------------------


@pytest.mark.parametrize("pool", ["tugs", "pilots"])
def test_one_more_of_a_pool_is_never_worse(pool):
    seen = Counter()

    @FEW
    @given(problems())
    def compare(problem):
        one_more = Resource(id="more", pool=pool, home="home", pull_kg=50)
        more = replace(problem, resources=(*problem.resources, one_more))
        before, after = answer(problem), answer(more)
        assert never_dearer(after, before.objective.total)
        seen[proofs(before, after)] += 1

    compare()
    assert seen["proved"] > seen["open"]


def test_one_more_tug_is_never_worse_where_tugs_are_short():
    short = small("teams", 1, visits=2)
    tugs = [r for r in short.resources if r.pool == "tugs"]
    others = tuple(r for r in short.resources if r.pool != "tugs")
    costs = []
    for count in (2, 3, 4):
        outcome = answer(replace(short, resources=(*others, *tugs[:count])))
        assert outcome.status == "optimal"
        costs.append(outcome.objective.total)
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1]


def without(problem: Problem, ship: str) -> Problem:
    """The same problem without a ship, her stays and all that she asked for."""
    gone = {m.id for m in problem.movements if m.ship == ship}
    return replace(
        problem,
        movements=tuple(
            replace(m, follows=tuple(link for link in m.follows if link.movement not in gone))
            for m in problem.movements
            if m.id not in gone
        ),
        stays=tuple(stay for stay in problem.stays if stay.ship != ship),
    )


def cost_of(problem: Problem, outcome: Outcome, ship: str) -> int:
    """What the movements of one ship cost in a plan."""
    at = starts(outcome)
    return sum(
        weighted(m, at[m.id]) if m.id in at else m.unplaced_cost
        for m in problem.movements
        if m.ship == ship
    )


def test_a_visit_that_is_dropped_never_hurts_the_others():
    seen = Counter()

    @FEW
    @given(problems(), st.integers(0, 2))
    def compare(problem, which):
        ship = problem.ships[which % len(problem.ships)].id
        before, after = answer(problem), answer(without(problem, ship))
        rest = before.objective.total - cost_of(problem, before, ship)
        assert never_dearer(after, rest)
        seen[proofs(before, after)] += 1

    compare()
    assert seen["proved"] > seen["open"]


@pytest.mark.parametrize("kind", ["visits", "one_way", "any_berth", "teams"])
def test_a_dropped_visit_lets_the_others_go_earlier(kind):
    problem = small(kind, 2, visits=3)
    before = answer(problem)
    for ship in problem.ships[:3]:
        after = answer(without(problem, ship.id))
        rest = before.objective.total - cost_of(problem, before, ship.id)
        assert never_dearer(after, rest)
        assert after.status == "optimal"


# ---- another clock ----------------------------------------------------------------------------


def moved(span: Interval, by: int) -> Interval:
    return Interval(span.begin + by, span.end + by)


def all_moved(spans: tuple[Interval, ...], by: int) -> tuple[Interval, ...]:
    return tuple(moved(span, by) for span in spans)


def without_what_was_before(problem: Problem) -> Problem:
    """The same problem with nothing that was to be, or has been, before its first tick."""
    return replace(
        problem,
        movements=tuple(
            replace(
                m,
                earliest=max(m.earliest, 0),
                latest=max(m.latest, m.earliest, 0),
                fixed=None if m.fixed is not None and m.fixed.start < 0 else m.fixed,
            )
            for m in problem.movements
        ),
    )


def later(problem: Problem, by: int) -> Problem:
    """The same problem by a clock that is some ticks ahead (whole samples of the tides)."""
    levels = tuple(
        replace(
            level,
            heights_mm=(HIGH_WATER_MM,) * (by // level.step_ticks) + level.heights_mm,
        )
        for level in problem.water_levels
    )
    return replace(
        problem,
        horizon=problem.horizon + by,
        berths=tuple(replace(b, closed=all_moved(b.closed, by)) for b in problem.berths),
        boarding_places=tuple(
            replace(p, slot_phase_ticks=(p.slot_phase_ticks - by) % p.slot_ticks)
            for p in problem.boarding_places
        ),
        water_levels=levels,
        daylight=all_moved(problem.daylight, by),
        visibility=tuple(replace(v, span=moved(v.span, by)) for v in problem.visibility),
        wind=tuple(replace(w, span=moved(w.span, by)) for w in problem.wind),
        closures=tuple(replace(c, span=moved(c.span, by)) for c in problem.closures),
        pools=tuple(
            replace(p, counts=tuple(replace(c, span=moved(c.span, by)) for c in p.counts))
            for p in problem.pools
        ),
        resources=tuple(resource_later(r, by) for r in problem.resources),
        movements=tuple(
            replace(
                m,
                requested=m.requested + by,
                earliest=m.earliest + by,
                latest=m.latest + by,
                cost_points=tuple((tick + by, value) for tick, value in m.cost_points),
                fixed=m.fixed and replace(m.fixed, start=m.fixed.start + by),
            )
            for m in problem.movements
        ),
        stays=tuple(
            replace(s, until=None if s.until is None else s.until + by, ready=s.ready + by)
            for s in problem.stays
        ),
    )


def resource_later(resource: Resource, by: int) -> Resource:
    """Nobody is at hand before what was the first tick, but for who was on a duty then."""
    off = all_moved(resource.off, by)
    return replace(
        resource,
        off=off if resource.past else (Interval(LONG_AGO, by), *off),
        breaks=tuple(replace(b, span=moved(b.span, by)) for b in resource.breaks),
        past=tuple(replace(p, span=moved(p.span, by)) for p in resource.past),
        watch=all_moved(resource.watch, by),
    )


def test_another_clock_costs_the_same():
    seen = Counter()

    @FEW
    @given(problems().map(without_what_was_before), st.sampled_from((1, 3)))
    def compare(problem, samples):
        by = samples * SAMPLE_STEP
        before, after = answer(problem), answer(later(problem, by))
        assert same_best(before, after)
        back = tuple(replace(p, start=p.start - by) for p in after.placements)
        assert breaches(problem, back) == []
        assert cost(problem, back) == after.objective.total
        seen[proofs(before, after)] += 1

    compare()
    assert seen["proved"] > seen["open"]


@pytest.mark.parametrize("kind", ["visits", "one_way", "any_berth", "teams"])
def test_another_clock_costs_a_small_port_the_same(kind):
    plain = small(kind, 6, visits=4)
    # Many wait for the reach to be open again; where any berth will do, they wait for a slot then.
    problem = replace(
        plain,
        closures=(Closure(id="works", span=Interval(60, 300), segments=("S0",)),),
        boarding_places=tuple(replace(p, slot_ticks=40) for p in plain.boarding_places),
    )
    before, after = answer(problem), answer(later(problem, 25))
    assert proofs(before, after) == "proved"
    assert before.objective.total == after.objective.total > 0


# ---- another map ------------------------------------------------------------------------------


def halved(problem: Problem, segment: str) -> Problem:
    """The same port with one reach told as two, its gate where all ships have passed two fifths.

    Told as two, these say something else, and are not in the problems that are halved: least
    headways, zones and overtaking of ships that pass in different times (a gate more to keep apart
    at), opposing ships with no clearing time between (they might meet at the very gate), water
    levels (told at a node more), fog (looked at where a ship enters a reach), and daylight where a
    night is as long as nothing.
    """
    (old,) = (s for s in problem.segments if s.id == segment)
    outer = replace(old, id=f"{segment}o", to_node=f"{segment} gate", length_mm=2_000_000)
    inner = replace(
        old, id=f"{segment}i", from_node=f"{segment} gate", length_mm=3_000_000, bridges=()
    )

    def legs(mode):
        for leg in mode.legs:
            if leg.segment != segment:
                yield leg
                continue
            passed = leg.leave - leg.enter
            gate = leg.enter + (passed * 2 // 5 if leg.forward else passed - passed * 2 // 5)
            first, second = (outer, inner) if leg.forward else (inner, outer)
            yield replace(leg, segment=first.id, leave=gate)
            yield replace(leg, segment=second.id, enter=gate)

    return replace(
        problem,
        segments=tuple(
            part for s in problem.segments for part in ((outer, inner) if s is old else (s,))
        ),
        closures=tuple(
            replace(
                c,
                segments=tuple(
                    name
                    for s in c.segments
                    for name in ((outer.id, inner.id) if s == segment else (s,))
                ),
            )
            for c in problem.closures
        ),
        movements=tuple(
            replace(m, modes=tuple(replace(o, legs=tuple(legs(o))) for o in m.modes))
            for m in problem.movements
        ),
    )


@pytest.mark.parametrize("segment", ["S0", "S1", "S2"])
@pytest.mark.parametrize("seed", [2, 6])
def test_a_reach_told_as_two_costs_the_same(seed, segment):
    plain = small("visits", seed, visits=4, even=True)
    rules = {
        "S0": {"passing": "by_pair", "combined_beam_mm": 60_000},
        "S1": {"passing": "by_pair", "one_way": OneWay(loa_mm=200_000)},
        "S2": {"daylight_loa_mm": 200_000},
    }
    problem = replace(
        plain,
        segments=tuple(replace(s, **rules.get(s.id, {})) for s in plain.segments),
        daylight=(Interval(120, 600), Interval(1_560, 2_040)),
        closures=(Closure(id="works", span=Interval(300, 360), segments=("S0", "S2")),),
    )
    two = halved(problem, segment)
    assert validate(two) == ()
    one_answer, two_answer = answer(problem), answer(two)
    assert proofs(one_answer, two_answer) == "proved"
    assert one_answer.objective.total == two_answer.objective.total > 0


# ---- another order ----------------------------------------------------------------------------


def test_the_order_of_what_is_listed_changes_no_proved_cost():
    seen = Counter()

    @FEW
    @given(problems(), st.randoms(use_true_random=False))
    def compare(problem, chance):
        other = shuffled(problem, chance)
        before, after = answer(problem), answer(other)
        assert same_best(before, after)
        seen[proofs(before, after)] += 1

    compare()
    assert seen["proved"] > seen["open"]


def shuffled(problem: Problem, chance) -> Problem:
    def mixed(items):
        return tuple(chance.sample(items, len(items)))

    return replace(
        problem,
        ships=mixed(problem.ships),
        segments=mixed(problem.segments),
        berths=mixed(problem.berths),
        resources=mixed(problem.resources),
        movements=mixed(problem.movements),
        stays=mixed(problem.stays),
    )


@pytest.mark.parametrize("kind", ["visits", "one_way", "any_berth", "teams"])
def test_movements_told_backwards_cost_the_same(kind):
    problem = small(kind, 3, visits=3)
    before = answer(problem)
    after = answer(replace(problem, movements=problem.movements[::-1]))
    assert proofs(before, after) == "proved"
    assert before.objective.total == after.objective.total
