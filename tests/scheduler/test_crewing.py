"""Teams by start: nothing is passed over between the starts that are looked at."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler import Limits, solve
from scheduler.conflicts import Conflicts
from scheduler.construct import by_request, construct
from scheduler.crewing import crew, with_teams
from scheduler.starts import open_starts
from scheduler.teaming import Ranking, able, suffices
from scheduler.ways import Demand
from tests.scheduler.builders import a_duty, a_need, a_pool, a_problem, an_entry, an_entry_mode
from tests.scheduler.instances import a_day


@pytest.fixture(scope="module")
def draft():
    """Few tugs and pilots, so that many starts lack somebody; no limits over a rolling day."""
    day = a_day(11, movements=40, pilots=9, tugs=9)
    pools = tuple(replace(p, max_duties=None, min_rest_rolling_ticks=0) for p in day.pools)
    conflicts = Conflicts(replace(day, pools=pools))
    return construct(conflicts, by_request(conflicts))


def test_the_first_start_with_teams_is_the_first_of_all(draft):
    compared = skipped = 0
    for movement, place in list(draft.placed.items()):
        if not draft.problem.movements[movement].needs:
            continue
        taken = draft.unplace(movement)
        ticks = np.flatnonzero(open_starts(draft, movement, place.mode))[:240]
        found = next(with_teams(draft, movement, place.mode, ticks), None)
        every = (t for t in ticks.tolist() if crew(draft, movement, place.mode, t) is not None)
        first = next(every, None)
        assert (None if found is None else found[0]) == first
        compared += 1
        skipped += first is None or first != ticks[0]
        draft.place(movement, taken.mode, taken.start, taken.teams)
    assert compared > 20
    assert skipped > 3


def test_a_team_takes_the_fittest_that_still_make_up_the_pull():
    pulls = [20, 30, 40, 60, 60]
    demand = Demand(2, 3, 100, None, (True,) * 5)
    team = Ranking(pulls).pick(able(demand), np.ones(5, dtype=np.bool_), range(5), lambda _: True)
    assert team is not None
    assert team == (2, 3)  # the fittest of whom the strongest other makes up the rest
    assert suffices(demand, team, pulls)


@pytest.mark.parametrize(
    ("free", "expected"),
    [((True, True, True), (0, 1)), ((True, False, True), (0, 2)), ((False, True, True), None)],
)
def test_a_first_who_may_must_be_there(free, expected):
    demand = Demand(2, 2, 0, (True, False, False), (False, True, True))
    team = Ranking([0, 0, 0]).pick(
        able(demand), np.array(free, dtype=np.bool_), range(3), lambda _: True
    )
    assert team == expected


def test_who_is_not_rested_is_passed_over():
    demand = Demand(1, 1, 0, None, (True, True))
    team = Ranking([0, 0]).pick(
        able(demand), np.ones(2, dtype=np.bool_), range(2), lambda k: k == 1
    )
    assert team == (1,)


def test_a_pool_with_nobody_in_it_leaves_the_movement_out_and_says_so():
    entry = an_entry("a", needs=(a_need(),), modes=(an_entry_mode(duties=(a_duty(),)),))
    outcome = solve(a_problem(entry, pools=(a_pool(),)), Limits(wall_s=0.2))
    assert [one.movement for one in outcome.unplaced] == ["a"]
    assert [reason.rule for reason in outcome.unplaced[0].reasons] == ["pilots"]
