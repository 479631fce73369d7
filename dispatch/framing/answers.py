"""From the scheduler's answer back to instants, services and reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.commands import PlacedMovement, PlannedService, UnplacedMovement
from dispatch.declaration import Stretch
from dispatch.framing.framed import FramedProblem
from dispatch.framing.grid import TICK_S, Grid
from dispatch.framing.needs import SERVICE_KINDS
from dispatch.movement import Movement, PassageLeg, PlannedTime, Reason, StandingBreach
from scheduler import outcome
from scheduler.problem import Mode

DEFERRED_RULES = {
    "beyond-horizon": "beyond_horizon",
    "place-unknown": "place_unknown",
    "waits-for-earlier": "waits_for_earlier",
}
"""Reasons of framing's own why a movement was not put to the scheduler."""


@dataclass(frozen=True, slots=True)
class Move:
    """A published movement whose start changes; None where it has no time (any more)."""

    movement: str
    from_at: datetime | None
    to_at: datetime | None

    @property
    def moved_min(self) -> float:
        """Minutes between the two; infinite where it gains or loses its time."""
        if self.from_at is None or self.to_at is None:
            return float("inf")
        return abs((self.to_at - self.from_at).total_seconds()) / 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """An answer in the words of the domain.

    Attributes:
        placed: All movements that have a time; one whose time, way, crews and causes of waiting
            are what they were is exactly as it was.
        unplaced: All movements that are left out.
        moves: Movements that had a time and whose start changes.
        recrewed: How many services change hands.
        changed: How many movements differ in any way from the plan in force.
    """

    placed: tuple[PlacedMovement, ...]
    unplaced: tuple[UnplacedMovement, ...]
    moves: tuple[Move, ...]
    recrewed: int = 0
    changed: int = 0


def draft_plan(
    framed: FramedProblem, answer: outcome.Outcome, breaches: Sequence[outcome.Breach] = ()
) -> DraftPlan:
    """Read an answer back.

    Args:
        framed: The problem that was asked, with its situation.
        answer: The scheduler's answer to it. Its waits may leave out movements that stay as they
            were told: what was told of their waiting still stands, but for reasons that name a
            movement which does not stay.
        breaches: What its checks found; none of them new.

    Returns:
        The plan, and how it differs from the one in force when the situation was read.
    """
    movements = {movement.id: movement for movement in framed.situation.movements}
    standing = _standing(framed.grid, breaches)
    change_reasons = {
        change.movement: read_reasons(framed.grid, change.reasons) for change in answer.changes
    }
    read = {
        one.movement: _placed(framed, _as_told(movements[one.movement], one), movements)
        for one in answer.placements
    }
    unmoved = frozenset(key for key, item in read.items() if _is_unmoved(movements[key], item))
    placed: list[PlacedMovement] = []
    moves: list[Move] = []
    recrewed = changed = 0
    for placement in answer.placements:
        before = movements[placement.movement]
        after = replace(
            read[before.id],
            wait_reasons=_waits(framed, answer, before, read[before.id], unmoved),
            change_reasons=change_reasons.get(before.id, ()),
            breaches=standing.get(before.id, ()),
        )
        told = before.planned
        if told is not None and told.start_at != after.planned.start_at:
            moves.append(Move(before.id, told.start_at, after.planned.start_at))
        recrewed += _recrewed(told, after.planned)
        if _differs(before, after):
            changed += 1
        else:
            after = replace(after, wait_reasons=before.wait_reasons)
        placed.append(after)
    unplaced: list[UnplacedMovement] = []
    for item in (*answer.unplaced, *_deferred(framed)):
        before = movements[item.movement]
        reasons = read_reasons(framed.grid, item.reasons)
        if before.planned is not None:
            moves.append(Move(before.id, before.planned.start_at, None))
        if before.planned is None and _same_causes(before.unplaced_reasons, reasons):
            reasons = before.unplaced_reasons
        else:
            changed += 1
        unplaced.append(UnplacedMovement(movement_id=before.id, reasons=reasons))
    return DraftPlan(
        placed=tuple(placed),
        unplaced=tuple(unplaced),
        moves=tuple(moves),
        recrewed=recrewed,
        changed=changed,
    )


def read_reasons(grid: Grid, reasons: Sequence[outcome.Reason]) -> tuple[Reason, ...]:
    """Return reasons with instants and minutes in place of ticks."""
    return tuple(
        Reason(
            rule=reason.rule,
            movements=reason.movements,
            resources=reason.resources,
            params=read_params(grid, reason.params),
            gain_min=reason.gain_ticks * TICK_S // 60,
        )
        for reason in reasons
    )


def read_params(grid: Grid, params: outcome.Params) -> dict[str, int | float | str]:
    """Return figures by names with units: ``…_ticks`` become minutes, ``…_tick`` instants."""
    read: dict[str, int | float | str] = {}
    for name, value in params.items():
        if isinstance(value, int) and name.endswith("_ticks"):
            read[f"{name.removesuffix('_ticks')}_min"] = value * TICK_S // 60
        elif isinstance(value, int) and name.endswith("_tick"):
            instant = grid.instant(value)
            read[f"{name.removesuffix('_tick')}_at"] = instant.strftime("%Y-%m-%dT%H:%M:%SZ")
        else:
            read[name] = value
    return read


