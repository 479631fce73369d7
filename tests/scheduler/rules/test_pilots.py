"""Who may be of a team of pilots, and how many they are."""

from scheduler.conflicts import Conflicts
from tests.scheduler.builders import (
    a_duty,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    a_ship,
    an_entry,
    an_entry_mode,
)

PILOTS = (
    a_resource("p1", grade=1),
    a_resource("p2", grade=2, below_loa_mm=250_000),
    a_resource("p3", grade=3, below_loa_mm=180_000, not_kinds=("lng",)),
)


def asked(need, *, pool=None, end=40, loa_mm=200_000, **changes):
    problem = a_problem(
        an_entry(needs=(need,), modes=(an_entry_mode(duties=(a_duty(end=end),)),), **changes),
        ships=(a_ship(loa_mm=loa_mm),),
        pools=(pool or a_pool(),),
        resources=PILOTS,
    )
    demand = Conflicts(problem).demand(0, 0)
    assert demand is not None
    return demand


def test_the_first_admits_the_ship_and_the_others_have_their_grade():
    demand = asked(a_need(count=2, first_admits=True, other_grade=2))
    assert (demand.least, demand.most) == (2, 2)
    assert demand.first == (True, True, False)
    assert demand.others == (True, True, False)
    assert asked(a_need(first_admits=True), loa_mm=250_000).first == (True, False, False)


def test_who_is_barred_is_in_no_team():
    demand = asked(a_need(first_admits=True), barred=("p1",))
    assert demand.first == (False, True, False)
    assert demand.others == (False, True, True)


def test_a_duty_too_long_for_one_is_shared():
    pool = a_pool(max_duty_ticks=39)
    assert asked(a_need(), pool=pool).least == 2
    assert asked(a_need(), pool=pool, end=39).least == 1
