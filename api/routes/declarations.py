"""Declaring: one plan in, ids and (where they are ready in time) planned times out."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Query, Response, UploadFile
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from agencies.visibility import Value, reasons_for
from api.dependencies import (
    Acting,
    ExpectedRevision,
    Ordering,
    OwnView,
    ServiceHere,
    SignedIn,
    WaitS,
)
from api.openapi import refusals
from api.paging import Cursor, Limit, page_of
from api.schemas.commands import DoneOut, PageOut
from api.schemas.declarations import DeclarationIn, DeclaredOut
from api.service import Service
from dispatch.commands import Actor, Amend, Declare, Receipt, Withdraw
from dispatch.declaration import DeclarationPlan
from dispatch.errors import NotAllowed, NotFound
from dispatch.intake import read_plan, template
from dispatch.lifecycle import Party

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_FILE_BYTES = 6 * 1024 * 1024

PLAN = TypeAdapter(DeclarationPlan)

router = APIRouter(prefix="/declarations", tags=["declarations"])


def company_of(actor: Actor) -> str:
    """Return the company whose plan an actor enters.

    Raises:
        NotAllowed: the actor is no company and names none.
    """
    if actor.party is Party.COMPANY:
        return actor.organisation
    if actor.on_behalf_of is Party.COMPANY and actor.on_behalf_organisation:
        return actor.on_behalf_organisation
    raise NotAllowed(
        "only a company declares; the dispatch centre names it: "
        "Fairway-On-Behalf-Of: company:ORGANISATION"
    )


@router.post(
    "",
    status_code=201,
    response_model=DeclaredOut,
    responses=refusals(400, 401, 403, 409, 413, 422, 503),
    summary="Declare a plan",
)
async def declare(
    *,
    body: DeclarationIn,
    response: Response,
    order: Ordering,
    wait_s: WaitS,
) -> dict[str, Any]:
    """Take in one plan with all its movements, whole or not at all.

    With `Prefer: wait=SECONDS` the answer waits until a plan has placed them all, or has left some
    out with reasons; `pending` says where none has done so in time.
    """
    plan = body.plan(company_of(order.actor), order.service.port.draught_water)
    receipt = await order.submit(Declare(plan=plan))
    return await declared(order.service, receipt, response, wait_s)


@router.post(
    "/import",
    status_code=201,
    response_model=None,
    max_body_size=MOST_FILE_BYTES,
    responses={
        **refusals(400, 401, 403, 409, 413, 422, 503),
        201: {"model": DeclaredOut, "description": "Declared"},
        200: {"description": "What a dry run has read, as the body of POST /v1/declarations"},
    },
    summary="Declare a plan from a spreadsheet",
)
async def declare_file(
    *,
    response: Response,
    order: Ordering,
    wait_s: WaitS,
    file: Annotated[UploadFile, File(description=".xlsx or .csv")],
    dry_run: Annotated[bool, Query(description="Read and judge it only.")] = False,
) -> dict[str, Any]:
    """Take in an .xlsx or .csv with Chinese or English headers."""
    service = order.service
    company = company_of(order.actor)
    content = await file.read(MOST_FILE_BYTES + 1)
    plan = await run_in_threadpool(
        read_plan,
        content,
        file.filename or "",
        port=service.port,
        company=company,
        now=service.clock.now(),
    )
    if dry_run:
        response.status_code = 200
        return {
            "calls": len(plan.calls),
            "movements": sum(len(call.movements) for call in plan.calls),
            "declaration": plan_document(plan),
        }
    receipt = await order.submit(Declare(plan=plan))
    return await declared(service, receipt, response, wait_s)


@router.get("/template.xlsx", response_class=Response, summary="A blank declaration to fill in")
def get_template(
    service: ServiceHere, lang: Annotated[Literal["zh", "en"], Query()] = "zh"
) -> Response:
    """Return a spreadsheet with headers, an explanation of each column, and the port's codes."""
    headers = {"Content-Disposition": f'attachment; filename="fairway-declaration-{lang}.xlsx"'}
    return Response(template(service.port, lang), headers=headers, media_type=XLSX)


