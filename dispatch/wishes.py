"""What somebody asks "what if" about, as a change of what is known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from dispatch.errors import NotFound, StateConflict, ValueRefused
from dispatch.framing.grid import Grid
from dispatch.handling.ordering import require_estimate
from dispatch.handling.restricting import require_restriction, require_span
from dispatch.movement import Approval, Movement, MovementState
from dispatch.port import Port
from dispatch.situation import Outage, Restriction, Situation
from scheduler.problem import Problem
from scheduler.wishes import Change, ChangeRefused, OneMore, StartWithin

WishKind = Literal[
    "estimate",
    "start",
    "draught",
    "berth",
    "priority",
    "hold",
    "release",
    "one_more",
    "out_of_service",
    "closure",
    "berth_closed",
    "visibility",
    "wind",
]
OF_A_MOVEMENT = frozenset({"estimate", "start", "draught", "berth", "priority", "hold", "release"})
OF_A_COMPANY = frozenset({"estimate", "start", "draught", "berth"})
"""What a company may ask about its own ships."""
RESTRICTIONS = frozenset({"closure", "berth_closed", "visibility", "wind"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One change that somebody asks about; which fields it has goes by its kind.

    Attributes:
        kind: ``estimate``: the ship can start at ``from_at`` at the earliest. ``start``: it starts
            between ``from_at`` and ``to_at``. ``one_more``: of ``pool`` from ``from_at`` on.
            The others are as the facts of those names.
        movement_id: Of the kinds that are about one.
        place: A berth or anchorage.
        value: Visibility in metres, wind in m/s.
    """

    kind: WishKind
    movement_id: str | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    draught_m: float | None = None
    priority: int | None = None
    place: str | None = None
    pool: str | None = None
    resource_id: str | None = None
    segments: tuple[str, ...] = ()
    value: float | None = None


def wished(situation: Situation, wishes: Sequence[Wish], port: Port) -> Situation:
    """Return a situation in which all wishes that facts could bring about have come about.

    Raises:
        NotFound: A wish names what is not there.
        StateConflict: Its movement has begun.
        ValueRefused: A field that its kind needs is missing, or makes no sense in the fact.
    """
    for number, wish in enumerate(wishes):
        if wish.kind in OF_A_MOVEMENT:
            situation = _with_movement(situation, wish, port)
        elif wish.kind in RESTRICTIONS:
            situation = _with_restriction(situation, wish, port, f"what-if-{number}")
        elif wish.kind == "out_of_service":
            outage = Outage(
                id=f"what-if-{number}",
                resource_id=_given(wish, "resource_id"),
                from_at=_given(wish, "from_at"),
                to_at=wish.to_at,
            )
            require_span(outage.from_at, outage.to_at)
            known = {p.pilot_id for p in port.pilotage.pilots}
            known |= {t.tug_id for t in port.towage.tugs}
            if outage.resource_id not in known:
                raise _missing("resource", outage.resource_id)
            situation = replace(situation, outages=(*situation.outages, outage))
    return situation


def asked_of(problem: Problem, grid: Grid, wishes: Sequence[Wish]) -> Problem:
    """Return a problem with the wishes that no fact brings about.

    Raises:
        NotFound: A wish names what is not in the problem.
        StateConflict: Its movement has begun.
        ValueRefused: A field that its kind needs is missing.
    """
    for wish in wishes:
        change: Change
        if wish.kind == "start":
            name = _given(wish, "movement_id")
            earliest, latest = (
                grid.ceil(_given(wish, "from_at")),
                grid.floor(_given(wish, "to_at")),
            )
            if latest < max(earliest, 0):
                raise ValueRefused("no minute lies in it", context={"field": "to_at"})
            change = StartWithin(movement=name, earliest=max(earliest, 0), latest=latest)
        elif wish.kind == "one_more":
            since = 0 if wish.from_at is None else grid.ceil(wish.from_at)
            change = OneMore(pool=_given(wish, "pool"), from_tick=since)
        else:
            continue
        try:
            problem = change.applied(problem)
        except ChangeRefused as refused:
            if refused.code == "happened":
                raise StateConflict(
                    "it has begun", context={"type": "movement", **refused.params}
                ) from refused
            raise NotFound(str(refused), context=dict(refused.params)) from refused
    return problem


def subjects(wishes: Sequence[Wish]) -> tuple[str, ...]:
    """Name the movements that are to have a time when the wishes come true."""
    names = (
        wish.movement_id for wish in wishes if wish.kind in OF_A_MOVEMENT and wish.kind != "hold"
    )
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _given(wish: Wish, field: str) -> Any:
    value = getattr(wish, field)
    if value is None:
        raise ValueRefused(f"{wish.kind} needs {field}", context={"field": field})
    return value


def _missing(kind: str, name: str) -> NotFound:
    return NotFound(f"no {kind} {name}", context={"type": kind, "id": name})


def _with_movement(situation: Situation, wish: Wish, port: Port) -> Situation:
    name = _given(wish, "movement_id")
    movement = next((one for one in situation.movements if one.id == name), None)
    if movement is None:
        raise _missing("movement", name)
    if movement.state not in {MovementState.DECLARED, MovementState.PLANNED}:
        raise StateConflict(
            "it has begun",
            context={"type": "movement", "id": name, "state": movement.state.value},
        )
    if wish.kind == "estimate":
        require_estimate(_given(wish, "from_at"), situation.now)
    changed = _changed(movement, wish, port)
    return replace(
        situation,
        movements=tuple(changed if one.id == name else one for one in situation.movements),
    )


def _changed(movement: Movement, wish: Wish, port: Port) -> Movement:
    asked = movement.asked
    if wish.kind == "estimate":
        return replace(movement, estimated_at=_given(wish, "from_at"))
    if wish.kind == "draught":
        draught_m, most_m = _given(wish, "draught_m"), movement.vessel.max_draught_m
        if draught_m > most_m:
            raise ValueRefused(
                "deeper than the ship ever lies",
                context={"field": "draught_m", "max_draught_m": most_m},
            )
        return replace(movement, asked=replace(asked, draught_m=draught_m))
    if wish.kind == "berth":
        place = _given(wish, "place")
        if place not in port.berths and place not in port.anchorages:
            raise _missing("place", place)
        if asked.kind == "exit":
            raise ValueRefused("an exit goes to no berth", context={"field": "place"})
        return replace(movement, asked=replace(asked, berths=(place,), stretch=None))
    if wish.kind == "priority":
        return replace(movement, priority=_given(wish, "priority"))
    if wish.kind == "hold":
        return replace(movement, clearance=Approval.HELD)
    if wish.kind == "release":
        return replace(movement, clearance=Approval.REQUESTED)
    return movement


def _with_restriction(situation: Situation, wish: Wish, port: Port, name: str) -> Situation:
    restriction = Restriction(
        id=name,
        kind=wish.kind,
        from_at=_given(wish, "from_at"),
        to_at=wish.to_at,
        segments=wish.segments,
        place=wish.place,
        value=wish.value,
    )
    require_restriction(restriction)
    if wish.kind == "berth_closed" and wish.place not in port.berths:
        raise _missing("berth", wish.place or "")
    for segment in wish.segments:
        if segment not in port.segments:
            raise _missing("segment", segment)
    return replace(situation, restrictions=(*situation.restrictions, restriction))
