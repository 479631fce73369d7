"""Restrictions of the port, and pilots and tugs out of service."""

from typing import Any

from fastapi import APIRouter

from api.dependencies import Acting, Ordering, OwnView, ServiceHere
from api.openapi import refusals
from api.paging import Cursor, Limit, page_of
from api.schemas.commands import DoneOut, OutageIn, PageOut, RestrictionIn
from dispatch.commands import LiftRestriction, Restrict, ReturnToService, TakeOutOfService
from dispatch.errors import ValueRefused

router = APIRouter(tags=["limits"])
COMMAND: dict[str, Any] = {
    "response_model": DoneOut,
    "responses": refusals(400, 401, 403, 404, 409, 422, 503),
}


@router.get("/restrictions", response_model=PageOut, responses=refusals(400, 401, 403))
async def list_restrictions(
    service: ServiceHere, view: OwnView, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """List the restrictions that stand."""
    return page_of(service.hub.rows(view).get("restriction", []), cursor, limit)


@router.post("/restrictions", status_code=201, **COMMAND)
async def restrict(body: RestrictionIn, order: Ordering) -> dict[str, Any]:
    """Limit a place for a time (dispatch centre, maritime review)."""
    unknown = [segment for segment in body.segments if segment not in order.service.port.segments]
    if unknown:
        raise ValueRefused(
            f"no segment {unknown[0]}", context={"field": "segments", "unknown": unknown[:10]}
        )
    known = {
        "water_level": order.service.port.tide_stations,
        "berth_closed": order.service.port.berths,
    }
    if body.kind in known and body.place not in known[body.kind]:
        # a correction of the water level that reaches no station would be lost without a word
        raise ValueRefused(
            f"no place {body.place} for {body.kind}",
            context={"field": "place", "known": sorted(known[body.kind])[:20]},
        )
    return await order.do(Restrict(**body.model_dump()))


@router.delete("/restrictions/{restriction_id}", **COMMAND)
async def lift(restriction_id: str, service: ServiceHere, actor: Acting) -> dict[str, Any]:
    """End a restriction."""
    return service.done(await service.submit(LiftRestriction(restriction_id=restriction_id), actor))


@router.post("/resources/{resource_id}/outages", status_code=201, **COMMAND)
async def take_out(
    resource_id: str,
    body: OutageIn,
    order: Ordering,
) -> dict[str, Any]:
    """Take a pilot or tug out of service."""
    command = TakeOutOfService(
        resource_id=resource_id, from_at=body.from_at, to_at=body.to_at, reason=body.reason
    )
    return await order.do(command)


@router.delete("/outages/{outage_id}", **COMMAND)
async def take_back(outage_id: str, service: ServiceHere, actor: Acting) -> dict[str, Any]:
    """End an outage."""
    return service.done(await service.submit(ReturnToService(outage_id=outage_id), actor))
