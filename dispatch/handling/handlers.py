"""Which function handles which command."""

from collections.abc import Callable, Mapping
from typing import Any

from dispatch.commands import (
    AcquireLease,
    Actor,
    AddCondition,
    Amend,
    Archive,
    ClearMovement,
    ConfirmService,
    CorrectEvent,
    Declare,
    DeclineService,
    DiscardProposal,
    EstimateMovement,
    HoldMovement,
    LiftRestriction,
    PinMovement,
    ProposePlan,
    PublishPlan,
    PublishProposal,
    RegisterResources,
    RejectMovement,
    ReleaseMovement,
    RemoveCondition,
    ReportEvent,
    ReportOverdue,
    Restrict,
    ReturnToService,
    SetPriority,
    SignWaiver,
    TakeOutOfService,
    Withdraw,
)
from dispatch.handling.answering import confirm_service, decline_service
from dispatch.handling.book import Book, Handled
from dispatch.handling.housekeeping import archive, register_resources, report_overdue
from dispatch.handling.ordering import estimate_movement, pin_movement, set_priority
from dispatch.handling.publication import (
    acquire_lease,
    discard_proposal,
    propose_plan,
    publish_plan,
    publish_proposal,
)
from dispatch.handling.reporting import correct_event, report_event
from dispatch.handling.restricting import (
    lift_restriction,
    restrict,
    return_to_service,
    take_out_of_service,
)
from dispatch.handling.reviewing import (
    add_condition,
    clear_movement,
    hold_movement,
    reject_movement,
    release_movement,
    remove_condition,
    sign_waiver,
)
from dispatch.handling.standing import Standing, standing_of
from dispatch.handling.submission import amend, declare, withdraw

Handler = Callable[[Any, Book, Standing], Handled | None]

HANDLERS: Mapping[type, Handler] = {
    Declare: declare,
    Amend: amend,
    Withdraw: withdraw,
    ConfirmService: confirm_service,
    DeclineService: decline_service,
    ClearMovement: clear_movement,
    HoldMovement: hold_movement,
    ReleaseMovement: release_movement,
    RejectMovement: reject_movement,
    AddCondition: add_condition,
    RemoveCondition: remove_condition,
    SignWaiver: sign_waiver,
    ReportEvent: report_event,
    CorrectEvent: correct_event,
    EstimateMovement: estimate_movement,
    SetPriority: set_priority,
    PinMovement: pin_movement,
    Restrict: restrict,
    LiftRestriction: lift_restriction,
    TakeOutOfService: take_out_of_service,
    ReturnToService: return_to_service,
    PublishPlan: publish_plan,
    ProposePlan: propose_plan,
    PublishProposal: publish_proposal,
    DiscardProposal: discard_proposal,
    AcquireLease: acquire_lease,
    ReportOverdue: report_overdue,
    Archive: archive,
    RegisterResources: register_resources,
}


def handle(command: object, book: Book, actor: Actor) -> Handled | None:
    """Do a command to a book; None where it changed nothing.

    Raises:
        DispatchError: it was refused; what the book holds is then void.
    """
    return HANDLERS[type(command)](command, book, standing_of(actor))