@router.get("", response_model=PageOut, responses=refusals(400, 401, 403))
async def list_declarations(
    service: ServiceHere, view: OwnView, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """List the declarations that the caller sees."""
    return page_of(service.hub.rows(view).get("declaration", []), cursor, limit)


@router.get("/{declaration_id}", responses=refusals(401, 403, 404))
def get_declaration(
    declaration_id: str, response: Response, service: ServiceHere, caller: SignedIn
) -> dict[str, Any]:
    """Return a declaration with its plan as it was last accepted."""
    declaration = service.declaration(declaration_id)
    others = caller.party is Party.COMPANY and declaration.company != caller.organisation
    if others or caller.party in (Party.PILOTAGE, Party.TOWAGE):
        raise NotFound(
            f"no declaration {declaration_id}",
            context={"type": "declaration", "id": declaration_id},
        )
    response.headers["ETag"] = f'"{declaration.revision}"'
    return {
        "id": declaration.id,
        "company": declaration.company,
        "state": declaration.state,
        "revision": declaration.revision,
        "movement_ids": list(declaration.movement_ids),
        **plan_document(declaration.plan, remarks=caller.party is not Party.MARITIME),
    }


@router.put(
    "/{declaration_id}",
    response_model=DeclaredOut,
    responses=refusals(400, 401, 403, 404, 409, 412, 413, 422, 428, 503),
)
async def amend(
    *,
    declaration_id: str,
    body: DeclarationIn,
    response: Response,
    service: ServiceHere,
    actor: Acting,
    expected_revision: ExpectedRevision,
    wait_s: WaitS,
) -> dict[str, Any]:
    """Replace a declaration's plan; movements that match keep their ids."""
    command = Amend(
        declaration_id=declaration_id,
        plan=body.plan(company_of(actor), service.port.draught_water),
        expected_revision=expected_revision,
    )
    receipt = await service.submit(command, actor)
    return await declared(service, receipt, response, wait_s, declaration_id)


@router.delete(
    "/{declaration_id}",
    response_model=DoneOut,
    responses=refusals(401, 403, 404, 409, 412, 428, 503),
)
async def withdraw(
    declaration_id: str,
    service: ServiceHere,
    actor: Acting,
    expected_revision: ExpectedRevision,
    reason: Annotated[str, Query(max_length=200)] = "",
) -> dict[str, Any]:
    """Take a declaration back with all that was planned for it."""
    command = Withdraw(
        declaration_id=declaration_id, expected_revision=expected_revision, reason=reason
    )
    return service.done(await service.submit(command, actor))


async def declared(
    service: Service,
    receipt: Receipt,
    response: Response,
    wait_s: float,
    declaration_id: str = "",
) -> dict[str, Any]:
    """Return the answer to an accepted plan, with the times that are ready in time."""
    body = receipt.body
    if "movements" not in body:
        body = await run_in_threadpool(as_declared, service, declaration_id)
    ids = [movement["id"] for movement in body["movements"]]
    if wait_s:
        await service.wait_for_plan(ids, receipt.offset, wait_s)
        response.headers["Preference-Applied"] = f"wait={wait_s:g}"
    told = service.hub.entities.get("movement", {})
    response.headers["Location"] = f"/v1/declarations/{body['id']}"
    response.headers["ETag"] = f'"{body["revision"]}"'
    return {
        "id": body["id"],
        "revision": body["revision"],
        "movements": [
            {**movement, **_as_planned(told.get(movement["id"], {}))}
            for movement in body["movements"]
        ],
        "pending": not service.is_dealt_with(ids, receipt.offset),
        "plan_version": service.plan_version,
    }


def _as_planned(movement: Value) -> dict[str, Any]:
    """Return a movement's time, or why it has none, as its company may know it."""
    return {
        "planned": movement.get("planned"),
        "unplaced_reasons": reasons_for(
            movement.get("unplaced_reasons"), movement.get("company", "")
        ),
    }


def as_declared(service: Service, declaration_id: str) -> dict[str, Any]:
    """Return the answer to an amendment that changed nothing."""
    declaration = service.declaration(declaration_id)
    told = service.hub.entities.get("movement", {})
    refs = [call.call_ref for call in declaration.plan.calls for _ in call.movements]
    return {
        "id": declaration.id,
        "revision": declaration.revision,
        "movements": [
            {
                "id": movement_id,
                "call_ref": call_ref,
                "kind": told.get(movement_id, {}).get("kind", ""),
                "sequence": told.get(movement_id, {}).get("sequence", 0),
            }
            for movement_id, call_ref in zip(declaration.movement_ids, refs, strict=False)
        ],
    }


def plan_document(plan: DeclarationPlan, *, remarks: bool = True) -> dict[str, Any]:
    """Return a plan as the JSON that declares it."""
    body = PLAN.dump_python(plan, mode="json")
    del body["company"]
    if not remarks:
        for call in body["calls"]:
            for movement in call["movements"]:
                del movement["remarks"]
    return body
