"""Pilotage and tug companies answer the jobs planned for them."""

from dataclasses import replace

from dispatch.commands import ConfirmService, DeclineService
from dispatch.errors import NotAllowed, NotFound, StateConflict
from dispatch.events import FactKind
from dispatch.handling.book import Book, Handled
from dispatch.handling.standing import Standing, require, require_party, require_seen
from dispatch.lifecycle import SERVICE_PARTY, Thing, Verb
from dispatch.movement import Approval, EventKind, Movement, Service, ServiceKind


def confirm_service(command: ConfirmService, book: Book, standing: Standing) -> Handled | None:
    """Say yes to a job as it is planned now; bears on no plan.

    Raises:
        MovementChanged: it was moved since it was seen.
    """
    service = _own_service(command.service_id, book, standing, Verb.CONFIRM)
    require_seen(service.planned_start_at, command.seen_start_at, service.id)
    movement = book.get(Movement, service.movement_id)
    require(standing, Thing.MOVEMENT, movement.state, Verb.CONFIRM, movement.id)
    changed = require(standing, Thing.SERVICE, service.status, Verb.CONFIRM, service.id)
    if not changed and service.confirmed_start_at == service.planned_start_at:
        return None
    book.put(
        replace(
            service,
            status=Approval.CONFIRMED,
            confirmed_start_at=service.planned_start_at,
            reconfirm=False,
            reason=None,
        )
    )
    return Handled(
        kind=FactKind.SERVICE_CONFIRMED,
        body={"id": service.id, "status": Approval.CONFIRMED.value},
        note={"service_id": service.id, "movement_id": movement.id},
    )


def decline_service(command: DeclineService, book: Book, standing: Standing) -> Handled | None:
    """Say no to a job; its pilot or tug is barred from the movement from now on.

    Raises:
        StateConflict: the job is answered or over, or its pilot is on board.
    """
    service = _own_service(command.service_id, book, standing, Verb.DECLINE)
    movement = book.get(Movement, service.movement_id)
    # tugs for the berth at the end of a passage may still be changed; who has the conn may not
    if service.kind is ServiceKind.PILOTAGE and _pilot_is_on_board(movement):
        raise StateConflict(
            "the pilot is on board",
            context={
                "type": "service",
                "id": service.id,
                "state": movement.state.value,
                "verb": Verb.DECLINE.value,
            },
        )
    require(standing, Thing.MOVEMENT, movement.state, Verb.DECLINE, movement.id)
    if not require(standing, Thing.SERVICE, service.status, Verb.DECLINE, service.id):
        return None
    book.put(replace(service, status=Approval.DENIED, reconfirm=False, reason=command.reason_code))
    if service.resource_id not in movement.declined:
        book.put(replace(movement, declined=(*movement.declined, service.resource_id)))
    return Handled(
        kind=FactKind.SERVICE_DECLINED,
        planning=True,
        body={"id": service.id, "status": Approval.DENIED.value},
        note={
            "service_id": service.id,
            "movement_id": movement.id,
            "resource_id": service.resource_id,
            "reason": command.reason_code,
            "remark": command.remark,
        },
    )


def _pilot_is_on_board(movement: Movement) -> bool:
    return any(event.holds and event.kind is EventKind.PILOT_ON_BOARD for event in movement.events)


def _own_service(service_id: str, book: Book, standing: Standing, verb: Verb) -> Service:
    require_party(standing, verb)
    service = book.get(Service, service_id)
    if not standing.owns(service.organisation):
        raise NotFound(f"no service {service_id}", context={"type": "service", "id": service_id})
    if standing.party is not SERVICE_PARTY[service.kind]:
        raise NotAllowed(
            f"{service.kind} is not answered by {standing.party}",
            context={"party": standing.party.value, "verb": verb.value, "type": "service"},
        )
    return service
