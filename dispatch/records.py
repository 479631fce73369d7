"""What is kept beside movements: declarations, plan versions, proposed plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dispatch.commands import PlanRecord, PublishPlan
from dispatch.declaration import DeclarationPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A company's plan as it was accepted; ``plan`` is its latest revision, word for word."""

    id: str
    company: str
    reference: str
    plan: DeclarationPlan
    state: Literal["accepted", "withdrawn"]
    revision: int
    call_ids: tuple[str, ...]
    movement_ids: tuple[str, ...]
    declared_at: datetime
    declared_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A plan that waits for the dispatch centre; ``changes`` says what it would move."""

    id: str
    plan: PublishPlan
    based_on_version: int
    gain_min: int
    state: Literal["open", "published", "discarded", "outdated"]
    made_at: datetime
    changes: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersion:
    """A numbered plan that was put in force; never changed afterwards.

    Attributes:
        offset: Of the fact that tells of it.
        moved: Movements whose planned start is another than in the version before.
        changes: For each moved movement ``{movement_id, from_at, to_at, reasons}``.
        proposal: It was proposed first and published by the dispatch centre.
    """

    version: int
    published_at: datetime
    offset: int
    based_on_offset: int
    generation: int
    placed: int
    unplaced: int
    moved: int
    breaches: Mapping[str, int]
    cause: tuple[str, ...]
    solve_ms: int
    replan_ms: int | None
    seed: int
    versions: Mapping[str, str]
    objective: Mapping[str, int]
    proposal: bool
    changes: tuple[Mapping[str, Any], ...] = ()
    record: PlanRecord | None = None
    """Problem and outcome; None where a version is listed without them."""
