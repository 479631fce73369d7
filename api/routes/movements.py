"""Movements: what reviewers, crews and the dispatch centre say of them."""

from typing import Any

from fastapi import APIRouter, Response

from api.dependencies import Acting, Ordering, OwnView, ServiceHere, seen_movement
from api.openapi import refusals
from api.paging import Cursor, Limit, page_of
from api.schemas.commands import (
    ConditionIn,
    CorrectionIn,
    DoneOut,
    EstimateIn,
    EventIn,
    PageOut,
    PinIn,
    PriorityIn,
    ReasonIn,
    SeenIn,
    WaiverIn,
)
from dispatch.commands import (
    AddCondition,
    ClearMovement,
    CorrectEvent,
    EstimateMovement,
    HoldMovement,
    PinMovement,
    RejectMovement,
    ReleaseMovement,
    RemoveCondition,
    ReportEvent,
    SetPriority,
    SignWaiver,
)

router = APIRouter(tags=["movements"])
COMMAND: dict[str, Any] = {
    "response_model": DoneOut,
    "responses": refusals(400, 401, 403, 404, 409, 422, 503),
}


@router.get("/movements", response_model=PageOut, responses=refusals(400, 401, 403))
async def list_movements(
    service: ServiceHere, view: OwnView, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """List the movements that the caller sees."""
    return page_of(service.hub.rows(view).get("movement", []), cursor, limit)


@router.get("/movements/{movement_id}", responses=refusals(401, 403, 404))
async def get_movement(
    movement_id: str, response: Response, service: ServiceHere, view: OwnView
) -> dict[str, Any]:
    """Return a movement as the caller sees it."""
    row = seen_movement(service, view, movement_id)
    response.headers["ETag"] = f'"{row["revision"]}"'
    return row


@router.get(
    "/movements/{movement_id}/history",
    response_model=PageOut,
    responses=refusals(400, 401, 403, 404),
)
def get_history(
    movement_id: str,
    service: ServiceHere,
    view: OwnView,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """List what happened to a movement, as far as the caller sees it, oldest first."""
    seen_movement(service, view, movement_id)
    return page_of(service.history(view, movement_id), cursor, limit)


@router.post("/movements/{movement_id}/clear", **COMMAND)
async def clear(
    movement_id: str,
    body: SeenIn,
    order: Ordering,
) -> dict[str, Any]:
    """Clear a movement as it is planned (maritime review)."""
    command = ClearMovement(movement_id=movement_id, seen_start_at=body.seen_start_at)
    return await order.do(command)


@router.post("/movements/{movement_id}/hold", **COMMAND)
async def hold(
    movement_id: str,
    body: ReasonIn,
    order: Ordering,
) -> dict[str, Any]:
    """Keep a movement from being planned until it is released (maritime review)."""
    command = HoldMovement(movement_id=movement_id, reason_code=body.reason, remark=body.remark)
    return await order.do(command)


@router.post("/movements/{movement_id}/release", **COMMAND)
async def release(movement_id: str, order: Ordering) -> dict[str, Any]:
    """Take back a hold or a rejection (maritime review)."""
    return await order.do(ReleaseMovement(movement_id=movement_id))


@router.post("/movements/{movement_id}/reject", **COMMAND)
async def reject(
    movement_id: str,
    body: ReasonIn,
    order: Ordering,
) -> dict[str, Any]:
    """Refuse a movement (maritime review)."""
    command = RejectMovement(movement_id=movement_id, reason_code=body.reason, remark=body.remark)
    return await order.do(command)


@router.post("/movements/{movement_id}/conditions", status_code=201, **COMMAND)
async def add_condition(
    movement_id: str,
    body: ConditionIn,
    order: Ordering,
) -> dict[str, Any]:
    """Ask something of a movement before it is cleared (maritime review)."""
    command = AddCondition(
        movement_id=movement_id,
        kind=body.kind,
        at=body.at,
        after_movement_id=body.movement_id,
        gap_min=body.gap_min,
        count=body.count,
    )
    return await order.do(command)


@router.delete("/movements/{movement_id}/conditions/{condition_id}", **COMMAND)
async def remove_condition(
    movement_id: str, condition_id: str, service: ServiceHere, actor: Acting
) -> dict[str, Any]:
    """Take a condition back (maritime review)."""
    command = RemoveCondition(movement_id=movement_id, condition_id=condition_id)
    return service.done(await service.submit(command, actor))


@router.post("/movements/{movement_id}/waivers", status_code=201, **COMMAND)
async def waive(
    movement_id: str,
    body: WaiverIn,
    order: Ordering,
) -> dict[str, Any]:
    """Sign an exception from one rule for one movement (maritime review)."""
    command = SignWaiver(
        movement_id=movement_id, rule=body.rule, reason=body.reason, expires_at=body.expires_at
    )
    return await order.do(command)


@router.post("/movements/{movement_id}/events", status_code=201, **COMMAND)
async def report(
    movement_id: str,
    body: EventIn,
    order: Ordering,
) -> dict[str, Any]:
    """Report what happened."""
    command = ReportEvent(
        movement_id=movement_id,
        kind=body.kind,
        actual_at=body.actual_at,
        force=body.force,
        reason=body.reason,
    )
    return await order.do(command)


@router.post("/events/{event_id}/correction", status_code=201, **COMMAND)
async def correct(
    event_id: str,
    body: CorrectionIn,
    order: Ordering,
) -> dict[str, Any]:
    """Give an event another time, or say that it never happened."""
    command = CorrectEvent(event_id=event_id, actual_at=body.actual_at, cancelled=body.cancelled)
    return await order.do(command)


@router.post("/movements/{movement_id}/estimate", **COMMAND)
async def estimate(
    movement_id: str,
    body: EstimateIn,
    order: Ordering,
) -> dict[str, Any]:
    """Tell when a movement can start at the earliest."""
    command = EstimateMovement(
        movement_id=movement_id, estimated_at=body.estimated_at, reason_code=body.reason
    )
    return await order.do(command)


@router.post("/movements/{movement_id}/priority", **COMMAND)
async def prioritise(
    movement_id: str,
    body: PriorityIn,
    order: Ordering,
) -> dict[str, Any]:
    """Set a movement's priority (dispatch centre)."""
    command = SetPriority(movement_id=movement_id, priority=body.priority)
    return await order.do(command)


@router.post("/movements/{movement_id}/pin", **COMMAND)
async def pin(
    movement_id: str,
    body: PinIn,
    order: Ordering,
) -> dict[str, Any]:
    """Hold a movement at its planned time, or let it go (dispatch centre)."""
    command = PinMovement(movement_id=movement_id, pinned=body.pinned)
    return await order.do(command)
