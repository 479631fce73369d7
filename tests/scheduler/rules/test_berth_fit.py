"""Hulls and berths: kind, length, beam, weight, and ships that lie across berth marks."""

import pytest

from tests.scheduler.builders import (
    a_berth,
    a_problem,
    a_quay,
    a_segment,
    a_ship,
    an_entry,
    an_entry_mode,
)
from tests.scheduler.rules.asking import open_starts

RULE = "berth_fit"


def fits(berth=None, ship=None, stretch_mm=None, quay=None, **changes):
    problem = a_problem(
        an_entry(modes=(an_entry_mode(stretch_mm=stretch_mm),)),
        ships=(ship or a_ship(),),
        berths=(berth or a_berth(), a_berth("B2", quay="Q1", begin_mm=250_000, end_mm=500_000)),
        quays=() if quay is None else (quay,),
        **changes,
    )
    found = open_starts(RULE, problem)
    assert found in (set(), set(range(1000)))
    return bool(found)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, True),
        ({"kinds": ("bulk",)}, True),
        ({"kinds": ("lng",)}, False),
        ({"max_loa_mm": 200_000}, True),
        ({"max_loa_mm": 199_999}, False),
        ({"max_beam_mm": 29_999}, False),
        ({"structural_dwt_t": 49_999}, False),
    ],
)
def test_a_hull_fits_up_to_its_limit(limits, expected):
    assert fits(a_berth(**limits), a_ship(dwt_t=50_000)) is expected


@pytest.mark.parametrize(
    ("stretch_mm", "continuous", "expected"),
    [
        ((0, 210_000), True, True),
        ((0, 199_999), True, False),  # shorter than the ship
        ((100_000, 310_000), True, True),  # across the mark at 250 m
        ((100_000, 310_000), False, False),
        ((295_000, 505_000), True, False),  # beyond the end of the quay
    ],
)
def test_a_stretch_may_cross_berth_marks_of_a_continuous_quay(stretch_mm, continuous, expected):
    berth = a_berth(quay="Q1", begin_mm=0, end_mm=250_000)
    assert fits(berth, stretch_mm=stretch_mm, quay=a_quay(continuous=continuous)) is expected


def test_the_quays_own_length_counts_for_ships_across_marks():
    berth = a_berth(
        quay="Q1", begin_mm=0, end_mm=250_000, max_loa_mm=240_000, max_loa_across_mm=190_000
    )
    assert fits(berth, stretch_mm=(0, 210_000), quay=a_quay())
    assert not fits(berth, stretch_mm=(100_000, 310_000), quay=a_quay())


def test_a_segment_has_its_own_longest_ship():
    assert not fits(segments=(a_segment(max_loa_mm=199_999),))
