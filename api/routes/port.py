"""The port, its rules and its clock."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.dependencies import ServiceHere, SignedIn
from api.openapi import refusals
from api.schemas.commands import ClockOut, PageOut
from dispatch.clock import SimulatedClock
from dispatch.entities import instant

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
    simulated = isinstance(service.clock, SimulatedClock)
    speed = service.clock.speed if isinstance(service.clock, SimulatedClock) else 1.0
    return {"now": instant(service.clock.now()), "simulated": simulated, "speed": speed}
