"""Signing in and out, and who is signed in."""

from typing import Any

from fastapi import APIRouter

from agencies.party import VERBS
from api.dependencies import OwnView, ServiceHere, SignedIn
from api.openapi import refusals
from api.schemas.commands import MeOut, NoteOut, SessionOut, SignInIn

router = APIRouter(tags=["sessions"])


@router.post(
    "/sessions", status_code=201, response_model=SessionOut, responses=refusals(400, 401, 422, 429)
)
def sign_in(body: SignInIn, service: ServiceHere) -> dict[str, Any]:
    """Open a session; its token goes into `Authorization: Bearer TOKEN`."""
    return service.doorman.sign_in(body.account, body.password)


@router.delete("/sessions/current", response_model=NoteOut, responses=refusals(401))
async def sign_out(service: ServiceHere, caller: SignedIn) -> dict[str, Any]:
    """Close the session; its live connections end."""
    await service.sign_out(caller)
    return {"done": True}


@router.get("/me", response_model=MeOut, responses=refusals(401, 403))
async def me(service: ServiceHere, caller: SignedIn, view: OwnView) -> dict[str, Any]:
    """Return who is signed in, their board, and what their party may do at all."""
    return {
        "account": caller.account,
        "organisation": caller.organisation,
        "organisation_name": service.organisation_name(caller.organisation),
        "party": caller.party.value,
        "board": view.board.value,
        "verbs": sorted(verb.value for verb in VERBS[caller.party]),
    }
