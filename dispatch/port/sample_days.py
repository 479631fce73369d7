"""Sample days of a port: weather, outages and one spreadsheet for each company."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatch.clock import LocalTimeInvalid, local_instant, zoned_instant
from dispatch.conditions import Closure, Conditions, Visibility, Wind
from dispatch.port.faults import PortDataInvalid
from dispatch.port.port import Port
from dispatch.port.records import Faults, PortFile, Record
from dispatch.provenance import Bilingual, Provenance
from dispatch.tide import WaterLevelOverride


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOutage:
    """A tug or pilot that is out of service over a half-open interval."""

    resource_id: str
    from_at: datetime
    to_at: datetime
    reason: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDay:
    """A day of traffic to show and to test with.

    The traffic itself is in the spreadsheets, as companies would send it.
    """

    name: str
    label: Bilingual
    day: date
    starts_at: datetime
    """The day's local midnight, in UTC."""
    ends_at: datetime
    conditions: Conditions
    outages: tuple[SampleOutage, ...]
    spreadsheets: Mapping[str, Path]
    """One .xlsx file by company id."""
    provenance: Provenance


def sample_day_names(port: Port) -> tuple[str, ...]:
    """Return the names of the sample days that ship with a port."""
    folder = port.folder / "days"
    if not folder.is_dir():
        return ()
    return tuple(sorted(item.name for item in folder.iterdir() if (item / "day.json").is_file()))


def sample_day(port: Port, name: str) -> SampleDay:
    """Read a sample day of a port.

    Raises:
        PortDataInvalid: the day is missing or has faults, all of them listed.
    """
    folder = port.folder / "days" / name
    faults = Faults()
    file = PortFile(folder, "day.json", faults, port.sources)
    about = file.single("day")
    if about is None:
        faults.add("day.json", "day", "", "section_missing")
        raise PortDataInvalid(f"{port.port_id} {name}", faults.found)
    day = about.day("date")
    if day is None:
        about.fault("date", "field_missing")
        day = date.min + timedelta(days=1)
    spreadsheets = {path.stem: path for path in sorted(folder.glob("*.xlsx"))}
    for company_id in spreadsheets:
        if company_id not in port.companies:
            faults.add(f"{company_id}.xlsx", "", "", "unknown_reference", value=company_id)
    found = SampleDay(
        name=name,
        label=about.bilingual("label"),
        day=day,
        starts_at=zoned_instant(datetime.combine(day, time()), port.zone, fold=0),
        ends_at=zoned_instant(datetime.combine(day + timedelta(days=1), time()), port.zone, fold=0),
        conditions=_read_conditions(file, port),
        outages=_read_outages(file, port),
        spreadsheets=spreadsheets,
        provenance=about.provenance(),
    )
    about.close()
    file.close()
    if faults.found:
        raise PortDataInvalid(f"{port.port_id} {name}", faults.found)
    return found


def _instant(record: Record, field: str, zone: ZoneInfo) -> datetime:
    text = record.text(field)
    try:
        return local_instant(text, zone, fold=0)
    except LocalTimeInvalid as invalid:
        if text:
            record.fault(field, invalid.code, value=text)
        # a day with a fault is never returned; the reading only goes on to find the others
        return datetime(2000, 1, 1, tzinfo=zone)


def _span(record: Record, zone: ZoneInfo) -> tuple[datetime, datetime]:
    from_at, to_at = _instant(record, "from", zone), _instant(record, "to", zone)
    if from_at >= to_at:
        record.fault("to", "ends_before_start")
    return from_at, to_at


def _read_conditions(file: PortFile, port: Port) -> Conditions:
    wind: list[Wind] = []
    for record in file.records("wind"):
        from_at, to_at = _span(record, port.zone)
        wind.append(
            Wind(
                from_at=from_at,
                to_at=to_at,
                wind_mps=record.number("wind_mps"),
                from_deg=record.number("from_deg"),
            )
        )
        record.provenance()
        record.close()
    visibility: list[Visibility] = []
    for record in file.records("visibility"):
        from_at, to_at = _span(record, port.zone)
        visibility.append(
            Visibility(
                from_at=from_at,
                to_at=to_at,
                visibility_m=record.number("visibility_m"),
                segments=record.chosen_names("segments", port.segments),
            )
        )
        record.provenance()
        record.close()
    closures: list[Closure] = []
    for record in file.records("closures"):
        from_at, to_at = _span(record, port.zone)
        closures.append(
            Closure(
                from_at=from_at,
                to_at=to_at,
                segments=record.chosen_names("segments", port.segments),
                reason=record.text("reason"),
                closed_by=record.text("closed_by"),
            )
        )
        record.provenance()
        record.close()
    return Conditions(
        wind=tuple(wind),
        visibility=tuple(visibility),
        closures=tuple(closures),
        water_levels=_read_water_levels(file, port),
    )


def _read_water_levels(file: PortFile, port: Port) -> tuple[WaterLevelOverride, ...]:
    levels: list[WaterLevelOverride] = []
    for record in file.records("water_levels"):
        from_at, to_at = _span(record, port.zone)
        measured = record.has("measured_m")
        try:
            levels.append(
                WaterLevelOverride(
                    station_id=record.reference("station", port.tide_stations),
                    from_at=from_at,
                    to_at=to_at,
                    offset_m=record.number("offset_m", at_least=None)
                    if record.has("offset_m")
                    else None,
                    measured_m=record.number("measured_m", at_least=None) if measured else None,
                    observed_at=_instant(record, "observed_at", port.zone) if measured else None,
                    entered_by=record.text("entered_by"),
                    reason=record.text("reason"),
                )
            )
        except ValueError:
            record.fault("offset_m", "offset_or_measurement")
        record.provenance()
        record.close()
    return tuple(levels)


def _read_outages(file: PortFile, port: Port) -> tuple[SampleOutage, ...]:
    resources = {item.tug_id for item in port.towage.tugs}
    resources |= {item.pilot_id for item in port.pilotage.pilots}
    outages: list[SampleOutage] = []
    for record in file.records("outages"):
        from_at, to_at = _span(record, port.zone)
        outages.append(
            SampleOutage(
                resource_id=record.reference("resource", resources),
                from_at=from_at,
                to_at=to_at,
                reason=record.bilingual("reason"),
            )
        )
        record.provenance()
        record.close()
    return tuple(outages)
