"""How far a movement is thrown: from what is unavoidable, in weighted hours begun."""

from dataclasses import replace

import pytest

from scheduler.conflicts import Conflicts
from scheduler.displacement import Displacement, key_of
from scheduler.draft import Draft
from scheduler.problem import Closure, Interval, Published
from tests.scheduler.builders import a_problem, an_entry


def told(start, *closures, weight=3):
    movement = replace(an_entry("a"), requested=0, earliest=0, latest=900, late_weight=weight)
    movement = replace(movement, published=Published(mode=movement.modes[0].id, start=start))
    problem = replace(a_problem(movement), horizon=1440, closures=closures)
    draft = Draft(Conflicts(problem))
    return draft, Displacement(draft, 120)


@pytest.mark.parametrize(
    ("start", "hours"),
    [(500, 0), (620, 0), (621, 3), (680, 3), (681, 6), (380, 0), (379, 3), (320, 3), (319, 6)],
)
def test_it_counts_from_two_hours_on_either_side_in_hours_begun(start, hours):
    _, away = told(500)
    assert away.hours(0, start) == hours


def test_what_a_closure_makes_unavoidable_is_nobodys_displacement():
    passage = told(500)[0].tables.modes[0].legs
    _, away = told(500, Closure(id="c", span=Interval(0, 801)))
    assert away.unavoidable(0) > 800 - passage[-1].leave
    assert away.hours(0, away.unavoidable(0) + 120) == 0
    assert away.hours(0, away.unavoidable(0) + 121) == 3


def test_a_lost_ship_is_worse_than_any_other_change():
    draft, away = told(500)
    lost = key_of(draft, away)
    draft.place(0, 0, 899, {})
    assert key_of(draft, away) < lost
