"""Frames of the live feed; ``api/asyncapi.json`` is made from them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agencies.party import Board

Cursor = Annotated[str, Field(description="Opaque; only ever compared and sent back.")]
At = Annotated[str, Field(description="The service's clock, ISO 8601 in UTC.")]
EntityType = Literal[
    "movement",
    "service",
    "stay",
    "restriction",
    "outage",
    "declaration",
    "resource",
    "plan",
    "proposal",
]


class Frame(BaseModel):
    """A frame; readers pass over members and types that they do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Subscribe(Frame):
    """The first and only frame that a client sends."""

    type: Literal["subscribe"]
    token: str
    board: Board
    since: Annotated[str | None, Field(description="The last cursor held.")] = None
    organisation: Annotated[
        str | None, Field(description="Whose board, for the dispatch centre only.")
    ] = None


class Snapshot(Frame):
    """All rows of the view. It replaces whatever the client holds."""

    type: Literal["snapshot"]
    cursor: Cursor
    at: At
    rows: dict[EntityType, list[dict[str, Any]]]


class Resume(Frame):
    """What was missed follows: `count` deltas that go on from `cursor`."""

    type: Literal["resume"]
    cursor: Cursor
    count: Annotated[int, Field(ge=0)]
    at: At


class Put(Frame):
    """A row that is new or another now; it is whole."""

    op: Literal["put"]
    type: EntityType
    id: str
    row: dict[str, Any]


class Delete(Frame):
    """A row that is gone from this view."""

    op: Literal["del"]
    type: EntityType
    id: str


class Cause(Frame):
    """Why rows changed, as far as this view may know."""

    kind: str
    plan_version: int | None
    note: dict[str, Any] | None


class Delta(Frame):
    """Changes, all of one fact. It may be applied only where `prev` is the cursor held."""

    type: Literal["delta"]
    prev: Cursor
    cursor: Cursor
    at: At
    ops: Annotated[list[Put | Delete], Field(min_length=1)]
    cause: Cause


class Heartbeat(Frame):
    """A sign of life every 5 s; the view is covered up to `cursor`."""

    type: Literal["heartbeat"]
    cursor: Cursor
    at: At
    behind_s: Annotated[float, Field(ge=0, description="How far the service lags its store.")]


class Problem(Frame):
    """Why the service closes the connection; a close frame follows."""

    type: Literal["problem"]
    code: Annotated[str, Field(description="Explained at /problems/{code}.")]
    title: str


FROM_SERVER: tuple[type[Frame], ...] = (Snapshot, Resume, Delta, Heartbeat, Problem)
