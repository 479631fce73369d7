"""Movements as the scheduler knows them, by how far they have come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from dispatch.framing.context import Context
from dispatch.framing.modes import ModeMaker, Place, Variant, needed_in_visibility
from dispatch.framing.sailed import sailed
from dispatch.framing.ships import berthing_wind_mms, boarding_wind_mms, needs_daylight
from dispatch.framing.told_waits import waits_for
from dispatch.framing.visibility import least_visibility_m
from dispatch.movement import Approval, Movement, MovementState, PlannedTime
from dispatch.units import millimetres
from scheduler import problem

HELD = "maritime-hold"
DENIED = "maritime-rejection"

BEYOND_HORIZON = "beyond-horizon"
PLACE_UNKNOWN = "place-unknown"

STILL_UNDER_WAY_TICKS = 10
"""A movement whose planned end has passed without a report is expected to end this much later."""

OPEN_STATES = (MovementState.DECLARED, MovementState.PLANNED)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that framing decided about a movement and that people should be told."""

    code: str
    movement: str
    params: Mapping[str, int | str]


@dataclass(frozen=True, slots=True)
class FramedMovement:
    """A movement of the problem with all its modes and their times."""

    movement: problem.Movement
    variants: Mapping[str, Variant]
    notes: tuple[Note, ...] = ()

    def earliest_end(self) -> int:
        """Return the first tick at which it may be over, as far as it alone decides."""
        moved = self.movement
        start = max(moved.earliest, moved.published.start if moved.published else moved.earliest)
        if moved.fixed is not None:
            start = moved.fixed.start
        return start + min(mode.end_at for mode in moved.modes)


def frame_open(
    context: Context, movement: Movement, here: Sequence[Place], chained: int | None
) -> FramedMovement | str:
    """Frame a movement that has not begun, or tell why it cannot be put to the scheduler.

    Args:
        context: What all movements share.
        movement: Declared or planned.
        here: Where its ship may lie when it begins; empty when it comes from sea.
        chained: First tick at which what comes before it in its call can be over; None where
            nothing does.
    """
    grid = context.grid
    earliest = earliest_start(context, movement)
    planned = movement.planned
    if earliest >= grid.horizon and planned is None:
        return BEYOND_HORIZON
    maker = context.maker(movement, [item.place for item in here])
    latest, notes = _latest(context, movement, earliest, chained)
    days = context.days_of(movement)
    min_visibility_m = least_visibility_m(
        context.port, movement, days, leaves=movement.asked.kind != "entry"
    )
    variants = _open_variants(context, movement, maker, (earliest, latest + 1), min_visibility_m)
    if not variants:
        return PLACE_UNKNOWN
    published = None if planned is None else _published(context, movement, planned, variants)
    framed = problem.Movement(
        id=movement.id,
        ship=movement.call_id,
        kind=movement.asked.kind,
        draught_mm=millimetres(maker.draught_m),
        modes=tuple(variant.mode for variant in variants),
        requested=grid.floor(movement.asked.requested_at),
        earliest=min(earliest, latest),
        latest=latest,
        air_draught_mm=millimetres(movement.vessel.air_draught_m),
        late_weight=context.policy.late_weight[movement.priority],
        unplaced_cost=context.policy.unplaced_cost[movement.priority],
        needs=_needs(variants),
        min_visibility_m=min_visibility_m,
        boarding_wind_mms=boarding_wind_mms(context.port, days, piloted=maker.piloted),
        berthing_wind_mms=berthing_wind_mms(context.port, movement.vessel, days),
        daylight_only=_daylight_only(context, movement, variants),
        follows=_follows(context, movement),
        barred=context.known(movement.declined),
        held=_held(movement),
        waived=_waived(context, movement),
        published=published,
        pinned=movement.pinned or (published is not None and _frozen(context, movement, published)),
    )
    by_id = {variant.mode.id: variant for variant in variants}
    framed = _within_grace(context, movement, framed)
    return FramedMovement(framed, by_id, notes)


