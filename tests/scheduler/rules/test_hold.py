"""A held movement has no start."""

from tests.scheduler.builders import a_problem, an_entry
from tests.scheduler.rules.asking import figures, open_starts


def test_a_hold_leaves_no_start_and_tells_its_code():
    problem = a_problem(an_entry(held="documents-missing"))
    assert open_starts("hold", problem) == set()
    assert figures("hold", problem, 5) == {"held": "documents-missing"}


def test_without_a_hold_every_start_is_open():
    assert open_starts("hold", a_problem(an_entry())) == set(range(1000))
