"""What parties, the dispatch centre and the planner can ask for; each is one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch.declaration import DeclarationPlan
from dispatch.lifecycle import Party
from dispatch.movement import EventKind, PlannedTime, Reason, ServiceKind, StandingBreach
from dispatch.resources import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who gives a command, and for whom.

    Only the dispatch centre acts on behalf of another party (by phone or VHF): it has then that
    party's rights, once ``read_back`` says that the entry was read back. Without
    ``on_behalf_organisation`` the organisation is the one that the thing belongs to.
    """

    account: str
    organisation: str
    party: Party
    on_behalf_of: Party | None = None
    on_behalf_organisation: str | None = None
    read_back: bool = False
    request_id: str | None = None


PLANNER = Actor(account="planner", organisation="PORT", party=Party.PLANNER)
"""The service itself: publishes plans, registers resources, archives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The answer to a command that was done and is durable.

    Attributes:
        offset: The outbox offset of its fact, or the last one there was where it changed nothing.
        body: Ids and revisions, plain JSON.
        replayed: The answer was given before under the same idempotency key.
    """

    offset: int
    body: Mapping[str, Any]
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare:
    """Declare a plan. Body: ``id``, ``revision``, ``movements`` (id, call_ref, kind, sequence)."""

    plan: DeclarationPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Replace a declaration's plan; movements that match keep their ids. Body as for Declare."""

    declaration_id: str
    plan: DeclarationPlan
    expected_revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take a declaration back. Body: ``id``, ``revision``."""

    declaration_id: str
    expected_revision: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmService:
    """Say yes to a job as it is planned."""

    service_id: str
    seen_start_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineService:
    """Say no to a job; its pilot or tug is barred from the movement."""

    service_id: str
    reason_code: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearMovement:
    """Maritime review's yes to a movement as it is planned."""

    movement_id: str
    seen_start_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldMovement:
    """Keep a movement from being planned until it is released."""

    movement_id: str
    reason_code: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseMovement:
    """Take back a hold or a rejection."""

    movement_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectMovement:
    """Maritime review's no."""

    movement_id: str
    reason_code: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCondition:
    """Ask something of a movement; the kinds are those of ``Condition``. Body: ``condition_id``."""

    movement_id: str
    kind: str
    at: datetime | None = None
    after_movement_id: str | None = None
    gap_min: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveCondition:
    """Take a condition back."""

    movement_id: str
    condition_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWaiver:
    """Except a movement from a rule until ``expires_at``. Body: ``waiver_id``."""

    movement_id: str
    rule: str
    reason: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEvent:
    """Report what happened. Body: ``event_id``, ``state``.

    ``force`` (the dispatch centre's, with a reason) starts a movement that is not executable.
    """

    movement_id: str
    kind: EventKind
    actual_at: datetime
    force: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectEvent:
    """Give an event another time, or say that it never happened. Body: ``event_id``, ``state``."""

    event_id: str
    actual_at: datetime | None = None
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateMovement:
    """Tell when a movement can start at the earliest (late or early ship)."""

    movement_id: str
    estimated_at: datetime
    reason_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPriority:
    """Set a movement's priority: 1 (first) to 3."""

    movement_id: str
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PinMovement:
    """Hold a movement at its planned time, or let it go."""

    movement_id: str
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Restrict:
    """Limit a place for a time; the kinds are those of ``Restriction``. Body: ``id``."""

    kind: str
    from_at: datetime
    to_at: datetime | None = None
    segments: tuple[str, ...] = ()
    place: str | None = None
    value: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftRestriction:
    """End a restriction."""

    restriction_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOutOfService:
    """Take a pilot or tug out of service. Body: ``id``."""

    resource_id: str
    from_at: datetime
    to_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnToService:
    """End an outage."""

    outage_id: str


# -- from the planner --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedService:
    """One job of one pilot or tug in a plan."""

    kind: ServiceKind
    need: str
    resource_id: str
    planned_start_at: datetime
    planned_end_at: datetime
    from_place: str
    to_place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedMovement:
    """A movement with its time and jobs; ``planned.plan_version`` is filled in on publishing.

    ``change_reasons`` say why its start is another than in the plan before.
    """

    movement_id: str
    planned: PlannedTime
    services: tuple[PlannedService, ...] = ()
    wait_reasons: tuple[Reason, ...] = ()
    change_reasons: tuple[Reason, ...] = ()
    breaches: tuple[StandingBreach, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedMovement:
    """A movement left out of a plan, and why."""

    movement_id: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """What is kept with a plan version, to replay and to account for it.

    Attributes:
        problem_json: The scheduler's problem (kept compressed).
        outcome_json: The scheduler's outcome (kept compressed).
        cause: Kinds of the facts that it answers.
        versions: Of the solver's libraries.
        replan_ms: From the first fact to the plan being ready, where it mends one.
    """

    problem_json: str
    outcome_json: str
    cause: tuple[str, ...] = ()
    seed: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    solve_ms: int = 0
    replan_ms: int | None = None
    objective: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPlan:
    """Put a plan in force. Movements that it does not name stay as they are.

    It is refused (``plan-out-of-date``) when a fact that bears on the plan came after
    ``based_on_offset``, or when the solver's lease is no longer ``generation``.
    Body: ``version``.
    """

    based_on_offset: int
    generation: int
    placed: tuple[PlacedMovement, ...]
    unplaced: tuple[UnplacedMovement, ...] = ()
    record: PlanRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePlan:
    """Keep a plan for the dispatch centre to publish or discard. Body: ``id``."""

    plan: PublishPlan
    gain_min: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishProposal:
    """Put a proposed plan in force; refused as PublishPlan is. Body: ``version``."""

    proposal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardProposal:
    """Drop a proposed plan."""

    proposal_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquireLease:
    """Become the one that publishes plans. Body: ``generation``."""

    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOverdue:
    """Tell that movements should have started and nothing was reported of them."""

    movement_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Take finished calls, past restrictions and outages off the boards.

    Answers kept under idempotency keys since before then are forgotten.
    """

    before_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterResources:
    """Make the port's pilots and tugs known; those left out are taken off the boards."""

    resources: tuple[Resource, ...]
