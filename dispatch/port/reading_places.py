"""Reading channel, quays, berths and other places of a port."""

from collections.abc import Collection, Mapping

from dispatch.port.berths import Anchorage, Berth, BoardingPlace, Quay, ShipCriterion
from dispatch.port.records import PortFile, Record
from dispatch.port.waterway import Bridge, LargeShip, Node, Segment, Traffic
from dispatch.provenance import Bilingual
from dispatch.vessel import VesselType

VESSEL_TYPES = tuple(item.value for item in VesselType)


def read_nodes(file: PortFile) -> Mapping[str, Node]:
    """Read the channel nodes, from the sea inward."""
    nodes: dict[str, Node] = {}
    for record in file.records("nodes"):
        nodes[record.record_id] = Node(
            node_id=record.record_id,
            name=record.bilingual("name"),
            km=record.number("km", at_least=None),
            lat_deg=record.number("lat", at_least=-90.0),
            lon_deg=record.number("lon", at_least=-180.0),
            tide_weights=record.shares("tide_weights"),
            density_t_m3=record.number("density_t_m3", at_least=0.9),
            provenance=record.provenance(),
        )
        record.close()
    return nodes


def read_ship_classes(file: PortFile) -> Mapping[str, tuple[str, ...]]:
    """Read the ship classes for planning speeds."""
    classes: dict[str, tuple[str, ...]] = {}
    for record in file.records("ship_classes"):
        classes[record.record_id] = record.chosen_names("vessel_types", VESSEL_TYPES)
        record.bilingual("name")
        record.provenance()
        record.close()
    return classes


def read_segments(
    file: PortFile, nodes: Collection[str], ship_classes: Collection[str]
) -> Mapping[str, Segment]:
    """Read the channel segments with their traffic and bridges."""
    segments: dict[str, Segment] = {}
    for record in file.records("segments"):
        speeds = record.shares("planning_speeds_kn")
        for ship_class in ship_classes:
            if speeds and not speeds.get(ship_class):
                record.fault("planning_speeds_kn", "speed_missing", ship_class=ship_class)
        for ship_class in speeds:
            if ship_class not in ship_classes:
                record.fault("planning_speeds_kn", "unknown_reference", value=ship_class)
        segments[record.record_id] = Segment(
            segment_id=record.record_id,
            name=record.bilingual("name"),
            from_node=record.reference("from_node", nodes),
            to_node=record.reference("to_node", nodes),
            length_km=record.number("length_km", more_than=0.0),
            width_m=record.optional_number("width_m"),
            depth_cd_m=record.number("depth_cd_m", more_than=0.0),
            traffic=_read_traffic(record.child("traffic")),
            max_loa_m=record.optional_number("max_loa_m"),
            max_speed_kn=record.optional_number("max_speed_kn"),
            planning_speeds_kn=speeds,
            bridges=tuple(_read_bridge(item, nodes) for item in record.children("bridges")),
            provenance=record.provenance(),
        )
        record.close()
    return segments


def _read_traffic(record: Record) -> Traffic:
    two_way = record.choice("two_way", ("all", "restricted", "none"))
    large: LargeShip | None = None
    if record.has("large"):
        thresholds = record.child("large")
        large = LargeShip(
            loa_ge_m=thresholds.optional_number("loa_ge_m"),
            beam_ge_m=thresholds.optional_number("beam_ge_m"),
            draught_ge_m=thresholds.optional_number("draught_ge_m"),
        )
        thresholds.close()
    traffic = Traffic(
        two_way=two_way,
        large=large,
        applies_to=record.choice("applies_to", ("large_large", "any")) if large else None,
        large_may_meet_small=record.flag("large_may_meet_small") if large else True,
        small_exempt_loa_lt_m=record.optional_number("small_exempt_loa_lt_m"),
        combined_beam_limit_m=record.optional_number("combined_beam_limit_m"),
        meeting_test=record.optional_text("meeting_test"),
    )
    record.provenance()
    record.close()
    return traffic


def _read_bridge(record: Record, nodes: Collection[str]) -> Bridge:
    bridge = Bridge(
        bridge_id=record.text("id"),
        name=record.bilingual("name"),
        km=record.number("km", at_least=None),
        at_node=record.reference("at_node", nodes) if record.has("at_node") else None,
        air_draught_m=record.number("air_draught_m", more_than=0.0),
        margin_m=record.number("margin_m"),
        clear_width_m=record.optional_number("clear_width_m"),
        provenance=record.provenance(),
    )
    record.close()
    return bridge


