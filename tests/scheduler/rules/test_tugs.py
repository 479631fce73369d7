"""How many tugs, with what pull."""

import pytest

from scheduler.conflicts import Conflicts
from scheduler.tables import UnknownReference
from tests.scheduler.builders import (
    a_duty,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    an_entry,
    an_entry_mode,
)


def asked(need, pools=(a_pool("tugs"),)):
    problem = a_problem(
        an_entry(needs=(need,), modes=(an_entry_mode(duties=(a_duty(need.id),)),)),
        pools=pools,
        resources=(a_resource("t1", "tugs"),),
    )
    demand = Conflicts(problem).demand(0, 0)
    assert demand is not None
    return demand


@pytest.mark.parametrize(
    ("changes", "most"),
    [({}, 2), ({"pull_kg": 90_000}, 4), ({"pull_kg": 90_000, "max_count": 3}, 3)],
)
def test_with_a_pull_there_may_be_more_of_them(changes, most):
    demand = asked(a_need("tugs", count=2, **changes))
    assert (demand.least, demand.most) == (2, most)


def test_a_pool_that_nobody_speaks_for_is_named():
    with pytest.raises(UnknownReference, match="tugs"):
        asked(a_need("tugs"), pools=())
