"""Questions of one feature each, as any port may put them: valid, solved, and judged sound."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import booleans, data, integers, lists, sets, tuples

from scheduler import Limits, Outcome, Problem, publish, replan, solve
from scheduler.checks import check
from scheduler.conflicts import Conflicts
from scheduler.costs import cost, costs
from scheduler.crewing import crew
from scheduler.draft import Draft
from scheduler.exact import Exact, Limit
from scheduler.exact_counts import add_counts
from scheduler.problem import (
    Berth,
    Break,
    Count,
    Duty,
    Fixed,
    Gap,
    Interval,
    Leg,
    Mode,
    Movement,
    Need,
    Pool,
    Resource,
    Segment,
    Ship,
    Stay,
)
from scheduler.validation import validate
from scheduler.wire import problem_from_json, problem_to_json
from tests.scheduler.builders import a_crew, placed, spans
from tests.scheduler.checks.judging import broken
from tests.scheduler.plans import breaches, starts
from tests.scheduler.rules.asking import differences

SHORT = Limits(wall_s=0.4, workers=1)
SEA = Segment(id="S", from_node="sea", to_node="port", length_mm=1_000_000)


def a_ship(name: str, kind: str = "bulk", **changes) -> Ship:
    return replace(Ship(id=name, kind=kind, loa_mm=100_000, beam_mm=20_000), **changes)


def a_movement(name: str, *modes: Mode, **changes) -> Movement:
    """Wanted at once; it takes 10 ticks and goes nowhere in particular."""
    movement = Movement(
        id=name,
        ship=name,
        kind="entry",
        draught_mm=5_000,
        modes=modes or (Mode(id="m", legs=(), end_at=10),),
        requested=0,
        earliest=0,
        latest=199,
    )
    return replace(movement, **changes)


def ask(*movements: Movement, **changes) -> Problem:
    ships = tuple(a_ship(name) for name in dict.fromkeys(m.ship for m in movements))
    return replace(Problem(horizon=200, ships=ships, movements=movements), **changes)


def answer(problem: Problem, limits: Limits = SHORT) -> Outcome:
    """The plan of a problem that has come as JSON; it is refused nowhere and breaks nothing."""
    assert validate(problem) == ()
    read = problem_from_json(problem_to_json(problem))
    assert read == problem
    outcome = solve(read, limits)
    assert breaches(problem, outcome) == []
    return outcome


def served(name: str, pool: str, count: int = 1, **changes) -> Movement:
    """A movement with a need of a pool for the first 10 ticks."""
    mode = Mode(id="m", legs=(), end_at=10, duties=(Duty(need="n", begin=0, end=10),))
    return a_movement(name, mode, needs=(Need(id="n", pool=pool, count=count),), **changes)


def three(pool: str, count: int = 1) -> tuple[Movement, ...]:
    return tuple(served(name, pool, count) for name in "abc")


# ---- nothing but movements ------------------------------------------------------------------


def test_movements_without_any_limit_start_when_they_are_wanted():
    outcome = answer(ask(*(a_movement(name, requested=7) for name in "abc")))
    assert starts(outcome) == {"a": 7, "b": 7, "c": 7}
    assert outcome.status == "optimal"


def test_an_empty_question_has_an_empty_answer():
    assert answer(Problem(horizon=1)).placements == ()


def test_one_berth_and_no_channel():
    berths = (Berth(id="B", node="port", turnover_ticks=5),)
    into = Mode(id="m", legs=(), to_place="B", end_at=2)
    out = Mode(id="m", legs=(), from_place="B", clear_at=1, end_at=2)
    movements = []
    stays = []
    for name in "ab":
        movements.append(a_movement(f"in-{name}", into, ship=name))
        movements.append(a_movement(f"out-{name}", out, ship=name, kind="exit"))
        stays.append(
            Stay(id=name, ship=name, entry=f"in-{name}", exit=f"out-{name}", service_ticks=20)
        )
    told = starts(answer(ask(*movements, berths=berths, stays=tuple(stays))))
    first, second = sorted("ab", key=lambda name: told[f"in-{name}"])
    assert told[f"in-{first}"] == 0
    assert told[f"out-{first}"] == 22
    assert told[f"in-{second}"] == 22 + 1 + 5


def test_water_that_nobody_tells_of_is_no_limit():
    deep = replace(SEA, depth_mm=None, ukc_mm=1_000)
    mode = Mode(id="m", legs=(Leg(segment="S", forward=True, enter=0, leave=10),), end_at=10)
    one = a_movement("a", mode, draught_mm=90_000)
    assert starts(answer(ask(one, segments=(deep,)))) == {"a": 0}


# ---- daylight -------------------------------------------------------------------------------


def test_daylight_that_is_asked_for_has_to_be_told():
    (fault,) = validate(ask(a_movement("a", daylight_only=True)))
    assert (fault.path, fault.code) == ("/movements/0/daylight_only", "daylight_not_told")
    waived = ask(a_movement("a", daylight_only=True, waived=("daylight",)))
    assert starts(answer(waived)) == {"a": 0}


def test_a_daylight_reach_asks_for_daylight_only_of_long_ships():
    reach = replace(SEA, daylight_loa_mm=100_001)
    mode = Mode(id="m", legs=(Leg(segment="S", forward=True, enter=0, leave=10),), end_at=10)
    assert starts(answer(ask(a_movement("a", mode), segments=(reach,)))) == {"a": 0}
    reach = replace(SEA, daylight_loa_mm=100_000)
    (fault,) = validate(ask(a_movement("a", mode), segments=(reach,)))
    assert fault.path == "/movements/0/modes/0/legs/0"


def test_a_daylight_movement_goes_by_day_and_in_the_dark_not_at_all():
    one = a_movement("a", daylight_only=True)
    assert starts(answer(ask(one, daylight=spans((50, 90))))) == {"a": 50}
    dark = answer(ask(one, daylight=spans((-9, -1))))
    assert [left_out.reasons[0].rule for left_out in dark.unplaced] == ["daylight"]


# ---- pools ----------------------------------------------------------------------------------


@pytest.mark.parametrize("pool", ["pilots", "tugs", "linesmen", "launches", "班组"])
def test_a_pool_of_any_name_serves_one_after_the_other(pool):
    problem = ask(*three(pool), pools=(Pool(id=pool),), resources=(Resource(id="r", pool=pool),))
    outcome = answer(problem)
    assert sorted(starts(outcome).values()) == [0, 10, 20]
    assert outcome.status == "optimal"
    together = [placed(name, 0, a_crew("r", need="n")) for name in "abc"]
    assert {breach.rule for breach in check(problem, together)} == {pool}


def test_what_a_pool_of_any_name_keeps_from_starting_is_told_under_its_name():
    problem = ask(
        *(served(name, "gangs", latest=5) for name in "ab"),
        pools=(Pool(id="gangs"),),
        resources=(Resource(id="r", pool="gangs"),),
    )
    (left_out,) = answer(problem).unplaced
    assert left_out.reasons[0].rule == "gangs"


def test_a_pool_without_anybody_serves_nobody():
    (left_out,) = answer(ask(served("a", "gangs"), pools=(Pool(id="gangs"),))).unplaced
    assert left_out.reasons[0].rule == "gangs"
    assert left_out.reasons[0].params["have_count"] == 0


def test_a_rule_of_another_pool_can_be_waived():
    first, second = (served(name, "gangs", latest=5) for name in "ab")
    problem = ask(
        first,
        replace(second, waived=("gangs",)),
        pools=(Pool(id="gangs"),),
        resources=(Resource(id="r", pool="gangs"),),
    )
    assert starts(answer(problem)) == {"a": 0, "b": 0}


# ---- counted pools --------------------------------------------------------------------------


def counted(*movements: Movement, counts: tuple[tuple[int, int, int], ...]) -> Problem:
    told = tuple(Count(Interval(begin, end), count) for begin, end, count in counts)
    return ask(*movements, pools=(Pool(id="gangs", counts=told),))


def test_a_counted_pool_serves_as_many_as_there_are():
    problem = counted(*three("gangs"), counts=((0, 200, 2),))
    outcome = answer(problem)
    assert sorted(starts(outcome).values()) == [0, 0, 10]
    assert {place.crews for place in outcome.placements} == {(a_crew("gangs/1", need="n"),)}


def test_a_counted_pool_gives_each_need_its_number():
    problem = counted(
        served("a", "gangs", 2),
        served("b", "gangs", 2),
        served("c", "gangs"),
        counts=((0, 200, 3),),
    )
    told = starts(answer(problem))
    assert sorted(told.values()) == [0, 0, 10]
    assert told["c"] == 0


def test_a_counted_pool_may_change_while_a_duty_goes_on():
    # One of them is there for the whole time of "long"; whichever it is, is of no matter.
    long = Mode(id="m", legs=(), end_at=30, duties=(Duty(need="n", begin=0, end=30),))
    movements = (
        served("early", "gangs", latest=0),
        replace(served("long", "gangs"), modes=(long,), requested=5, earliest=5, latest=5),
    )
    problem = counted(*movements, counts=((0, 5, 1), (5, 10, 2), (10, 40, 1)))
    assert starts(answer(problem)) == {"early": 0, "long": 5}


def test_outside_of_its_spans_nobody_is_there():
    problem = counted(served("a", "gangs"), counts=((30, 45, 1), (45, 60, 1)))
    assert starts(answer(problem)) == {"a": 30}
    never = answer(counted(served("a", "gangs", 2), counts=((0, 200, 1),)))
    assert never.unplaced[0].reasons[0].rule == "gangs"
    assert never.unplaced[0].reasons[0].params["need_count"] == 2


def test_more_than_there_are_is_a_breach_at_the_tick_it_begins():
    problem = counted(*three("gangs"), counts=((0, 7, 2), (7, 200, 1)))
    crew = a_crew("gangs/1", need="n")
    (breach,) = check(problem, [placed("a", 0, crew), placed("b", 5, crew), placed("c", 15, crew)])
    assert (breach.rule, breach.movements, breach.status) == ("gangs", ("a", "b"), "new")
    assert breach.params == {"code": "number", "tick": 7, "have_count": 1, "need_count": 2}


def test_another_number_than_is_asked_for_is_a_breach():
    problem = counted(served("a", "gangs", 2), counts=((0, 200, 5),))
    for names in ((), ("gangs/1",), ("gangs/1", "gangs/1"), ("gangs/2", "gangs/3")):
        found = check(problem, [placed("a", 0, a_crew(*names, need="n"))])
        assert "count" in {breach.params["code"] for breach in found}, names
    assert check(problem, [placed("a", 0, a_crew("gangs/1", "gangs/2", need="n"))]) == ()


def test_a_waiver_covers_its_own_ship_and_no_other():
    first, *others = three("gangs")
    problem = counted(replace(first, waived=("gangs",)), *others, counts=((0, 200, 1),))
    crew = a_crew("gangs/1", need="n")
    statuses = [
        [b.status for b in check(problem, [placed(name, 0, crew) for name in names])]
        for names in ("ab", "bc", "abc")
    ]
    assert statuses == [["waived"], ["new"], ["new"]]


def test_what_has_happened_takes_its_part_of_a_counted_pool():
    first, second, third = three("gangs")
    crews = (a_crew("gangs/1", need="n"),)
    happened = replace(first, fixed=Fixed(mode="m", start=-4, crews=crews, actual=True))
    problem = counted(happened, second, third, counts=((-10, 200, 2),))
    told = starts(answer(problem))
    assert sorted(told.values()) == [-4, 0, 6]
    without = replace(first, fixed=Fixed(mode="m", start=-4, actual=True))
    told = starts(answer(counted(without, second, third, counts=((-10, 200, 2),))))
    assert sorted(told.values()) == [-4, 0, 0]


def test_a_counted_pool_that_shrinks_is_mended_with_one_change():
    problem = counted(*three("gangs"), counts=((0, 200, 3),))
    outcome = answer(problem)
    assert sorted(starts(outcome).values()) == [0, 0, 0]
    now = publish(problem, outcome)
    assert replan(now, SHORT).changes == ()
    fewer = replace(now, pools=(Pool(id="gangs", counts=(Count(Interval(0, 200), 2),)),))
    mended = replan(fewer, SHORT)
    assert breaches(fewer, mended) == []
    assert [abs((one.start_after or 0) - 0) for one in mended.changes] == [10]


@given(data())
@settings(max_examples=60)
def test_a_counted_pool_is_read_twice_alike(draw):
    """By a roster and by the check: whether one more can start, with others placed anyhow."""
    edges = sorted(draw.draw(sets(integers(-5, 30), min_size=2, max_size=5)))
    counts = tuple((a, b, draw.draw(integers(0, 3))) for a, b in pairwise(edges))
    movements = [served(name, "gangs", draw.draw(integers(1, 3))) for name in "abc"]
    problem = counted(*movements, counts=counts)
    draft = Draft(Conflicts(problem))
    plan = []
    for k, start in enumerate(draw.draw(lists(integers(0, 25), min_size=2, max_size=2))):
        teams = crew(draft, k, k, start)
        if teams is not None:
            draft.place(k, k, start, teams)
            plan.append(draft.placements()[-1])
    assert breaches(problem, plan) == []
    need = movements[2].needs[0]
    crew_c = a_crew(*(f"gangs/{n}" for n in range(1, need.count + 1)), need="n")
    for start in range(30):
        alone = placed("c", start, crew_c)
        sound = not [b for b in check(problem, [*plan, alone]) if "c" in b.movements]
        assert (crew(draft, 2, 2, start) is not None) == sound, start


def test_the_exact_model_shares_a_counted_pool():
    problem = counted(*three("gangs"), counts=((0, 5, 1), (5, 15, 2), (15, 200, 1)))
    exact = Exact(Draft(Conflicts(problem)), range(3))
    add_counts(exact)
    # Nobody could be told by name: who is there for 0-10 or for 10-20 is not there for 5-15.
    assert exact.minimise(exact.total(), Limit(5.0)) == 15
    assert sorted(place.start for place in exact.places().values()) == [0, 5, 10]


@pytest.mark.parametrize(
    ("path", "code", "changes"),
    [
        ("/pools/0/places", "counted_pool", {"places": ("x",), "travel_ticks": ((0,),)}),
        ("/pools/0/max_duties", "counted_pool", {"max_duties": 3}),
        (
            "/pools/0/counts/1/span/begin",
            "overlaps",
            {"counts": (Count(Interval(0, 9), 1), Count(Interval(8, 10), 1))},
        ),
        ("/pools/0/counts/0/span", "end_not_after_begin", {"counts": (Count(Interval(1, 1), 1),)}),
        ("/pools/0/counts/0/count", "out_of_range", {"counts": (Count(Interval(0, 1), -1),)}),
    ],
)
def test_a_counted_pool_has_nothing_but_its_numbers(path, code, changes):
    problem = counted(served("a", "gangs"), counts=((0, 9, 1),))
    (pool,) = problem.pools
    faults = validate(replace(problem, pools=(replace(pool, **changes),)))
    assert (path, code) in {(fault.path, fault.code) for fault in faults}


def test_members_pull_and_a_second_need_are_not_asked_of_a_counted_pool():
    one = served("a", "gangs")
    (need,) = one.needs
    one = replace(one, needs=(replace(need, pull_kg=1), replace(need, id="again")))
    problem = counted(one, counts=((0, 9, 1),))
    faults = validate(replace(problem, resources=(Resource(id="r", pool="gangs"),)))
    assert {(fault.path, fault.code) for fault in faults} == {
        ("/resources/0/pool", "counted_pool"),
        ("/movements/0/needs/0/pull_kg", "counted_pool"),
        ("/movements/0/needs/1/pool", "counted_twice"),
    }


def test_a_fixed_team_of_a_counted_pool_is_its_number():
    fixed = Fixed(mode="m", start=3, crews=(a_crew("gangs/1", need="n"),))
    one = served("a", "gangs", fixed=fixed)
    assert starts(answer(counted(one, counts=((0, 200, 1),)))) == {"a": 3}
    wrong = replace(fixed, crews=(a_crew("gangs/2", need="n"),))
    (fault,) = validate(counted(replace(one, fixed=wrong), counts=((0, 200, 1),)))
    assert (fault.path, fault.code) == ("/movements/0/fixed/crews/0/resources", "not_its_number")


# ---- breaks ---------------------------------------------------------------------------------


def on_a_break(ticks: int) -> Problem:
    pause = Break(Interval(0, 40), ticks)
    return ask(
        *three("pilots"),
        pools=(Pool(id="pilots"),),
        resources=(Resource(id="r", pool="pilots", breaks=(pause,)),),
    )


def test_a_planned_break_finds_its_time_within_its_span():
    assert sorted(starts(answer(on_a_break(10))).values()) == [0, 10, 20]
    # 20 ticks on end are left between two or after them: the third comes after the span.
    told = sorted(starts(answer(on_a_break(20))).values())
    assert told in ([0, 10, 40], [0, 30, 40])
    assert sorted(starts(answer(on_a_break(40))).values()) == [40, 50, 60]


def test_a_break_that_duties_leave_no_time_for_is_a_breach():
    plan = [placed(name, 12 * k, a_crew("r", need="n")) for k, name in enumerate("abc")]
    (breach,) = check(on_a_break(7), plan)
    assert (breach.movements, breach.resources) == (("a", "b", "c"), ("r",))
    assert breach.params == {
        "code": "break", "need_ticks": 7, "have_ticks": 6, "begin_tick": 0, "end_tick": 40,
    }  # fmt: skip
    assert check(on_a_break(6), plan) == ()


def test_a_break_is_no_longer_than_its_span():
    (fault,) = validate(on_a_break(41))
    assert (fault.path, fault.code) == ("/resources/0/breaks/0/ticks", "break_longer_than_span")


# ---- times between kinds --------------------------------------------------------------------


def queue(kinds: str, **changes) -> Problem:
    """Ships that pass one gate: heavy, medium and light ones, as they come in to land."""
    mode = Mode(id="m", legs=(Leg(segment="S", forward=True, enter=0, leave=0),), end_at=1)
    gaps = {"HH": 4, "HM": 5, "HL": 6, "MH": 3, "MM": 3, "ML": 4, "LH": 3, "LM": 3, "LL": 3}
    movements = tuple(a_movement(f"{kind}{n}", mode) for n, kind in enumerate(kinds))
    problem = ask(
        *movements,
        segments=(SEA,),
        gaps=tuple(Gap(leader=a, follower=b, ticks=t) for (a, b), t in gaps.items()),
    )
    return replace(problem, ships=tuple(a_ship(m.id, m.id[0]) for m in movements), **changes)


def test_a_queue_with_times_between_kinds_is_put_into_its_best_order():
    # One after another, the lightest first: 3 + 3 + 4 ticks, every other order is dearer.
    outcome = answer(queue("HLMH"))
    told = sorted(starts(outcome).items(), key=lambda item: item[1])
    assert [start for _, start in told] == [0, 3, 6, 10]
    assert [name[0] for name, _ in told] in (["L", "M", "H", "H"], ["M", "L", "H", "H"])
    assert outcome.status == "optimal"


def test_a_gap_counts_from_the_one_that_is_first_there():
    problem = queue("HL")
    for heavy, light, need_ticks in ((0, 5, 6), (0, 6, 0), (2, 0, 3), (3, 0, 0), (0, 0, 6)):
        found = check(problem, [placed("H0", heavy), placed("L1", light)])
        told = [breach.params["need_ticks"] for breach in found]
        assert told == ([need_ticks] if need_ticks else []), (heavy, light)


@given(tuples(*[integers(0, 4)] * 4), integers(0, 3), booleans())
@settings(max_examples=80)
def test_gaps_are_read_twice_alike(told, headway, everywhere):
    modes = [
        Mode(id="m", legs=(Leg(segment="S", forward=True, enter=1, leave=1 + stay),), end_at=9)
        for stay in (3, 5)
    ]
    segment = None if everywhere else "S"
    pairs = (("H", "H"), ("H", "L"), ("L", "H"), ("L", "L"))
    problem = replace(
        ask(*(a_movement(name, mode) for name, mode in zip("ab", modes, strict=True))),
        segments=(SEA,),
        ships=(a_ship("a", "H", headway_ticks=headway), a_ship("b", "L")),
        gaps=tuple(
            Gap(leader=one, follower=two, ticks=ticks, segment=segment)
            for (one, two), ticks in zip(pairs, told, strict=True)
        ),
    )
    forbidden = differences("headway", problem)
    for gap in range(-10, 11):
        found = broken("headway", problem, placed("a", 20), placed("b", 20 + gap))
        assert found == (gap in forbidden), gap


# ---- costs over time ------------------------------------------------------------------------


def test_a_table_of_costs_is_linear_between_its_points_and_level_outside():
    one = a_movement("a", cost_points=((-5, 9), (10, 0), (13, 10), (40, 2)))
    told = [cost(one, start) for start in (-9, -5, 10, 11, 12, 13, 40, 99)]
    assert told == [9, 9, 0, 3, 6, 10, 2, 2]
    ticks = np.arange(-20, 60)
    assert costs(one, ticks).tolist() == [cost(one, int(tick)) for tick in ticks]


def test_costs_over_time_are_added_up_in_the_answer():
    fixed = Fixed(mode="m", start=20)
    one = a_movement("a", cost_points=((0, 10), (100, 110)), fixed=fixed)
    outcome = answer(ask(one))
    assert (outcome.objective.weighted_late, outcome.objective.total) == (30, 30)


def test_points_of_a_table_of_costs_ascend():
    (fault,) = validate(ask(a_movement("a", cost_points=((3, 1), (3, 2)))))
    assert (fault.path, fault.code) == ("/movements/0/cost_points/1/0", "not_ascending")


def test_the_cheapest_start_of_a_table_is_found_wherever_it_lies():
    # A dip before the wanted start, and a deeper one long after it.
    points = ((0, 50), (20, 5), (30, 40), (80, 40), (90, 1), (100, 60))
    one = a_movement("a", cost_points=points, requested=30)
    outcome = answer(ask(one))
    assert starts(outcome) == {"a": 90}
    assert (outcome.status, outcome.objective.total) == ("optimal", 1)


def test_costs_over_time_decide_who_waits():
    # "a" has to be gone by 20, or it had better wait until 60; "b" gets dearer by the tick.
    early = ((0, 0), (20, 0), (21, 500), (60, 20), (100, 20))
    movements = (
        served("a", "gangs", cost_points=early),
        served("b", "gangs", cost_points=((0, 0), (100, 1000))),
        served("c", "gangs", cost_points=((0, 0), (100, 2000))),
    )
    outcome = answer(counted(*movements, counts=((0, 200, 1),)))
    assert starts(outcome) == {"c": 0, "b": 10, "a": 20}
    assert (outcome.status, outcome.objective.total) == ("optimal", 100)


def test_a_counted_pool_that_changes_is_proved_to_be_used_in_the_best_way():
    problem = counted(*three("gangs"), counts=((0, 5, 1), (5, 15, 2), (15, 200, 1)))
    outcome = answer(problem)
    assert (sorted(starts(outcome).values()), outcome.status) == ([0, 5, 10], "optimal")
