"""Reading tugs, pilots, services and companies of a port."""

from collections.abc import Collection, Iterator, Mapping

from dispatch.port.pilotage import (
    LongPassage,
    Pilot,
    PilotageOrganisation,
    PilotClass,
    PilotStation,
    RollingLimits,
    TwoPilots,
    Watch,
)
from dispatch.port.reading_places import VESSEL_TYPES
from dispatch.port.records import Faults, PortFile, Record
from dispatch.port.services import (
    Company,
    LaunchGroup,
    LinesmenGroup,
    LoaRow,
    Priority,
    ServiceTimes,
    ShipSort,
)
from dispatch.port.towage import (
    Towage,
    Tug,
    TugBase,
    TugCompany,
    TugExtra,
    TugOperation,
    TugRow,
)
from dispatch.port.travel import shortest_minutes
from dispatch.provenance import Provenance

_OPERATIONS = tuple(item.value for item in TugOperation)


def _empty() -> Record:
    """Return a record that reads as empty and tells nobody, for a section already told missing."""
    return Record(Faults(), "", "", {})


def read_loa_rows(record: Record, field: str) -> tuple[LoaRow, ...]:
    """Read half-open rows that cover every length from 0 without gap or overlap."""
    rows: list[LoaRow] = []
    reached_m: float | None = 0.0
    for item in record.children(field):
        row = LoaRow(
            loa_ge_m=item.number("loa_ge_m"),
            loa_lt_m=item.optional_number("loa_lt_m"),
            minutes=item.number("min"),
        )
        item.close()
        if row.loa_ge_m != reached_m:
            item.fault("loa_ge_m", "rows_not_joined", expected=reached_m)
        reached_m = row.loa_lt_m
        rows.append(row)
    if reached_m is not None:
        record.fault(field, "rows_not_complete", reached_m=reached_m)
    return tuple(rows)


def read_towage(file: PortFile, nodes: Collection[str], segments: Collection[str]) -> Towage:
    """Read owners, bases, tugs and the tug table."""
    companies: dict[str, TugCompany] = {}
    for record in file.records("tug_companies"):
        companies[record.record_id] = TugCompany(
            company_id=record.record_id,
            name=record.bilingual("name"),
            provenance=record.provenance(),
        )
        record.close()
    bases: dict[str, TugBase] = {}
    for record in file.records("tug_bases"):
        bases[record.record_id] = TugBase(
            base_id=record.record_id,
            name=record.bilingual("name"),
            node_id=record.reference("node", nodes),
            provenance=record.provenance(),
        )
        record.close()
    tugs: list[Tug] = []
    for record in file.records("tugs"):
        tugs.append(
            Tug(
                tug_id=record.record_id,
                name=record.bilingual("name"),
                company_id=record.reference("company", companies),
                base_id=record.reference("base", bases),
                power_class=record.text("power_class"),
                bollard_pull_t=record.number("bollard_pull_t", more_than=0.0),
                free_speed_kn=record.number("free_speed_kn", more_than=0.0),
                provenance=record.provenance(),
            )
        )
        record.close()
    rows, provenance = _read_tug_rows(file)
    return Towage(
        companies=tuple(companies.values()),
        bases=tuple(bases.values()),
        tugs=tuple(tugs),
        rows=rows,
        extras=tuple(_read_extra(item, segments) for item in file.records("tug_extras")),
        provenance=provenance,
    )


def _read_tug_rows(file: PortFile) -> tuple[tuple[TugRow, ...], Provenance]:
    table = file.single("tug_table") or _empty()
    rows: list[TugRow] = []
    reached_m: dict[str, float | None] = {}
    for item in table.children("rows"):
        operation = item.choice("operation", _OPERATIONS)
        row = TugRow(
            operation=TugOperation(operation),
            loa_ge_m=item.number("loa_ge_m"),
            loa_lt_m=item.optional_number("loa_lt_m"),
            count=item.whole("count"),
            min_total_pull_t=item.number("min_total_pull_t"),
        )
        item.close()
        if row.loa_ge_m != reached_m.get(operation, 0.0):
            item.fault("loa_ge_m", "rows_not_joined", expected=reached_m.get(operation, 0.0))
        if row.loa_lt_m is not None and row.loa_lt_m <= row.loa_ge_m:
            item.fault("loa_lt_m", "row_empty")
        reached_m[operation] = row.loa_lt_m
        rows.append(row)
    for operation, reached in reached_m.items():
        if reached is not None:
            table.fault("rows", "rows_not_complete", operation=operation, reached_m=reached)
    provenance = table.provenance()
    table.close()
    return tuple(rows), provenance