def frame_under_way(
    context: Context, movement: Movement, here: Sequence[Place]
) -> FramedMovement | str:
    """Frame a movement that has begun: its start is what happened, its times follow from it."""
    found = sailed(context, movement, here)
    if found is None:
        return PLACE_UNKNOWN
    variant, start = found.variant, found.start
    mode = variant.mode
    overdue = -start + STILL_UNDER_WAY_TICKS
    if mode.end_at < overdue and start + mode.end_at <= 0:
        duties = tuple(
            replace(duty, end=overdue) if duty.end == mode.end_at else duty for duty in mode.duties
        )
        mode = replace(mode, end_at=overdue, duties=duties)
    planned = movement.planned
    crews = {
        need: team
        for need, team in (() if planned is None else planned.crews)
        if context.known(team) == team
    }
    fixed, open_needs = _crews_under_way(context, movement, mode, start, crews)
    mode = replace(
        mode,
        duties=tuple(duty for duty in mode.duties if duty.need in open_needs or duty.need in fixed),
    )
    variant = Variant(mode, variant.timing, variant.work)
    used = {duty.need for duty in mode.duties}
    known = tuple(problem.Crew(need=n, resources=crews[n]) for n in crews if n in used)
    framed = problem.Movement(
        id=movement.id,
        ship=movement.call_id,
        kind=movement.asked.kind,
        draught_mm=millimetres(found.draught_m),
        modes=(mode,),
        requested=context.grid.floor(movement.asked.requested_at),
        earliest=start,
        latest=start,
        air_draught_mm=millimetres(movement.vessel.air_draught_m),
        late_weight=context.policy.late_weight[movement.priority],
        unplaced_cost=context.policy.unplaced_cost[movement.priority],
        needs=tuple(need for need in variant.work.needs if need.id in used),
        barred=context.known(movement.declined),
        waived=_waived(context, movement),
        published=(
            None
            if planned is None
            else problem.Published(
                mode=mode.id, start=context.grid.floor(planned.start_at), crews=known
            )
        ),
        fixed=problem.Fixed(
            mode=mode.id,
            start=start,
            crews=tuple(crew for crew in known if crew.need in fixed),
            actual=True,
        ),
    )
    return FramedMovement(framed, {mode.id: variant})


def _open_variants(
    context: Context,
    movement: Movement,
    maker: ModeMaker,
    window: tuple[int, int],
    min_visibility_m: int,
) -> list[Variant]:
    """Return the modes of clear weather, those poor visibility asks for, and the published one."""
    variants = maker.clear()
    slow_m = context.slow_visibility_m
    if slow_m and variants and context.visibility.ever_below(slow_m):
        candidates = variants + maker.restricted(context.policy.restricted_boundaries)
        variants = needed_in_visibility(
            candidates,
            context.visibility,
            slow_m=slow_m,
            min_visibility_m=min_visibility_m,
            window=window,
        )
    unique = {variant.mode.id: variant for variant in variants}
    if movement.planned is not None and movement.planned.mode not in unique:
        told = maker.by_id(movement.planned.mode)
        if told is not None:
            unique[told.mode.id] = told
    return list(unique.values())


def earliest_start(context: Context, movement: Movement) -> int:
    """Return the first tick at which a movement may start, as far as it alone decides."""
    grid = context.grid
    wanted = [grid.ceil(movement.estimated_at or movement.asked.requested_at), 0]
    for condition in movement.conditions:
        if condition.kind == "not_before" and condition.at is not None:
            wanted.append(grid.ceil(condition.at))
        if condition.kind == "after_movement":
            other = context.by_id.get(condition.movement_id or "")
            if other is not None and other.actual_end_at is not None:
                gap = timedelta(minutes=condition.gap_min)
                wanted.append(grid.ceil(other.actual_end_at + gap))
    return max(wanted)


def _latest(
    context: Context, movement: Movement, earliest: int, chained: int | None
) -> tuple[int, tuple[Note, ...]]:
    """Return the last start that will do, and a note where it is later than was asked.

    A ship that lies here, was told a time, is late, or waits for what comes before it is not left
    out just because the last start it asked for has passed.
    """
    asked = context.grid.floor(movement.asked.latest_at)
    told = movement.planned is not None
    # an estimate or a condition in the future, not merely the time that has passed
    late = earliest > max(asked, 0)
    waits = chained is not None and chained > asked
    # a ship that lies at a berth has to leave it some time; left out, it would keep it for good
    leaves = movement.asked.kind != "entry"
    if not (told or late or waits or leaves):
        return asked, ()
    begins = max(earliest, chained or 0)
    if movement.planned is not None:
        begins = max(begins, context.grid.floor(movement.planned.start_at))
    latest = max(asked, begins + context.policy.latest_extension_min)
    note = Note("latest-extended", movement.id, {"by_min": latest - asked})
    return latest, (note,) if begins > asked else ()


