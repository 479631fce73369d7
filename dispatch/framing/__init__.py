"""From what is known to a problem for the scheduler, and from its answer back to a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from dispatch.framing.answers import DraftPlan, Move, draft_plan
from dispatch.framing.berth_waits import wait_for_berths, without_those_gone
from dispatch.framing.context import Context, make_context
from dispatch.framing.crews import PastDuties, frame_pools, frame_resources
from dispatch.framing.environment import (
    frame_closures,
    frame_daylight,
    frame_visibility,
    frame_water_levels,
    frame_wind,
)
from dispatch.framing.framed import FramedProblem
from dispatch.framing.grid import Grid
from dispatch.framing.movements import FramedMovement, Note
from dispatch.framing.places import (
    frame_anchorages,
    frame_berths,
    frame_boarding_places,
    frame_quays,
)
from dispatch.framing.ships import frame_ship
from dispatch.framing.stays import FramedCall, frame_call
from dispatch.framing.waterways import frame_segments, slow_rule
from dispatch.movement import Movement, MovementState
from dispatch.policy import Policy
from dispatch.port import Port, RuleKind
from dispatch.situation import Situation
from scheduler.problem import PastDuty, Problem, Stay

__all__ = [
    "DraftPlan",
    "FramedMovement",
    "FramedProblem",
    "Move",
    "Note",
    "draft_plan",
    "frame",
]

WAITS_FOR_UNPLANNED = "waits-for-unplanned-movement"

RULE_KINDS: dict[str, tuple[RuleKind, ...]] = {
    "under_keel_clearance": (RuleKind.UNDER_KEEL_CLEARANCE,),
    "alongside_clearance": (RuleKind.ALONGSIDE_CLEARANCE,),
    "air_draught": (RuleKind.AIR_DRAUGHT,),
    "daylight": (RuleKind.DAYLIGHT,),
    "visibility": (
        RuleKind.VISIBILITY_DEPARTURE,
        RuleKind.VISIBILITY_MOVEMENT,
        RuleKind.VISIBILITY_SPEED,
    ),
    "wind": (RuleKind.WIND_BOARDING, RuleKind.WIND_BERTHING),
    "no_overtaking": (RuleKind.NO_OVERTAKING,),
    "one_way": (RuleKind.ONE_WAY,),
    "meeting_limit": (RuleKind.MEETING_WIDTH,),
    "safety_zone": (RuleKind.SAFETY_ZONE,),
    "headway": (RuleKind.HEADWAY, RuleKind.VISIBILITY_SPEED),
    "pilots": (RuleKind.PILOTAGE_COMPULSORY,),
}
"""The kinds of the port's rules behind each rule of the scheduler."""


def frame(
    situation: Situation,
    port: Port,
    policy: Policy,
    *,
    freed: frozenset[str] = frozenset(),
    yielding: frozenset[str] = frozenset(),
    ruled: Mapping[str, frozenset[date]] | None = None,
) -> FramedProblem:
    """Frame a situation as a problem on a grid of minutes.

    Args:
        situation: All that is known at one moment.
        port: The port.
        policy: What the port has decided about planning.
        freed: Movements that are planned anew although their start has only just passed.
        yielding: Departures from berths to which another ship is under way already: they may lie
            there together on paper, for the one under way will wait.
        ruled: Days whose rules some movements keep to besides those of their own day, by id.

    Returns:
        The problem, and what is needed to read its answer back. The same situation gives the same
        problem.
    """
    grid = Grid.at(situation.now, policy.horizon_h, policy.beyond_horizon_h)
    restrictions = situation.restrictions
    visibility = frame_visibility(grid, restrictions)
    context = make_context(
        situation,
        port,
        policy,
        visibility=visibility,
        seen=frame_visibility(grid, restrictions, past=True),
        resources=frame_resources(port, grid, situation.outages, {}),
        grid=grid,
        freed=freed,
        yielding=yielding,
        ruled=ruled or {},
    )
    calls = _frame_calls(situation, context)
    stays = tuple(stay for call in calls for stay in call.stays)
    movements = _follows_known([item for call in calls for item in call.movements])
    stays = without_those_gone(port, movements, stays)
    movements = wait_for_berths(port, movements, stays)
    past = {
        resource: tuple(sorted(duties, key=lambda duty: duty.span.begin))
        for resource, duties in _past(calls).items()
    }
    problem = _problem(situation, context, movements, stays, past)
    return FramedProblem(
        problem=problem,
        grid=grid,
        situation=situation,
        movements={item.movement.id: item for item in movements},
        deferred={item: code for call in calls for item, code in call.deferred.items()},
        rule_refs=_rule_refs(port, context.days.all),
        days={item.id: context.days_of(item) for item in situation.movements},
        rule_days=context.days,
        notes=tuple(note for call in calls for note in call.notes),
    )


