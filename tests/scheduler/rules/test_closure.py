"""Nobody in a closed segment."""

from scheduler.problem import Closure, Interval
from tests.scheduler.builders import a_problem, an_entry
from tests.scheduler.rules.asking import figures, open_starts

RULE = "closure"


def closed(*segments):
    closure = Closure(id="blasting", span=Interval(100, 200), segments=segments)
    return a_problem(an_entry(), closures=(closure,))


def test_no_leg_overlaps_a_closure_of_its_segment():
    expected = set(range(71, 200))
    assert set(range(1000)) - open_starts(RULE, closed("S1")) == expected
    assert set(range(1000)) - open_starts(RULE, closed()) == expected
    assert figures(RULE, closed(), 150) == {"closure": "blasting", "segment": "S1"}


def test_other_segments_do_not_matter():
    assert open_starts(RULE, closed("S9")) == set(range(1000))
