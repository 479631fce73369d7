"""Estimates, priorities and pins: what moves a movement's place in the queue."""

from dataclasses import replace
from datetime import datetime

from dispatch.commands import EstimateMovement, PinMovement, SetPriority
from dispatch.entities import instant
from dispatch.errors import ValueRefused
from dispatch.events import FactKind
from dispatch.handling.book import Book, Handled
from dispatch.handling.standing import Standing, require_movement, require_party
from dispatch.judging import LONGEST_AHEAD, LONGEST_PAST
from dispatch.lifecycle import Verb
from dispatch.movement import Movement


def estimate_movement(command: EstimateMovement, book: Book, standing: Standing) -> Handled | None:
    """Note when a movement can start at the earliest.

    Raises:
        ValueRefused: so far off that it is taken for a slip, as in a declaration.
    """
    movement = _movement(command.movement_id, book, standing, Verb.ESTIMATE)
    require_estimate(command.estimated_at, book.now)
    if movement.estimated_at == command.estimated_at:
        return None
    book.put(replace(movement, estimated_at=command.estimated_at))
    told = {"estimated_at": instant(command.estimated_at), "reason": command.reason_code}
    return _handled(FactKind.ESTIMATED, movement, told)


def require_estimate(estimated_at: datetime, now: datetime) -> None:
    """Refuse an estimate that is so far off that it is taken for a slip, as in a declaration.

    Raises:
        ValueRefused: it is.
    """
    if not now - LONGEST_PAST <= estimated_at <= now + LONGEST_AHEAD:
        raise ValueRefused(
            "the estimate is too far off",
            context={"field": "estimated_at", "estimated_at": instant(estimated_at)},
        )


def set_priority(command: SetPriority, book: Book, standing: Standing) -> Handled | None:
    """Set a movement's priority.

    Raises:
        ValueRefused: not 1, 2 or 3.
    """
    movement = _movement(command.movement_id, book, standing, Verb.PRIORITISE)
    if command.priority not in (1, 2, 3):
        raise ValueRefused("a priority is 1, 2 or 3", context={"field": "priority"})
    if movement.priority == command.priority:
        return None
    book.put(replace(movement, priority=command.priority))
    return _handled(FactKind.PRIORITY_SET, movement, {"priority": command.priority})


def pin_movement(command: PinMovement, book: Book, standing: Standing) -> Handled | None:
    """Hold a movement at its planned time, or let it go."""
    verb = Verb.PIN if command.pinned else Verb.UNPIN
    movement = _movement(command.movement_id, book, standing, verb)
    if movement.pinned == command.pinned:
        return None
    book.put(replace(movement, pinned=command.pinned))
    kind = FactKind.PINNED if command.pinned else FactKind.UNPINNED
    return _handled(kind, movement, {"pinned": command.pinned})


def _movement(movement_id: str, book: Book, standing: Standing, verb: Verb) -> Movement:
    require_party(standing, verb)
    movement = book.get(Movement, movement_id)
    require_movement(standing, movement, verb)
    return movement


def _handled(kind: FactKind, movement: Movement, told: dict[str, object]) -> Handled:
    return Handled(
        kind=kind,
        planning=True,
        body={"id": movement.id, **told},
        note={"movement_id": movement.id, **told},
    )
