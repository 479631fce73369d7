"""Facts: what happened to the port's books, each told once, in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

Value = Mapping[str, Any]
"""An entity as plain JSON; its shape is made in ``dispatch.entities``."""


class FactKind(StrEnum):
    """Kinds of facts, in the past tense."""

    DECLARED = "declared"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    SERVICE_CONFIRMED = "service_confirmed"
    SERVICE_DECLINED = "service_declined"
    CLEARED = "cleared"
    HELD = "held"
    RELEASED = "released"
    REJECTED = "rejected"
    CONDITION_ADDED = "condition_added"
    CONDITION_REMOVED = "condition_removed"
    WAIVED = "waived"
    EVENT_REPORTED = "event_reported"
    EVENT_CORRECTED = "event_corrected"
    ESTIMATED = "estimated"
    PRIORITY_SET = "priority_set"
    PINNED = "pinned"
    UNPINNED = "unpinned"
    RESTRICTED = "restricted"
    RESTRICTION_LIFTED = "restriction_lifted"
    OUT_OF_SERVICE = "out_of_service"
    BACK_IN_SERVICE = "back_in_service"
    PLAN_PUBLISHED = "plan_published"
    PROPOSAL_MADE = "proposal_made"
    PROPOSAL_DISCARDED = "proposal_discarded"
    RESOURCES_REGISTERED = "resources_registered"
    OVERDUE = "overdue"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entity after and before; None where it is not there (any more, or yet)."""

    type: str
    id: str
    value: Value | None
    before: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One row of the outbox.

    Attributes:
        offset: Gapless per port, from 1.
        at: By the service's clock.
        actor: ``organisation``, ``party``, ``account`` and, where it was entered for another,
            ``on_behalf_of`` and ``on_behalf_organisation``.
        planning: Whether it bears on the plan.
        plan_version: The version in force once it had happened.
        note: What the changes do not tell: reasons, remarks, ids.
    """

    offset: int
    at: datetime
    kind: FactKind
    actor: Mapping[str, Any]
    planning: bool
    plan_version: int
    changes: tuple[Change, ...]
    note: Mapping[str, Any]
