"""Calls, movements, services and what has been said and reported of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.declaration import Alongside, MovementPlan, Stretch
from dispatch.vessel import Vessel


class MovementState(StrEnum):
    """How far a movement has come. What may follow what is in ``dispatch.lifecycle``."""

    DECLARED = "declared"
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Approval(StrEnum):
    """Answers in the words of S-211; ``HELD`` is maritime review's own."""

    REQUESTED = "requested"
    RECEIVED = "received"
    CONFIRMED = "confirmed"
    HELD = "held"
    DENIED = "denied"
    CANCELLED = "cancelled"


class ServiceKind(StrEnum):
    """What a pilot or tug does for a movement."""

    PILOTAGE = "pilotage"
    TOWAGE = "towage"


class EventKind(StrEnum):
    """What crews report, in the field's words (ITPCO, NPIS).

    ``cast_off`` is "last line released": the ship has left its berth. ``passage_started`` and
    ``passage_ended`` stand for a ship without a pilot passing the port's limit (or weighing
    anchor). Which of them start and end a movement is in ``dispatch.lifecycle``.
    """

    TUGS_STAND_BY = "tugs_stand_by"
    PILOT_ON_BOARD = "pilot_on_board"
    CAST_OFF = "cast_off"
    PASSAGE_STARTED = "passage_started"
    ALL_CLEAR = "all_clear"
    FIRST_LINE_SECURED = "first_line_secured"
    ALL_FAST = "all_fast"
    ANCHORED = "anchored"
    PILOT_OFF = "pilot_off"
    PASSAGE_ENDED = "passage_ended"
    TUGS_DISMISSED = "tugs_dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, as reported; ``corrected_by`` names the report that replaces it.

    ``organisation`` is whose crew it is of, ``reported_by`` the organisation that keyed it, and
    ``on_behalf_of`` the one that told it by phone or VHF. A ``cancelled`` report says that what it
    replaces never happened.
    """

    id: str
    movement_id: str
    kind: EventKind
    actual_at: datetime
    reported_at: datetime
    reported_by: str
    on_behalf_of: str | None = None
    corrected_by: str | None = None
    cancelled: bool = False
    organisation: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is the last word: neither replaced nor a cancellation."""
        return self.corrected_by is None and not self.cancelled


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What maritime review asks of one movement before it clears it.

    ``kind``: ``daylight_only``, ``not_before`` (``at``), ``after_movement`` (``movement_id``,
    ``gap_min``), ``extra_tug`` (``count``).
    """

    id: str
    kind: str
    at: datetime | None = None
    movement_id: str | None = None
    gap_min: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A signed exception: one rule, one movement, a reason, an end."""

    id: str
    movement_id: str
    rule: str
    reason: str
    signed_by: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One pilot's or tug's job for one movement. An id is never used again for another job.

    ``confirmed_start_at`` is the start that the party said yes to; a plan that moves the job beyond
    the policy's tolerance from it sets ``status`` back to requested with ``reconfirm``.
    """

    id: str
    movement_id: str
    kind: ServiceKind
    need: str
    resource_id: str
    organisation: str
    planned_start_at: datetime
    planned_end_at: datetime
    from_place: str
    to_place: str
    status: Approval = Approval.REQUESTED
    confirmed_start_at: datetime | None = None
    reconfirm: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageLeg:
    """When a ship is planned to be in a segment: ``[enter_at, leave_at)``."""

    segment: str
    enter_at: datetime
    leave_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTime:
    """A movement's place in the plan in force.

    ``mode`` is the scheduler's mode id; ``crews`` maps a need to resource ids; ``stretch`` is the
    position at the quay of ``to_place``, where the plan gives one.
    """

    start_at: datetime
    end_at: datetime
    mode: str
    from_place: str | None
    to_place: str | None
    passage: tuple[PassageLeg, ...]
    crews: tuple[tuple[str, tuple[str, ...]], ...]
    plan_version: int
    """The version that last changed it."""
    stretch: Stretch | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that binds a movement: a rule by name, who is in the way, and figures.

    ``gain_min`` is how much earlier it could start with this rule left out; 0 where not asked.
    """

    rule: str
    movements: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    params: Mapping[str, int | float | str] = field(default_factory=dict)
    gain_min: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingBreach:
    """A rule that the plan in force breaks: it has happened (``actual``) or is ``waived``."""

    rule: str
    status: str
    params: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChange:
    """The last change of a planned start and why; None where it had or has no time."""

    from_at: datetime | None
    to_at: datetime | None
    reasons: tuple[Reason, ...]
    plan_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """An entry, exit or shift with everything known of it.

    Attributes:
        sequence: Its place in the call's order, from 0.
        asked: What the company asked for.
        estimated_at: Latest estimate of when it can start, where one was reported.
        clearance: Maritime review's answer.
        clearance_reconfirm: It was cleared, and has moved or changed too far since.
        cleared_start_at: The planned start that was cleared.
        cleared_to_place: The planned destination that was cleared.
        declined: Resources that declined it, for good.
        priority: 1 (first) to 3, by the company's wish, the port's rules or the dispatch centre.
        pinned: Held at its planned time by the dispatch centre.
        wait_reasons: Why it is not planned earlier.
        unplaced_reasons: Why it has no planned time.
    """

    id: str
    call_id: str
    declaration_id: str
    company: str
    sequence: int
    vessel: Vessel
    asked: MovementPlan
    state: MovementState = MovementState.DECLARED
    estimated_at: datetime | None = None
    clearance: Approval = Approval.REQUESTED
    clearance_reason: str | None = None
    clearance_reconfirm: bool = False
    cleared_start_at: datetime | None = None
    cleared_to_place: str | None = None
    conditions: tuple[Condition, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    declined: tuple[str, ...] = ()
    priority: int = 3
    pinned: bool = False
    planned: PlannedTime | None = None
    actual_start_at: datetime | None = None
    actual_end_at: datetime | None = None
    events: tuple[Event, ...] = ()
    wait_reasons: tuple[Reason, ...] = ()
    unplaced_reasons: tuple[Reason, ...] = ()
    change: TimeChange | None = None
    breaches: tuple[StandingBreach, ...] = ()
    revision: int = 1


def finished(movement: Movement) -> bool:
    """Tell whether nothing more will happen to a movement."""
    return movement.state in (MovementState.COMPLETED, MovementState.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A port call: a ship's movements in order, and where it lay when it was declared.

    A ship that lies here and asks for nothing yet is a call without movements.
    """

    id: str
    company: str
    call_ref: str
    vessel: Vessel
    alongside: Alongside | None
    movement_ids: tuple[str, ...]
    declaration_id: str = ""
