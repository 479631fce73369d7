"""Reading a port from its folder."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dispatch.port.faults import PortDataInvalid
from dispatch.port.port import Port
from dispatch.port.reading_people import (
    read_companies,
    read_launches,
    read_linesmen,
    read_pilotage,
    read_priorities,
    read_service_times,
    read_towage,
    read_tug_speeds,
)
from dispatch.port.reading_places import (
    read_anchorages,
    read_berths,
    read_boarding_places,
    read_nodes,
    read_quays,
    read_segments,
    read_ship_classes,
)
from dispatch.port.reading_rules import read_rules
from dispatch.port.reading_tides import read_tide_stations
from dispatch.port.records import Faults, PortFile, Record
from dispatch.port.services import TrafficService
from dispatch.port.validation import check_port
from dispatch.provenance import Bilingual, Source

PORTS_FOLDER = Path(__file__).parent.parent / "ports"
"""Where the ports that ship with the project lie."""

FILES = (
    "port.json",
    "channel.json",
    "quays_and_berths.json",
    "rules.json",
    "fleet.json",
    "pilots.json",
    "services.json",
    "travel.json",
    "companies.json",
    "tide/stations.json",
    "tide/constituents.json",
)
"""The files of a port besides ``sources.json``."""


def load_port(name_or_path: str | Path) -> Port:
    """Read and check a port.

    Args:
        name_or_path: the name of a port that ships with the project, or the folder of any other.

    Returns:
        The port, complete and consistent.

    Raises:
        PortDataInvalid: one or more faults, all of them listed with file, record and field.
    """
    folder = PORTS_FOLDER / str(name_or_path)
    if not folder.is_dir():
        folder = Path(name_or_path)
    faults = Faults()
    sources = _read_sources(folder, faults)
    files = {name: PortFile(folder, name, faults, sources) for name in FILES}
    port = _assemble(folder, sources, files)
    for file in files.values():
        file.close()
    check_port(port, faults)
    if faults.found:
        raise PortDataInvalid(folder.name, faults.found)
    return port


def _read_sources(folder: Path, faults: Faults) -> Mapping[str, Source]:
    file = PortFile(folder, "sources.json", faults, ())
    sources: dict[str, Source] = {}
    for record in file.records("sources"):
        sources[record.record_id] = Source(
            record.record_id, record.text("url"), record.text("title")
        )
        record.close()
    file.close()
    return sources


def _assemble(folder: Path, sources: Mapping[str, Source], files: Mapping[str, PortFile]) -> Port:
    head = files["port.json"]
    about = head.single("port") or Record(Faults(), "port.json", "port", {})
    area_unlocodes: dict[str, str] = {}
    areas: dict[str, Bilingual] = {}
    for item in head.records("areas"):
        if item.has("unlocode"):
            area_unlocodes[item.record_id] = item.text("unlocode")
        areas[item.record_id] = _name(item)
    flags = {item.record_id: _name(item) for item in head.records("flags")}
    channel, places = files["channel.json"], files["quays_and_berths.json"]
    nodes = read_nodes(channel)
    ship_classes = read_ship_classes(channel)
    segments = read_segments(channel, nodes, ship_classes)
    quays = read_quays(places)
    companies = files["companies.json"]
    services = files["services.json"]
    port = Port(
        port_id=folder.name,
        folder=folder,
        name=about.bilingual("name"),
        unlocode=about.text("unlocode"),
        zone=_zone(about),
        lat_deg=about.number("lat", at_least=-90.0),
        lon_deg=about.number("lon", at_least=-180.0),
        height_datum=about.bilingual("height_datum"),
        warning=about.bilingual("warning"),
        compiled_on=about.day("compiled_on") or date.min,
        draught_water=about.choice("draught_water", ("local", "sea")),
        fresh_water_k=about.number("fresh_water_k"),
        sources=sources,
        areas=areas,
        area_unlocodes=area_unlocodes,
        flags=flags,
        nodes=nodes,
        segments=segments,
        ship_classes=ship_classes,
        quays=quays,
        berths=read_berths(places, quays, areas, nodes),
        anchorages=read_anchorages(places, nodes),
        boarding_places=read_boarding_places(places, nodes),
        rules=read_rules(files["rules.json"], segments),
        towage=read_towage(files["fleet.json"], nodes, segments),
        tug_speeds_kn=read_tug_speeds(files["travel.json"], segments),
        pilotage=read_pilotage(files["pilots.json"], files["travel.json"], nodes),
        service_times=read_service_times(services),
        linesmen=read_linesmen(services, areas),
        launches=read_launches(services, areas, nodes),
        companies=read_companies(companies, quays),
        priorities=read_priorities(companies),
        traffic_service=_traffic_service(about),
        tide_stations=read_tide_stations(
            files["tide/stations.json"], files["tide/constituents.json"]
        ),
    )
    about.provenance()
    about.close()
    return port


def _name(record: Record) -> Bilingual:
    name = record.bilingual("name")
    record.provenance()
    record.close()
    return name


def _zone(about: Record) -> ZoneInfo:
    name = about.text("zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError):
        if name:
            about.fault("zone", "unknown_zone", value=name)
        return ZoneInfo("UTC")


def _traffic_service(about: Record) -> TrafficService | None:
    if not about.has("traffic_service"):
        return None
    record = about.child("traffic_service")
    service = TrafficService(
        name=record.bilingual("name"),
        vhf_channels=record.names("vhf_channels"),
        phone=record.text("phone"),
        reporting_lines=tuple(
            line.bilingual("name") for line in record.children("reporting_lines")
        ),
        provenance=record.provenance(),
    )
    record.close()
    return service
