"""The port, its rules and its clock."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.dependencies import ServiceHere, SignedIn
from api.openapi import refusals
from api.schemas.commands import ClockIn, ClockOut, PageOut
from api.service import Service
from dispatch.clock import SimulatedClock
from dispatch.entities import instant
from dispatch.errors import NotAllowed, StateConflict
from dispatch.lifecycle import Party

router = APIRouter(tags=["port"])


@router.get("/port", response_model=dict[str, Any], responses=refusals(401))
async def get_port(request: Request, service: ServiceHere, caller: SignedIn) -> Response:
    """Return the port's places, channel, rules, companies and resources."""
    del caller  # signing in is all that is asked
    tag, content = service.port_content()
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


@router.get("/rules", response_model=PageOut, responses=refusals(401))
async def list_rules(service: ServiceHere, caller: SignedIn) -> dict[str, Any]:
    """List the port's rules with source, mark and dates in force."""
    del caller
    return {"items": service.port_json["rules"], "next": None}


@router.get("/clock", response_model=ClockOut)
async def get_clock(service: ServiceHere) -> dict[str, Any]:
    """Return the service's clock, which may be a simulated one."""
    return _told(service)


@router.put("/clock", response_model=ClockOut, responses=refusals(400, 401, 403, 409, 422))
async def set_clock_speed(body: ClockIn, service: ServiceHere, caller: SignedIn) -> dict[str, Any]:
    """Let a simulated clock run at another speed; 0 stands still (dispatch centre)."""
    if caller.party is not Party.DISPATCH:
        raise NotAllowed("the clock is the dispatch centre's")
    if not isinstance(service.clock, SimulatedClock):
        raise StateConflict(
            "the service runs on the machine's clock",
            context={"type": "clock", "id": "clock", "state": "machine", "verb": "set_speed"},
        )
    service.clock.set_speed(body.speed)
    return _told(service)


def _told(service: Service) -> dict[str, Any]:
    clock = service.clock
    simulated = isinstance(clock, SimulatedClock)
    speed = clock.speed if isinstance(clock, SimulatedClock) else 1.0
    return {"now": instant(clock.now()), "simulated": simulated, "speed": speed}
