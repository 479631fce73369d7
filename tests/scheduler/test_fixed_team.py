"""A fixed team that cannot do is no team: the movement is left out, with the reason."""

import pytest

from scheduler import Limits, replan, solve
from scheduler.problem import Fixed
from tests.scheduler.builders import (
    a_crew,
    a_duty,
    a_need,
    a_pool,
    a_problem,
    a_resource,
    an_entry,
    an_entry_mode,
)
from tests.scheduler.plans import breaches


@pytest.mark.parametrize("ask", [solve, replan])
@pytest.mark.parametrize(
    ("need", "pull_kg", "barred"),
    [(a_need(pull_kg=40), 30, ()), (a_need(count=2), 0, ()), (a_need(), 0, ("p",))],
    ids=["too weak", "too few", "declined"],
)
def test_a_fixed_team_that_cannot_do_is_not_planned(ask, need, pull_kg, barred):
    entry = an_entry(
        modes=(an_entry_mode(duties=(a_duty(),)),),
        needs=(need,),
        barred=barred,
        fixed=Fixed(mode="m", start=100, crews=(a_crew("p"),)),
    )
    problem = a_problem(
        entry, pools=(a_pool(),), resources=(a_resource("p", pull_kg=pull_kg), a_resource("q"))
    )
    outcome = ask(problem, Limits(wall_s=1, workers=1, deterministic=True))
    assert breaches(problem, outcome) == []
