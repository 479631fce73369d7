"""Plan versions and proposals."""

from typing import Annotated, Any

from fastapi import APIRouter, Path

from agencies.party import Board, View
from api.dependencies import Ordering, OwnView, ServiceHere
from api.openapi import refusals
from api.paging import Cursor, Limit, cursor_after, page_of, read_cursor
from api.problems import CursorInvalid
from api.schemas.commands import DoneOut, PageOut
from dispatch.commands import DiscardProposal, PublishProposal
from dispatch.entities import plan_value
from dispatch.errors import NotAllowed, NotFound
from dispatch.records import PlanVersion
from dispatch.store.reading import read_plan, read_plans

router = APIRouter(tags=["plans"])
COMMAND: dict[str, Any] = {
    "response_model": DoneOut,
    "responses": refusals(400, 401, 403, 404, 409, 422, 503),
}
SEES_ALL = frozenset({Board.PORT, Board.MARITIME})
Version = Annotated[int, Path(ge=1, le=2**31 - 1)]


def _told(plan: PlanVersion, view: View) -> dict[str, Any]:
    value = plan_value(plan)
    if view.board not in SEES_ALL:
        value = {name: value[name] for name in ("version", "published_at")}
    return {**value, "id": str(plan.version)}


@router.get("/plans", response_model=PageOut, responses=refusals(400, 401, 403))
def list_plans(
    service: ServiceHere, view: OwnView, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """List plan versions, newest first."""
    before = None
    if cursor is not None:
        text = read_cursor(cursor)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise CursorInvalid
        before = int(text)
    plans = read_plans(service.database, before=before, limit=limit + 1)
    shown = plans[:limit]
    return {
        "items": [_told(plan, view) for plan in shown],
        "next": cursor_after(str(shown[-1].version)) if len(plans) > limit else None,
    }


@router.get("/plans/current", responses=refusals(401, 403, 404))
def get_current_plan(service: ServiceHere, view: OwnView) -> dict[str, Any]:
    """Return the plan version in force."""
    plans = read_plans(service.database, limit=1)
    if not plans:
        raise NotFound("nothing is planned yet", context={"type": "plan", "id": "current"})
    return _told(plans[0], view)


@router.get("/plans/{version}", responses=refusals(401, 403, 404, 422))
def get_plan(version: Version, service: ServiceHere, view: OwnView) -> dict[str, Any]:
    """Return one plan version."""
    return _told(read_plan(service.database, version), view)


@router.get(
    "/plans/{version}/changes", response_model=PageOut, responses=refusals(400, 401, 403, 404, 422)
)
def list_changes(
    version: Version,
    service: ServiceHere,
    view: OwnView,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """List which of the movements that the caller sees a plan version moved, and why."""
    plan = read_plan(service.database, version)
    whole = view.board in SEES_ALL
    items = [
        {**(change if whole else _bare(change)), "id": change["movement_id"]}
        for change in plan.changes
        if whole or service.hub.row(view, "movement", change["movement_id"]) is not None
    ]
    return page_of(items, cursor, limit)


def _bare(change: Any) -> dict[str, Any]:
    """A change without its reasons, which may name others; those are on the movement's row."""
    return {name: change[name] for name in ("movement_id", "from_at", "to_at")}


@router.get("/proposals", response_model=PageOut, responses=refusals(400, 401, 403))
async def list_proposals(
    service: ServiceHere, view: OwnView, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """List the plans that wait for the dispatch centre."""
    if view.board is not Board.PORT:
        raise NotAllowed("proposals are the dispatch centre's")
    return page_of(service.hub.rows(view).get("proposal", []), cursor, limit)


@router.post("/proposals/{proposal_id}/publish", **COMMAND)
async def publish(proposal_id: str, order: Ordering) -> dict[str, Any]:
    """Put a proposed plan in force (dispatch centre)."""
    return await order.do(PublishProposal(proposal_id=proposal_id))


@router.post("/proposals/{proposal_id}/discard", **COMMAND)
async def discard(proposal_id: str, order: Ordering) -> dict[str, Any]:
    """Drop a proposed plan (dispatch centre)."""
    return await order.do(DiscardProposal(proposal_id=proposal_id))
