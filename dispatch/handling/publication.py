"""Putting a plan in force: its times, its jobs, and what they do to answers already given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dispatch.commands import (
    AcquireLease,
    DiscardProposal,
    PlacedMovement,
    PlannedService,
    ProposePlan,
    PublishPlan,
    PublishProposal,
    UnplacedMovement,
)
from dispatch.entities import time_change_value
from dispatch.errors import PlanFaulty, PlanOutOfDate, StateConflict
from dispatch.events import FactKind
from dispatch.handling.book import Book, Handled
from dispatch.handling.standing import Standing, require_party
from dispatch.handling.submission import cancel_service
from dispatch.lifecycle import CLEARANCE, MOVEMENT, SERVICE, Verb
from dispatch.movement import (
    Approval,
    Movement,
    MovementState,
    Service,
    TimeChange,
)
from dispatch.records import PlanVersion, Proposal
from dispatch.resources import Resource


def publish_plan(command: PublishPlan, book: Book, standing: Standing) -> Handled:
    """Put a plan in force.

    Raises:
        PlanOutOfDate: the situation or the solver has changed since it was made.
        PlanFaulty: it contradicts the state of what it plans.
    """
    require_party(standing, Verb.PUBLISH)
    if command.generation != book.header.lease_generation:
        raise PlanOutOfDate(
            "another planner has taken over",
            context={
                "generation": command.generation,
                "lease_generation": book.header.lease_generation,
            },
        )
    return _put_in_force(command, book, proposal=False)


def propose_plan(command: ProposePlan, book: Book, standing: Standing) -> Handled:
    """Keep a plan for the dispatch centre; an open one before it is out of date.

    Raises:
        PlanOutOfDate: the situation or the solver has changed since it was made.
    """
    require_party(standing, Verb.PROPOSE)
    if command.plan.generation != book.header.lease_generation:
        raise PlanOutOfDate("another planner has taken over")
    _require_up_to_date(command.plan, book)
    _outdate_proposals(book)
    proposal = Proposal(
        id=book.new_id("P"),
        plan=command.plan,
        based_on_version=book.header.plan_version,
        gain_min=command.gain_min,
        state="open",
        made_at=book.now,
        changes=_told(_changes_of(command.plan, book), book),
    )
    book.put(proposal)
    return Handled(
        kind=FactKind.PROPOSAL_MADE, body={"id": proposal.id}, note={"proposal_id": proposal.id}
    )


def publish_proposal(command: PublishProposal, book: Book, standing: Standing) -> Handled:
    """Put a proposed plan in force.

    Raises:
        StateConflict: it is not open any more.
        PlanOutOfDate: the situation has changed since it was made.
    """
    require_party(standing, Verb.DECIDE)
    proposal = _open_proposal(command.proposal_id, book)
    if proposal.based_on_version != book.header.plan_version:
        raise PlanOutOfDate("another plan has been published since")
    book.take_off(replace(proposal, state="published"))
    handled = _put_in_force(proposal.plan, book, proposal=True)
    return replace(handled, note={**handled.note, "proposal_id": proposal.id})


def discard_proposal(command: DiscardProposal, book: Book, standing: Standing) -> Handled:
    """Drop a proposed plan.

    Raises:
        StateConflict: it is not open any more.
    """
    require_party(standing, Verb.DECIDE)
    proposal = _open_proposal(command.proposal_id, book)
    book.take_off(replace(proposal, state="discarded"))
    return Handled(
        kind=FactKind.PROPOSAL_DISCARDED,
        body={"id": proposal.id},
        note={"proposal_id": proposal.id},
    )


def acquire_lease(command: AcquireLease, book: Book, standing: Standing) -> Handled:
    """Take the right to publish over; no fact, and whoever had it is fenced off."""
    require_party(standing, Verb.PUBLISH)
    generation = book.header.lease_generation + 1
    book.lease = (generation, command.holder)
    return Handled(kind="", body={"generation": generation})


# -- parts -------------------------------------------------------------------------------------


def _require_up_to_date(plan: PublishPlan, book: Book) -> None:
    if book.header.last_planning_offset > plan.based_on_offset:
        raise PlanOutOfDate(
            "facts that bear on the plan have come since",
            context={
                "based_on_offset": plan.based_on_offset,
                "last_planning_offset": book.header.last_planning_offset,
            },
        )


def _open_proposal(proposal_id: str, book: Book) -> Proposal:
    proposal = book.get(Proposal, proposal_id)
    if proposal.state != "open":
        raise StateConflict(
            f"the proposal is {proposal.state}",
            context={"type": "proposal", "id": proposal_id, "state": proposal.state},
        )
    return proposal


def _outdate_proposals(book: Book) -> None:
    for proposal in book.find(Proposal, "state", ("open",)):
        book.take_off(replace(proposal, state="outdated"))


def _named(plan: PublishPlan, book: Book) -> dict[str, Movement]:
    ids = [item.movement_id for item in (*plan.placed, *plan.unplaced)]
    movements = {item.id: item for item in book.load(Movement, ids)}
    if len(movements) != len(ids):
        raise PlanFaulty(
            "a movement is unknown, or named twice",
            context={"unknown": sorted(set(ids) - movements.keys())},
        )
    return movements


def _changes_of(plan: PublishPlan, book: Book) -> dict[str, TimeChange]:
    """Which planned starts a plan changes, by movement; one that gets its first time included."""
    movements = _named(plan, book)
    version = book.header.plan_version + 1
    changes: dict[str, TimeChange] = {}
    for item in plan.placed:
        before = movements[item.movement_id].planned
        from_at = before.start_at if before is not None else None
        if from_at != item.planned.start_at:
            changes[item.movement_id] = TimeChange(
                from_at=from_at,
                to_at=item.planned.start_at,
                reasons=item.change_reasons,
                plan_version=version,
            )
    for left_out in plan.unplaced:
        before = movements[left_out.movement_id].planned
        if before is not None:
            changes[left_out.movement_id] = TimeChange(
                from_at=before.start_at,
                to_at=None,
                reasons=left_out.reasons,
                plan_version=version,
            )
    return changes


def _put_in_force(plan: PublishPlan, book: Book, *, proposal: bool) -> Handled:
    _require_up_to_date(plan, book)
    _outdate_proposals(book)
    publication = _Publication(book=book, version=book.header.plan_version + 1)
    changes = _changes_of(plan, book)
    movements = _named(plan, book)
    services = publication.services_of(movements)
    for item in plan.placed:
        publication.place(movements[item.movement_id], item, changes.get(item.movement_id))
        publication.assign(movements[item.movement_id], item.services, services[item.movement_id])
    for left_out in plan.unplaced:
        publication.leave_out(
            movements[left_out.movement_id], left_out, changes.get(left_out.movement_id)
        )
        for service in services[left_out.movement_id]:
            if service.status is not Approval.DENIED:
                cancel_service(service, book)
    book.plan = _version(plan, book, publication.version, changes, proposal=proposal)
    return Handled(
        kind=FactKind.PLAN_PUBLISHED,
        body={"version": publication.version},
        note={"version": publication.version, "cause": list(plan.record.cause)},
    )


def _version(
    plan: PublishPlan,
    book: Book,
    version: int,
    changes: Mapping[str, TimeChange],
    *,
    proposal: bool,
) -> PlanVersion:
    breaches = [breach.status for item in plan.placed for breach in item.breaches]
    record = plan.record
    return PlanVersion(
        version=version,
        published_at=book.now,
        offset=book.header.last_offset + 1,
        based_on_offset=plan.based_on_offset,
        generation=plan.generation,
        placed=len(plan.placed),
        unplaced=len(plan.unplaced),
        moved=sum(change.from_at is not None for change in changes.values()),
        breaches={status: breaches.count(status) for status in ("actual", "waived")},
        cause=record.cause,
        solve_ms=record.solve_ms,
        replan_ms=record.replan_ms,
        seed=record.seed,
        versions=record.versions,
        objective=record.objective,
        proposal=proposal,
        changes=_told(changes, book),
        record=record,
    )


def _told(changes: Mapping[str, TimeChange], book: Book) -> tuple[Mapping[str, Any], ...]:
    owners = book.owners(
        movement
        for change in changes.values()
        for reason in change.reasons
        for movement in reason.movements
    )
    return tuple(
        {"movement_id": movement_id, **time_change_value(change, owners)}
        for movement_id, change in changes.items()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Publication:
    """One plan being put in force."""

    book: Book
    version: int

    def services_of(self, movements: Mapping[str, Movement]) -> dict[str, list[Service]]:
        """Return the jobs that stand, the denied ones among them, by movement."""
        found: dict[str, list[Service]] = {item_id: [] for item_id in movements}
        for service in self.book.find(Service, "movement_id", list(movements)):
            found[service.movement_id].append(service)
        return found

    def place(self, movement: Movement, item: PlacedMovement, change: TimeChange | None) -> None:
        """Give a movement its time; ask for its clearance again where it moved too far."""
        state = MOVEMENT[Verb.PLACE].get(movement.state)
        if state is None:
            raise PlanFaulty(
                f"{movement.id} is {movement.state}",
                context={"movement_id": movement.id, "state": movement.state.value},
            )
        planned = replace(item.planned, plan_version=self.version)
        if movement.planned is not None:
            same = replace(planned, plan_version=movement.planned.plan_version)
            planned = same if same == movement.planned else planned
        placed = replace(
            movement,
            state=MovementState(state),
            planned=planned,
            wait_reasons=item.wait_reasons,
            unplaced_reasons=(),
            breaches=item.breaches,
            change=change or movement.change,
        )
        if movement.state is not MovementState.UNDER_WAY and self._cleared_too_far(placed):
            placed = _ask_again(placed)
        if placed != movement:
            self.book.put(placed)

    def _cleared_too_far(self, movement: Movement) -> bool:
        if movement.clearance is not Approval.CONFIRMED or movement.planned is None:
            return False
        cleared_at = movement.cleared_start_at
        return (
            cleared_at is None
            or abs(movement.planned.start_at - cleared_at) > self.book.terms.tolerance("clearance")
            or movement.planned.to_place != movement.cleared_to_place
        )

    def leave_out(
        self, movement: Movement, item: UnplacedMovement, change: TimeChange | None
    ) -> None:
        """Take a movement's time away, and say why."""
        state = MOVEMENT[Verb.LEAVE_OUT].get(movement.state)
        if state is None:
            raise PlanFaulty(
                f"{movement.id} is {movement.state} and cannot be left out",
                context={"movement_id": movement.id, "state": movement.state.value},
            )
        left = replace(
            movement,
            state=MovementState(state),
            planned=None,
            wait_reasons=(),
            unplaced_reasons=item.reasons,
            breaches=(),
            change=change or movement.change,
        )
        if left.clearance is Approval.CONFIRMED:
            left = _ask_again(left)
        if left != movement:
            self.book.put(left)

    def assign(
        self, movement: Movement, jobs: Sequence[PlannedService], services: Sequence[Service]
    ) -> None:
        """Reconcile a movement's jobs: the same resource for the same need keeps its id."""
        standing = {
            (service.need, service.resource_id): service
            for service in services
            if service.status is not Approval.DENIED
        }
        for job in jobs:
            if job.resource_id in movement.declined:
                raise PlanFaulty(
                    f"{job.resource_id} declined {movement.id}",
                    context={"movement_id": movement.id, "resource_id": job.resource_id},
                )
            service = standing.pop((job.need, job.resource_id), None)
            if service is None:
                self.book.put(self._new_service(movement, job))
            else:
                moved = self._moved(service, job)
                if moved != service:
                    self.book.put(moved)
        for service in standing.values():
            cancel_service(service, self.book)

    def _new_service(self, movement: Movement, job: PlannedService) -> Service:
        resource = self.book.get(Resource, job.resource_id)
        return Service(
            id=self.book.new_id("S"),
            movement_id=movement.id,
            kind=job.kind,
            need=job.need,
            resource_id=job.resource_id,
            organisation=resource.organisation,
            planned_start_at=job.planned_start_at,
            planned_end_at=job.planned_end_at,
            from_place=job.from_place,
            to_place=job.to_place,
        )

    def _moved(self, service: Service, job: PlannedService) -> Service:
        moved = replace(
            service,
            planned_start_at=job.planned_start_at,
            planned_end_at=job.planned_end_at,
            from_place=job.from_place,
            to_place=job.to_place,
        )
        confirmed_at = service.confirmed_start_at
        if service.status is not Approval.CONFIRMED or confirmed_at is None:
            return moved
        elsewhere = (job.from_place, job.to_place) != (service.from_place, service.to_place)
        too_far = abs(job.planned_start_at - confirmed_at) > self.book.terms.tolerance(service.kind)
        if not (elsewhere or too_far):
            return moved
        status = Approval(SERVICE[Verb.ASK_AGAIN][service.status])
        return replace(moved, status=status, reconfirm=True)


def _ask_again(movement: Movement) -> Movement:
    clearance = Approval(CLEARANCE[Verb.ASK_AGAIN][movement.clearance])
    return replace(movement, clearance=clearance, clearance_reconfirm=True)