def _read_extra(record: Record, segments: Collection[str]) -> TugExtra:
    extra = TugExtra(
        extra_id=record.record_id,
        operations=tuple(
            TugOperation(item)
            for item in record.chosen_names("operations", _OPERATIONS)
            if item in _OPERATIONS
        ),
        vessel_types=record.chosen_names("vessel_types", VESSEL_TYPES),
        loa_ge_m=record.optional_number("loa_ge_m"),
        loa_lt_m=record.optional_number("loa_lt_m"),
        dwt_ge_t=record.optional_number("dwt_ge_t"),
        draught_ge_m=record.optional_number("draught_ge_m"),
        bow_thruster=record.optional_flag("bow_thruster"),
        set_count=record.optional_whole("set_count"),
        set_min_total_pull_t=record.optional_number("set_min_total_pull_t"),
        plus_count=record.whole("plus_count") if record.has("plus_count") else 0,
        escort_count=record.whole("escort_count") if record.has("escort_count") else 0,
        escort_segments=record.chosen_names("escort_segments", segments)
        if record.has("escort_segments")
        else (),
        provenance=record.provenance(),
    )
    record.bilingual("name")
    if extra.escort_count and not extra.escort_segments:
        record.fault("escort_segments", "escort_without_reach")
    record.close()
    return extra


def read_tug_speeds(file: PortFile, segments: Collection[str]) -> Mapping[str, float]:
    """Read the running speeds of free tugs by segment."""
    speeds: dict[str, float] = {}
    for record in file.records("tug_running"):
        speed_kn = record.number("speed_kn", more_than=0.0)
        for segment in record.chosen_names("segments", segments):
            if segment in speeds:
                record.fault("segments", "name_twice", value=segment)
            speeds[segment] = speed_kn
        record.provenance()
        record.close()
    return speeds


def read_pilotage(file: PortFile, travel: PortFile, nodes: Collection[str]) -> PilotageOrganisation:
    """Read classes, stations, watches, pilots and limits, and work out the transfer times."""
    classes = _read_classes(file)
    stations: dict[str, PilotStation] = {}
    for record in file.records("stations"):
        stations[record.record_id] = PilotStation(
            station_id=record.record_id,
            name=record.bilingual("name"),
            node_id=record.reference("node", nodes),
            at_sea=record.flag("at_sea"),
            provenance=record.provenance(),
        )
        record.close()
    watches: dict[str, Watch] = {}
    for record in file.records("watches"):
        watches[record.record_id] = Watch(
            watch_id=record.record_id,
            name=record.bilingual("name"),
            windows=record.clock_times("windows"),
            provenance=record.provenance(),
        )
        record.close()
    pilots: list[Pilot] = []
    for record in file.records("pilots"):
        pilots.append(
            Pilot(
                pilot_id=record.record_id,
                name=record.bilingual("name"),
                class_id=record.reference("class", classes),
                station_id=record.reference("station", stations),
                watch_id=record.reference("watch", watches),
                on_duty=record.flag("on_duty"),
                provenance=record.provenance(),
            )
        )
        record.close()
    organisation = file.single("organisation") or _empty()
    result = PilotageOrganisation(
        classes=tuple(sorted(classes.values(), key=lambda item: item.rank)),
        stations=tuple(stations.values()),
        watches=tuple(watches.values()),
        pilots=tuple(pilots),
        two_pilots=_read_two_pilots(organisation.child("two_pilots"), classes),
        long_passage=_read_long_passage(organisation.child("long_passage"))
        if organisation.has("long_passage")
        else None,
        rolling_limits=_read_limits(organisation.child("rolling_limits")),
        debrief_min=organisation.number("debrief_min"),
        home_flags=organisation.names("home_flags"),
        transfer_min=_read_transfers(travel, [*stations, *nodes]),
    )
    organisation.provenance()
    organisation.close()
    return result


def _read_classes(file: PortFile) -> dict[str, PilotClass]:
    classes: dict[str, PilotClass] = {}
    for record in file.records("classes"):
        classes[record.record_id] = PilotClass(
            class_id=record.record_id,
            rank=record.whole("rank", at_least=1),
            name=record.bilingual("name"),
            max_loa_m=record.optional_number("max_loa_m"),
            excluded_types=record.chosen_names("excluded_types", VESSEL_TYPES),
            provenance=record.provenance(),
        )
        record.close()
    return classes


def _read_two_pilots(record: Record, classes: Collection[str]) -> TwoPilots:
    rule = TwoPilots(
        loa_ge_m=record.optional_number("loa_ge_m"),
        gt_ge=record.optional_number("gt_ge"),
        vessel_types=record.chosen_names("vessel_types", VESSEL_TYPES),
        first_class=record.reference("first_class", classes),
        second_class=record.reference("second_class", classes),
        provenance=record.provenance(),
    )
    record.close()
    return rule


