"""Which claims exclude each other, and what lies between."""

import pytest

from scheduler.rules.berth_occupancy import closed, gap_ticks
from scheduler.tables import Tables
from scheduler.ways import Claim
from tests.scheduler.builders import a_berth, a_problem, a_quay, spans


def port(**quay):
    return Tables(
        a_problem(
            quays=(a_quay("Q1", **{"clearance_mm": 20_000} | quay),),
            berths=(
                a_berth("B1", quay="Q1", begin_mm=0, end_mm=300_000, turnover_ticks=30),
                a_berth("B2", quay="Q1", begin_mm=300_000, end_mm=600_000, turnover_ticks=50),
                a_berth("J1", turnover_ticks=10, closed=spans((5, 9))),
            ),
        )
    )


@pytest.mark.parametrize(
    ("one", "other", "gap"),
    [
        (Claim("J1"), Claim("J1"), 10),
        (Claim("J1"), Claim("B1"), None),
        (Claim("B1"), Claim("B2"), None),  # they touch
        (Claim("B1"), Claim("B2", (299_999, 500_000)), 50),
        (Claim("B1", (0, 150_000)), Claim("B1", (170_000, 300_000)), None),
        (Claim("B1", (0, 150_000)), Claim("B1", (169_999, 300_000)), 30),
        (Claim("B1", (0, 150_000)), Claim("B1"), 30),
        (Claim("B1", (200_000, 310_000)), Claim("B2", (320_000, 500_000)), 50),
        (Claim("A1"), Claim("A1"), None),
    ],
)
def test_stays_exclude_each_other_in_space(one, other, gap):
    assert gap_ticks(port(), one, other) == gap
    assert gap_ticks(port(), other, one) == gap


def test_a_quay_with_marks_takes_one_ship_a_berth():
    one, other = Claim("B1", (0, 100_000)), Claim("B1", (200_000, 300_000))
    assert gap_ticks(port(continuous=False), one, other) == 30


def test_closures_of_a_berth():
    assert closed(port(), Claim("J1")) == ((5, 9),)
    assert closed(port(), Claim("A1")) == ()
