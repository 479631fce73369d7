"""Plan versions as they were kept, judged once more and answered anew."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dispatch.planning_record import objective_value
from dispatch.records import PlanVersion
from dispatch.store.database import Database
from dispatch.store.reading import read_plan, read_plan_files, read_plans
from scheduler import Limits, Outcome, Problem, replan, solve
from scheduler.checks import check
from scheduler.outcome import Breach, Placement
from scheduler.validation import validate
from scheduler.wire import outcome_from_json, outcome_to_json, problem_from_json

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored question and its answer.

    Attributes:
        breaches: Of the answer, by the independent checks.
        astray: What the answer says of itself otherwise than the version's entry in the books:
            ``seed``, ``versions``, ``objective``.
    """

    problem: Problem
    outcome: Outcome
    breaches: tuple[Breach, ...]
    astray: tuple[str, ...]

    @property
    def new(self) -> tuple[Breach, ...]:
        """The breaches that should have stopped it."""
        return tuple(breach for breach in self.breaches if breach.status == "new")

    @property
    def sound(self) -> bool:
        """Whether it keeps every rule and is as it was booked."""
        return not self.new and not self.astray


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """The question answered twice more, and how that plan differs from the stored one.

    Attributes:
        same: Both answers are the same, byte for byte but for the time that they took.
        moved: Placed in both, at another time, in another way or place.
        recrewed: As before but for the team.
        gained: Placed now alone; ``lost``: placed in the stored plan alone.
    """

    outcome: Outcome
    breaches: tuple[Breach, ...]
    same: bool
    moved: tuple[str, ...]
    recrewed: tuple[str, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether it repeats, and keeps every rule."""
        return self.same and not any(breach.status == "new" for breach in self.breaches)


class Damaged(Exception):
    """What was kept of a version cannot be read, or is no question; the message says why."""


def kept_versions(
    database: Database, wanted: Sequence[int] = (), *, most: int | None = None
) -> Iterator[PlanVersion]:
    """Yield plan versions, those wanted in their order, else the newest first, some at a time.

    Args:
        database: The port's database.
        wanted: Version numbers; none stands for every one that is kept.
        most: So many at most, where none are wanted by number.

    Raises:
        NotFound: one that is wanted is not there.
    """
    if wanted:
        yield from (read_plan(database, version) for version in wanted)
        return
    told, before = 0, None
    while most is None or told < most:
        page = read_plans(
            database, before=before, limit=PAGE if most is None else min(PAGE, most - told)
        )
        if not page:
            return
        yield from page
        told += len(page)
        before = page[-1].version


def read_kept(database: Database, plan: PlanVersion) -> Kept:
    """Read the question and the answer of a version, and judge the answer.

    Raises:
        Damaged: they cannot be read.
    """
    try:
        problem_json, outcome_json = read_plan_files(database, plan.version)
        problem = problem_from_json(problem_json)
        outcome = outcome_from_json(outcome_json)
    except (zlib.error, ValueError) as error:
        raise Damaged(str(error)) from error
    faults = validate(problem)
    if faults:
        raise Damaged("; ".join(f"{fault.path}: {fault.code}" for fault in faults))
    return Kept(
        problem=problem,
        outcome=outcome,
        breaches=tuple(check(problem, outcome)),
        astray=tuple(_astray(plan, outcome)),
    )


def _astray(plan: PlanVersion, outcome: Outcome) -> Iterator[str]:
    if outcome.seed != plan.seed:
        yield "seed"
    if dict(outcome.versions) != dict(plan.versions):
        yield "versions"
    if dict(plan.objective) != objective_value(outcome):
        yield "objective"


def answered_anew(kept: Kept, *, wall_s: float) -> Anew:
    """Answer a stored question twice, so that each run repeats: one worker, the stored seed.

    As planning would: what was published is mended, else a plan is made.

    Args:
        kept: The question with its stored answer.
        wall_s: Work to put in, about as much as this many seconds would do.
    """
    mends = any(movement.published is not None for movement in kept.problem.movements)
    limits = Limits(wall_s=wall_s, workers=1, seed=kept.outcome.seed, deterministic=True)
    ask = replan if mends else solve
    first, second = ask(kept.problem, limits), ask(kept.problem, limits)
    before = {one.movement: one for one in kept.outcome.placements}
    after = {one.movement: one for one in first.placements}
    both = [(before[name], one) for name, one in after.items() if name in before]
    return Anew(
        outcome=first,
        breaches=tuple(check(kept.problem, first)),
        same=_written(first) == _written(second),
        moved=tuple(one.movement for old, one in both if _where(old) != _where(one)),
        recrewed=tuple(
            one.movement for old, one in both if _where(old) == _where(one) and old != one
        ),
        gained=tuple(name for name in after if name not in before),
        lost=tuple(name for name in before if name not in after),
    )


def _where(one: Placement) -> Placement:
    return replace(one, crews=())


def _written(outcome: Outcome) -> str:
    return outcome_to_json(replace(outcome, elapsed_s=0.0))
