"""What crews report, and corrections of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dispatch.commands import CorrectEvent, ReportEvent
from dispatch.entities import instant, is_executable, open_services
from dispatch.errors import (
    EarlierMovementOpen,
    EventAlreadyReported,
    EventInFuture,
    EventNotOfMovement,
    EventOutOfOrder,
    NotAllowed,
    NotExecutable,
    NotFound,
    Plain,
    StateConflict,
    ValueRefused,
)
from dispatch.events import FactKind
from dispatch.handling.actuals import derive, require_order
from dispatch.handling.book import Book, Handled
from dispatch.handling.standing import Standing, require_movement, require_party, serves
from dispatch.lifecycle import EVENTS, REPORTS, SERVICE_PARTY, TUG_EVENTS, Party, Verb, event_verb
from dispatch.movement import Call, Event, EventKind, Movement, MovementState, Service


def report_event(command: ReportEvent, book: Book, standing: Standing) -> Handled | None:
    """Note what happened; it bears on the plan where it starts or ends the movement.

    Raises:
        EventNotOfMovement: it does not occur in this kind of movement.
        NotAllowed: the party does not report it.
        NotExecutable: a movement would start that may not yet.
        EventAlreadyReported: with another time.
        EventInFuture, EventOutOfOrder, EarlierMovementOpen: it cannot have happened so.
    """
    movement = _own_movement(command.movement_id, book, standing)
    kind = movement.asked.kind
    if command.kind not in EVENTS[kind].kinds:
        raise EventNotOfMovement(
            f"{command.kind} in an {kind}",
            context={"kind": command.kind.value, "movement_kind": kind},
        )
    verb = _verb_of(movement, command.kind)
    _require_reporter(standing, command.kind, verb)
    organisation = _organisation_of(movement, book, standing)
    if _require_unreported(command, movement, organisation):
        return None
    _require_past(command.actual_at, book)
    require_movement(standing, movement, verb)
    forced = _require_executable(command, movement, book, standing)
    event = Event(
        id=book.new_event_id(),
        movement_id=movement.id,
        kind=command.kind,
        actual_at=command.actual_at,
        reported_at=book.now,
        reported_by=standing.actor.organisation,
        on_behalf_of=_on_behalf(standing),
        organisation=organisation,
    )
    after = _with_events(movement, (*movement.events, event), book)
    book.put(after)
    note: dict[str, Plain] = {
        "movement_id": movement.id,
        "event_id": event.id,
        "event": command.kind.value,
        "actual_at": instant(command.actual_at),
        "forced": forced,
    }
    if forced:
        note["reason"] = command.reason
    return Handled(
        kind=FactKind.EVENT_REPORTED,
        planning=_bears(movement, after),
        body={"id": movement.id, "event_id": event.id, "state": after.state.value},
        note=note,
    )


def correct_event(command: CorrectEvent, book: Book, standing: Standing) -> Handled | None:
    """Replace a report by another time, or by the word that it never happened.

    Raises:
        ValueRefused: neither a time nor a cancellation, or both.
        StateConflict: it was corrected already.
        EventInFuture, EventOutOfOrder, EarlierMovementOpen: it cannot have happened so.
    """
    if (command.actual_at is None) == (not command.cancelled):
        raise ValueRefused("either a time or a cancellation", context={"field": "actual_at"})
    found = book.movement_of_event(command.event_id)
    movement = _own_movement(found.id, book, standing)
    require_movement(standing, movement, Verb.CORRECT)
    wrong = next(event for event in movement.events if event.id == command.event_id)
    if standing.party is not Party.DISPATCH and not standing.owns(wrong.organisation):
        raise NotAllowed(
            "reported by another party",
            context={"party": standing.party.value, "verb": Verb.CORRECT.value, "type": "event"},
        )
    if not wrong.holds:
        raise StateConflict(
            "the report was corrected already",
            context={"type": "event", "id": wrong.id, "state": "corrected"},
        )
    if command.actual_at == wrong.actual_at:
        return None
    if command.actual_at is not None:
        _require_past(command.actual_at, book)
    right = replace(
        wrong,
        id=book.new_event_id(),
        actual_at=command.actual_at or wrong.actual_at,
        reported_at=book.now,
        reported_by=standing.actor.organisation,
        on_behalf_of=_on_behalf(standing),
        cancelled=command.cancelled,
    )
    events = tuple(
        replace(event, corrected_by=right.id) if event.id == wrong.id else event
        for event in movement.events
    )
    after = _with_events(movement, (*events, right), book)
    book.put(after)
    return Handled(
        kind=FactKind.EVENT_CORRECTED,
        planning=_bears(movement, after),
        body={"id": movement.id, "event_id": right.id, "state": after.state.value},
        note={
            "movement_id": movement.id,
            "event_id": right.id,
            "corrects": wrong.id,
            "event": wrong.kind.value,
            "actual_at": instant(command.actual_at),
            "cancelled": command.cancelled,
        },
    )


# -- parts -------------------------------------------------------------------------------------


def _own_movement(movement_id: str, book: Book, standing: Standing) -> Movement:
    movement = book.get(Movement, movement_id)
    party = standing.party
    foreign = (party is Party.COMPANY and not standing.owns(movement.company)) or (
        party in (Party.PILOTAGE, Party.TOWAGE) and not serves(standing, book, movement)
    )
    if foreign:
        raise NotFound(
            f"no movement {movement_id}", context={"type": "movement", "id": movement_id}
        )
    return movement


def _verb_of(movement: Movement, kind: EventKind) -> Verb:
    """What a report does now: a second start (or end) is only noted."""
    verb = event_verb(movement.asked.kind, kind)
    told = {Verb.START: movement.actual_start_at, Verb.FINISH: movement.actual_end_at}
    return verb if told.get(verb) is None else Verb.NOTE


def _require_reporter(standing: Standing, kind: EventKind, verb: Verb) -> None:
    if kind not in REPORTS[standing.party]:
        raise NotAllowed(
            f"{standing.party} does not report {kind}",
            context={"party": standing.party.value, "verb": verb.value, "kind": kind.value},
        )
    require_party(standing, verb)


def _require_unreported(command: ReportEvent, movement: Movement, organisation: str) -> bool:
    """Tell whether exactly this was reported before; refuse another time for it."""
    for event in movement.events:
        if not event.holds or event.kind is not command.kind:
            continue
        if event.kind in TUG_EVENTS and event.organisation != organisation:
            continue
        if event.actual_at == command.actual_at:
            return True
        raise EventAlreadyReported(
            f"{command.kind} was reported for {instant(event.actual_at)}",
            context={
                "event_id": event.id,
                "kind": command.kind.value,
                "actual_at": instant(event.actual_at),
            },
        )
    return False


def _require_past(actual_at: datetime, book: Book) -> None:
    if actual_at > book.now + timedelta(minutes=book.terms.future_tolerance_min):
        raise EventInFuture(
            f"{instant(actual_at)} is after {instant(book.now)}",
            context={"actual_at": instant(actual_at), "now": instant(book.now)},
        )


def _require_executable(
    command: ReportEvent, movement: Movement, book: Book, standing: Standing
) -> bool:
    """Tell whether the report had to be forced."""
    guarded = command.kind in EVENTS[movement.asked.kind].guarded
    if not guarded or movement.state not in (MovementState.DECLARED, MovementState.PLANNED):
        return False
    services = book.find(Service, "movement_id", (movement.id,))
    before = _neighbour(movement, book, -1)
    refusal: NotExecutable | EarlierMovementOpen
    if before is not None and before.state is not MovementState.COMPLETED:
        refusal = EarlierMovementOpen(
            f"{before.id} is {before.state}",
            context={"movement_id": before.id, "state": before.state.value},
        )
    elif not is_executable(movement, services):
        refusal = NotExecutable(
            f"{movement.id} may not start yet",
            context={
                "planned": movement.planned is not None,
                "clearance": movement.clearance.value,
                "services": list(open_services(services)),
            },
        )
    else:
        return False
    if not command.force:
        raise refusal
    if not standing.centre:
        raise NotAllowed(
            "only the dispatch centre forces a start",
            context={"party": standing.party.value, "verb": "force"},
        )
    if not command.reason.strip():
        raise ValueRefused("a forced start needs a reason", context={"field": "reason"})
    return True


def _on_behalf(standing: Standing) -> str | None:
    actor = standing.actor
    if actor.on_behalf_of is None:
        return None
    return actor.on_behalf_organisation or actor.on_behalf_of.value


def _organisation_of(movement: Movement, book: Book, standing: Standing) -> str:
    """Whose crew reports: where the centre names the party only, the one that serves the ship."""
    if standing.organisation is not None:
        return standing.organisation
    if standing.party is Party.COMPANY:
        return movement.company
    serving = {
        service.organisation
        for service in book.find(Service, "movement_id", (movement.id,))
        if SERVICE_PARTY[service.kind] is standing.party
    }
    return serving.pop() if len(serving) == 1 else standing.party.value


def _neighbour(movement: Movement, book: Book, step: int) -> Movement | None:
    ids = book.get(Call, movement.call_id).movement_ids
    at = ids.index(movement.id) + step
    return book.get(Movement, ids[at]) if 0 <= at < len(ids) else None


def _with_events(movement: Movement, events: Sequence[Event], book: Book) -> Movement:
    """Return the movement as its events say; refuse what cannot have happened."""
    kind = movement.asked.kind
    require_order(events, kind)
    actuals = derive(events, kind)
    after = replace(
        movement,
        events=tuple(events),
        actual_start_at=actuals.start_at,
        actual_end_at=actuals.end_at,
        state=actuals.state(planned=movement.planned is not None),
    )
    before, following = _neighbour(movement, book, -1), _neighbour(movement, book, 1)
    for earlier, later in ((before, after), (after, following)):
        if earlier is None or later is None or later.actual_start_at is None:
            continue
        if earlier.actual_end_at is None:
            if earlier is after and movement.actual_end_at is not None:
                raise EarlierMovementOpen(
                    f"{later.id} has started", context={"movement_id": later.id}
                )
        elif later.actual_start_at < earlier.actual_end_at:
            raise EventOutOfOrder(
                f"{later.id} would start before {earlier.id} ends",
                context={
                    "earlier": earlier.id,
                    "earlier_at": instant(earlier.actual_end_at),
                    "later": later.id,
                    "later_at": instant(later.actual_start_at),
                },
            )
    return after


def _bears(before: Movement, after: Movement) -> bool:
    """Tell whether a report changes what the plan has to reckon with."""
    return (before.state, before.actual_start_at, before.actual_end_at) != (
        after.state,
        after.actual_start_at,
        after.actual_end_at,
    )