def _published(
    context: Context, movement: Movement, planned: PlannedTime, variants: Sequence[Variant]
) -> problem.Published:
    """Return what was told; a mode that is gone is stood for by one to the same place, or any."""
    by_id = {variant.mode.id: variant.mode for variant in variants}
    told = by_id.get(planned.mode)
    if told is None:
        same_place = [mode for mode in by_id.values() if mode.to_place == planned.to_place]
        told = (same_place or list(by_id.values()))[0]
    used = {duty.need for duty in told.duties}
    start = context.grid.floor(planned.start_at)
    crews = tuple(
        problem.Crew(need=need, resources=tuple(resources))
        for need, resources in planned.crews
        if need in used and context.known(resources) == resources
    )
    # only what can come back just as it was told need not be explained anew
    whole = told.id == planned.mode and len(crews) == len(planned.crews)
    waited_min = start - earliest_start(context, movement)
    return problem.Published(
        mode=told.id,
        start=start,
        crews=crews,
        waits_for=waits_for(movement, waited_min) if whole else None,
    )


def _needs(variants: Sequence[Variant]) -> tuple[problem.Need, ...]:
    found = {need.id: need for variant in variants for need in variant.work.needs}
    return tuple(found.values())


def _daylight_only(context: Context, movement: Movement, variants: Sequence[Variant]) -> bool:
    segments = frozenset(leg.segment for variant in variants for leg in variant.mode.legs)
    return any(condition.kind == "daylight_only" for condition in movement.conditions) or (
        needs_daylight(context.port, movement.vessel, context.days_of(movement), segments)
    )


def _follows(context: Context, movement: Movement) -> tuple[problem.Follows, ...]:
    found: list[problem.Follows] = []
    for condition in movement.conditions:
        if condition.kind != "after_movement":
            continue
        other = context.by_id.get(condition.movement_id or "")
        if other is not None and other.state is not MovementState.COMPLETED:
            found.append(problem.Follows(movement=other.id, gap_ticks=condition.gap_min))
    return tuple(found)


def _held(movement: Movement) -> str | None:
    if movement.clearance is Approval.HELD:
        return HELD
    if movement.clearance is Approval.DENIED:
        return DENIED
    return None


def _waived(context: Context, movement: Movement) -> tuple[str, ...]:
    now = context.grid.origin_at
    waived = {item.rule for item in movement.waivers if item.expires_at > now}
    if movement.id in context.yielding:
        waived.add("berth_occupancy")
    return tuple(sorted(waived))


def _frozen(context: Context, movement: Movement, published: problem.Published) -> bool:
    """Tell whether a published start is too close to be moved, or its crew has set out."""
    if published.start < context.policy.freeze_min:
        return True
    services = context.services_of.get(movement.id, ())
    accepted = all(service.status is Approval.CONFIRMED for service in services)
    if movement.clearance is not Approval.CONFIRMED or not accepted:
        return False
    return any(
        context.sets_out(service, context.grid.floor(service.planned_start_at)) <= 0
        for service in services
    )


def _within_grace(
    context: Context, movement: Movement, framed: problem.Movement
) -> problem.Movement:
    """Hold a start that has just passed without a report: the report is likely on its way."""
    told = framed.published
    grace = context.policy.overdue_grace_min
    if told is None or not -grace <= told.start < 0 or movement.id in context.freed:
        return framed
    if framed.held is not None:
        return framed
    fixed = problem.Fixed(mode=told.mode, start=told.start, crews=told.crews)
    return replace(framed, earliest=min(framed.earliest, told.start), fixed=fixed)


def _crews_under_way(
    context: Context,
    movement: Movement,
    mode: problem.Mode,
    start: int,
    crews: Mapping[str, Sequence[str]],
) -> tuple[frozenset[str], frozenset[str]]:
    """Return which needs keep their team, and which are still to be filled.

    A duty that has begun is done by whoever was planned for it; one with nobody planned and begun
    has been done without. A duty to come keeps its team unless one of it has declined or is out
    of service by then.
    """
    fixed: set[str] = set()
    still_open: set[str] = set()
    for duty in mode.duties:
        begun = start + duty.begin <= 0
        team = crews.get(duty.need)
        if team is None:
            if not begun:
                still_open.add(duty.need)
            continue
        lost = any(
            resource in movement.declined
            or context.is_out(resource, start + duty.begin, start + duty.end)
            for resource in team
        )
        (still_open if lost and not begun else fixed).add(duty.need)
    return frozenset(fixed), frozenset(still_open)
