"""Maritime review: clearing, holding, rejecting, conditions and waivers."""

from dataclasses import replace

from dispatch.commands import (
    AddCondition,
    ClearMovement,
    HoldMovement,
    RejectMovement,
    ReleaseMovement,
    RemoveCondition,
    SignWaiver,
)
from dispatch.errors import NotFound, ValueRefused
from dispatch.events import FactKind
from dispatch.handling.book import Book, Handled
from dispatch.handling.standing import (
    Standing,
    require,
    require_movement,
    require_party,
    require_seen,
)
from dispatch.lifecycle import Thing, Verb
from dispatch.movement import Approval, Call, Condition, Movement, Waiver
from scheduler.rules import NAMES

CONDITION_KINDS = ("daylight_only", "not_before", "after_movement", "extra_tug")


def clear_movement(command: ClearMovement, book: Book, standing: Standing) -> Handled | None:
    """Clear a movement as it is planned now; bears on the plan only where it ends a bar.

    Raises:
        MovementChanged: it was moved since it was seen.
    """
    movement = _movement(command.movement_id, book, standing, Verb.CLEAR)
    planned = movement.planned
    start_at = planned.start_at if planned is not None else None
    require_seen(start_at, command.seen_start_at, movement.id)
    changed = require(standing, Thing.CLEARANCE, movement.clearance, Verb.CLEAR, movement.id)
    if not changed and movement.cleared_start_at == start_at:
        return None
    barred = movement.clearance in (Approval.HELD, Approval.DENIED)
    book.put(
        replace(
            movement,
            clearance=Approval.CONFIRMED,
            clearance_reason=None,
            clearance_reconfirm=False,
            cleared_start_at=start_at,
            cleared_to_place=planned.to_place if planned is not None else None,
        )
    )
    return _handled(FactKind.CLEARED, movement, planning=barred)


def hold_movement(command: HoldMovement, book: Book, standing: Standing) -> Handled | None:
    """Bar a movement from being planned until it is released."""
    return _bar(
        command.movement_id,
        book,
        standing,
        verb=Verb.HOLD,
        answer=Approval.HELD,
        kind=FactKind.HELD,
        why=(command.reason_code, command.remark),
    )


def reject_movement(command: RejectMovement, book: Book, standing: Standing) -> Handled | None:
    """Refuse a movement; it stays without a time."""
    return _bar(
        command.movement_id,
        book,
        standing,
        verb=Verb.REJECT,
        answer=Approval.DENIED,
        kind=FactKind.REJECTED,
        why=(command.reason_code, command.remark),
    )


def release_movement(command: ReleaseMovement, book: Book, standing: Standing) -> Handled | None:
    """Take back a hold or a rejection; it is planned again and then waits for clearance."""
    movement = _movement(command.movement_id, book, standing, Verb.RELEASE)
    require(standing, Thing.CLEARANCE, movement.clearance, Verb.RELEASE, movement.id)
    book.put(
        replace(
            movement,
            clearance=Approval.REQUESTED,
            clearance_reason=None,
            clearance_reconfirm=False,
        )
    )
    return _handled(FactKind.RELEASED, movement, planning=True)


def add_condition(command: AddCondition, book: Book, standing: Standing) -> Handled:
    """Ask something of a movement, which is planned anew to meet it.

    Raises:
        ValueRefused: an unknown kind, or what the kind needs is missing.
    """
    movement = _movement(command.movement_id, book, standing, Verb.ADD_CONDITION)
    _require_condition(command, book)
    condition = Condition(
        id=book.new_id("K"),
        kind=command.kind,
        at=command.at,
        movement_id=command.after_movement_id,
        gap_min=command.gap_min,
        count=command.count,
    )
    book.put(replace(movement, conditions=(*movement.conditions, condition)))
    return _handled(FactKind.CONDITION_ADDED, movement, planning=True, condition_id=condition.id)


def remove_condition(command: RemoveCondition, book: Book, standing: Standing) -> Handled:
    """Take a condition back.

    Raises:
        NotFound: the movement has no such condition.
    """
    movement = _movement(command.movement_id, book, standing, Verb.REMOVE_CONDITION)
    left = tuple(item for item in movement.conditions if item.id != command.condition_id)
    if len(left) == len(movement.conditions):
        raise NotFound(
            f"{movement.id} has no condition {command.condition_id}",
            context={"type": "condition", "id": command.condition_id},
        )
    book.put(replace(movement, conditions=left))
    return _handled(
        FactKind.CONDITION_REMOVED, movement, planning=True, condition_id=command.condition_id
    )


