"""Declaring, amending and withdrawing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dispatch.commands import Amend, Declare, Withdraw
from dispatch.declaration import CallPlan, DeclarationPlan, MovementPlan
from dispatch.entities import instant
from dispatch.errors import (
    CallAlreadyDeclared,
    DeclarationFaulty,
    NotAllowed,
    NotFound,
    Plain,
    RevisionMismatch,
    StateConflict,
)
from dispatch.events import FactKind
from dispatch.handling.book import Book, Handled
from dispatch.handling.presence import Span, same_ship, span_asked, span_of
from dispatch.handling.standing import Standing, require_movement, require_party
from dispatch.lifecycle import CLEARANCE, MOVEMENT, Party, Verb
from dispatch.movement import Approval, Call, Movement, MovementState, Service
from dispatch.records import Declaration
from dispatch.vessel import Vessel


def declare(command: Declare, book: Book, standing: Standing) -> Handled:
    """Take a company's plan in.

    Raises:
        NotAllowed: another company's plan.
        DeclarationFaulty: it has faults.
        CallAlreadyDeclared: one of its ships' calls is declared already.
    """
    require_party(standing, Verb.DECLARE)
    plan = command.plan
    _require_sound(plan, book, standing)
    declaration_id = book.new_id("D")
    desk = _Desk(book=book, standing=standing, company=plan.company, declaration_id=declaration_id)
    calls = [desk.new_call(call_plan) for call_plan in plan.calls]
    declaration = Declaration(
        id=declaration_id,
        company=plan.company,
        reference=plan.reference,
        plan=plan,
        state="accepted",
        revision=1,
        call_ids=tuple(call.id for call in calls),
        movement_ids=tuple(item for call in calls for item in call.movement_ids),
        declared_at=book.now,
        declared_by=standing.actor.account,
    )
    book.put(declaration)
    return Handled(kind=FactKind.DECLARED, planning=True, body=_answer(declaration, book))


def amend(command: Amend, book: Book, standing: Standing) -> Handled | None:
    """Replace a declaration's plan; what matches keeps its id.

    Raises:
        NotFound: there is none, or it is another company's.
        RevisionMismatch: it was amended meanwhile.
        StateConflict: it is withdrawn, or the change concerns a movement that has started.
    """
    require_party(standing, Verb.AMEND)
    declaration = _own_declaration(
        command.declaration_id, command.expected_revision, book, standing
    )
    plan = command.plan
    _require_sound(plan, book, standing)
    if plan.company != declaration.company:
        raise NotAllowed("a declaration cannot change its company")
    if plan == declaration.plan:
        return None
    desk = _Desk(book=book, standing=standing, company=plan.company, declaration_id=declaration.id)
    ordered = desk.amended_calls(
        book.load(Call, declaration.call_ids), declaration.plan.calls, plan.calls
    )
    amended = replace(
        declaration,
        plan=plan,
        reference=plan.reference,
        revision=declaration.revision + 1,
        call_ids=tuple(call.id for call in ordered),
        movement_ids=tuple(item for call in ordered for item in call.movement_ids),
    )
    book.put(amended)
    return Handled(kind=FactKind.AMENDED, planning=True, body=_answer(amended, book))


def withdraw(command: Withdraw, book: Book, standing: Standing) -> Handled:
    """Take a declaration back, with everything that was planned for it.

    Raises:
        NotFound: there is none, or it is another company's.
        RevisionMismatch: it was amended meanwhile.
        StateConflict: it is withdrawn already, or one of its movements has started.
    """
    require_party(standing, Verb.WITHDRAW)
    declaration = _own_declaration(
        command.declaration_id, command.expected_revision, book, standing
    )
    desk = _Desk(
        book=book,
        standing=standing,
        company=declaration.company,
        declaration_id=declaration.id,
    )
    for call in book.load(Call, declaration.call_ids):
        desk.take_call_back(call, Verb.WITHDRAW)
    withdrawn = replace(declaration, state="withdrawn", revision=declaration.revision + 1)
    book.put(withdrawn)
    return Handled(
        kind=FactKind.WITHDRAWN,
        planning=True,
        body={"id": declaration.id, "revision": withdrawn.revision},
        note={"declaration_id": declaration.id, "reason": command.reason},
    )


def cancel_service(service: Service, book: Book, *, reason: str | None = None) -> None:
    """Cancel a job and take it off the boards."""
    book.take_off(
        replace(
            service, status=Approval.CANCELLED, reconfirm=False, reason=reason or service.reason
        )
    )


# -- parts -------------------------------------------------------------------------------------


def _require_sound(plan: DeclarationPlan, book: Book, standing: Standing) -> None:
    if not standing.owns(plan.company):
        raise NotAllowed(
            "a company declares for itself",
            context={"company": plan.company, "organisation": standing.organisation},
        )
    faults = book.terms.judge(plan, book.now) if book.terms.judge is not None else ()
    if faults:
        raise DeclarationFaulty(faults)


def _own_declaration(
    declaration_id: str, expected_revision: int, book: Book, standing: Standing
) -> Declaration:
    declaration = book.get(Declaration, declaration_id)
    if standing.party is Party.COMPANY and not standing.owns(declaration.company):
        raise NotFound(
            f"no declaration {declaration_id}",
            context={"type": "declaration", "id": declaration_id},
        )
    if declaration.state != "accepted":
        raise StateConflict(
            "the declaration is withdrawn",
            context={"type": "declaration", "id": declaration_id, "state": declaration.state},
        )
    if declaration.revision != expected_revision:
        raise RevisionMismatch(
            f"revision {declaration.revision}, not {expected_revision}",
            context={"revision": declaration.revision, "expected_revision": expected_revision},
        )
    return declaration


def _answer(declaration: Declaration, book: Book) -> dict[str, Any]:
    refs = {call.id: call.call_ref for call in book.load(Call, declaration.call_ids)}
    return {
        "id": declaration.id,
        "revision": declaration.revision,
        "movements": [
            {
                "id": movement.id,
                "call_ref": refs[movement.call_id],
                "kind": movement.asked.kind,
                "sequence": movement.sequence,
            }
            for movement in book.load(Movement, declaration.movement_ids)
        ],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Where the calls of one declaration are written."""

    book: Book
    standing: Standing
    company: str
    declaration_id: str

    def require_new(self, call_plan: CallPlan, *, own: str | None = None) -> None:
        """Refuse a ship that is declared to be here at the same time, or under the same reference.

        Args:
            call_plan: The call that is declared.
            own: The call that it amends, which it does not contradict.

        Raises:
            CallAlreadyDeclared: with the other company's name for the dispatch centre only.
        """
        vessel = call_plan.vessel
        others = {
            call.id: call
            for field, number in (("vessel.imo", vessel.imo), ("vessel.mmsi", vessel.mmsi))
            if number
            for call in self.book.find(Call, field, (number,))
            if call.id != own and same_ship(call, call_plan)
        }
        span = span_asked(call_plan)
        for other in others.values():
            there = span_of(other, self.book.load(Movement, other.movement_ids))
            again = other.company == self.company and other.call_ref == call_plan.call_ref
            if again or span.overlaps(there):
                raise CallAlreadyDeclared(
                    f"{vessel.name} is declared already",
                    context=self._told_of(call_plan, other, there),
                )

    def _told_of(self, call_plan: CallPlan, other: Call, there: Span) -> dict[str, Plain]:
        """What the caller may know of the call that is in the way."""
        told: dict[str, Plain] = {
            "call_ref": call_plan.call_ref,
            "vessel": call_plan.vessel.name,
            "imo": call_plan.vessel.imo,
            "mmsi": call_plan.vessel.mmsi,
            "from_at": instant(there.from_at),
            "to_at": instant(there.to_at),
            "own": other.company == self.company,
        }
        if other.company == self.company or self.standing.actor.party is Party.DISPATCH:
            told |= {
                "company": other.company,
                "call_id": other.id,
                "declaration_id": other.declaration_id,
            }
        return told

    def new_call(self, call_plan: CallPlan) -> Call:
        """Write a call and its movements.

        Raises:
            CallAlreadyDeclared: see ``require_new``.
        """
        self.require_new(call_plan)
        call_id = self.book.new_id("C")
        movements = [
            self.new_movement(call_id, call_plan, sequence)
            for sequence in range(len(call_plan.movements))
        ]
        call = Call(
            id=call_id,
            declaration_id=self.declaration_id,
            company=self.company,
            call_ref=call_plan.call_ref,
            vessel=call_plan.vessel,
            alongside=call_plan.alongside,
            movement_ids=tuple(item.id for item in movements),
        )
        self.book.put(call)
        return call

    def new_movement(self, call_id: str, call_plan: CallPlan, sequence: int) -> Movement:
        """Write one movement."""
        asked = call_plan.movements[sequence]
        movement = Movement(
            id=self.book.new_id("M"),
            call_id=call_id,
            declaration_id=self.declaration_id,
            company=self.company,
            sequence=sequence,
            vessel=call_plan.vessel,
            asked=asked,
            priority=self._priority(asked, call_plan.vessel),
        )
        self.book.put(movement)
        return movement

    def _priority(self, asked: MovementPlan, vessel: Vessel) -> int:
        """Return what the company gives, or else the port's own for such a ship."""
        return asked.priority or self.book.terms.priority_of(vessel)

    def amended_calls(
        self, calls: Sequence[Call], before: Sequence[CallPlan], plans: Sequence[CallPlan]
    ) -> list[Call]:
        """Match calls by reference and ship; write what is new, take back what is left over.

        Args:
            calls: What there is.
            before: What was declared for them.
            plans: What is declared now.
        """
        left = list(calls)
        matches: list[Call | None] = []
        for plan in plans:
            match = next(
                (call for call in left if call.call_ref == plan.call_ref and same_ship(call, plan)),
                None,
            )
            matches.append(match)
            if match is not None:
                left.remove(match)
        for call in left:
            self.take_call_back(call, Verb.AMEND)
        amended: list[Call] = []
        for match, plan in zip(matches, plans, strict=True):
            if match is None:
                amended.append(self.new_call(plan))
                continue
            if plan not in before:
                self.require_new(plan, own=match.id)
            amended.append(self.amended_call(match, plan))
        return amended

    def amended_call(self, call: Call, plan: CallPlan) -> Call:
        """Match movements by kind and order; write what is new, take back what is left over."""
        left = self.book.load(Movement, call.movement_ids)
        ids: list[str] = []
        for sequence, asked in enumerate(plan.movements):
            match = next((item for item in left if item.asked.kind == asked.kind), None)
            if match is None:
                ids.append(self.new_movement(call.id, plan, sequence).id)
            else:
                left.remove(match)
                ids.append(match.id)
                self.amend_movement(match, plan, sequence)
        self.take_back(left, Verb.AMEND)
        amended = replace(
            call, vessel=plan.vessel, alongside=plan.alongside, movement_ids=tuple(ids)
        )
        if amended != call:
            self.book.put(amended)
        return amended

    def amend_movement(self, movement: Movement, plan: CallPlan, sequence: int) -> None:
        """Change what is asked of a movement; its clearance is asked for again.

        What has started keeps the ship's particulars as they were.
        """
        asked = plan.movements[sequence]
        started = movement.state not in MOVEMENT[Verb.AMEND]
        vessel = movement.vessel if started else plan.vessel
        if (asked, vessel, sequence) == (movement.asked, movement.vessel, movement.sequence):
            return
        require_movement(self.standing, movement, Verb.AMEND)
        was = self._priority(movement.asked, movement.vessel)
        same_content = asked == movement.asked and vessel == movement.vessel
        again = None if same_content else CLEARANCE[Verb.ASK_AGAIN].get(movement.clearance)
        was_cleared = movement.clearance is Approval.CONFIRMED
        self.book.put(
            replace(
                movement,
                asked=asked,
                vessel=vessel,
                sequence=sequence,
                # where nothing of it is amended, what the dispatch centre has set stays
                priority=(
                    movement.priority
                    if was == self._priority(asked, vessel)
                    else self._priority(asked, vessel)
                ),
                estimated_at=(
                    movement.estimated_at
                    if asked.requested_at == movement.asked.requested_at
                    else None
                ),
                clearance=movement.clearance if again is None else Approval(again),
                clearance_reconfirm=(
                    movement.clearance_reconfirm or (again is not None and was_cleared)
                ),
                revision=movement.revision + 1,
            )
        )

    def take_call_back(self, call: Call, verb: Verb) -> None:
        """Withdraw a call's movements and take it off the boards."""
        self.take_back(self.book.load(Movement, call.movement_ids), verb)
        self.book.take_off(call)

    def take_back(self, movements: Iterable[Movement], verb: Verb) -> None:
        """Withdraw movements with their services.

        Raises:
            StateConflict: one of them has started.
        """
        taken = list(movements)
        for movement in taken:
            require_movement(self.standing, movement, verb)
        for service in self.book.find(Service, "movement_id", [item.id for item in taken]):
            cancel_service(service, self.book)
        for movement in taken:
            self.book.take_off(
                replace(movement, state=MovementState.WITHDRAWN, revision=movement.revision + 1)
            )
