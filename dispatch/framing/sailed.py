"""How a movement sails that has begun, and how one has sailed that is over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.framing.context import Context
from dispatch.framing.modes import Place, Variant, is_place
from dispatch.framing.passages import slow_segments
from dispatch.movement import EventKind, Movement
from dispatch.units import millimetres


@dataclass(frozen=True, slots=True)
class Sailed:
    """How a movement that has begun sails or has sailed, and the tick of its start."""

    variant: Variant
    start: int
    draught_m: float


def sailed(context: Context, movement: Movement, here: Sequence[Place]) -> Sailed | None:
    """Return how a movement sails that has begun; None where it leads is not known.

    Reported times count over usual ones. Where it sails slowly is what it was told when it began,
    whatever has become of the weather since: only what is reported moves it. One that began
    without a plan sails by the weather.
    """
    planned = movement.planned
    begun_at = movement.actual_start_at
    assert begun_at is not None, f"{movement.id} is {movement.state} without a start"
    start = context.grid.floor(begun_at)
    maker = context.maker(movement, [item.place for item in here])
    if planned is not None:
        ends = [place for place in (planned.from_place, planned.to_place) if place is not None]
        if not all(is_place(context.port, place) for place in ends):
            return None
        route = maker.route_of(planned.from_place, planned.to_place)
    elif maker.routes:
        route = maker.routes[0]
    else:
        return None
    told_slow: frozenset[str] | None = None
    if planned is not None:
        segments = tuple(leg.segment.segment_id for leg in route.legs)
        told_slow = slow_segments(segments, planned.mode.rpartition("/")[2])
    cleared_at = _reported(movement, EventKind.ALL_CLEAR)

    def is_slow(segment: str, enter: int) -> bool:
        if told_slow is not None:
            return segment in told_slow
        return context.seen.is_slow(segment, start + enter)

    variant = maker.as_sailed(
        route,
        is_slow,
        sails_at=None if cleared_at is None else max(0, context.grid.floor(cleared_at) - start),
    )
    if planned is not None and planned.stretch is not None:
        span = (millimetres(planned.stretch.from_m), millimetres(planned.stretch.to_m))
        variant = replace(variant, mode=replace(variant.mode, stretch_mm=span))
    return Sailed(variant, start, maker.draught_m)


def _reported(movement: Movement, kind: EventKind) -> datetime | None:
    times = [event.actual_at for event in movement.events if event.kind is kind and event.holds]
    return min(times, default=None)