def _placed(
    framed: FramedProblem, placement: outcome.Placement, movements: Mapping[str, Movement]
) -> PlacedMovement:
    grid = framed.grid
    item = framed.movements[placement.movement]
    mode = item.variants[placement.mode].mode
    crews = {crew.need: crew.resources for crew in placement.crews}
    planned = PlannedTime(
        start_at=grid.instant(placement.start),
        end_at=grid.instant(placement.start + mode.end_at),
        mode=mode.id,
        from_place=mode.from_place,
        to_place=mode.to_place,
        passage=tuple(
            PassageLeg(
                segment=leg.segment,
                enter_at=grid.instant(placement.start + leg.enter),
                leave_at=grid.instant(placement.start + leg.leave),
            )
            for leg in mode.legs
        ),
        crews=tuple((crew.need, crew.resources) for crew in placement.crews),
        plan_version=0,
        stretch=(
            None
            if mode.stretch_mm is None
            else Stretch(from_m=mode.stretch_mm[0] / 1000, to_m=mode.stretch_mm[1] / 1000)
        ),
    )
    return PlacedMovement(
        movement_id=placement.movement,
        planned=planned,
        services=_services(framed, placement, mode, crews, movements[placement.movement].declined),
    )


def _waits(
    framed: FramedProblem,
    answer: outcome.Outcome,
    before: Movement,
    after: PlacedMovement,
    unmoved: frozenset[str],
) -> tuple[Reason, ...]:
    """Return why a movement waits: as the answer says, or as was told where it says nothing."""
    found = answer.waits.get(before.id)
    if found is not None:
        return read_reasons(framed.grid, found)
    asked = framed.movements[before.id].movement
    waits = framed.grid.floor(after.planned.start_at) > asked.requested
    told = () if before.planned is None else before.planned.crews
    same = before.id in unmoved and dict(told) == dict(after.planned.crews)
    if asked.fixed is not None or not waits or not same:
        return ()
    # a reason that names a ship which goes at another time now tells of a time that is not true
    return tuple(item for item in before.wait_reasons if unmoved.issuperset(item.movements))


def _as_told(before: Movement, placement: outcome.Placement) -> outcome.Placement:
    """Return a placement with its teams in the order they were told in: order means nothing."""
    told = {} if before.planned is None else dict(before.planned.crews)
    crews = tuple(
        replace(crew, resources=told[crew.need])
        if frozenset(told.get(crew.need, ())) == frozenset(crew.resources)
        else crew
        for crew in sorted(placement.crews, key=lambda crew: crew.need)
    )
    return replace(placement, crews=crews)


def _services(
    framed: FramedProblem,
    placement: outcome.Placement,
    mode: Mode,
    crews: Mapping[str, Sequence[str]],
    declined: Sequence[str],
) -> tuple[PlannedService, ...]:
    pools = {need.id: need.pool for need in framed.movements[placement.movement].movement.needs}
    return tuple(
        PlannedService(
            kind=SERVICE_KINDS[pools[duty.need]],
            need=duty.need,
            resource_id=resource,
            planned_start_at=framed.grid.instant(placement.start + duty.begin),
            planned_end_at=framed.grid.instant(placement.start + duty.end),
            from_place=duty.from_place,
            to_place=duty.to_place,
        )
        for duty in mode.duties
        for resource in crews.get(duty.need, ())
        # whoever has declined a job that has begun all the same is not asked for it again
        if resource not in declined
    )


def _standing(
    grid: Grid, breaches: Sequence[outcome.Breach]
) -> dict[str, tuple[StandingBreach, ...]]:
    found: dict[str, tuple[StandingBreach, ...]] = {}
    for breach in breaches:
        params = read_params(grid, breach.params)
        standing = StandingBreach(rule=breach.rule, status=breach.status, params=params)
        for movement in breach.movements:
            found[movement] = (*found.get(movement, ()), standing)
    return found


def _is_unmoved(before: Movement, after: PlacedMovement) -> bool:
    """Tell whether a movement goes when and how it was told, as the scheduler means it.

    Whoever its crews are, and even where the passage is now reckoned to take another time.
    """
    told, now = before.planned, after.planned
    return told is not None and (told.start_at, told.mode) == (now.start_at, now.mode)


def _differs(before: Movement, after: PlacedMovement) -> bool:
    told = before.planned
    same_plan = told is not None and replace(told, plan_version=0) == after.planned
    same_waits = _same_causes(before.wait_reasons, after.wait_reasons)
    return not (same_plan and same_waits and before.breaches == after.breaches)


def _same_causes(before: Sequence[Reason], after: Sequence[Reason]) -> bool:
    """Tell whether reasons name the same: their figures move a little with every plan."""
    return [(item.rule, item.movements) for item in before] == [
        (item.rule, item.movements) for item in after
    ]


def _recrewed(told: PlannedTime | None, now: PlannedTime) -> int:
    if told is None:
        return 0
    before = {(need, resource) for need, team in told.crews for resource in team}
    after = {(need, resource) for need, team in now.crews for resource in team}
    return len(after - before)


def _deferred(framed: FramedProblem) -> tuple[outcome.Unplaced, ...]:
    return tuple(
        outcome.Unplaced(
            movement=movement,
            reasons=(
                outcome.Reason(
                    rule=DEFERRED_RULES[code], params={"horizon_ticks": framed.grid.horizon}
                ),
            ),
        )
        for movement, code in framed.deferred.items()
    )
