"""One movement after another."""

import pytest

from scheduler.problem import Follows
from scheduler.rules.follows import orders
from scheduler.tables import Tables, UnknownReference
from scheduler.ways import Order
from tests.scheduler.builders import a_problem, an_entry


def test_a_movement_comes_after_those_it_follows():
    second = an_entry("b", follows=(Follows(movement="a", gap_ticks=15),))
    assert list(orders(Tables(a_problem(an_entry("a"), second)))) == [Order(1, 0, 15)]


def test_an_unknown_movement_is_named():
    problem = a_problem(an_entry("b", follows=(Follows(movement="ghost"),)))
    with pytest.raises(UnknownReference, match="ghost"):
        list(orders(Tables(problem)))
