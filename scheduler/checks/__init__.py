"""The independent judge: every rule read a second time, from the raw problem and the plan."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from scheduler.checks import (
    air_draught,
    alongside_clearance,
    anchorage_capacity,
    berth_fit,
    berth_occupancy,
    boarding_slot,
    closure,
    daylight,
    follows,
    frozen,
    headway,
    hold,
    meeting_limit,
    no_overtaking,
    one_way,
    pilots,
    plan,
    requested_window,
    safety_zone,
    service_time,
    tugs,
    under_keel_clearance,
    visibility,
    wind,
)
from scheduler.checks.crews import judge_pool
from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach, Outcome, Placement
from scheduler.problem import Problem

Check = Callable[[Sheet], Iterator[Breach]]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        module.RULE: module.judge
        for module in (
            plan,
            requested_window,
            frozen,
            hold,
            berth_fit,
            alongside_clearance,
            under_keel_clearance,
            air_draught,
            daylight,
            visibility,
            wind,
            closure,
            headway,
            no_overtaking,
            one_way,
            meeting_limit,
            safety_zone,
            berth_occupancy,
            anchorage_capacity,
            boarding_slot,
            pilots,
            tugs,
            service_time,
            follows,
        )
    }
)
"""Every check by the name of its rule; ``plan`` is the one that is no rule of a port."""


def check(problem: Problem, plan_or_outcome: Outcome | Sequence[Placement]) -> tuple[Breach, ...]:
    """Judge a whole plan by every rule.

    Args:
        problem: A valid problem (see ``scheduler.validation``).
        plan_or_outcome: The placements alone, or a whole outcome; of an outcome it is also judged
            that every movement is either placed or listed as unplaced, once.

    Returns:
        All breaches, rule by rule. A plan may be published when none of them is ``new``.
    """
    if isinstance(plan_or_outcome, Outcome):
        sheet = Sheet(problem, plan_or_outcome.placements)
        breaches = list(plan.judge_unplaced(sheet, plan_or_outcome.unplaced))
    else:
        sheet = Sheet(problem, plan_or_outcome)
        breaches = []
    for judge in CHECKS.values():
        breaches.extend(judge(sheet))
    for pool in problem.pools:
        if pool.id not in CHECKS:
            breaches.extend(judge_pool(sheet, pool.id))
    return tuple(breaches)


__all__ = ["CHECKS", "Check", "check"]
