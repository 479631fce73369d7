"""Two ships meet in a reach only where it is wide enough for both."""

import pytest

from scheduler.checks.meeting_limit import two_way_width_billionths_mm
from scheduler.problem import WidthFormula
from tests.scheduler.builders import a_problem, a_segment, a_ship, an_entry, an_exit, placed
from tests.scheduler.checks.judging import broken, only

RULE = "meeting_limit"
SHIPS = (
    a_ship("s", loa_mm=200_000, beam_mm=30_000),
    a_ship("t", loa_mm=100_001, beam_mm=20_000),
)


def meeting(**segment):
    return a_problem(
        an_entry("a", ship="s"),
        an_exit("b", ship="t"),
        ships=SHIPS,
        segments=(a_segment(**{"passing": "by_pair"} | segment),),
    )


def test_the_beams_together_stay_within_their_limit():
    plan = (placed("a", 100), placed("b", 100))
    assert not broken(RULE, meeting(combined_beam_mm=50_000), *plan)
    breach = only(RULE, meeting(combined_beam_mm=49_999, clear_ticks=3), *plan)
    assert breach.params == {
        "code": "combined_beam",
        "have_mm": 50_000,
        "limit_mm": 49_999,
        "segment": "S1",
        "need_ticks": 3,
        "gap_ticks": -20,
    }


def test_the_two_way_width_is_reckoned_exactly():
    # A1 = 1.81 * (200 000 * 0.052336 + 30 000) = 73 245.632; A2 = 1.81 * (100 001 * 0.052336
    # + 20 000) = 45 672.910 728...; b = 30 000; c = 0.75 * 50 000 = 37 500.
    a1 = 181 * (200_000 * 52_336 + 30_000 * 10**6) * 10
    a2 = 181 * (100_001 * 52_336 + 20_000 * 10**6) * 10
    total = a1 + a2 + (30_000 + 37_500) * 10**9
    assert two_way_width_billionths_mm(WidthFormula(), *SHIPS) == total
    assert total // 10**9 == 186_418
    assert total % 10**9 != 0


@pytest.mark.parametrize(("width_mm", "kept"), [(186_419, True), (186_418, False)])
def test_a_reach_is_as_wide_as_the_formula_asks(width_mm, kept):
    plan = (placed("a", 100), placed("b", 100))
    problem = meeting(width_mm=width_mm, width_formula=WidthFormula())
    assert broken(RULE, problem, *plan) is not kept
    assert not broken(RULE, meeting(width_mm=width_mm), *plan)
    assert not broken(RULE, meeting(width_formula=WidthFormula()), *plan)


def test_exactly_as_wide_is_wide_enough():
    formula = WidthFormula(drift_permille=1000, sin_gamma_ppm=0, bank_permille=0)  # 30+20+30 m
    plan = (placed("a", 100), placed("b", 100))
    assert not broken(RULE, meeting(width_mm=80_000, width_formula=formula), *plan)
    breach = only(RULE, meeting(width_mm=79_999, width_formula=formula), *plan)
    assert (breach.params["need_mm"], breach.params["have_mm"]) == (80_000, 79_999)


@pytest.mark.parametrize(("start", "kept"), [(125, True), (124, False), (56, False), (55, True)])
def test_the_clear_time_lies_between(start, kept):
    problem = meeting(combined_beam_mm=1, clear_ticks=5)
    assert broken(RULE, problem, placed("a", 100), placed("b", start)) is not kept


def test_only_where_passing_is_judged_pair_by_pair():
    plan = (placed("a", 100), placed("b", 100))
    for passing in ("always", "never"):
        assert not broken(RULE, meeting(combined_beam_mm=1, passing=passing), *plan)
    following = a_problem(
        an_entry("a", ship="s"),
        an_entry("b", ship="t"),
        segments=(a_segment(passing="by_pair", combined_beam_mm=1),),
    )
    assert not broken(RULE, following, *plan)
