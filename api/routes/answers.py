"""What pilotage and tug companies say to their jobs."""

from typing import Any

from fastapi import APIRouter

from api.dependencies import Ordering, OwnView, ServiceHere
from api.openapi import refusals
from api.paging import Cursor, Limit, page_of
from api.schemas.commands import DeclineIn, DoneOut, PageOut, SeenIn
from dispatch.commands import ConfirmService, DeclineService

router = APIRouter(prefix="/services", tags=["services"])
COMMAND: dict[str, Any] = {
    "response_model": DoneOut,
    "responses": refusals(400, 401, 403, 404, 409, 422, 503),
}


@router.get("", response_model=PageOut, responses=refusals(400, 401, 403))
async def list_services(
    service: ServiceHere, view: OwnView, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """List the jobs that the caller sees."""
    return page_of(service.hub.rows(view).get("service", []), cursor, limit)


@router.post("/{service_id}/confirm", **COMMAND)
async def confirm(
    service_id: str,
    body: SeenIn,
    order: Ordering,
) -> dict[str, Any]:
    """Say yes to a job as it is planned."""
    command = ConfirmService(service_id=service_id, seen_start_at=body.seen_start_at)
    return await order.do(command)


@router.post("/{service_id}/decline", **COMMAND)
async def decline(
    service_id: str,
    body: DeclineIn,
    order: Ordering,
) -> dict[str, Any]:
    """Say no to a job; its pilot or tug is barred from the movement and the plan mends itself."""
    command = DeclineService(service_id=service_id, reason_code=body.reason, remark=body.remark)
    return await order.do(command)
