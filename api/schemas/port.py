"""The port as JSON: its places, channel, rules and resources, each with where it is known from."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.port import Port
from dispatch.roster import resources_of


def plain(value: Any) -> Any:
    """Return a value of the port's data as JSON: dataclasses as objects, dates as ISO 8601."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (str, Path, ZoneInfo)):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [plain(item) for item in value]
    raise TypeError(f"no JSON for {type(value).__name__}")


def listed(items: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return things by id as a list, each with its ``id``, in the order of the port's files."""
    return [{"id": key, **plain(item)} for key, item in items.items()]


def port_document(port: Port) -> dict[str, Any]:
    """Return what every party may know of the port."""
    berths = listed(port.berths)
    for berth in berths:
        berth["name"] = plain(port.berths[berth["id"]].name)
    return {
        "id": port.port_id,
        "name": plain(port.name),
        "unlocode": port.unlocode,
        "zone": str(port.zone),
        "lat_deg": port.lat_deg,
        "lon_deg": port.lon_deg,
        "height_datum": plain(port.height_datum),
        "draught_water": port.draught_water,
        "warning": plain(port.warning),
        "compiled_on": plain(port.compiled_on),
        "areas": listed(port.areas),
        "flags": listed(port.flags),
        "nodes": listed(port.nodes),
        "segments": listed(port.segments),
        "quays": listed(port.quays),
        "berths": berths,
        "anchorages": listed(port.anchorages),
        "boarding_places": listed(port.boarding_places),
        "companies": listed(port.companies),
        "tug_companies": [
            {"id": company.company_id, **plain(company)} for company in port.towage.companies
        ],
        "pilot_stations": [
            {"id": station.station_id, **plain(station)} for station in port.pilotage.stations
        ],
        "tug_bases": [{"id": base.base_id, **plain(base)} for base in port.towage.bases],
        "resources": [plain(resource) for resource in resources_of(port)],
        "priorities": listed({str(key): item for key, item in port.priorities.items()}),
        "traffic_service": plain(port.traffic_service),
        "rules": rules_document(port),
        "sources": listed(port.sources),
    }


def rules_document(port: Port) -> list[dict[str, Any]]:
    """Return the port's rules with their sources, marks and dates."""
    return listed(port.rules)
