"""The ship is of a size and kind that its berth, and every reach on its way, can take."""

import pytest

from tests.scheduler.builders import (
    a_berth,
    a_problem,
    a_quay,
    a_segment,
    a_ship,
    an_entry,
    an_entry_mode,
    placed,
)
from tests.scheduler.checks.judging import breaches

RULE = "berth_fit"


def codes(ship=None, berths=(), quays=(), *, segment=None, stretch_mm=None, to_place="B1"):
    movement = an_entry(modes=(an_entry_mode(to_place, stretch_mm=stretch_mm),))
    problem = a_problem(
        movement,
        ships=(ship or a_ship(),),
        berths=berths or (a_berth(),),
        quays=quays,
        segments=(segment or a_segment(),),
    )
    return [breach.params["code"] for breach in breaches(RULE, problem, placed("in", 0))]


@pytest.mark.parametrize(
    ("ship", "limit", "code"),
    [
        ({"loa_mm": 200_000}, {"max_loa_mm": 200_000}, "loa"),
        ({"beam_mm": 30_000}, {"max_beam_mm": 30_000}, "beam"),
        ({"dwt_t": 50_000}, {"structural_dwt_t": 50_000}, "dwt"),
    ],
)
def test_a_ship_may_be_as_large_as_the_berth_takes_and_not_one_more(ship, limit, code):
    over = {name: value + 1 for name, value in ship.items()}
    assert codes(a_ship(**ship), (a_berth(**limit),)) == []
    assert codes(a_ship(**over), (a_berth(**limit),)) == [code]
    assert codes(a_ship(**over)) == []


def test_a_berth_takes_its_kinds_and_any_where_it_names_none():
    assert codes(a_ship(kind="tanker"), (a_berth(kinds=("bulk", "tanker")),)) == []
    assert codes(a_ship(kind="tanker"), (a_berth(kinds=("bulk",)),)) == ["kind"]


def test_a_reach_takes_ships_up_to_its_length():
    assert codes(a_ship(loa_mm=250_000), segment=a_segment(max_loa_mm=250_000)) == []
    assert codes(a_ship(loa_mm=250_001), segment=a_segment(max_loa_mm=250_000)) == [
        "loa_in_segment"
    ]


def test_an_anchorage_asks_nothing_of_the_size():
    assert codes(a_ship(loa_mm=900_000, kind="x"), to_place="A1") == []


QUAY = (
    a_berth("B1", quay="Q1", begin_mm=0, end_mm=250_000, max_loa_mm=210_000),
    a_berth("B2", quay="Q1", begin_mm=250_000, end_mm=500_000),
)


@pytest.mark.parametrize(
    ("stretch_mm", "expected"),
    [
        ((0, 200_000), []),
        ((0, 199_999), ["stretch"]),
        ((40_000, 250_000), []),
        ((100_000, 300_000), []),
        ((300_000, 500_000), []),
        ((300_001, 500_001), ["quay"]),
        ((-1, 200_000), ["quay"]),
    ],
)
def test_a_ship_lies_on_its_quay_and_on_a_stretch_as_long_as_itself(stretch_mm, expected):
    assert codes(a_ship(), QUAY, (a_quay(),), stretch_mm=stretch_mm) == expected


def test_only_a_continuous_quay_lets_ships_lie_across_berth_marks():
    quays = (a_quay(continuous=False),)
    assert codes(a_ship(), QUAY, quays, stretch_mm=(50_000, 250_000)) == []
    assert codes(a_ship(), QUAY, quays, stretch_mm=(50_001, 250_001)) == ["quay"]
    assert codes(a_ship(), QUAY, quays, stretch_mm=(0, 211_000)) == ["quay"]
    lonely = (a_berth(begin_mm=0, end_mm=250_000),)
    assert codes(a_ship(), lonely, stretch_mm=(0, 250_000)) == []
    assert codes(a_ship(), lonely, stretch_mm=(0, 250_001)) == ["quay"]


def test_lying_across_the_quay_rule_takes_the_place_of_the_length_limit():
    berth = a_berth(
        quay="Q1", begin_mm=0, end_mm=250_000, max_loa_mm=210_000, max_loa_across_mm=240_000
    )
    berths, quays = (berth, QUAY[1]), (a_quay(),)
    assert codes(a_ship(loa_mm=240_000), berths, quays, stretch_mm=(0, 240_000)) == []
    assert codes(a_ship(loa_mm=240_001), berths, quays, stretch_mm=(0, 240_001)) == ["loa"]
    assert codes(a_ship(loa_mm=211_000), berths, quays) == ["loa"]
