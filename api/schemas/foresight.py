"""Bodies of questions about the plan and of their answers."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from api.schemas.commands import Segments
from api.schemas.values import Answer, Body, Id, Instant
from dispatch.wishes import Wish, WishKind


class WishIn(Body):
    """One thing to suppose; which fields it has goes by its kind."""

    kind: WishKind
    movement_id: Id | None = None
    from_at: Instant | None = None
    to_at: Instant | None = None
    draught_m: Annotated[float, Field(ge=0.1, le=40.0, allow_inf_nan=False)] | None = None
    priority: Annotated[int, Field(ge=1, le=3)] | None = None
    place: Id | None = None
    pool: Id | None = None
    resource_id: Id | None = None
    segments: Segments = ()
    value: Annotated[float, Field(ge=0.0, le=100_000.0, allow_inf_nan=False)] | None = None

    @field_validator("segments", mode="before")
    @classmethod
    def _all_is_every_one(cls, segments: object) -> object:
        return () if segments == "all" else segments

    def wish(self) -> Wish:
        """Return it as the domain has it."""
        return Wish(**self.model_dump())


class WhatIfIn(Body):
    """What to suppose, all of it together."""

    # of a tuple, what is wrong in itself would not count as being there, and be told as too few
    changes: Annotated[list[WishIn], Field(min_length=1, max_length=20)]


class AboutPlanOut(Answer):
    """What an answer about the plan is about."""

    plan_version: int
    at: str


class WhatIfOut(AboutPlanOut):
    """What would change; ``others`` counts the ships of others in each list."""

    possible: bool
    subjects: list[str]
    moved: list[dict[str, Any]]
    recrewed: list[dict[str, Any]]
    placed: list[dict[str, Any]]
    left_out: list[dict[str, Any]]
    others: dict[str, int]
    cost: dict[str, dict[str, int]] | None


class MarginOut(Answer):
    """How far a movement is from one limit; below 0 the limit is broken."""

    rule: str
    code: str
    side: Literal["", "before", "after"]
    margin: int
    unit: Literal["mm", "min", "ships"]
    other: str | None
    company: str | None
    hidden: bool
    resource: str | None
    params: dict[str, Any]


class MarginsOut(AboutPlanOut):
    """How far a movement is from each limit."""

    movement_id: str
    margins: list[MarginOut]


class WayOutOut(AboutPlanOut):
    """The cheapest single thing that would place a movement, or null, others, and what does not."""

    movement_id: str
    found: dict[str, Any] | None
    others: list[dict[str, Any]]
    tried: list[str]
    complete: bool


class ChanceOut(Answer):
    """How certain one planned time is."""

    movement_id: str
    company: str | None
    holds: float
    delay_min: float
    late_min: float
    caused_min: float


class CertaintyOut(AboutPlanOut):
    """How certain the planned times are, and whose delay hurts others the most.

    A time holds that is not later by more than ``tolerance_min``.
    """

    samples: int
    tolerance_min: float
    movements: list[ChanceOut]
    keystones: list[str]
