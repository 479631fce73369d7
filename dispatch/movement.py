"""Calls, movements, services and what has been said and reported of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.declaration import Alongside, MovementPlan
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
    """What crews report, in the field's words (ITPCO, NPIS)."""

    TUGS_STAND_BY = "tugs_stand_by"
    PILOT_ON_BOARD = "pilot_on_board"
    ALL_CLEAR = "all_clear"
    FIRST_LINE_SECURED = "first_line_secured"
    ALL_FAST = "all_fast"
    ANCHORED = "anchored"
    PILOT_OFF = "pilot_off"
    TUGS_DISMISSED = "tugs_dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, as reported; ``corrected_by`` names the report that replaces it."""

    id: str
    movement_id: str
    kind: EventKind
    actual_at: datetime
    reported_at: datetime
    reported_by: str
    on_behalf_of: str | None = None
    corrected_by: str | None = None


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

    ``mode`` is the scheduler's mode id; ``crews`` maps a need to resource ids.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """An entry, exit or shift with everything known of it.

    Attributes:
        sequence: Its place in the call's order, from 0.
        asked: What the company asked for.
        estimated_at: Latest estimate of when it can start, where one was reported.
        clearance: Maritime review's answer.
        declined: Resources that declined it, for good.
        priority: 1 (first) to 3, by the company's wish, the port's rules or the dispatch centre.
        pinned: Held at its planned time by the dispatch centre.
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
    conditions: tuple[Condition, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    declined: tuple[str, ...] = ()
    priority: int = 3
    pinned: bool = False
    planned: PlannedTime | None = None
    actual_start_at: datetime | None = None
    actual_end_at: datetime | None = None
    events: tuple[Event, ...] = ()
    revision: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A port call: a ship's movements in order, and where it lay when it was declared."""

    id: str
    company: str
    call_ref: str
    vessel: Vessel
    alongside: Alongside | None
    movement_ids: tuple[str, ...]
