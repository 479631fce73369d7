"""The port itself and what others ask of it."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from dispatch.declaration import DraughtWater
from dispatch.light import Daylight, daylight, light_intervals
from dispatch.port.berths import Anchorage, Berth, BoardingPlace, Quay
from dispatch.port.pilotage import PilotageOrganisation, PilotRequirement
from dispatch.port.rules import Days, Rule, RuleKind
from dispatch.port.services import (
    Company,
    LaunchGroup,
    LinesmenGroup,
    Priority,
    ServiceTimes,
    TrafficService,
)
from dispatch.port.towage import Towage, TugOperation, TugRequirement
from dispatch.port.travel import shortest_minutes, tree_path
from dispatch.port.waterway import Direction, Leg, Node, Segment
from dispatch.provenance import Bilingual, Source
from dispatch.tide import Instants, TideStation, WaterLevelOverride, height_at_node_m
from dispatch.units import local_draught_m, running_min
from dispatch.vessel import Vessel


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Whether two ships may meet in a segment, and what decides it."""

    allowed: bool
    reason: str
    """``open``, ``never``, ``large_ship``, ``combined_beam`` or ``width``."""
    rule_id: str | None = None
    needed_m: float | None = None
    available_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port: immutable, validated on loading, every number with its unit in the name.

    Mappings are by id, in the order of the port's files; nodes and segments run from the sea
    inward.
    """

    port_id: str
    folder: Path
    name: Bilingual
    unlocode: str
    zone: ZoneInfo
    lat_deg: float
    lon_deg: float
    height_datum: Bilingual
    warning: Bilingual
    compiled_on: date
    draught_water: DraughtWater
    """``sea`` or ``local``: the water in which declared draughts are given here."""
    fresh_water_k: float
    sources: Mapping[str, Source]
    areas: Mapping[str, Bilingual]
    area_unlocodes: Mapping[str, str]
    flags: Mapping[str, Bilingual]
    nodes: Mapping[str, Node]
    segments: Mapping[str, Segment]
    ship_classes: Mapping[str, tuple[str, ...]]
    """Vessel types of each ship class for planning speeds; one class takes the rest (empty)."""
    quays: Mapping[str, Quay]
    berths: Mapping[str, Berth]
    anchorages: Mapping[str, Anchorage]
    boarding_places: Mapping[str, BoardingPlace]
    rules: Mapping[str, Rule]
    towage: Towage
    tug_speeds_kn: Mapping[str, float]
    """Running speed of a free tug by segment."""
    pilotage: PilotageOrganisation
    service_times: ServiceTimes
    linesmen: tuple[LinesmenGroup, ...]
    launches: tuple[LaunchGroup, ...]
    companies: Mapping[str, Company]
    priorities: Mapping[int, Priority]
    traffic_service: TrafficService | None
    tide_stations: Mapping[str, TideStation]
    _tug_min: dict[str, dict[str, float]] = field(
        default_factory=dict[str, dict[str, float]], init=False, repr=False, compare=False
    )

    # -- places -----------------------------------------------------------------------------

    def channel_node(self, place_id: str) -> str:
        """Return the channel node of a berth, anchorage, boarding place or node.

        Raises:
            KeyError: the port has no such place.
        """
        if place_id in self.berths:
            return self.berths[place_id].channel_node
        if place_id in self.anchorages:
            return self.anchorages[place_id].node_id
        if place_id in self.boarding_places:
            return self.boarding_places[place_id].node_id
        return self.nodes[place_id].node_id

    def berths_of_quay(self, quay_id: str) -> tuple[Berth, ...]:
        """Return the berths of a quay in order of their start."""
        berths = (berth for berth in self.berths.values() if berth.quay_id == quay_id)
        return tuple(sorted(berths, key=lambda berth: berth.start_m))

    def adjoining_berths(self, berth_id: str, reach_berths: int = 1) -> tuple[str, ...]:
        """Return the ids of the berths next to one on its quay, up to ``reach_berths`` away."""
        row = [berth.berth_id for berth in self.berths_of_quay(self.berths[berth_id].quay_id)]
        at = row.index(berth_id)
        return tuple(row[max(0, at - reach_berths) : at] + row[at + 1 : at + 1 + reach_berths])

    def boarding_place_for(self, vessel: Vessel, draught_m: float) -> BoardingPlace:
        """Return the boarding place at sea for a ship: the last one whose criterion takes it."""
        at_sea = [place for place in self.boarding_places.values() if place.sea]
        return [
            place
            for place in at_sea
            if place.ships.takes(
                loa_m=vessel.loa_m, draught_m=draught_m, vessel_type=vessel.vessel_type
            )
        ][-1]

    def priority_of(self, vessel: Vessel) -> int:
        """Return the priority that a ship has if nobody says otherwise."""
        for number in sorted(self.priorities):
            if any(sort.takes(vessel) for sort in self.priorities[number].ships):
                return number
        return max(self.priorities)

    # -- passages ---------------------------------------------------------------------------

    def passage(self, from_node: str, to_node: str) -> tuple[Leg, ...]:
        """Return the legs from one node to another; empty when they are the same.

        Raises:
            KeyError: the port has no such node.
        """
        ends = {key: (item.from_node, item.to_node) for key, item in self.segments.items()}
        return tuple(
            Leg(
                self.segments[segment_id],
                Direction.INWARD if inward else Direction.OUTWARD,
            )
            for segment_id, inward in tree_path(ends, from_node, to_node, tuple(self.nodes))
        )

    def ship_class(self, vessel_type: str) -> str:
        """Return the planning-speed class of a vessel type."""
        rest = ""
        for class_id, types in self.ship_classes.items():
            if vessel_type in types:
                return class_id
            if not types:
                rest = class_id
        return rest

    def transit_min(
        self, segment_id: str, ship_class: str, *, cap_speed_kn: float | None = None
    ) -> float:
        """Return the minutes a ship of a class takes through a segment, unrounded.

        ``cap_speed_kn`` is a lower speed that conditions force, as in poor visibility.
        """
        segment = self.segments[segment_id]
        speed_kn = segment.planning_speeds_kn[ship_class]
        if cap_speed_kn is not None:
            speed_kn = min(speed_kn, cap_speed_kn)
        return running_min(segment.length_km, speed_kn)

    # -- rules ------------------------------------------------------------------------------

    def rule_set(self, day: date) -> frozenset[str]:
        """Return the ids of all rules that the port applies on a day."""
        return frozenset(rule.rule_id for rule in self.rules.values() if rule.in_force_at(day))

    def rules_in_force(self, kind: RuleKind, day: Days) -> Iterator[Rule]:
        """Yield the rules of a kind that the port applies on a day, or on any of several.

        Whoever reads more than one of a kind takes the strictest, so several days ask for what
        the strictest of them does.
        """
        for rule in self.rules.values():
            if rule.kind is kind and rule.in_force_at(day):
                yield rule

    def rules_over(self, kind: RuleKind, segment_id: str, day: Days) -> list[Rule]:
        """Return the rules of a kind in force that name a segment."""
        found = self.rules_in_force(kind, day)
        return [rule for rule in found if segment_id in rule.names("segments")]

    def under_keel_share(self, segment_id: str, day: Days) -> float:
        """Return the under-keel clearance as a share of the draught; 0 where no rule asks any."""
        rules = self.rules_over(RuleKind.UNDER_KEEL_CLEARANCE, segment_id, day)
        return max((rule.number("fraction") for rule in rules), default=0.0)

    def alongside_clearance_m(self, draught_m: float, day: Days) -> float:
        """Return the water to be kept under a ship alongside."""
        return max(
            (
                max(rule.number("min_m"), rule.number("fraction") * draught_m)
                for rule in self.rules_in_force(RuleKind.ALONGSIDE_CLEARANCE, day)
            ),
            default=0.0,
        )

    def speed_limit_kn(self, segment_id: str, day: Days) -> float | None:
        """Return the lowest speed limit of a segment, or None where there is none."""
        limits = [
            rule.number("speed_kn")
            for rule in self.rules_over(RuleKind.SPEED_LIMIT, segment_id, day)
        ]
        local = self.segments[segment_id].max_speed_kn
        return min([*limits, *([] if local is None else [local])], default=None)

    def overtaking_banned_by(self, segment_id: str, day: Days) -> str | None:
        """Return the id of the rule that forbids overtaking in a segment, or None."""
        rules = self.rules_over(RuleKind.NO_OVERTAKING, segment_id, day)
        return rules[0].rule_id if rules else None

    def headway_min(self, vessel: Vessel, day: Days) -> float:
        """Return the least minutes behind a ship ahead for a ship of this length and type."""
        minutes = 0.0
        for rule in self.rules_in_force(RuleKind.HEADWAY, day):
            by_type = rule.values["by_type_min"]
            rows = rule.values["rows"]
            assert isinstance(by_type, Mapping)
            assert isinstance(rows, tuple)
            if vessel.vessel_type in by_type:
                minutes = max(minutes, float(by_type[vessel.vessel_type]))
                continue
            minutes = max([minutes, *(row.minutes for row in rows if row.holds(vessel.loa_m))])
        return minutes

    def pilotage_compulsory(self, vessel: Vessel, day: Days) -> bool:
        """Tell whether a rule in force makes the ship take a pilot."""
        foreign = vessel.flag not in self.pilotage.home_flags
        rules = self.rules_in_force(RuleKind.PILOTAGE_COMPULSORY, day)
        return any(foreign or not rule.values["foreign"] for rule in rules)

    def meeting(
        self,
        segment_id: str,
        first: tuple[Vessel, float],
        second: tuple[Vessel, float],
        day: Days,
    ) -> Meeting:
        """Tell whether two ships, each with its draught in metres, may meet in a segment."""
        segment = self.segments[segment_id]
        traffic = segment.traffic
        if traffic.two_way == "none":
            return Meeting(allowed=False, reason="never")
        if traffic.two_way == "all":
            return Meeting(allowed=True, reason="open")
        if traffic.combined_beam_limit_m is not None:
            needed_m = first[0].beam_m + second[0].beam_m
            if needed_m > traffic.combined_beam_limit_m:
                return Meeting(
                    allowed=False,
                    reason="combined_beam",
                    needed_m=needed_m,
                    available_m=traffic.combined_beam_limit_m,
                )
        if _large_forbids(segment, first, second):
            return Meeting(allowed=False, reason="large_ship")
        rule = self.rules.get(traffic.meeting_test or "")
        if rule is not None and rule.in_force_at(day) and segment.width_m is not None:
            needed_m = meeting_width_m(rule, first[0], second[0])
            if needed_m > segment.width_m:
                return Meeting(
                    allowed=False,
                    reason="width",
                    rule_id=rule.rule_id,
                    needed_m=needed_m,
                    available_m=segment.width_m,
                )
        return Meeting(allowed=True, reason="open")

    # -- water and light --------------------------------------------------------------------

    def height_at_node_m(
        self, node_id: str, times: Instants, overrides: Iterable[WaterLevelOverride] = ()
    ) -> NDArray[np.float64]:
        """Return the water level above chart datum at a channel node, metres, one per instant."""
        weights = self.nodes[node_id].tide_weights
        return height_at_node_m(weights, self.tide_stations, times, overrides)

    def local_draught_m(self, draught_m: float, node_id: str) -> float:
        """Return the draught of a ship at a node, whose draught was declared in sea water."""
        return local_draught_m(draught_m, self.nodes[node_id].density_t_m3, k=self.fresh_water_k)

    def daylight(self, day: date, node_id: str | None = None) -> Daylight:
        """Return the sun of a local day at the port, or at one of its nodes."""
        place = self if node_id is None else self.nodes[node_id]
        return daylight(place.lat_deg, place.lon_deg, day, self.zone)

    def light_intervals(
        self, from_at: datetime, to_at: datetime
    ) -> tuple[tuple[datetime, datetime], ...]:
        """Return the intervals from sunrise to sunset that meet ``[from_at, to_at)``."""
        return tuple(light_intervals(self.lat_deg, self.lon_deg, self.zone, from_at, to_at))

    # -- people and boats -------------------------------------------------------------------

    def tug_requirement(
        self, operation: TugOperation, vessel: Vessel, draught_m: float
    ) -> TugRequirement:
        """Return the tugs for an operation of a ship at a draught."""
        return self.towage.requirement(
            operation,
            vessel_type=vessel.vessel_type,
            loa_m=vessel.loa_m,
            dwt_t=vessel.dwt_t,
            draught_m=draught_m,
            bow_thruster=vessel.bow_thruster,
        )

    def pilot_requirement(self, vessel: Vessel, conning_h: float = 0.0) -> PilotRequirement:
        """Return the pilots for a movement of a ship that takes a pilot."""
        return self.pilotage.requirement(
            loa_m=vessel.loa_m,
            gt=vessel.gt,
            vessel_type=vessel.vessel_type,
            conning_h=conning_h,
        )

    def tug_running_min(self, from_node: str, to_node: str) -> int:
        """Return the minutes a free tug runs between two nodes, rounded up."""
        if from_node not in self._tug_min:
            self._tug_min[from_node] = shortest_minutes(
                [
                    (
                        item.from_node,
                        item.to_node,
                        running_min(item.length_km, self.tug_speeds_kn[key]),
                    )
                    for key, item in self.segments.items()
                ],
                from_node,
            )
        # the tenth decimal is the noise of adding floats, never a minute
        return math.ceil(round(self._tug_min[from_node][to_node], 9))

    def pilot_transfer_min(self, from_place: str, to_place: str) -> float:
        """Return the minutes a pilot takes by launch and road between stations and nodes."""
        return self.pilotage.transfer_min[from_place][to_place]


def meeting_width_m(rule: Rule, first: Vessel, second: Vessel) -> float:
    """Return the channel width that two meeting ships need.

    W = A1 + A2 + b + c1 + c2 with the track width A = n(L sin γ + B), b the greater beam and
    c = ``c_factor`` x B.

    Source: JTS 165, Design Code of General Layout for Sea Ports; n, γ, c as marked in the rule.
    """
    n, sine = rule.number("n"), math.sin(math.radians(rule.number("gamma_deg")))
    tracks_m = sum(n * (ship.loa_m * sine + ship.beam_m) for ship in (first, second))
    banks_m = rule.number("c_factor") * (first.beam_m + second.beam_m)
    return tracks_m + max(first.beam_m, second.beam_m) + banks_m


def _large_forbids(
    segment: Segment, first: tuple[Vessel, float], second: tuple[Vessel, float]
) -> bool:
    """Tell whether the one-way thresholds of a segment keep two ships from meeting."""
    traffic = segment.traffic
    large = traffic.large
    if large is None:
        return False
    is_large = [
        large.includes(loa_m=ship.loa_m, beam_m=ship.beam_m, draught_m=draught_m)
        for ship, draught_m in (first, second)
    ]
    if traffic.applies_to == "large_large" or traffic.large_may_meet_small:
        return all(is_large)
    exempt_m = traffic.small_exempt_loa_lt_m
    return any(
        mine and (theirs or exempt_m is None or other.loa_m >= exempt_m)
        for mine, theirs, other in (
            (is_large[0], is_large[1], second[0]),
            (is_large[1], is_large[0], first[0]),
        )
    )
