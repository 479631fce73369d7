"""Where ships lie before, between and after their movements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dispatch.framing.context import Context
from dispatch.framing.modes import Place
from dispatch.framing.movements import (
    PLACE_UNKNOWN,
    FramedMovement,
    Note,
    earliest_start,
    frame_open,
    frame_under_way,
)
from dispatch.framing.sailed import Sailed, sailed
from dispatch.movement import Call, Movement, MovementState
from dispatch.units import millimetres
from scheduler import problem

LEFT_WITHOUT_REPORT_TICKS = 60
"""A ship whose expected departure has passed is expected to lie there this much longer."""


@dataclass(slots=True)
class FramedCall:
    """All that one call brings into a problem."""

    movements: list[FramedMovement] = field(default_factory=list[FramedMovement])
    stays: list[problem.Stay] = field(default_factory=list[problem.Stay])
    past: dict[str, list[problem.PastDuty]] = field(
        default_factory=dict[str, list[problem.PastDuty]]
    )
    deferred: dict[str, str] = field(default_factory=dict[str, str])
    notes: list[Note] = field(default_factory=list[Note])


@dataclass(slots=True)
class _Lying:
    """Where the ship lies as its movements are gone through."""

    stay_id: str
    places: tuple[Place, ...]
    entry: str | None = None
    service_ticks: int = 0
    ready: int = 0
    until: int | None = None
    over: int = 0
    """First tick at which its next movement can begin, as far as is known."""


def frame_call(context: Context, call: Call, movements: Sequence[Movement]) -> FramedCall:
    """Frame a call: its movements in order, the stays between them, the work already done.

    Args:
        context: What all movements share.
        call: The call.
        movements: Its movements that are not withdrawn, in any order.
    """
    framed = FramedCall()
    lying = _at_first(context, call)
    waiting = False
    for movement in sorted(movements, key=lambda item: item.sequence):
        if movement.state is MovementState.COMPLETED:
            lying = _after_completed(context, framed, movement, lying)
            continue
        here = lying.places if lying is not None else _told_place(movement)
        found: FramedMovement | str = "waits-for-earlier"
        if not waiting:
            found = _frame(context, movement, here, None if lying is None else lying.over)
        if isinstance(found, str):
            if lying is not None and not waiting:
                lying.until = _until_deferred(context, movement, lying, found)
            waiting = True
            framed.deferred[movement.id] = found
            continue
        framed.movements.append(found)
        framed.notes += found.notes
        if lying is None and here:
            # since when it lies there is not known; it may leave, or have left, at any time
            lying = _Lying(call.id, here, ready=-context.grid.horizon)
        if lying is not None:
            framed.stays.append(_stay(call, lying, exit_id=movement.id))
        lying = _after(movement, found)
    if lying is not None:
        framed.stays.append(_stay(call, _until_known(context, call, lying, framed), exit_id=None))
    return framed


def _frame(
    context: Context, movement: Movement, here: Sequence[Place], over: int | None
) -> FramedMovement | str:
    if movement.state is MovementState.UNDER_WAY:
        return frame_under_way(context, movement, here)
    return frame_open(context, movement, here, over)


def _until_deferred(context: Context, movement: Movement, lying: _Lying, why: str) -> int:
    """Return until when a ship lies that waits for a movement not put to the scheduler.

    It is there until that movement can begin, whatever was expected of it before; where the
    movement leads nowhere that is known, as long as anything is known.
    """
    if movement.state is MovementState.UNDER_WAY:
        return max(0, context.grid.floor(movement.asked.requested_at))
    if why == PLACE_UNKNOWN:
        return context.grid.known
    return max(lying.until or 0, earliest_start(context, movement))


def _at_first(context: Context, call: Call) -> _Lying | None:
    """Return where the ship lay when it was declared, if it was in port."""
    alongside = call.alongside
    if alongside is None:
        return None
    stretch = alongside.stretch
    span = None
    if stretch is not None and _is_continuous(context, alongside.place):
        span = (millimetres(stretch.from_m), millimetres(stretch.to_m))
    since = context.grid.floor(alongside.since_at)
    lying = _Lying(call.id, (Place(place=alongside.place, stretch_mm=span),), ready=since)
    if alongside.expected_departure_at is not None:
        lying.until = context.grid.floor(alongside.expected_departure_at)
    return lying


def _is_continuous(context: Context, place: str) -> bool:
    berth = context.port.berths.get(place)
    return berth is not None and context.port.quays[berth.quay_id].rule == "continuous"


def _told_place(movement: Movement) -> tuple[Place, ...]:
    """Return where a shift or exit says that it leaves from, where its call does not tell."""
    asked = movement.asked
    if asked.kind == "entry":
        return ()
    place = asked.from_place
    if place is None and movement.planned is not None:
        place = movement.planned.from_place
    return () if place is None else (Place(place=place),)


def _after_completed(
    context: Context, framed: FramedCall, movement: Movement, lying: _Lying | None
) -> _Lying | None:
    """Return where a completed movement has left its ship, and keep what its crews did."""
    here = lying.places if lying is not None else _told_place(movement)
    found = None if movement.actual_start_at is None else sailed(context, movement, here)
    if found is None:
        return None
    end = found.start + found.variant.mode.end_at
    if movement.actual_end_at is not None:
        end = context.grid.floor(movement.actual_end_at)
    _keep_work(framed.past, movement, found, end)
    mode = found.variant.mode
    if mode.to_place is None:
        return None
    service = _service_ticks(movement)
    return _Lying(
        movement.id,
        (Place(place=mode.to_place, stretch_mm=mode.stretch_mm),),
        ready=end + service,
        until=end + service if service else None,
        over=max(0, end + service),
    )


def _keep_work(
    past: dict[str, list[problem.PastDuty]], movement: Movement, found: Sailed, end: int
) -> None:
    if movement.planned is None:
        return
    duties: Mapping[str, problem.Duty] = {duty.need: duty for duty in found.variant.mode.duties}
    for need, team in movement.planned.crews:
        duty = duties.get(need)
        if duty is None:
            continue
        begin = found.start + duty.begin
        # a duty to the end of the movement ended with it, as it was reported
        over = end if duty.end == found.variant.mode.end_at else found.start + duty.end
        span = problem.Interval(min(begin, over - 1), over)
        done = problem.PastDuty(span=span, to_place=duty.to_place)
        for resource in team:
            past.setdefault(resource, []).append(done)


def _after(movement: Movement, framed: FramedMovement) -> _Lying | None:
    """Return where a movement of the problem will leave its ship; None where that is the sea."""
    places = {
        mode.to_place: Place(place=mode.to_place, stretch_mm=mode.stretch_mm)
        for mode in framed.movement.modes
        if mode.to_place is not None
    }
    if not places:
        return None
    service = _service_ticks(movement)
    return _Lying(
        movement.id,
        tuple(places.values()),
        entry=movement.id,
        service_ticks=service,
        over=framed.earliest_end() + service,
    )


def _service_ticks(movement: Movement) -> int:
    return max(0, movement.asked.service_min)


def _stay(call: Call, lying: _Lying, *, exit_id: str | None) -> problem.Stay:
    here = lying.places[0]
    from_before = lying.entry is None
    return problem.Stay(
        id=lying.stay_id,
        ship=call.id,
        entry=lying.entry,
        exit=exit_id,
        place=here.place if from_before else None,
        stretch_mm=here.stretch_mm if from_before else None,
        service_ticks=lying.service_ticks,
        until=None if exit_id is not None else lying.until,
        ready=lying.ready if from_before else 0,
    )


def _until_known(context: Context, call: Call, lying: _Lying, framed: FramedCall) -> _Lying:
    """Return the ship's last stay with an end, as far as one can be expected.

    A company that declares neither a departure nor a time alongside is taken to stay as long as
    ships of the type usually do. A ship that should have left is still there.
    """
    usual = _usual_ticks(context, call)
    if lying.entry is not None:
        if lying.service_ticks == 0 and lying.until is None and usual is not None:
            lying.service_ticks = usual
            framed.notes.append(Note("usual-stay", lying.entry, {"service_min": usual}))
        return lying
    if lying.until is not None:
        lying.until = max(lying.until, LEFT_WITHOUT_REPORT_TICKS)
    return lying


def _usual_ticks(context: Context, call: Call) -> int | None:
    hours = context.port.service_times.dwell_h.get(str(call.vessel.vessel_type))
    return None if hours is None else round(hours * 60)
