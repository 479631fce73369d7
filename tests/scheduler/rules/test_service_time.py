"""Exits after entries, from where the ship lies."""

from scheduler.rules.service_time import orders
from scheduler.tables import Tables
from scheduler.ways import Order
from tests.scheduler.builders import a_problem, a_stay, an_entry, an_exit


def test_an_exit_comes_after_entry_and_service_from_the_same_place():
    problem = a_problem(
        an_entry(), an_exit(), stays=(a_stay(entry="in", exit="out", service_ticks=90),)
    )
    assert list(orders(Tables(problem))) == [Order(1, 0, 90, same_place=True)]


def test_a_ship_that_is_there_leaves_when_it_is_ready():
    problem = a_problem(an_exit(), stays=(a_stay(exit="out", place="B1", ready=25),))
    assert list(orders(Tables(problem))) == [Order(0, None, 25, same_place=True, place="B1")]


def test_a_stay_without_exit_orders_nothing():
    problem = a_problem(an_entry(), stays=(a_stay(entry="in", service_ticks=90),))
    assert list(orders(Tables(problem))) == []
