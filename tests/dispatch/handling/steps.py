"""Steps that many tests take."""

from datetime import datetime

from dispatch.commands import Actor, ClearMovement, ConfirmService, Receipt, ReportEvent
from dispatch.movement import EventKind
from tests.dispatch import port_words as words
from tests.dispatch.books import Books


def confirm_all(books: Books, movement_id: str) -> None:
    """Every party says yes to its jobs."""
    parties = {
        "PILOT": words.PILOTAGE,
        "TUG-A": words.TOWAGE,
        "TUG-B": words.OTHER_TOWAGE,
    }
    for service in books.services(movement_id).values():
        if service["status"] == "requested":
            books.do(ConfirmService(service_id=service["id"]), parties[service["organisation"]])


def clear_all(books: Books, movement_id: str) -> None:
    """Every party says yes, and maritime review clears."""
    confirm_all(books, movement_id)
    books.do(ClearMovement(movement_id=movement_id), words.MARITIME)
    assert books.movement(movement_id)["executable"]


def report(
    books: Books,
    movement_id: str,
    kind: EventKind,
    actual_at: datetime,
    actor: Actor = words.PILOTAGE,
    *,
    force: bool = False,
    reason: str = "",
) -> Receipt:
    """Report an event at the time it happens."""
    books.clock.at = max(books.clock.at, actual_at)
    command = ReportEvent(
        movement_id=movement_id, kind=kind, actual_at=actual_at, force=force, reason=reason
    )
    return books.do(command, actor)
