"""A problem compiled: masks, merged separations, claims, orders and teams."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler import rules
from scheduler.conflicts import Conflicts
from scheduler.tables import UnknownReference
from scheduler.ways import Claim
from tests.scheduler.builders import (
    a_berth,
    a_problem,
    a_segment,
    a_ship,
    a_stay,
    an_anchorage,
    an_entry,
    an_entry_mode,
    an_exit,
)
from tests.scheduler.instances import a_day


def test_merged_rows_are_the_union_of_what_each_rule_forbids():
    conflicts = Conflicts(a_day(3, movements=30))
    for track in range(0, len(conflicts.tables.track_movement), 7):
        merged = _differences(conflicts.row(track))
        apart = set()
        for rule in rules.SEPARATIONS:
            apart |= _differences(conflicts.rule_row(track, rule))
        assert merged == apart
        assert merged


def _differences(row):
    return {
        (other, gap)
        for other, low, high in zip(*(part.tolist() for part in row), strict=True)
        for gap in range(low, high + 1)
    }


def test_what_is_forbidden_one_way_round_is_forbidden_the_other():
    conflicts = Conflicts(a_day(4, movements=20))
    tracks = range(0, len(conflicts.tables.track_movement), 5)
    rows = {track: _differences(conflicts.row(track)) for track in tracks}
    for one in tracks:
        for other in tracks:
            there = {gap for track, gap in rows[one] if track == other}
            assert there == {-gap for track, gap in rows[other] if track == one}


def test_rows_do_not_depend_on_windows():
    day = a_day(5, movements=20)
    moved = replace(
        day,
        movements=tuple(replace(m, earliest=900, latest=950, requested=900) for m in day.movements),
    )
    for one, other in zip(Conflicts(day).row(3), Conflicts(moved).row(3), strict=True):
        assert np.array_equal(one, other)


def test_masks_are_the_meeting_of_all_rules_and_past_facts_have_none():
    entry = an_entry(earliest=20, latest=60, held=None)
    conflicts = Conflicts(a_problem(entry))
    assert np.flatnonzero(conflicts.mask(0)).tolist() == list(range(20, 61))
    assert set(conflicts.rule_masks(0)) == {"requested_window"}
    assert conflicts.windows_against(0, -5) == ["requested_window"]
    waived = Conflicts(a_problem(replace(entry, waived=("requested_window",))))
    assert waived.mask(0).all()


def test_modes_with_the_same_passage_share_a_track():
    modes = (an_entry_mode(), an_entry_mode("B2", id="b"), an_entry_mode(id="c", restricted=True))
    problem = a_problem(an_entry(modes=modes), berths=(a_berth(), a_berth("B2")))
    assert Conflicts(problem).tables.mode_track == [0, 0, 1]


def test_claims_near_each_other_are_known_with_their_gap():
    problem = a_problem(
        an_entry(),
        stays=(a_stay("s", entry="in"), a_stay("t", ship="other", place="B1")),
        berths=(a_berth(turnover_ticks=20),),
        anchorages=(an_anchorage(capacity=2),),
    )
    conflicts = Conflicts(problem)
    assert conflicts.near(Claim("B1")) == {Claim("B1"): (20, "berth_occupancy")}
    assert conflicts.counter(Claim("A1")) == ("A1", 2, "anchorage_capacity")
    assert conflicts.counter(Claim("B1")) is None


def test_a_waived_order_is_none():
    stays = (a_stay(entry="in", exit="out", service_ticks=60),)
    assert len(Conflicts(a_problem(an_entry(), an_exit(), stays=stays)).orders) == 1
    waived = an_exit(waived=("service_time",))
    assert Conflicts(a_problem(an_entry(), waived, stays=stays)).orders == []


@pytest.mark.parametrize(
    "changes",
    [
        {"ships": (a_ship("nobody"),), "movements": (an_entry(ship="ghost"),)},
        {"segments": (a_segment("S9"),)},
        {"stays": (a_stay(entry="ghost"),)},
    ],
)
def test_a_reference_to_nothing_is_named(changes):
    problem = replace(a_problem(an_entry()), **changes)
    with pytest.raises(UnknownReference):
        Conflicts(problem)
