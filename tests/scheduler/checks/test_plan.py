"""A plan has every movement once, and only what the problem has."""

from scheduler.outcome import Outcome, Unplaced
from tests.scheduler.builders import a_crew, a_need, a_problem, an_entry, placed
from tests.scheduler.checks.judging import breaches, broken, outcome_breaches

RULE = "plan"


def test_a_movement_placed_once_is_well():
    problem = a_problem(an_entry())
    assert not broken(RULE, problem, placed("in", 5))
    assert not breaches(RULE, problem)


def test_what_the_problem_does_not_have_is_reported_by_its_code():
    problem = a_problem(an_entry(needs=(a_need(),)))
    plan = (
        placed("ghost", 5),
        placed("in", 5, a_crew("nobody"), a_crew(), a_crew("x", need="y"), mode="?"),
        placed("in", 6),
    )
    found = {(b.movements, b.params["code"], b.status) for b in breaches(RULE, problem, *plan)}
    assert found == {
        (("ghost",), "unknown_movement", "new"),
        (("in",), "unknown_mode", "new"),
        (("in",), "placed_twice", "new"),
        (("in",), "unknown_need", "new"),
        (("in",), "need_crewed_twice", "new"),
        (("in",), "unknown_resource", "new"),
    }


def test_an_outcome_lists_what_it_leaves_out():
    problem = a_problem(an_entry("a"), an_entry("b"))
    left_out = Unplaced(movement="b", reasons=())
    good = Outcome(status="feasible", placements=(placed("a", 0),), unplaced=(left_out,))
    assert outcome_breaches(problem, good) == []
    silent = Outcome(status="feasible", placements=(placed("a", 0),))
    assert outcome_breaches(problem, silent) == [(RULE, "missing")]
    both = Outcome(
        status="feasible",
        placements=(placed("a", 0), placed("b", 200)),
        unplaced=(left_out, left_out, Unplaced(movement="c", reasons=())),
    )
    assert {code for rule, code in outcome_breaches(problem, both) if rule == RULE} == {
        "placed_and_unplaced",
        "listed_twice",
        "unknown_movement",
    }
