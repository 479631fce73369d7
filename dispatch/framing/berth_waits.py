"""Ships under way to a berth that is not free yet: they wait, whatever was planned."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dispatch.framing.grid import minutes
from dispatch.framing.modes import Variant
from dispatch.framing.movements import FramedMovement
from dispatch.port import Port
from dispatch.units import millimetres
from scheduler import problem

_Position = tuple[str | None, tuple[int, int] | None]
"""A berth and, where it is known, the stretch of the quay in millimetres."""


def wait_for_berths(
    port: Port, movements: Sequence[FramedMovement], stays: Sequence[problem.Stay]
) -> list[FramedMovement]:
    """Put off the arrival of ships under way until the ship at their berth has left.

    Its departure is taken from the plan in force, or from what the company expects. Without
    either nothing is put off, and the scheduler reports the conflict.
    """
    by_id = {item.movement.id: item for item in movements}
    turnover = minutes(port.service_times.turnover_min)
    found: list[FramedMovement] = []
    for item in movements:
        fixed, mode = item.movement.fixed, item.movement.modes[0]
        if fixed is None or not fixed.actual or mode.to_place is None:
            found.append(item)
            continue
        arrival = fixed.start + mode.arrive_at
        free = max(
            (
                clear + turnover
                for stay in stays
                if stay.ship != item.movement.ship
                and _lies_before(by_id, stay, fixed.start)
                and _touches(port, by_id, stay, mode)
                and (clear := _clear_at(by_id, stay)) is not None
            ),
            default=arrival,
        )
        late = free - arrival
        found.append(_put_off(item, late) if arrival > 0 and late > 0 else item)
    return found


def without_those_gone(
    port: Port, movements: Sequence[FramedMovement], stays: Sequence[problem.Stay]
) -> tuple[problem.Stay, ...]:
    """Leave out the stays of ships that are on their way out of where another lies by now.

    The one that lies there has no begin in the problem, as if it had always been there: beside
    the stay before it, that would look as if the two had lain in one place.
    """
    under_way = {
        item.movement.id
        for item in movements
        if item.movement.fixed is not None and item.movement.fixed.actual
    }
    here = [stay for stay in stays if stay.entry is None and stay.exit not in under_way]
    return tuple(
        stay
        for stay in stays
        if not (
            stay.entry is None
            and stay.exit in under_way
            and any(
                other.ship != stay.ship
                and _touch(port, (stay.place, stay.stretch_mm), (other.place, other.stretch_mm))
                for other in here
            )
        )
    )


def _lies_before(by_id: Mapping[str, FramedMovement], stay: problem.Stay, start: int) -> bool:
    """Tell whether the ship of a stay is at its place, or was under way to it before."""
    if stay.entry is None:
        return stay.place is not None
    fixed = by_id[stay.entry].movement.fixed
    return fixed is not None and fixed.actual and fixed.start < start


def _clear_at(by_id: Mapping[str, FramedMovement], stay: problem.Stay) -> int | None:
    """Return when the place is left, as far as it is known."""
    if stay.exit is None:
        return stay.until
    leaving = by_id[stay.exit].movement
    told = leaving.fixed or leaving.published
    if told is None:
        return None
    mode = next(mode for mode in leaving.modes if mode.id == told.mode)
    # a told start that has passed without a report can be now at the earliest
    start = told.start if leaving.fixed is not None else max(0, told.start)
    return start + mode.clear_at


def _touches(
    port: Port, by_id: Mapping[str, FramedMovement], stay: problem.Stay, mode: problem.Mode
) -> bool:
    """Tell whether a stay and a ship to come cannot be at their places together."""
    place, stretch = stay.place, stay.stretch_mm
    if stay.entry is not None:
        arrived = by_id[stay.entry].movement.modes[0]
        place, stretch = arrived.to_place, arrived.stretch_mm
    return _touch(port, (mode.to_place, mode.stretch_mm), (place, stretch))


def _touch(port: Port, one: _Position, another: _Position) -> bool:
    mine, other = port.berths.get(one[0] or ""), port.berths.get(another[0] or "")
    if mine is None or other is None or mine.quay_id != other.quay_id:
        return False
    if one[1] is None or another[1] is None:
        return mine.berth_id == other.berth_id
    gap_mm = max(one[1][0], another[1][0]) - min(one[1][1], another[1][1])
    return gap_mm < millimetres(port.quays[mine.quay_id].min_clearance_m)


def _put_off(item: FramedMovement, ticks: int) -> FramedMovement:
    """Return a movement whose arrival, and what is done from then on, comes later."""
    mode = item.movement.modes[0]
    duties = tuple(
        replace(
            duty,
            begin=duty.begin + (ticks if duty.begin >= mode.arrive_at else 0),
            end=duty.end + (ticks if duty.end > mode.arrive_at else 0),
        )
        for duty in mode.duties
    )
    later = replace(
        mode, arrive_at=mode.arrive_at + ticks, end_at=mode.end_at + ticks, duties=duties
    )
    variant = item.variants[mode.id]
    return replace(
        item,
        movement=replace(item.movement, modes=(later,)),
        variants={mode.id: Variant(later, variant.timing, variant.work)},
    )
