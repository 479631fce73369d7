"""Two readings of one text: what the rules allow is what the checks let pass, tick by tick."""

from collections import Counter
from itertools import combinations

from hypothesis import HealthCheck, given, settings

from scheduler.checks import CHECKS
from scheduler.checks.sheet import Sheet
from scheduler.conflicts import Conflicts
from scheduler.outcome import Placement
from scheduler.problem import Crew
from scheduler.rules import SEPARATIONS, WINDOWS
from tests.scheduler.strategies import problems

SOME = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def judged(problem, rules, *plan):
    """The names of those rules that a plan breaks, and no waiver covers."""
    sheet = Sheet(problem, plan)
    return {
        rule
        for rule in rules
        for breach in CHECKS[rule](sheet)
        if breach.status == "new" and {one.movement for one in plan} >= set(breach.movements)
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

    @SOME
    @given(problems())
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

    agree()
    assert len(seen) > len(names) / 2, seen


def test_two_modes_exclude_each_other_where_their_check_is_against_it():
    names = {rule.name for rule in SEPARATIONS}
    seen = Counter()

    @SOME
    @given(problems())
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
            for gap in range(-8, 9):
                plan = (_placed(one, 20), _placed(other, 20 + gap))
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

    agree()
    assert len(seen) >= 3, seen


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

    @SOME
    @given(problems())
    def agree(problem):
        conflicts = Conflicts(problem)
        for number, movement, mode in modes(problem, conflicts):
            if "pilots" in movement.waived or is_actual(movement):
                continue
            for n, need in enumerate(movement.needs):
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

    agree()
    assert len(seen) >= 3, seen


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
