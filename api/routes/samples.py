"""Sample days to try the service with; only where it runs as a demonstration."""

from typing import Any

from fastapi import APIRouter, Response
from starlette.responses import FileResponse

from api.dependencies import ServiceHere, SignedIn
from api.openapi import refusals
from api.routes.declarations import XLSX
from api.schemas.commands import PageOut
from dispatch.errors import NotFound
from dispatch.lifecycle import Party
from dispatch.port import sample_day, sample_day_names

router = APIRouter(prefix="/samples", tags=["samples"])


@router.get("", response_model=PageOut, responses=refusals(401))
def list_samples(service: ServiceHere, caller: SignedIn) -> dict[str, Any]:
    """List the sample days with their dates and the companies that have a spreadsheet."""
    names = sample_day_names(service.port) if service.settings.demo else ()
    items: list[dict[str, Any]] = []
    for name in names:
        day = sample_day(service.port, name)
        companies = [
            company
            for company in day.spreadsheets
            if caller.party is not Party.COMPANY or company == caller.organisation
        ]
        items.append(
            {
                "id": name,
                "label": {"zh": day.label.zh, "en": day.label.en},
                "date": day.day.isoformat(),
                "companies": companies,
            }
        )
    return {"items": items, "next": None}


@router.get("/{day}/{company}.xlsx", response_class=Response, responses=refusals(401, 404))
def get_sample(day: str, company: str, service: ServiceHere, caller: SignedIn) -> Response:
    """Return one company's spreadsheet of a sample day."""
    mine = caller.party is Party.DISPATCH or company == caller.organisation
    if service.settings.demo and mine and day in sample_day_names(service.port):
        path = sample_day(service.port, day).spreadsheets.get(company)
        if path is not None:
            return FileResponse(path, filename=f"{day}-{company}.xlsx", media_type=XLSX)
    raise NotFound(f"no sample {day}/{company}", context={"type": "sample", "id": day})
