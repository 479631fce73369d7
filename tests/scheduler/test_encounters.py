"""Separations asked of those who are met alone, and together, say what whole rows say."""

import pytest

from scheduler import Limits, rules, solve
from scheduler.conflicts import Conflicts
from scheduler.construct import from_outcome
from scheduler.encounters import Encounters
from tests.scheduler.instances import a_day

QUICK = Limits(wall_s=0.5, workers=1, deterministic=True)
WIDTHS = (1, 40, 400)


def by_rows(draft, mode, begin, end):
    """By rule: the starts of ``[begin, end)`` that each other movement rules out, by whole rows."""
    found = {}
    for rule in rules.SEPARATIONS:
        row = draft.conflicts.rule_row(draft.tables.mode_track[mode], rule)
        for track, low, high in zip(*(column.tolist() for column in row), strict=True):
            start = int(draft.track_start[track])
            ticks = range(max(start - high, begin), min(start - low + 1, end))
            if draft.tables.track_movement[track] in draft.placed and ticks:
                owner = draft.tables.track_movement[track]
                found.setdefault(rule.name, {}).setdefault(owner, set()).update(ticks)
    return found


def by_encounters(met, mode, begin, end):
    return {
        rule: {
            k: {
                tick
                for low, high, other in spans
                if other == k
                for tick in range(max(low, begin), min(high + 1, end))
            }
            for _, _, k in spans
        }
        for rule, spans in met.spans(mode, begin, end).items()
    }


@pytest.fixture(scope="module")
def draft():
    day = a_day(3, movements=40)
    return from_outcome(Conflicts(day), solve(day, QUICK))


def questions(draft):
    for movement, place in draft.placed.items():
        for mode in draft.tables.modes_of[movement]:
            for width in WIDTHS:
                yield mode, max(place.start - width, 0), place.start + width


@pytest.mark.parametrize("together", [True, False])
def test_who_is_met_is_found_rule_by_rule(draft, together):
    met = Encounters(draft, questions(draft) if together else ())
    named = set()
    for question in questions(draft):
        expected = by_rows(draft, *question)
        assert by_encounters(met, *question) == expected
        named |= expected.keys()
    assert len(named) > 1


def test_spans_of_one_other_are_apart_and_in_order(draft):
    met = Encounters(draft, questions(draft))
    for question in questions(draft):
        for spans in met.spans(*question).values():
            last = {}
            for low, high, other in spans:
                assert low <= high
                assert low > last.get(other, low - 2) + 1
                last[other] = high


def test_an_empty_water_meets_nobody(draft):
    movement, place = next(iter(draft.placed.items()))
    taken = {k: draft.unplace(k) for k in list(draft.placed) if k != movement}
    question = place.mode, place.start, place.start + WIDTHS[-1]
    try:
        assert Encounters(draft, [question]).spans(*question) == {}
    finally:
        for k, one in taken.items():
            draft.put(k, one)
