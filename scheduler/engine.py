"""The two questions: solve a problem, or mend a published plan after something has changed."""

from collections.abc import Callable

from scheduler.answer import outcome
from scheduler.clock import Clock
from scheduler.conflicts import Conflicts
from scheduler.construct import first_plan, from_outcome, merit
from scheduler.draft import Draft
from scheduler.improve import Improver
from scheduler.mend import Mender
from scheduler.outcome import Limits, Outcome, Progress
from scheduler.problem import Problem
from scheduler.rolling import is_long, rolled_plan

Listener = Callable[[Progress], None]

_EXPLAIN_S = 0.3
_FIRST_SHARE = 0.4
"""Of the time, for the first plan where something is left out of it."""
_ROLLING = 3
"""Rolling needs the rest of that share to be twice what one order for all took, or more."""


def solve(
    problem: Problem,
    limits: Limits | None = None,
    hint: Outcome | None = None,
    progress: Listener | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Outcome:
    """Find a good plan, or improve the published one.

    Where movements are published, the published plan is mended first and improved from there:
    pinned ones stay, and a change is kept only where it is worth its price.

    Args:
        problem: The question; see :mod:`scheduler.problem`.
        limits: How long and how hard to work.
        hint: A plan to start from if it is better than the first one found.
        progress: Called with the best cost so far while it works.
        should_stop: Asked often; when true, the best plan so far is the answer.

    Returns:
        A plan that keeps every rule, with what is left out and why. Always an answer: with no
        time at all it is that of the first heuristic.

    Raises:
        UnknownReference: If the problem names a thing that it does not hold.
    """
    limits = limits or Limits()
    clock = Clock(limits, should_stop)
    draft = _start(Conflicts(problem), clock, hint)
    result = Improver(draft, clock, progress).run()
    return outcome(
        result.draft,
        optimal=result.optimal,
        lower_bound=result.bound,
        seed=limits.seed,
        elapsed_s=clock.elapsed_s,
        hurries=_hurry(clock),
    )


def _hurry(clock: Clock) -> Callable[[], bool]:
    """Explaining goes on in brief when the time is over; a little it gets in any case."""
    begun_s = clock.elapsed_s

    def hurries() -> bool:
        if clock.limits.deterministic:
            return False
        return clock.elapsed_s > max(clock.limits.wall_s, begun_s + _EXPLAIN_S)

    return hurries


def _may_roll(clock: Clock) -> bool:
    """Whether one order for all came to its end so early that rolling can do better."""
    limits = clock.limits
    if clock.is_over():
        return False
    return limits.deterministic or clock.elapsed_s * _ROLLING <= _FIRST_SHARE * limits.wall_s


def _rolling_time(clock: Clock) -> Callable[[float], bool]:
    """Whether a share of what is left for the first plan is over."""
    begun = clock.elapsed_s / max(clock.limits.wall_s, 0.01)
    left = max(_FIRST_SHARE - begun, 0.0)
    return lambda share: clock.is_over(begun + share * left)


def _start(conflicts: Conflicts, clock: Clock, hint: Outcome | None) -> Draft:
    if any(m.published is not None for m in conflicts.problem.movements):
        return Mender(conflicts, clock).run().draft
    drafts = [first_plan(conflicts, is_over=lambda: clock.is_over(_FIRST_SHARE))]
    if merit(drafts[0])[0] and is_long(conflicts.problem) and _may_roll(clock):
        drafts.append(rolled_plan(conflicts, _rolling_time(clock)))
    if hint is not None:
        drafts.append(from_outcome(conflicts, hint))
    return min(drafts, key=merit)


def replan(
    problem: Problem,
    limits: Limits | None = None,
    progress: Listener | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Outcome:
    """Mend the published plan with the smallest change.

    In this order: the fewest left out, the fewest displaced (see
    :class:`scheduler.displacement.Displacement`), the fewest moved, the fewest teams changed, the
    fewest ticks moved, the least cost. What is fixed never moves. Movements that are not
    published yet are placed where they disturb nobody, if that can be.

    Args:
        problem: The question, with ``published`` and ``fixed`` as things are now.
        limits: How long to work; most repairs need a small part of it.
        progress: Called after each step.
        should_stop: Asked between steps.

    Returns:
        The mended plan, its changes with their reasons, and what is proved of them.

    Raises:
        UnknownReference: If the problem names a thing that it does not hold.
    """
    limits = limits or Limits()
    clock = Clock(limits, should_stop)
    mended = Mender(Conflicts(problem), clock, progress).run()
    return outcome(
        mended.draft,
        proof=mended.proof,
        seed=limits.seed,
        elapsed_s=clock.elapsed_s,
        hurries=_hurry(clock),
        mends=True,
    )
