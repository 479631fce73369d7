"""Meetings in channels that are wide enough for the two."""

import pytest

from scheduler.problem import WidthFormula
from tests.scheduler.builders import a_problem, a_segment, a_ship, an_entry, an_exit
from tests.scheduler.rules.asking import differences

RULE = "meeting_limit"
TOGETHER = set(range(-39, 20))


def opposing(one, other, **reach):
    return a_problem(
        an_entry("a", ship="s"),
        an_exit("b", ship="t"),
        ships=(
            a_ship("s", loa_mm=one[0], beam_mm=one[1]),
            a_ship("t", loa_mm=other[0], beam_mm=other[1]),
        ),
        segments=(a_segment(**{"passing": "by_pair"} | reach),),
    )


def test_the_beams_together_stay_within_their_limit():
    ships = (200_000, 30_000), (200_000, 30_001)
    assert differences(RULE, opposing(*ships, combined_beam_mm=60_000)) == TOGETHER
    assert differences(RULE, opposing(*ships, combined_beam_mm=60_001)) == set()


BOX = (366_000, 51_200)


def test_the_design_width_is_not_rounded():
    # 2 lanes of 1.81 (L sin 3 + B), the beam between them, and 0.75 B to each bank
    lane = 1.81 * (366_000 * 0.052336 + 51_200)
    width = 2 * lane + 51_200 + 2 * 0.75 * 51_200
    below, above = int(width), int(width) + 1
    formula = WidthFormula()
    assert differences(RULE, opposing(BOX, BOX, width_formula=formula, width_mm=below)) == TOGETHER
    assert differences(RULE, opposing(BOX, BOX, width_formula=formula, width_mm=above)) == set()


@pytest.mark.parametrize("passing", ["always", "never"])
def test_only_reaches_that_judge_by_pair_are_meant(passing):
    problem = opposing(BOX, BOX, combined_beam_mm=1, passing=passing)
    assert differences(RULE, problem) == set()
