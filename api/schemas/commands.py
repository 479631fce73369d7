"""Bodies of answers, reports and orders."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from api.schemas.values import Answer, Body, Code, Id, Instant, Line, Minutes, Text
from dispatch.movement import EventKind

ConditionKind = Literal["daylight_only", "not_before", "after_movement", "extra_tug"]
RestrictionKind = Literal["closure", "berth_closed", "visibility", "wind", "water_level"]
MOST_SEGMENTS = 200
Segments = Annotated[
    tuple[Id, ...],
    Field(max_length=MOST_SEGMENTS),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "items": {"type": "string"}, "maxItems": MOST_SEGMENTS},
                {"const": "all"},
            ],
            "description": "`all` is the whole channel. A closure says which; weather without "
            "segments is that of the whole port.",
        }
    ),
]


class SeenIn(Body):
    """The planned start that the answer is to; another one in force refuses it."""

    seen_start_at: Instant | None = None


class DeclineIn(Body):
    """Why a job is declined."""

    reason: Code
    remark: Text = ""


class ReasonIn(Body):
    """Why a movement is held or rejected."""

    reason: Code
    remark: Text = ""


class ConditionIn(Body):
    """What maritime review asks of a movement."""

    kind: ConditionKind
    at: Instant | None = None
    movement_id: Id | None = None
    gap_min: Minutes = 0
    count: Annotated[int, Field(ge=0, le=10)] = 0


class WaiverIn(Body):
    """A signed exception from one rule."""

    rule: Code
    reason: Annotated[Text, Field(min_length=1)]
    expires_at: Instant


class EventIn(Body):
    """What happened, and when."""

    kind: EventKind
    actual_at: Instant
    force: bool = False
    reason: Text = ""


class CorrectionIn(Body):
    """Another time for an event, or that it never happened."""

    actual_at: Instant | None = None
    cancelled: bool = False


class EstimateIn(Body):
    """When a movement can start at the earliest."""

    estimated_at: Instant
    reason: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_-]{0,39})?$")] = ""


class PriorityIn(Body):
    """A movement's priority: 1 goes first."""

    priority: Annotated[int, Field(ge=1, le=3)]


class PinIn(Body):
    """Whether a movement is held at its planned time."""

    pinned: bool


class RestrictionIn(Body):
    """A limit on a place and time."""

    kind: RestrictionKind
    from_at: Instant
    to_at: Instant | None = None
    segments: Annotated[Segments, Field(validate_default=True)] = ()
    place: Id | None = None
    value: Annotated[float, Field(allow_inf_nan=False, ge=-1e6, le=1e6)] | None = None
    reason: Text = ""

    @field_validator("segments", mode="before")
    @classmethod
    def _say_which(cls, segments: object, info: ValidationInfo) -> object:
        if segments == "all":
            return ()
        if info.data.get("kind") == "closure" and segments in ((), []):
            # a list that came out empty by a slip must not close the port
            raise PydanticCustomError(
                "segments_missing", 'name the segments to close, or "all" for the whole channel'
            )
        return segments


class OutageIn(Body):
    """When a pilot or tug is out of service."""

    from_at: Instant
    to_at: Instant | None = None
    reason: Text = ""


class DoneOut(Answer):
    """The answer to a command: done, durable, with the ids that it made."""

    done: Literal[True] = True
    plan_version: int
    """The version in force when this was answered; what follows from it is seen on the boards."""
    result: dict[str, Any]


class SignInIn(Body):
    """An account and its password."""

    account: Line
    password: Annotated[str, Field(max_length=1_000)]


class SessionOut(Answer):
    """A sign-in."""

    token: str
    expires_at: str
    account: str
    organisation: str
    party: str


class MeOut(Answer):
    """Who is signed in and what they may do and see."""

    account: str
    organisation: str
    organisation_name: dict[str, str]
    party: str
    board: str
    verbs: list[str]


class ClockIn(Body):
    """How fast a simulated clock runs: simulated seconds a real second."""

    speed: Annotated[float, Field(ge=0.0, le=3_600.0, allow_inf_nan=False)]


class ClockOut(Answer):
    """The service's clock."""

    now: str
    simulated: bool
    speed: float


class PageOut(Answer):
    """A page of a list; ``next`` is the cursor of the following one."""

    items: list[dict[str, Any]]
    next: str | None = None


class HealthOut(Answer):
    """Whether the service lives, and how it stands."""

    status: Literal["ok", "degraded"]
    version: str
    checks: dict[str, Any] = Field(default_factory=dict)


class NoteOut(Answer):
    """Something done that has no further answer."""

    done: Literal[True] = True
    note: Line = ""