def _read_long_passage(record: Record) -> LongPassage:
    rule = LongPassage(
        over_h=record.number("over_h", more_than=0.0),
        pilots=record.whole("pilots", at_least=1),
        relief_place=record.optional_text("relief_place"),
        provenance=record.provenance(),
    )
    record.close()
    return rule


def _read_limits(record: Record) -> RollingLimits:
    limits = RollingLimits(
        max_continuous_conning_h=record.number("max_continuous_conning_h", more_than=0.0),
        min_rest_between_jobs_h=record.number("min_rest_between_jobs_h"),
        min_rest_per_24h_h=record.number("min_rest_per_24h_h"),
        max_jobs_per_24h=record.whole("max_jobs_per_24h", at_least=1),
        provenance=record.provenance(),
    )
    record.close()
    return limits


def _read_transfers(file: PortFile, places: list[str]) -> Mapping[str, Mapping[str, float]]:
    edges: list[tuple[str, str, float]] = []
    for record in file.records("pilot_transfer"):
        edges.append(
            (
                record.reference("from", places),
                record.reference("to", places),
                record.number("min", more_than=0.0),
            )
        )
        record.choice("by", ("launch", "road", "road_and_launch", "helicopter"))
        record.provenance()
        record.close()
    return {place: shortest_minutes(edges, place) for place in places}


def read_service_times(file: PortFile) -> ServiceTimes:
    """Read how long the parts of a movement take."""
    record = file.single("service_times") or _empty()
    dwell_h = record.shares("dwell_h")
    for vessel_type in dwell_h:
        if vessel_type not in VESSEL_TYPES:
            record.fault("dwell_h", "unknown_reference", value=vessel_type)
    times = ServiceTimes(
        berthing=read_loa_rows(record, "berthing"),
        unberthing=read_loa_rows(record, "unberthing"),
        pilot_boarding_min=record.number("pilot_boarding_min"),
        anchoring_min=record.number("anchoring_min"),
        weighing_min=record.number("weighing_min"),
        turnover_min=record.number("turnover_min"),
        tug_make_ready_min=record.number("tug_make_ready_min"),
        tug_early_min=record.number("tug_early_min"),
        dwell_h=dwell_h,
        provenance=record.provenance(),
    )
    record.close()
    return times


def read_linesmen(file: PortFile, areas: Collection[str]) -> tuple[LinesmenGroup, ...]:
    """Read the linesmen gangs."""
    groups: list[LinesmenGroup] = []
    for record in file.records("linesmen"):
        groups.append(
            LinesmenGroup(
                area_id=record.reference("area", areas),
                gangs=record.whole("gangs"),
                job_min=record.number("job_min"),
                provenance=record.provenance(),
            )
        )
        record.close()
    return tuple(groups)


def read_launches(
    file: PortFile, areas: Collection[str], nodes: Collection[str]
) -> tuple[LaunchGroup, ...]:
    """Read the pilot launches."""
    groups: list[LaunchGroup] = []
    for record in file.records("pilot_launches"):
        groups.append(
            LaunchGroup(
                area_id=record.reference("area", areas),
                launches=record.whole("launches"),
                nodes=record.chosen_names("nodes", nodes),
                provenance=record.provenance(),
            )
        )
        record.close()
    return tuple(groups)


def read_companies(file: PortFile, quays: Collection[str]) -> Mapping[str, Company]:
    """Read the companies that declare calls."""
    companies: dict[str, Company] = {}
    for record in file.records("companies"):
        companies[record.record_id] = Company(
            company_id=record.record_id,
            name=record.bilingual("name"),
            role=record.choice("role", ("terminal_operator", "shipping_agent")),
            quays=record.chosen_names("quays", quays),
            provenance=record.provenance(),
        )
        record.close()
    return companies


def _ship_sorts(record: Record) -> Iterator[ShipSort]:
    for item in record.children("ships"):
        yield ShipSort(
            vessel_types=item.chosen_names("vessel_types", VESSEL_TYPES),
            loa_ge_m=item.number("loa_ge_m"),
        )
        item.close()


def read_priorities(file: PortFile) -> Mapping[int, Priority]:
    """Read what the priorities mean."""
    priorities: dict[int, Priority] = {}
    for record in file.records("priorities"):
        number = record.whole("priority", at_least=1)
        priorities[number] = Priority(
            priority=number,
            name=record.bilingual("name"),
            ships=tuple(_ship_sorts(record)),
            latest_after_h=record.number("latest_after_h", more_than=0.0),
            provenance=record.provenance(),
        )
        record.close()
    return priorities
