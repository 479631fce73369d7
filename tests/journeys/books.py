"""What the store holds, judged once more from outside the service."""

from itertools import pairwise

from dispatch.events import Fact
from dispatch.store.database import Database
from dispatch.store.reading import read_outbox, read_plan_files, read_plans
from scheduler.checks import check
from scheduler.wire import outcome_from_json, problem_from_json

MOST_FACTS = 100_000


def facts_of(database: Database) -> list[Fact]:
    """Read the whole outbox; its offsets have to be gapless from 1, its times never go back."""
    facts = read_outbox(database, 0, MOST_FACTS)
    assert [fact.offset for fact in facts] == list(range(1, len(facts) + 1))
    back = [(one.offset, one.at, two.at) for one, two in pairwise(facts) if two.at < one.at]
    assert not back, f"the clock went back after a fact: {back}"
    return facts


def versions_of(database: Database) -> dict[int, str]:
    """Read when each plan version was published; they have to be gapless from 1."""
    plans = read_plans(database, limit=MOST_FACTS)
    assert [plan.version for plan in plans] == list(range(len(plans), 0, -1))
    return {
        plan.version: plan.published_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        for plan in plans
    }


def judge_plans(database: Database, *, after: int = 0) -> int:
    """Judge every stored version after one from its own files; return the last one.

    Each movement of the problem is answered, placed or left out with reasons, and there is no
    breach but of what had happened or was waived.
    """
    last = max(versions_of(database), default=0)
    for version in range(after + 1, last + 1):
        problem_json, outcome_json = read_plan_files(database, version)
        problem, outcome = problem_from_json(problem_json), outcome_from_json(outcome_json)
        breaches = [item for item in check(problem, outcome) if item.status == "new"]
        assert not breaches, f"plan {version}: {breaches}"
        answered = {item.movement for item in outcome.placements}
        answered |= {item.movement for item in outcome.unplaced}
        assert answered == {item.id for item in problem.movements}, f"plan {version}"
        assert all(item.reasons for item in outcome.unplaced), f"plan {version}"
    return last
