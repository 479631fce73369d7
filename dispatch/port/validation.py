"""Checks of a port that look at more than one record."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise

from dispatch.port.port import Port
from dispatch.port.records import Faults
from dispatch.port.rules import RuleKind
from dispatch.port.travel import shortest_minutes
from dispatch.port.waterway import Segment

_ROUNDING_KM = 0.05
_ROUNDING_M = 0.005
_ROUNDING_SHARE = 0.0005


def check_port(port: Port, faults: Faults) -> None:
    """Add every fault that shows only between records."""
    _check_nodes(port, faults)
    _check_network(port, faults)
    _check_segments(port, faults)
    _check_berths(port, faults)
    _check_places(port, faults)
    _check_people(port, faults)


def _check_nodes(port: Port, faults: Faults) -> None:
    for node in port.nodes.values():
        where = ("channel.json", node.node_id, "tide_weights")
        if abs(sum(node.tide_weights.values()) - 1.0) > _ROUNDING_SHARE:
            faults.add(*where, "weights_not_one", total=round(sum(node.tide_weights.values()), 4))
        for station in node.tide_weights:
            if station not in port.tide_stations:
                faults.add(*where, "unknown_reference", value=station)


def _check_network(port: Port, faults: Faults) -> None:
    """Check that the segments join the nodes to one tree."""
    if not port.nodes:
        return
    edges = [(item.from_node, item.to_node, 1.0) for item in port.segments.values()]
    reached = shortest_minutes(edges, next(iter(port.nodes)))
    for node_id in port.nodes:
        if node_id not in reached:
            faults.add("channel.json", node_id, "", "node_not_reached")
    root = {node_id: node_id for node_id in port.nodes}

    def find(node_id: str) -> str:
        while root.get(node_id, node_id) != node_id:
            node_id = root[node_id]
        return node_id

    for segment in port.segments.values():
        first, second = find(segment.from_node), find(segment.to_node)
        if first == second:
            faults.add("channel.json", segment.segment_id, "to_node", "network_has_a_ring")
        root[first] = second


def _check_segments(port: Port, faults: Faults) -> None:
    for segment in port.segments.values():
        fault = partial(faults.add, "channel.json", segment.segment_id)
        _check_length(port, segment, fault)
        limit = segment.max_speed_kn
        if limit is not None and any(kn > limit for kn in segment.planning_speeds_kn.values()):
            fault("planning_speeds_kn", "above_speed_limit", limit=limit)
        _check_meeting_test(port, segment, fault)
        if segment.segment_id not in port.tug_speeds_kn:
            faults.add("travel.json", segment.segment_id, "segments", "speed_missing")
    rest = [key for key, types in port.ship_classes.items() if not types]
    if len(rest) != 1 and port.ship_classes:
        faults.add("channel.json", "ship_classes", "vessel_types", "one_class_takes_the_rest")


def _check_length(port: Port, segment: Segment, fault: Callable[..., None]) -> None:
    if segment.from_node not in port.nodes or segment.to_node not in port.nodes:
        return
    start_km, end_km = port.nodes[segment.from_node].km, port.nodes[segment.to_node].km
    if abs(end_km - start_km - segment.length_km) > _ROUNDING_KM:
        fault("length_km", "length_not_between_nodes", between_nodes_km=round(end_km - start_km, 3))
    for bridge in segment.bridges:
        if not start_km - _ROUNDING_KM <= bridge.km <= end_km + _ROUNDING_KM:
            fault("bridges", "bridge_outside_segment", bridge=bridge.bridge_id)


def _check_meeting_test(port: Port, segment: Segment, fault: Callable[..., None]) -> None:
    test = segment.traffic.meeting_test
    if test is None:
        return
    if test not in port.rules:
        fault("traffic", "unknown_reference", value=test)
    elif port.rules[test].kind is not RuleKind.MEETING_WIDTH:
        fault("traffic", "wrong_kind_of_rule", value=test)
    if segment.width_m is None:
        fault("width_m", "width_needed", by=test)


def _check_berths(port: Port, faults: Faults) -> None:
    for berth in port.berths.values():
        fault = partial(faults.add, "quays_and_berths.json", berth.berth_id)
        if berth.end_m <= berth.start_m:
            fault("end_m", "stretch_empty")
        if berth.max_loa_m > berth.length_m + _ROUNDING_M:
            fault("max_loa_m", "longer_than_berth", berth_length_m=berth.length_m)
        if berth.structural_dwt_t < berth.design_dwt_t:
            fault("structural_dwt_t", "below_limit", limit=berth.design_dwt_t)
        if not berth.vessel_types:
            fault("vessel_types", "empty")
        quay = port.quays.get(berth.quay_id)
        if quay is None:
            continue
        if berth.end_m > quay.length_m + _ROUNDING_M:
            fault("end_m", "stretch_outside_quay", quay_length_m=quay.length_m)
        if berth.max_loa_quay_rule_m > quay.length_m + _ROUNDING_M:
            fault("max_loa_quay_rule_m", "longer_than_quay", quay_length_m=quay.length_m)
    _check_stretches(port, faults)


def _check_stretches(port: Port, faults: Faults) -> None:
    for quay_id in port.quays:
        for first, second in pairwise(port.berths_of_quay(quay_id)):
            if second.start_m < first.end_m - _ROUNDING_M:
                faults.add(
                    "quays_and_berths.json",
                    second.berth_id,
                    "start_m",
                    "stretches_overlap",
                    other=first.berth_id,
                )


def _check_places(port: Port, faults: Faults) -> None:
    """Check that a place's name means one place."""
    names = Counter([*port.berths, *port.anchorages, *port.boarding_places])
    for name, count in names.items():
        nodes = {
            group[name]
            for group in (
                {key: item.channel_node for key, item in port.berths.items()},
                {key: item.node_id for key, item in port.anchorages.items()},
                {key: item.node_id for key, item in port.boarding_places.items()},
                {key: key for key in port.nodes},
            )
            if name in group
        }
        if count > 1 or len(nodes) > 1:
            faults.add("quays_and_berths.json", name, "id", "place_name_twice")
    at_sea = [place for place in port.boarding_places.values() if place.sea]
    open_to_all = (place.ships for place in at_sea)
    if not any(
        ships.loa_ge_m is None and ships.draught_ge_m is None and not ships.vessel_types
        for ships in open_to_all
    ):
        faults.add("quays_and_berths.json", "boarding_places", "ships", "no_place_for_every_ship")


def _check_people(port: Port, faults: Faults) -> None:
    owners: dict[str, str] = {}
    for company in port.companies.values():
        for quay in company.quays:
            if quay in owners:
                faults.add(
                    "companies.json",
                    company.company_id,
                    "quays",
                    "quay_of_two_companies",
                    value=quay,
                    other=owners[quay],
                )
            owners[quay] = company.company_id
    ranks = [item.rank for item in port.pilotage.classes]
    if len(set(ranks)) < len(ranks):
        faults.add("pilots.json", "classes", "rank", "rank_twice")
    relief = port.pilotage.long_passage and port.pilotage.long_passage.relief_place
    if relief and relief not in port.boarding_places:
        faults.add(
            "pilots.json",
            "organisation.long_passage",
            "relief_place",
            "unknown_reference",
            value=relief,
        )
    for place, reached in port.pilotage.transfer_min.items():
        if len(reached) < len(port.pilotage.transfer_min):
            faults.add("travel.json", place, "pilot_transfer", "place_not_reached")
