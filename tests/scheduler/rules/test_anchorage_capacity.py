"""Anchorages count their ships; berths do not."""

from scheduler.rules.anchorage_capacity import capacity
from scheduler.tables import Tables
from scheduler.ways import Claim
from tests.scheduler.builders import a_problem, an_anchorage


def test_an_anchorage_takes_so_many():
    tables = Tables(a_problem(anchorages=(an_anchorage(capacity=3),)))
    assert capacity(tables, Claim("A1")) == ("A1", 3)
    assert capacity(tables, Claim("B1")) is None
