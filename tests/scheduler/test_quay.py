"""Positions along a continuous quay: packed in time and length, kept, explained."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from scheduler import Limits, replan, solve
from scheduler.certainty import certainty
from scheduler.checks import check
from scheduler.conflicts import Conflicts
from scheduler.draft import Draft, Place
from scheduler.exact import Exact, Limit
from scheduler.margins import margins
from scheduler.positions import Room, Wall
from scheduler.problem import Fixed, Published, Stay
from scheduler.publishing import publish
from scheduler.rules.berth_occupancy import barred, gap_ticks
from scheduler.starts import is_open
from scheduler.tables import Tables
from scheduler.validation import validate
from scheduler.ways import Claim
from scheduler.what_if import what_if
from scheduler.wire import outcome_from_json, outcome_to_json, problem_from_json, problem_to_json
from scheduler.wishes import Instead
from tests.bench.quay import quay
from tests.scheduler.oracle import TooLarge, best_plan, candidates, cost, new_breaches
from tests.scheduler.plans import breaches, changed, starts
from tests.scheduler.quays import a_call, a_quay_of, begins, quay_problems
from tests.scheduler.strategies import problems

QUICK = Limits(wall_s=2.0, workers=1, deterministic=True)
NO_TIME = Limits(wall_s=0.0, workers=1)
MEND = Limits(wall_s=0.3, workers=1)


def answer(problem, limits=QUICK):
    assert validate(problem) == ()
    outcome = solve(problem, limits)
    assert breaches(problem, outcome) == []
    return outcome


def entries(outcome):
    return {name: start for name, start in starts(outcome).items() if name.endswith("-in")}


# ---- packing ----------------------------------------------------------------------------------


def three(length, **changes):
    calls = (a_call(name, size, (0, length)) for name, size in (("a", 4), ("b", 3), ("c", 3)))
    return a_quay_of(length, *calls, **changes)


@pytest.mark.parametrize(("length", "clearance", "waiting"), [(10, 0, 0), (9, 0, 1), (12, 1, 0),
                                                              (11, 1, 1)])  # fmt: skip
def test_ships_lie_side_by_side_to_the_millimetre(length, clearance, waiting):
    outcome = answer(three(length, clearance=clearance))
    assert outcome.status == "optimal"
    assert sum(start > 0 for start in entries(outcome).values()) == waiting


@pytest.mark.parametrize("turnover", [0, 2])
def test_who_finds_no_room_comes_at_the_first_tick_at_which_there_is_some(turnover):
    outcome = answer(three(9, turnover=turnover))
    # the first to leave begins at 6 and is clear at 7
    assert sorted(entries(outcome).values()) == [0, 0, 7 + turnover]


def test_ships_that_fit_in_one_packing_only_are_packed():
    # d comes when only the middle can be freed for it: the others have to lie apart for its sake
    calls = (
        a_call("a", 3, (0, 10), service=20),
        a_call("b", 2, (0, 10), service=3),
        a_call("c", 2, (0, 10), service=3),
        a_call("d", 3, (0, 10), service=20),
        a_call("e", 4, (0, 10), requested=5),
    )
    outcome = answer(a_quay_of(10, *calls))
    assert outcome.status == "optimal"
    assert outcome.objective.total == 0
    lying = begins(outcome)
    assert {lying["a"], lying["d"]} in ({0, 7}, {0, 3}, {4, 7})


def test_where_there_is_no_room_it_is_left_out_and_told_of_who_lies_there():
    calls = (
        a_call("a", 5, (0, 8), service=50, latest=0),
        a_call("b", 4, (0, 8), requested=3, latest=40),
    )
    outcome = answer(a_quay_of(8, *calls))
    (left_out,) = [one for one in outcome.unplaced if one.movement == "b-in"]
    assert left_out.reasons[0].rule == "berth_occupancy"
    assert left_out.reasons[0].movements == ("a-out",)


def test_a_wait_names_the_ships_that_would_have_to_go_for_a_place():
    calls = (
        a_call("a", 6, (0, 10)),
        a_call("b", 2, (0, 10)),
        a_call("c", 2, (0, 10)),
        a_call("d", 4, (0, 10), requested=2),
    )
    problem = a_quay_of(10, *calls)
    outcome = answer(problem)
    (reason,) = outcome.waits["d-in"]
    assert reason.rule == "berth_occupancy"
    assert reason.movements == ("a-out",)
    assert reason.gain_ticks == 5


@pytest.mark.parametrize("seed", [2, 4])
def test_a_small_quay_is_proved(seed):
    problem = quay(8, seed, load=1.6)
    outcome = answer(problem, Limits(wall_s=30.0, workers=2))
    assert outcome.status == "optimal"
    assert outcome.objective.total == outcome.lower_bound


@pytest.mark.parametrize(
    ("lean", "begin_mm"), [("ends", 11), ("first", 2), ("last", 11), ("gap", 6)]
)
def test_of_several_positions_one_is_taken_by_what_is_leaned_to(lean, begin_mm):
    # begins 2 to 4, 6 to 7 and 9 to 11 of 0 to 12 are free
    taken = ((0, 1), (5, 5), (8, 8), (12, 12))
    walls = [Wall(0, 9, first, last, "r", None, is_firm=False) for first, last in taken]
    room = Room(0, 12, walls)
    assert room.best(5, None, lean) == begin_mm
    assert room.best(5, 10, lean) == 10, "there is room at home"
    assert room.best(5, 8, lean) == begin_mm


# ---- two readings -----------------------------------------------------------------------------

STRETCHES = st.tuples(st.integers(0, 8), st.integers(1, 5)).map(lambda at: (at[0], sum(at)))


@given(
    st.sampled_from(("B1", "B2", "B3")),
    st.none() | STRETCHES,
    st.integers(1, 4),
    st.integers(0, 2),
)
def test_a_begin_is_barred_where_the_claim_there_would_be_excluded(place, held, length, clearance):
    problem = a_quay_of(9, a_call("a", length, (0, 9)), clearance=clearance, turnover=3)
    berth = problem.berths[0]
    berths = (
        berth,
        replace(berth, id="B2", begin_mm=5, turnover_ticks=4),
        replace(berth, id="B3", quay=None),
    )
    tables = Tables(replace(problem, berths=berths))
    one, other = Claim("B1", (0, 9), length), Claim(place, held)
    found = barred(tables, one, other)
    for begin in range(10 - length):
        gap = None
        if found is not None and found[0] <= begin <= found[1]:
            gap = found[2]
        assert gap == gap_ticks(tables, one.at(begin), other)


WALLS = st.builds(
    lambda low, ticks, first, mm: Wall(
        low, low + ticks, first, first + mm, "r", None, is_firm=False
    ),
    *(st.integers(-2, 8), st.integers(-1, 5), st.integers(-3, 9), st.integers(0, 6)),
)


@given(st.lists(WALLS, max_size=5), st.integers(0, 4), st.integers(0, 5))
def test_a_room_is_full_where_every_begin_is_barred(walls, first, more):
    room = Room(first, first + more, walls)
    full = {tick for low, high in room.full() for tick in range(low, high + 1)}
    for start in range(-2, 14):
        met = [w for w in walls if w.low <= start <= w.high]
        left = [
            begin
            for begin in range(first, first + more + 1)
            if not any(w.first_mm <= begin <= w.last_mm for w in met)
        ]
        assert (start in full) == (not left)
        assert [b for low, high in room.free(start) for b in range(low, high + 1)] == left
        assert (room.best(start, None) in left) if left else (room.best(start, None) is None)
        if not left:
            others = [w for w in walls if w not in room.in_the_way(start)]
            assert start not in {t for a, b in Room(first, first + more, others).full()
                                 for t in range(a, b + 1)}  # fmt: skip


def test_rule_and_model_find_room_where_the_check_has_nothing_against_it():
    seen = Counter()

    @settings(max_examples=60, deadline=None)
    @given(quay_problems(exits=False), st.randoms(use_true_random=False))
    def agree(problem, chance):
        plan = [chance.choice(list(candidates(problem, raw))) for raw in problem.movements]
        moved = chance.randrange(len(plan)) if plan else None
        if moved is None or problem.movements[moved].modes[0].along_mm is None:
            return
        if problem.movements[moved].fixed is not None:
            return
        others = [one for k, one in enumerate(plan) if k != moved]
        if new_breaches(check(problem, tuple(others))):
            return
        conflicts = Conflicts(problem)
        draft = Draft(conflicts)
        for k, one in enumerate(plan):
            if k != moved:
                draft.put(k, Place(k, one.start, {}, one.begin_mm))
        options: dict[int, list[bool]] = {}
        for one in candidates(problem, problem.movements[moved]):
            fine = not new_breaches(check(problem, (*others, one)))
            assert is_open(draft, moved, moved, one.start, one.begin_mm) == fine, one
            options.setdefault(one.start, []).append(fine)
            seen[fine] += 1
            if chance.random() < 0.1:
                exact = Exact(draft, [moved])
                free = exact.free[moved]
                exact.model.add(free.placed == 1)
                exact.model.add(free.start == one.start)
                exact.model.add(next(iter(free.begins.values())) == one.begin_mm)
                assert (exact.minimise(0, Limit(5.0)) is not None) == fine, one
                seen["modelled", fine] += 1
        for start, fine in options.items():
            assert is_open(draft, moved, moved, start) == any(fine)

    agree()
    assert all(seen[fine] and seen["modelled", fine] for fine in (True, False)), seen


def test_no_packing_is_better_than_what_is_proved():
    proved = Counter()

    @settings(max_examples=60, deadline=None)
    @given(quay_problems())
    def compare(problem):
        try:
            best = best_plan(problem)
        except TooLarge:
            reject()
        outcome = answer(problem)
        assert outcome.objective.total == cost(problem, outcome.placements)
        assert outcome.objective.total >= cost(problem, best)
        if outcome.status == "optimal":
            assert outcome.objective.total == cost(problem, best)
        at_once = answer(problem, NO_TIME)
        assert at_once.objective.total >= cost(problem, best)
        proved[outcome.status] += 1

    compare()
    assert proved["optimal"] > 3 * proved["feasible"], proved


# ---- the same question in another way ---------------------------------------------------------


def shifted(problem, by_mm):
    """The same question with everything further along the quay."""

    def span(at):
        return None if at is None else (at[0] + by_mm, at[1] + by_mm)

    def movement(raw):
        modes = tuple(
            replace(mode, along_mm=span(mode.along_mm), stretch_mm=span(mode.stretch_mm))
            for mode in raw.modes
        )
        fixed = raw.fixed
        if fixed is not None and fixed.begin_mm is not None:
            fixed = replace(fixed, begin_mm=fixed.begin_mm + by_mm)
        return replace(raw, modes=modes, fixed=fixed)

    return replace(
        problem,
        berths=tuple(
            replace(berth, begin_mm=berth.begin_mm + by_mm, end_mm=berth.end_mm + by_mm)
            for berth in problem.berths
        ),
        movements=tuple(map(movement, problem.movements)),
        stays=tuple(replace(stay, stretch_mm=span(stay.stretch_mm)) for stay in problem.stays),
    )


@settings(max_examples=30, deadline=None)
@given(quay_problems(), st.integers(1, 1000))
def test_a_plan_shifts_with_the_quay(problem, by_mm):
    one, other = (answer(asked, NO_TIME) for asked in (problem, shifted(problem, by_mm)))
    assert starts(other) == starts(one)
    assert begins(other) == {name: begin + by_mm for name, begin in begins(one).items()}
    one, other = (answer(asked) for asked in (problem, shifted(problem, by_mm)))
    if one.status == other.status == "optimal":
        assert other.objective.total == one.objective.total


def test_a_longer_quay_is_never_worse():
    seen = Counter()

    @settings(max_examples=30, deadline=None)
    @given(quay_problems(), st.integers(1, 3))
    def compare(problem, more):
        length = problem.berths[0].end_mm

        def longer(raw):
            mode = raw.modes[0]
            if mode.along_mm is None or mode.along_mm[1] < length:
                return raw
            mode = replace(mode, along_mm=(mode.along_mm[0], length + more))
            return replace(raw, modes=(mode,))

        wide = replace(
            problem,
            berths=(replace(problem.berths[0], end_mm=length + more), *problem.berths[1:]),
            movements=tuple(map(longer, problem.movements)),
        )
        before, after = answer(problem), answer(wide)
        if before.status == after.status == "optimal":
            assert after.objective.total <= before.objective.total
            seen[after.objective.total < before.objective.total] += 1

    compare()
    assert seen[True], seen


def test_a_run_repeats():
    problem = quay(8, seed=3)
    limits = replace(QUICK, wall_s=1.0)
    assert solve(problem, limits).placements == solve(problem, limits).placements


@given(quay_problems())
@settings(max_examples=30, deadline=None)
def test_question_and_answer_have_their_form(problem):
    assert problem_from_json(problem_to_json(problem)) == problem
    outcome = answer(problem, NO_TIME)
    assert outcome_from_json(outcome_to_json(outcome)) == outcome


# ---- mending ----------------------------------------------------------------------------------


def mended(problem):
    outcome = replan(problem, MEND)
    assert breaches(problem, outcome) == []
    return outcome


def test_a_ship_that_is_moved_keeps_her_position_and_others_keep_theirs():
    problem = three(10)
    told = publish(problem, answer(problem))
    late = changed(told, "b-in", earliest=3)
    outcome = mended(late)
    assert begins(outcome) == {m.ship: m.published.begin_mm for m in told.movements
                               if m.kind == "entry" and m.published}  # fmt: skip
    assert starts(outcome)["b-in"] == 3
    assert [change.movement for change in outcome.changes] == ["b-in", "b-out"]


def test_another_position_is_a_change_and_is_told_with_who_lies_there():
    problem = a_quay_of(10, a_call("a", 4, (0, 10)), a_call("b", 3, (0, 10)))
    told = publish(problem, answer(problem))
    lying = begins(mended(told))
    # somebody lies where a was told to lie, for good
    wreck = Stay(id="w", ship="b", place="B1", stretch_mm=(lying["a"], lying["a"] + 1))
    outcome = mended(replace(told, stays=(*told.stays, wreck)))
    (change,) = outcome.changes
    assert (change.movement, change.start_before, change.start_after) == ("a-in", 0, 0)
    assert change.begin_before_mm == lying["a"] != change.begin_after_mm
    assert change.begin_after_mm == begins(outcome)["a"]
    assert change.reasons[0].rule == "berth_occupancy"
    assert outcome.objective.moved == 1
    assert begins(outcome)["b"] == lying["b"]


def test_few_are_moved_where_another_position_would_do():
    # b could stay at its start by pushing a aside: that would be a move for a move too many
    problem = a_quay_of(7, a_call("a", 3, (0, 7)), a_call("b", 3, (0, 7)))
    told = publish(problem, answer(problem))
    assert mended(told).changes == ()


@pytest.mark.parametrize("actual", [True, False])
def test_a_frozen_ship_stays_where_she_lies(actual):
    calls = [a_call("a", 4, (0, 10)), a_call("b", 5, (0, 10))]
    problem = a_quay_of(10, *calls)
    frozen = changed(problem, "a-in", fixed=Fixed(mode="m", start=0, begin_mm=3, actual=actual))
    outcome = answer(frozen)
    assert begins(outcome)["a"] == 3
    assert starts(outcome)["b-in"] == 7  # there is room for 3 at either side of her
    moved = tuple(
        replace(one, begin_mm=0) if one.movement == "a-in" else one for one in outcome.placements
    )
    assert ("frozen", ("a-in",)) in breaches(frozen, moved)


def test_a_pinned_position_is_kept_when_a_plan_is_improved():
    problem = three(10)
    # as nobody would place them: all the wrong way round
    told = {"a-in": 6, "b-in": 0, "c-in": 3}
    movements = tuple(
        replace(
            raw,
            pinned=True,
            published=Published(mode="m", start=raw.requested, begin_mm=told.get(raw.id)),
        )
        for raw in problem.movements
    )
    outcome = answer(replace(problem, movements=movements))
    assert begins(outcome) == {"a": 6, "b": 0, "c": 3}


def test_what_if_tells_a_position_that_would_be_another():
    problem = a_quay_of(8, a_call("a", 4, (0, 8)), a_call("b", 4, (0, 8), requested=7))
    told = publish(problem, answer(problem))
    sooner = changed(told, "b-in", earliest=2, latest=2)
    found = what_if(told, [Instead(problem=sooner, subjects=("b-in",))])
    assert found.possible
    (entry,) = [one for one in found.moved if one.movement == "b-in"]
    lying = begins(found.outcome)
    assert abs(lying["a"] - lying["b"]) == 4
    assert entry.begin_after_mm == lying["b"]


def test_margins_and_certainty_read_positions():
    problem = three(9)
    outcome = answer(problem)
    waits = max(entries(outcome), key=lambda name: entries(outcome)[name])
    of_berth = [
        m for m in margins(problem, outcome.placements)[waits] if m.rule == "berth_occupancy"
    ]
    assert any(margin.margin == 0 for margin in of_berth)
    chances = certainty(problem, outcome.placements, samples=20).chances
    assert {one.movement for one in chances} == {raw.id for raw in problem.movements}


def test_whatever_happens_a_mended_plan_holds_and_moves_nobody_who_may_stay():
    seen = Counter()

    @settings(max_examples=40, deadline=None)
    @given(quay_problems(), st.sampled_from(("late", "long", "wide", "wreck")), st.integers(1, 4))
    def mend(problem, kind, by):
        told = publish(problem, answer(problem, NO_TIME))
        raw = told.movements[0] if told.movements else None
        if raw is None or raw.fixed is not None:
            return
        if kind == "late":
            told = changed(told, raw.id, earliest=raw.earliest + by, latest=raw.latest + by)
        elif kind == "long":
            first, *others = told.stays
            told = replace(told, stays=(replace(first, service_ticks=first.service_ticks + by),
                                        *others))  # fmt: skip
        elif kind == "wide":
            told = replace(told, quays=(replace(told.quays[0], clearance_mm=by),))
        else:
            wreck = Stay(id="w", ship=raw.ship, place="B1", stretch_mm=(0, 1), until=by)
            told = replace(told, stays=(*told.stays, wreck))
        outcome = mended(told)
        lying = begins(outcome)
        moved = {change.movement for change in outcome.changes}
        for one in told.movements:
            if one.kind == "entry" and one.published and one.id not in moved:
                assert lying.get(one.ship) == one.published.begin_mm
        assert len([c for c in outcome.changes if not c.crews_changed]) == outcome.objective.moved
        seen[kind, bool(moved)] += 1

    mend()
    assert sum(seen[kind, True] for kind in ("late", "long", "wide", "wreck")) > 3, seen


# ---- with all the other rules -----------------------------------------------------------------


def opened(problem):
    """The same question with positions left open wherever a ship goes to a quay."""
    ends = {berth.id: berth.end_mm for berth in problem.berths if berth.quay is not None}
    lengths = {ship.id: ship.loa_mm for ship in problem.ships}

    def movement(raw):
        modes = tuple(
            replace(mode, along_mm=(0, ends[mode.to_place]), stretch_mm=None)
            if lengths[raw.ship] <= ends.get(mode.to_place or "", 0)
            else mode
            for mode in raw.modes
        )
        fixed = raw.fixed
        if fixed is not None:
            is_open = any(mode.id == fixed.mode and mode.along_mm for mode in modes)
            fixed = replace(fixed, begin_mm=0 if is_open else None)
        return replace(raw, modes=modes, fixed=fixed)

    return replace(
        problem,
        quays=tuple(replace(quay, continuous=True) for quay in problem.quays),
        movements=tuple(map(movement, problem.movements)),
    )


def test_positions_go_with_tides_teams_and_channels():
    seen = Counter()

    @settings(max_examples=40, deadline=None)
    @given(problems().map(opened))
    def hold(problem):
        for outcome in (answer(problem, NO_TIME), answer(problem, MEND)):
            told = publish(problem, outcome)
            assert starts(mended(told)).keys() >= starts(outcome).keys()
            seen[outcome.status, bool(begins(outcome))] += 1

    hold()
    assert seen["optimal", True], seen


# ---- large ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_random_plans_and_disruptions_of_a_long_quay_break_no_rule(seed):
    problem = quay(12 + 4 * (seed % 3), seed, load=(0.7, 0.9, 1.1)[seed % 3])
    outcome = answer(problem, NO_TIME if seed % 2 else replace(MEND, seed=seed))
    assert outcome.unplaced == ()
    told = publish(problem, outcome)
    ship = str(seed % len(problem.ships))
    for now in (
        changed(told, f"{ship}-in", earliest=starts(outcome)[f"{ship}-in"] + 150),
        replace(
            told,
            stays=tuple(
                replace(stay, service_ticks=stay.service_ticks + 240) if stay.id == ship else stay
                for stay in told.stays
            ),
        ),
        replace(told, quays=(replace(told.quays[0], clearance_mm=25_000),)),
    ):
        again = mended(now)
        assert again.unplaced == ()