def read_quays(file: PortFile) -> Mapping[str, Quay]:
    """Read the quays."""
    quays: dict[str, Quay] = {}
    for record in file.records("quays"):
        quays[record.record_id] = Quay(
            quay_id=record.record_id,
            name=record.bilingual("name"),
            length_m=record.number("length_m", more_than=0.0),
            min_clearance_m=record.number("min_clearance_m"),
            bollard_interval_m=record.number("bollard_interval_m", more_than=0.0),
            rule=record.choice("rule", ("continuous", "discrete")),
            provenance=record.provenance(),
        )
        record.close()
    return quays


def read_berths(
    file: PortFile,
    quays: Mapping[str, Quay],
    areas: Mapping[str, Bilingual],
    nodes: Collection[str],
) -> Mapping[str, Berth]:
    """Read the berths."""
    berths: dict[str, Berth] = {}
    for record in file.records("berths"):
        start_m, end_m = record.number("start_m"), record.number("end_m")
        berths[record.record_id] = Berth(
            berth_id=record.record_id,
            quay_id=record.reference("quay", quays),
            area_id=record.reference("area", areas),
            terminal=record.bilingual("terminal"),
            number=record.text("number"),
            vessel_types=record.chosen_names("vessel_types", VESSEL_TYPES),
            length_m=end_m - start_m,
            start_m=start_m,
            end_m=end_m,
            depth_cd_m=record.number("depth_cd_m", more_than=0.0),
            max_beam_m=record.number("max_beam_m", more_than=0.0),
            max_loa_m=record.number("max_loa_m", more_than=0.0),
            max_loa_quay_rule_m=record.number("max_loa_quay_rule_m", more_than=0.0),
            discrete_clearance_kept=record.flag("discrete_clearance_kept"),
            design_dwt_t=record.number("design_dwt_t", more_than=0.0),
            structural_dwt_t=record.number("structural_dwt_t", more_than=0.0),
            channel_node=record.reference("channel_node", nodes),
            lat_deg=record.number("lat", at_least=-90.0),
            lon_deg=record.number("lon", at_least=-180.0),
            provenance=record.provenance(),
        )
        record.close()
    return berths


def read_anchorages(file: PortFile, nodes: Collection[str]) -> Mapping[str, Anchorage]:
    """Read the anchorages."""
    anchorages: dict[str, Anchorage] = {}
    for record in file.records("anchorages"):
        anchorages[record.record_id] = Anchorage(
            anchorage_id=record.record_id,
            name=record.bilingual("name"),
            node_id=record.reference("node", nodes),
            depth_cd_m=record.number("depth_cd_m", more_than=0.0),
            capacity_ships=record.whole("capacity_ships", at_least=1),
            uses=record.names("uses"),
            outline_deg=record.points("outline"),
            provenance=record.provenance(),
        )
        record.close()
    return anchorages


def read_boarding_places(file: PortFile, nodes: Collection[str]) -> Mapping[str, BoardingPlace]:
    """Read the pilot boarding places, the one for most ships first."""
    places: dict[str, BoardingPlace] = {}
    for record in file.records("boarding_places"):
        places[record.record_id] = BoardingPlace(
            place_id=record.record_id,
            name=record.bilingual("name"),
            node_id=record.reference("node", nodes),
            lat_deg=record.number("lat", at_least=-90.0),
            lon_deg=record.number("lon", at_least=-180.0),
            slot_interval_min=record.whole("slot_interval_min", at_least=1),
            ships_per_slot=record.whole("ships_per_slot", at_least=1),
            sea=record.flag("sea"),
            ships=_read_criterion(record.child("ships")),
            provenance=record.provenance(),
        )
        record.close()
    return places


def _read_criterion(record: Record) -> ShipCriterion:
    criterion = ShipCriterion(
        loa_ge_m=record.optional_number("loa_ge_m"),
        draught_ge_m=record.optional_number("draught_ge_m"),
        vessel_types=record.chosen_names("vessel_types", VESSEL_TYPES)
        if record.has("vessel_types")
        else (),
    )
    record.close()
    return criterion
