"""What the service does by itself: the roster, overdue movements, clearing the boards."""

from dispatch.commands import Archive, RegisterResources, ReportOverdue
from dispatch.events import FactKind
from dispatch.handling.book import Book, Handled
from dispatch.handling.standing import Standing, require_party
from dispatch.lifecycle import Verb
from dispatch.movement import Call, Movement, MovementState, Service, finished
from dispatch.records import Declaration
from dispatch.resources import Resource
from dispatch.situation import Outage, Restriction


def register_resources(
    command: RegisterResources, book: Book, standing: Standing
) -> Handled | None:
    """Make pilots and tugs known; those left out are taken off the boards."""
    require_party(standing, Verb.KEEP_HOUSE)
    listed = {resource.id: resource for resource in command.resources}
    known = {item.id: item for item in book.load(Resource, listed)}
    here = {item.id: item for item in book.everything(Resource)}
    changed = False
    for resource in listed.values():
        if known.get(resource.id) != resource or resource.id not in here:
            book.put(resource)
            book.off_boards.discard((Resource, resource.id))
            changed = True
    for resource in here.values():
        if resource.id not in listed:
            book.take_off(resource)
            changed = True
    if not changed:
        return None
    return Handled(kind=FactKind.RESOURCES_REGISTERED, planning=True, body={"count": len(listed)})


def report_overdue(command: ReportOverdue, book: Book, standing: Standing) -> Handled | None:
    """Tell that planned starts have passed without a report; they are planned anew."""
    require_party(standing, Verb.KEEP_HOUSE)
    overdue = [
        movement.id
        for movement in book.load(Movement, command.movement_ids)
        if movement.state is MovementState.PLANNED
        and movement.planned is not None
        and movement.planned.start_at < book.now
    ]
    if not overdue:
        return None
    return Handled(
        kind=FactKind.OVERDUE,
        planning=True,
        body={"movement_ids": overdue},
        note={"movement_ids": overdue},
    )


def archive(command: Archive, book: Book, standing: Standing) -> Handled | None:
    """Take off the boards what was over before an instant.

    A call is over when its last movement was an exit and all of them ended; a ship that lies here
    still stays, whenever she came.
    """
    require_party(standing, Verb.KEEP_HOUSE)
    calls = _finished_calls(command, book)
    for call in calls:
        movements = book.load(Movement, call.movement_ids)
        for service in book.find(Service, "movement_id", call.movement_ids):
            book.take_off(service)
        for movement in movements:
            book.take_off(movement)
        book.take_off(call)
    declarations = _emptied_declarations(calls, command, book)
    for declaration in declarations:
        book.take_off(declaration)
    past: list[Restriction | Outage] = [
        item
        for item in (*book.everything(Restriction), *book.everything(Outage))
        if item.to_at is not None and item.to_at < command.before_at
    ]
    for item in past:
        book.take_off(item)
    if not (calls or declarations or past):
        return None
    return Handled(
        kind=FactKind.ARCHIVED,
        body={"calls": len(calls), "declarations": len(declarations), "limits": len(past)},
    )


def _finished_calls(command: Archive, book: Book) -> list[Call]:
    by_call: dict[str, list[Movement]] = {}
    for movement in book.everything(Movement):
        by_call.setdefault(movement.call_id, []).append(movement)
    over: list[str] = []
    for call_id, movements in by_call.items():
        last = max(movements, key=lambda item: item.sequence)
        if (
            last.asked.kind == "exit"
            and all(finished(item) for item in movements)
            and last.actual_end_at is not None
            and last.actual_end_at < command.before_at
        ):
            over.append(call_id)
    return book.load(Call, over)


def _emptied_declarations(calls: list[Call], command: Archive, book: Book) -> list[Declaration]:
    """Withdrawn ones that are old, and those all of whose calls are off the boards."""
    gone = {call.id for call in calls}
    emptied: list[Declaration] = []
    for declaration in book.everything(Declaration):
        if declaration.state == "withdrawn":
            if declaration.declared_at < command.before_at:
                emptied.append(declaration)
        elif gone & set(declaration.call_ids) and all(
            (Call, call.id) in book.off_boards for call in book.load(Call, declaration.call_ids)
        ):
            emptied.append(declaration)
    return emptied
