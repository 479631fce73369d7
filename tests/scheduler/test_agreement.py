"""Two readings of one text: what the rules allow is what the checks let pass, tick by tick."""

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from scheduler.checks import CHECKS, check
from scheduler.checks.sheet import Sheet
from scheduler.conflicts import Conflicts
from scheduler.draft import Draft
from scheduler.exact import Exact, Limit
from scheduler.outcome import Placement
from scheduler.problem import Crew
from scheduler.rules import SEPARATIONS, WINDOWS
from scheduler.starts import barriers
from tests.scheduler.builders import (
    a_berth,
    a_level,
    a_problem,
    a_stay,
    actual,
    an_entry,
    an_entry_mode,
    an_exit,
    an_exit_mode,
    placed,
)
from tests.scheduler.strategies import problems

pytestmark = pytest.mark.timeout(600)
"""Cases are asked until every kind was met: on a busy machine that takes its time."""


def always(agree, cases, shown, max_examples=60):
    """Ask a property of new cases, and of more of them until they have shown what they have to.

    What a handful of cases happens to show depends on chance; that ten rounds of them, each from a
    seed of its own, do not show it, does not.
    """
    settings(max_examples=max_examples)(given(cases)(agree))()
    for again in range(10):
        if shown():
            return
        seed(again)(settings(max_examples=max_examples, database=None)(given(cases)(agree)))()
    assert shown()


def judged(problem, rules, *plan):
    """The names of those rules that a plan breaks, and no waiver covers."""
    sheet = Sheet(problem, plan)
    return {
        rule
        for rule in rules
        for breach in CHECKS[rule](sheet)
        if breach.status == "new" and {one.movement for one in plan} >= set(breach.movements)
        # The wait until a start is an occupancy's to speak of, not a window's: see below.
        if breach.params.get("code") != "waiting"
    }


def modes(problem, conflicts):
    """Each mode's number in the conflicts, with its movement and itself."""
    tables = conflicts.tables
    for number, (mode, movement) in enumerate(zip(tables.modes, tables.mode_movement, strict=True)):
        yield number, problem.movements[movement], mode


def is_actual(movement):
    return movement.fixed is not None and movement.fixed.actual


def test_a_mode_may_start_where_its_check_has_nothing_against_it():
    names = {rule.name for rule in WINDOWS}
    seen = Counter()

    def agree(problem):
        conflicts = Conflicts(problem)
        for number, movement, mode in modes(problem, conflicts):
            if is_actual(movement):
                continue
            starts = set(range(problem.horizon))
            if movement.fixed is not None:
                starts.add(movement.fixed.start)  # may lie before 0
            for start in sorted(starts):
                place = Placement(movement=movement.id, mode=mode.id, start=start)
                against = set(conflicts.windows_against(number, start))
                found = judged(problem, names, place)
                assert against == found, (against ^ found, place)
                seen.update(against)

    always(agree, problems(), lambda: len(seen) > len(names) / 2)


def test_two_modes_exclude_each_other_where_their_check_is_against_it():
    names = {rule.name for rule in SEPARATIONS}
    seen = Counter()

    def agree(problem):
        conflicts = Conflicts(problem)
        rows = {
            rule.name: [
                conflicts.rule_row(track, rule)
                for track in range(len(conflicts.tables.track_movement))
            ]
            for rule in SEPARATIONS
        }
        for one, other in combinations(modes(problem, conflicts), 2):
            if one[1] is other[1] or (is_actual(one[1]) and is_actual(other[1])):
                continue
            for gap, *starts in _starts(one[1], other[1]):
                plan = (_placed(one, starts[0]), _placed(other, starts[1]))
                found = judged(problem, names, *plan)
                tracks = [conflicts.tables.mode_track[each[0]] for each in (one, other)]
                for name in names:
                    forbidden = _forbids(rows[name][tracks[0]], tracks[1], gap)
                    assert forbidden == _forbids(rows[name][tracks[1]], tracks[0], -gap)
                    if name == "headway" and forbidden and _spaced_as_in_fog(one, other):
                        continue
                    if name == "headway" and _in_fog(problem, plan):
                        continue
                    assert forbidden == (name in found), (name, plan)
                seen.update(found)

    always(agree, problems(), lambda: len(seen) >= 3)


def _starts(one, other):
    """Starts of two movements and the gap between them.

    One that is fixed starts when it does: whether it is in fog then is part of the question.
    """
    if one.fixed is not None and other.fixed is not None:
        starts = one.fixed.start, other.fixed.start
        return [(starts[1] - starts[0], *starts)]
    if other.fixed is not None:
        return [(gap, other.fixed.start - gap, other.fixed.start) for gap in range(-8, 9)]
    start = 20 if one.fixed is None else one.fixed.start
    return [(gap, start, start + gap) for gap in range(-8, 9)]


def _placed(numbered, start):
    return Placement(movement=numbered[1].id, mode=numbered[2].id, start=start)


def _spaced_as_in_fog(*numbered):
    """Rules keep the wider headway wherever fog may be met; the check only where it is met."""
    return any(mode.restricted or "visibility" in raw.waived for _, raw, mode in numbered)


def _forbids(row, track, gap):
    return any(other == track and low <= gap <= high for other, low, high in zip(*row, strict=True))


def _in_fog(problem, plan):
    sheet = Sheet(problem, plan)
    return any(
        sheet.is_in_fog(passage)
        for voyage in sheet.voyages.values()
        for passage in sheet.passages_of(voyage)
    )


