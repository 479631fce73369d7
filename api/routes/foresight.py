"""Questions about the plan that change nothing: what if, how much room, how certain."""

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import APIRouter, Depends

from agencies.foresight import (
    ASKS,
    READS,
    certainty_for,
    margins_for,
    way_out_for,
    what_if_for,
)
from agencies.party import Board, View
from api.dependencies import OwnView, ServiceHere, seen_movement
from api.openapi import refusals
from api.schemas.foresight import CertaintyOut, MarginsOut, WayOutOut, WhatIfIn, WhatIfOut
from dispatch.errors import NotAllowed
from dispatch.wishes import OF_A_COMPANY

router = APIRouter(tags=["foresight"])


def _open_to(boards: Collection[Board]) -> Any:
    async def allowed(view: OwnView) -> View:
        if view.board not in boards:
            raise NotAllowed("this party does not ask this")
        return view

    return Depends(allowed)


Asking = Annotated[View, _open_to(ASKS)]
Reading = Annotated[View, _open_to(READS)]
ABOUT_ONE = refusals(401, 403, 404, 409, 503)

# Plain functions: they run in a thread of the pool, and wait there for the child process.


@router.get(
    "/plan/movements/{movement_id}/margins",
    response_model=MarginsOut,
    responses=ABOUT_ONE,
)
def get_margins(movement_id: str, service: ServiceHere, view: Reading) -> dict[str, Any]:
    """Return how far a planned movement is from each limit."""
    seen_movement(service, view, movement_id)
    return margins_for(view, service.foresight.margins(movement_id))


@router.get(
    "/plan/movements/{movement_id}/way-out",
    response_model=WayOutOut,
    responses=ABOUT_ONE,
)
def get_way_out(movement_id: str, service: ServiceHere, view: Reading) -> dict[str, Any]:
    """Return the cheapest single thing that would give a movement a time that has none."""
    seen_movement(service, view, movement_id)
    return way_out_for(view, service.foresight.way_out(movement_id))


@router.post(
    "/what-if",
    response_model=WhatIfOut,
    responses=refusals(400, 401, 403, 404, 409, 422, 503),
)
def ask_what_if(body: WhatIfIn, service: ServiceHere, view: Asking) -> dict[str, Any]:
    """Return what would change in the plan if some things came true; nothing is kept."""
    wishes = [change.wish() for change in body.changes]
    for wish in wishes:
        if view.board is Board.COMPANY and wish.kind not in OF_A_COMPANY:
            raise NotAllowed("a company asks about its own ships", context={"kind": wish.kind})
        if wish.movement_id is not None:
            seen_movement(service, view, wish.movement_id)
    return what_if_for(view, service.foresight.what_if(wishes))


@router.get("/plan/certainty", response_model=CertaintyOut, responses=refusals(401, 403, 503))
def get_certainty(service: ServiceHere, view: Reading) -> dict[str, Any]:
    """Return how certain the planned times are, and whose delay hurts others the most."""
    return certainty_for(view, service.foresight.certainty())
