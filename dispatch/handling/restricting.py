"""Limits on places, and pilots and tugs that are out of service."""

import math
from dataclasses import replace
from datetime import datetime

from dispatch.commands import LiftRestriction, Restrict, ReturnToService, TakeOutOfService
from dispatch.errors import NotFound, StateConflict, ValueRefused
from dispatch.events import FactKind
from dispatch.handling.book import Book, Handled
from dispatch.handling.standing import Standing, require_party
from dispatch.lifecycle import Party, Verb
from dispatch.resources import Resource
from dispatch.situation import Outage, Restriction

RESTRICTION_KINDS = ("closure", "berth_closed", "visibility", "wind", "water_level")
_WITH_PLACE = ("berth_closed", "water_level")
_WITH_VALUE = ("visibility", "wind", "water_level")


def restrict(command: Restrict, book: Book, standing: Standing) -> Handled:
    """Limit a place for a time.

    Raises:
        ValueRefused: an unknown kind, what the kind needs is missing, or an empty interval.
    """
    require_party(standing, Verb.RESTRICT)
    require_restriction(command)
    actor = standing.actor
    restriction = Restriction(
        id=book.new_id("R"),
        kind=command.kind,
        from_at=command.from_at,
        to_at=command.to_at,
        segments=command.segments,
        place=command.place,
        value=command.value,
        reason=command.reason,
        set_by=actor.organisation,
        on_behalf_of=actor.on_behalf_of.value if actor.on_behalf_of is not None else None,
    )
    book.put(restriction)
    return Handled(
        kind=FactKind.RESTRICTED,
        planning=True,
        body={"id": restriction.id},
        note={"restriction_id": restriction.id, "kind": command.kind, "reason": command.reason},
    )


def lift_restriction(command: LiftRestriction, book: Book, standing: Standing) -> Handled:
    """End a restriction now.

    Raises:
        StateConflict: it has ended already.
    """
    require_party(standing, Verb.LIFT)
    restriction = book.get(Restriction, command.restriction_id)
    if (Restriction, restriction.id) in book.off_boards:
        raise StateConflict(
            "the restriction has ended",
            context={"type": "restriction", "id": restriction.id, "state": "ended"},
        )
    ended = restriction
    if restriction.from_at < book.now and (
        restriction.to_at is None or restriction.to_at > book.now
    ):
        ended = replace(restriction, to_at=book.now)
    book.take_off(ended)
    return Handled(
        kind=FactKind.RESTRICTION_LIFTED,
        planning=True,
        body={"id": restriction.id},
        note={"restriction_id": restriction.id, "kind": restriction.kind},
    )


def take_out_of_service(command: TakeOutOfService, book: Book, standing: Standing) -> Handled:
    """Take a pilot or tug out of service; its jobs in that time go to others.

    Raises:
        NotFound: there is none of this id, or it is another organisation's.
        ValueRefused: an empty interval.
    """
    require_party(standing, Verb.TAKE_OUT)
    resource = _own_resource(command.resource_id, book, standing)
    require_span(command.from_at, command.to_at)
    outage = Outage(
        id=book.new_id("O"),
        resource_id=resource.id,
        from_at=command.from_at,
        to_at=command.to_at,
        reason=command.reason,
    )
    book.put(outage)
    return Handled(
        kind=FactKind.OUT_OF_SERVICE,
        planning=True,
        body={"id": outage.id},
        note={"outage_id": outage.id, "resource_id": resource.id, "reason": command.reason},
    )


def return_to_service(command: ReturnToService, book: Book, standing: Standing) -> Handled:
    """End an outage now.

    Raises:
        StateConflict: it has ended already.
    """
    require_party(standing, Verb.RETURN)
    outage = book.get(Outage, command.outage_id)
    _own_resource(outage.resource_id, book, standing)
    if (Outage, outage.id) in book.off_boards:
        raise StateConflict(
            "the outage has ended", context={"type": "outage", "id": outage.id, "state": "ended"}
        )
    ended = outage
    if outage.from_at < book.now and (outage.to_at is None or outage.to_at > book.now):
        ended = replace(outage, to_at=book.now)
    book.take_off(ended)
    return Handled(
        kind=FactKind.BACK_IN_SERVICE,
        planning=True,
        body={"id": outage.id},
        note={"outage_id": outage.id, "resource_id": outage.resource_id},
    )


def _own_resource(resource_id: str, book: Book, standing: Standing) -> Resource:
    resource = book.get(Resource, resource_id)
    party = Party.PILOTAGE if resource.pool == "pilots" else Party.TOWAGE
    if not standing.centre and not (
        standing.party is party and standing.owns(resource.organisation)
    ):
        raise NotFound(
            f"no resource {resource_id}", context={"type": "resource", "id": resource_id}
        )
    return resource


def require_span(from_at: datetime, to_at: datetime | None) -> None:
    """Refuse a span without an instant in it; without an end it goes on.

    Raises:
        ValueRefused: it ends before it begins, or as it does.
    """
    if to_at is not None and to_at <= from_at:
        raise ValueRefused("it ends before it begins", context={"field": "to_at"})


def require_restriction(command: Restrict | Restriction) -> None:
    """Refuse a restriction that makes no sense.

    Raises:
        ValueRefused: an unknown kind, what the kind needs is missing, or an empty interval.
    """
    if command.kind not in RESTRICTION_KINDS:
        raise ValueRefused(
            f"no restriction {command.kind}",
            context={"field": "kind", "allowed": list(RESTRICTION_KINDS)},
        )
    require_span(command.from_at, command.to_at)
    if command.kind in _WITH_PLACE and not command.place:
        raise ValueRefused(f"{command.kind} needs a place", context={"field": "place"})
    if command.kind in _WITH_VALUE:
        value = command.value
        if value is None or not math.isfinite(value):
            raise ValueRefused(f"{command.kind} needs a value", context={"field": "value"})
        if value < 0 and command.kind != "water_level":
            raise ValueRefused("a negative value", context={"field": "value"})
