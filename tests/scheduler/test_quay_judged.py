"""What is refused of a question with open positions, and what the checks say of its plans."""

from dataclasses import replace

import pytest

from scheduler.problem import Berth, Fixed, Mode
from scheduler.rules.berth_fit import misfit
from scheduler.tables import Tables
from scheduler.validation import validate
from tests.scheduler.builders import placed
from tests.scheduler.checks.judging import breaches
from tests.scheduler.plans import changed
from tests.scheduler.quays import a_call, a_quay_of

GOOD = a_quay_of(10, a_call("a", 4, (0, 10)), a_call("b", 3, (2, 10)), clearance=1, turnover=2)
MODE = GOOD.movements[0].modes[0]


def with_mode(**changes):
    return changed(GOOD, "a-in", modes=(replace(MODE, **changes),))


def with_fixed(mode: Mode = MODE, **changes):
    fixed = Fixed(**{"mode": "m", "start": 0, "begin_mm": 3} | changes)
    return changed(GOOD, "a-in", modes=(mode,), fixed=fixed)


@pytest.mark.parametrize(
    ("problem", "path", "code"),
    [
        (with_mode(along_mm=(0, 3)), "modes/0/along_mm", "along_too_short"),
        (with_mode(along_mm=(4, 4)), "modes/0/along_mm", "end_not_after_begin"),
        (with_mode(along_mm=(-1, 9)), "modes/0/along_mm/0", "out_of_range"),
        (with_mode(along_mm=(5, 11)), "modes/0/along_mm", "along_outside_quay"),
        (with_mode(stretch_mm=(0, 4)), "modes/0/along_mm", "along_and_stretch"),
        (with_fixed(begin_mm=None), "fixed/begin_mm", "position_missing"),
        (with_fixed(begin_mm=7), "fixed/begin_mm", "position_outside"),
        (with_fixed(replace(MODE, along_mm=(4, 9))), "fixed/begin_mm", "position_outside"),
        (with_fixed(replace(MODE, along_mm=None)), "fixed/begin_mm", "position_not_asked"),
    ],
)
def test_a_question_without_meaning_is_refused_at_its_field(problem, path, code):
    assert [(f.path, f.code) for f in validate(problem)] == [(f"/movements/0/{path}", code)]


@pytest.mark.parametrize("along_mm", [(0, 4), (6, 10), (0, 10)])
def test_a_range_as_long_as_the_ship_will_do(along_mm):
    assert validate(with_mode(along_mm=along_mm)) == ()
    assert validate(with_fixed(begin_mm=6)) == ()


def test_positions_are_open_on_a_continuous_quay_alone():
    marked = replace(GOOD, quays=(replace(GOOD.quays[0], continuous=False),))
    nowhere = replace(GOOD, berths=(Berth(id="B1", node="port", end_mm=10),))
    for problem in (marked, nowhere, with_mode(to_place=None)):
        assert "no_continuous_quay" in {fault.code for fault in validate(problem)}


# ---- plans ------------------------------------------------------------------------------------


def at(movement, start, begin_mm=None):
    return replace(placed(movement, start), begin_mm=begin_mm)


def codes(rule, problem, *placements):
    return [breach.params.get("code") for breach in breaches(rule, problem, *placements)]


@pytest.mark.parametrize(
    ("begin_mm", "found"),
    [
        *((0, []), (6, []), (7, ["position_outside"]), (-1, ["position_outside"])),
        (None, ["position_missing"]),
    ],
)
def test_a_position_lies_in_what_is_left_open(begin_mm, found):
    assert codes("plan", GOOD, at("a-in", 0, begin_mm)) == found


def test_a_position_is_told_only_where_it_is_open():
    assert codes("plan", GOOD, at("a-out", 9, 0)) == ["position_not_asked"]
    given = with_mode(along_mm=None, stretch_mm=(0, 4))
    assert codes("plan", given, at("a-in", 0, 0)) == ["position_not_asked"]
    assert codes("plan", given, at("a-in", 0)) == []


@pytest.mark.parametrize(("begin_mm", "kept"), [(5, True), (4, False), (7, True)])
def test_clearance_lies_between_two_positions(begin_mm, kept):
    found = breaches("berth_occupancy", GOOD, at("a-in", 0, 0), at("b-in", 0, begin_mm))
    assert (not found) is kept


@pytest.mark.parametrize(("start", "kept"), [(9, True), (8, False)])
def test_turnover_lies_between_two_who_would_lie_in_one_place(start, kept):
    # a begins to leave at 6 and is clear at 7
    plan = (at("a-in", 0, 0), at("a-out", 6), at("b-in", start, 2))
    assert (not breaches("berth_occupancy", GOOD, *plan)) is kept


def test_a_ship_without_her_position_is_taken_to_lie_anywhere():
    plan = (at("a-in", 0, None), at("b-in", 0, 7))
    assert breaches("berth_occupancy", GOOD, *plan)


def test_a_fixed_position_is_kept():
    problem = with_fixed()
    assert breaches("frozen", problem, at("a-in", 0, 3)) == []
    (breach,) = breaches("frozen", problem, at("a-in", 0, 4))
    assert (breach.params["begin_mm"], breach.params["fixed_begin_mm"]) == (4, 3)


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        ({"max_loa_mm": 4}, True),
        ({"max_loa_mm": 3}, False),
        ({"max_loa_mm": 3, "max_loa_across_mm": 4}, True),
        ({"max_loa_mm": 4, "max_loa_across_mm": 3}, False),
    ],
)
def test_the_limit_of_the_quay_counts_wherever_the_ship_lies(limits, fits):
    problem = replace(GOOD, berths=(replace(GOOD.berths[0], **limits),))
    assert (not misfit(Tables(problem), 0)) is fits
    assert (codes("berth_fit", problem, at("a-in", 0, 0)) == []) is fits


def test_rule_and_check_refuse_a_range_that_does_not_fit():
    for mode in (replace(MODE, along_mm=(0, 3)), replace(MODE, along_mm=(5, 11))):
        problem = changed(GOOD, "a-in", modes=(mode,))
        assert misfit(Tables(problem), 0)
        assert breaches("berth_fit", problem, at("a-in", 0, 5))