def _problem(
    situation: Situation,
    context: Context,
    movements: Sequence[FramedMovement],
    stays: tuple[Stay, ...],
    past: PastDuties,
) -> Problem:
    port, days, grid = context.port, context.days.all, context.grid
    restrictions = situation.restrictions
    rule = slow_rule(port, days)
    days_of_call = _days_of_calls(situation, context)
    in_problem = {item.movement.ship for item in movements} | {stay.ship for stay in stays}
    return Problem(
        horizon=grid.horizon,
        ships=tuple(
            frame_ship(port, call, days_of_call[call.id])
            for call in situation.calls
            if call.id in in_problem
        ),
        segments=frame_segments(port, days),
        quays=frame_quays(port),
        berths=frame_berths(port, days, grid, restrictions),
        anchorages=frame_anchorages(port, days),
        boarding_places=frame_boarding_places(port, grid),
        water_levels=frame_water_levels(
            port, grid, restrictions, step_ticks=context.policy.water_level_step_min
        ),
        daylight=frame_daylight(port, grid),
        visibility=frame_visibility(grid, restrictions),
        slow_visibility_m=context.slow_visibility_m,
        slow_headway_permille=(
            1000 if rule is None else round(rule.number("headway_factor") * 1000)
        ),
        wind=frame_wind(grid, restrictions),
        closures=frame_closures(grid, restrictions),
        pools=frame_pools(port),
        resources=frame_resources(port, grid, situation.outages, past),
        movements=tuple(item.movement for item in movements),
        stays=stays,
        label=f"{port.port_id} at offset {situation.offset}",
    )


def _frame_calls(situation: Situation, context: Context) -> list[FramedCall]:
    of_call: dict[str, list[Movement]] = {}
    for movement in situation.movements:
        if movement.state is not MovementState.WITHDRAWN:
            of_call.setdefault(movement.call_id, []).append(movement)
    return [frame_call(context, call, of_call.get(call.id, [])) for call in situation.calls]


def _follows_known(movements: list[FramedMovement]) -> list[FramedMovement]:
    """Hold movements that are to follow one that is not put to the scheduler."""
    known = {item.movement.id for item in movements}
    found: list[FramedMovement] = []
    for item in movements:
        moved = item.movement
        follows = tuple(link for link in moved.follows if link.movement in known)
        if len(follows) < len(moved.follows):
            moved = replace(moved, follows=follows, held=moved.held or WAITS_FOR_UNPLANNED)
        found.append(replace(item, movement=moved))
    return found


def _past(calls: list[FramedCall]) -> dict[str, list[PastDuty]]:
    found: dict[str, list[PastDuty]] = {}
    for call in calls:
        for resource, duties in call.past.items():
            found.setdefault(resource, []).extend(duties)
    return found


def _days_of_calls(situation: Situation, context: Context) -> dict[str, frozenset[date]]:
    """Return the days whose rules each ship keeps to: those of all that it has yet to do."""
    found: dict[str, frozenset[date]] = {call.id: frozenset() for call in situation.calls}
    for movement in situation.movements:
        if movement.state is MovementState.COMPLETED:
            continue
        found[movement.call_id] |= context.days_of(movement)
    return found


def _rule_refs(port: Port, days: frozenset[date]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(rule.rule_id for kind in kinds for rule in port.rules_in_force(kind, days))
        for name, kinds in RULE_KINDS.items()
    }
