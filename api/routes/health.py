"""Whether the service lives and can take requests; for machines that watch it."""

from typing import Any

from fastapi import APIRouter

from api.dependencies import ServiceHere
from api.openapi import refusals
from api.schemas.commands import HealthOut
from api.version import VERSION

router = APIRouter(tags=["health"])
MOST_BEHIND_S = 10.0


@router.get("/health", response_model=HealthOut)
async def health(service: ServiceHere) -> dict[str, Any]:
    """Say that the process lives, and how it stands."""
    checks = service.checks()
    status = "ok" if checks["behind_s"] < MOST_BEHIND_S else "degraded"
    return {"status": status, "version": VERSION, "checks": checks}


@router.get("/ready", response_model=HealthOut, responses=refusals(503))
def ready(service: ServiceHere) -> dict[str, Any]:
    """Say whether requests can be taken: the store answers."""
    service.require_store()
    return {"status": "ok", "version": VERSION, "checks": service.checks()}
