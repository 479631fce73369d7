"""Boards over plain HTTP: the same frames as on the live socket, to be fetched."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from agencies.party import Board, View, view_of
from api.auth import Caller
from api.dependencies import ServiceHere, SignedIn
from api.openapi import refusals
from api.problems import ResyncNeeded
from api.schemas.commands import PageOut
from api.service import Service
from dispatch.errors import NotAllowed

router = APIRouter(prefix="/boards", tags=["boards"])
Organisation = Annotated[
    str | None,
    Query(max_length=40, description="Whose board, where the dispatch centre looks at another's."),
]


@router.get("/{board}", response_model=dict[str, Any], responses=refusals(401, 403))
async def get_board(
    board: Board, service: ServiceHere, caller: SignedIn, organisation: Organisation = None
) -> Response:
    """Return a snapshot frame: all rows, and the cursor to go on from."""
    view = _view(service, caller, board, organisation)
    return Response(service.hub.snapshot(view), media_type="application/json")


@router.get("/{board}/deltas", response_model=PageOut, responses=refusals(400, 401, 403, 410))
async def get_deltas(
    *,
    board: Board,
    service: ServiceHere,
    caller: SignedIn,
    since: Annotated[str, Query(max_length=100, description="The last cursor held.")],
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    organisation: Organisation = None,
) -> Response:
    """Return the delta frames after a cursor, oldest first; `next` is where to go on from."""
    view = _view(service, caller, board, organisation)
    page = service.hub.page(view, since, limit)
    if page is None:
        raise ResyncNeeded
    content = {"items": page[0], "next": page[1]}
    return Response(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        media_type="application/json",
    )


def _view(service: Service, caller: Caller, board: Board, organisation: str | None) -> View:
    view = view_of(caller.party, caller.organisation, board, organisation)
    if view is None or not service.knows(view):
        raise NotAllowed(
            f"{caller.party} may not open this board",
            context={"party": caller.party.value, "board": board.value},
        )
    return view