def test_a_team_is_what_a_need_asks_for_where_its_check_lets_it_serve():
    codes = {"count", "pull", "class", "long_duty", "barred"}
    seen = Counter()

    def agree(problem):
        conflicts = Conflicts(problem)
        for number, movement, mode in modes(problem, conflicts):
            if "pilots" in movement.waived or is_actual(movement):
                continue
            for n, need in enumerate(movement.needs):
                if need.pool not in CHECKS:
                    continue  # counted: see ``test_any_port``
                demand = conflicts.demand(number, n)
                pool = [one for one in problem.resources if one.pool == need.pool]
                for size in range(len(pool) + 1):
                    for chosen in combinations(range(len(pool)), size):
                        crew = Crew(need=need.id, resources=tuple(pool[k].id for k in chosen))
                        place = Placement(
                            movement=movement.id, mode=mode.id, start=5, crews=(crew,)
                        )
                        found = {
                            str(breach.params["code"])
                            for breach in CHECKS[need.pool](Sheet(problem, (place,)))
                            if breach.params["need" if "need" in breach.params else "code"]
                            == need.id
                        }
                        assert _serves(demand, pool, chosen) == (not found & codes), (place, found)
                        seen.update(found & codes)

    always(agree, problems(), lambda: len(seen) >= 3)


@st.composite
def lyings(draw):
    """A ship that comes or is there, and is to leave a berth at which the water falls and rises."""
    heights_mm = draw(st.lists(st.sampled_from((0, 0, -100, 0, -50)), min_size=4, max_size=8))
    ready, out = draw(st.integers(-2, 4)), draw(st.integers(4, 15))
    waivers = st.sampled_from(((), (), (), ("alongside_clearance",), ("service_time",)))
    clear_at = draw(st.integers(0, 2))
    leaving = an_exit(
        draught_mm=draw(st.sampled_from((10_000, 10_000, 10_000, 9_000))),
        modes=(an_exit_mode(legs=(), clear_at=clear_at, end_at=2),),
        earliest=draw(st.sampled_from((0, 0, 3, 8))),
        waived=draw(waivers),
    )
    coming = an_entry(
        draught_mm=9_000,
        modes=(an_entry_mode(legs=(), arrive_at=1, end_at=2),),
        waived=draw(waivers),
    )
    came = draw(st.integers(0, 6))
    if draw(st.sampled_from((False, False, True))):
        coming = actual(coming, came)
    if draw(st.sampled_from((False, False, False, True))):
        leaving = actual(leaving, out)
    there = draw(st.booleans())
    stay = a_stay(
        entry=None if there else "in",
        exit="out",
        place="B1" if there else None,
        service_ticks=draw(st.integers(0, 4)),
        ready=ready,
    )
    problem = a_problem(
        *((leaving,) if there else (coming, leaving)),
        berths=(a_berth(depth_mm=10_000),),
        water_levels=(a_level("port", heights_mm, 2),),
        stays=(stay,),
        horizon=20,
    )
    return problem, (placed("out", out),) if there else (placed("in", came), placed("out", out))


def test_a_wait_is_shut_to_rule_and_model_where_its_check_is_against_it():
    seen = Counter()

    def agree(lying):
        problem, drawn = lying
        conflicts = Conflicts(problem)
        free = [k for k, raw in enumerate(problem.movements) if not is_actual(raw)]
        for moved in free:
            last = None
            for start in range(16):
                plan = (*drawn[:moved], replace(drawn[moved], start=start), *drawn[moved + 1 :])
                found = _of_waits(problem, plan)
                against = "new" in found
                for k in free:
                    met = (b for b in barriers(_without(conflicts, plan, {k}), k, k) if b.shut)
                    assert any(b.low <= plan[k].start <= b.high for b in met) == against, plan
                # the model is asked on either side of where the answer turns
                turn = () if last is None or last[0] == against else (last, (against, plan))
                for expected, one in turn:
                    for chosen in ({moved}, set(free)):
                        if _is_fine_but_for_waits(problem, one):
                            draft = _without(conflicts, one, chosen)
                            assert _models(draft, chosen, one) != expected, one
                            seen["modelled", len(chosen), expected] += 1
                last = against, plan
                seen.update(found)
                seen[len(free), len(plan), against] += 1

    def shown():
        return (
            {"new", "actual", "waived"} <= set(seen)
            and all(seen[free, size, True] for free, size in ((1, 1), (1, 2), (2, 2)))
            and all(seen["modelled", size, against] for size in (1, 2) for against in (True, False))
        )

    always(agree, lyings(), shown, max_examples=200)


def _is_fine_but_for_waits(problem, plan):
    return all(
        breach.status != "new" or breach.params.get("code") == "waiting"
        for breach in check(problem, plan)
    )


def _of_waits(problem, plan):
    """The status of each low water in a wait."""
    breaches = CHECKS["alongside_clearance"](Sheet(problem, plan))
    return {breach.status for breach in breaches if breach.params.get("code") == "waiting"}


def _without(conflicts, plan, left_out):
    draft = Draft(conflicts)
    for k, one in enumerate(plan):
        if k not in left_out:
            draft.place(k, k, one.start, {})
    return draft


def _models(draft, free, plan):
    """Whether the exact model has the plan among its own."""
    exact = Exact(draft, sorted(free))
    for k, one in exact.free.items():
        exact.model.add(one.start == plan[k].start)
        exact.model.add(one.placed == 1)
    return exact.minimise(0, Limit(10.0)) is not None


def _serves(demand, pool, chosen):
    """Whether a demand is met: read as its docstring says."""
    if not demand.least <= len(chosen) <= demand.most:
        return False
    if sum(pool[k].pull_kg for k in chosen) < demand.pull_kg:
        return False
    return any(
        (demand.first is None or demand.first[first])
        and all(demand.others[k] for k in chosen if k != first or demand.first is None)
        for first in chosen
    )