def sign_waiver(command: SignWaiver, book: Book, standing: Standing) -> Handled:
    """Except a movement from a rule, under the name of who signs.

    Raises:
        ValueRefused: no such rule, no reason, or it has expired already.
    """
    movement = _movement(command.movement_id, book, standing, Verb.WAIVE)
    if command.rule not in NAMES:
        # the scheduler takes no problem with a name in it that nothing goes by
        raise ValueRefused(
            f"no rule {command.rule}", context={"field": "rule", "allowed": sorted(NAMES)}
        )
    if not command.reason.strip():
        raise ValueRefused("a waiver needs a reason", context={"field": "reason"})
    if command.expires_at <= book.now:
        raise ValueRefused("the waiver has expired already", context={"field": "expires_at"})
    waiver = Waiver(
        id=book.new_id("W"),
        movement_id=movement.id,
        rule=command.rule,
        reason=command.reason,
        signed_by=standing.actor.account,
        expires_at=command.expires_at,
    )
    book.put(replace(movement, waivers=(*movement.waivers, waiver)))
    return _handled(
        FactKind.WAIVED, movement, planning=True, waiver_id=waiver.id, rule=command.rule
    )


def _movement(movement_id: str, book: Book, standing: Standing, verb: Verb) -> Movement:
    require_party(standing, verb)
    movement = book.get(Movement, movement_id)
    require_movement(standing, movement, verb)
    return movement


def _bar(
    movement_id: str,
    book: Book,
    standing: Standing,
    *,
    verb: Verb,
    answer: Approval,
    kind: FactKind,
    why: tuple[str, str],
) -> Handled | None:
    movement = _movement(movement_id, book, standing, verb)
    changed = require(standing, Thing.CLEARANCE, movement.clearance, verb, movement.id)
    reason, remark = why
    if not changed and movement.clearance_reason == reason:
        return None
    book.put(
        replace(movement, clearance=answer, clearance_reason=reason, clearance_reconfirm=False)
    )
    return _handled(kind, movement, planning=True, reason=reason, remark=remark)


def _require_condition(command: AddCondition, book: Book) -> None:
    needs = {
        "not_before": ("at", command.at is not None),
        "after_movement": ("movement_id", command.after_movement_id is not None),
        "extra_tug": ("count", command.count > 0),
        "daylight_only": ("kind", True),
    }
    if command.kind not in needs:
        raise ValueRefused(
            f"no condition {command.kind}",
            context={"field": "kind", "allowed": list(CONDITION_KINDS)},
        )
    field, given = needs[command.kind]
    if not given or command.gap_min < 0:
        wrong = field if not given else "gap_min"
        raise ValueRefused(f"{command.kind} needs {wrong}", context={"field": wrong})
    if command.after_movement_id is not None:
        if command.after_movement_id == command.movement_id:
            raise ValueRefused("a movement after itself", context={"field": "movement_id"})
        if command.movement_id in _all_before(book.get(Movement, command.after_movement_id), book):
            # both would stay without a time, each waiting for the other
            raise ValueRefused(
                f"{command.after_movement_id} goes after {command.movement_id} itself",
                context={"field": "movement_id"},
            )


def _all_before(movement: Movement, book: Book) -> frozenset[str]:
    """Return what goes before a movement: earlier in its call, or by conditions, and so on."""
    found: set[str] = set()
    front = [movement]
    while front:
        one = front.pop()
        in_call = book.get(Call, one.call_id).movement_ids
        # what was taken back is no longer in its call
        earlier = in_call[: in_call.index(one.id)] if one.id in in_call else ()
        asked = [item.movement_id for item in one.conditions if item.movement_id is not None]
        news = {*earlier, *asked} - found
        found |= news
        front += book.load(Movement, news)
    return frozenset(found)


def _handled(kind: FactKind, movement: Movement, *, planning: bool, **told: str) -> Handled:
    return Handled(
        kind=kind,
        planning=planning,
        body={"id": movement.id, **told},
        note={"movement_id": movement.id, **told},
    )
