"""Channel nodes and the segments between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.provenance import Bilingual, Provenance


class Direction(StrEnum):
    """How a segment is sailed: inward from its seaward to its landward node, or outward."""

    INWARD = "inward"
    OUTWARD = "outward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A point of the channel."""

    node_id: str
    name: Bilingual
    km: float
    """Distance along the channel from the port's reference node, growing landward."""
    lat_deg: float
    lon_deg: float
    tide_weights: Mapping[str, float]
    """Share of each tide station in the water level here; the shares add up to 1."""
    density_t_m3: float
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """A bridge over a segment."""

    bridge_id: str
    name: Bilingual
    km: float
    at_node: str | None
    air_draught_m: float
    """Height free above the highest water it is published for, as the source gives it."""
    margin_m: float
    clear_width_m: float | None
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeShip:
    """Thresholds of which ANY one reached makes a ship large; None is no threshold."""

    loa_ge_m: float | None
    beam_ge_m: float | None
    draught_ge_m: float | None

    def includes(self, *, loa_m: float, beam_m: float, draught_m: float) -> bool:
        """Tell whether a ship of these dimensions is large."""
        return (
            (self.loa_ge_m is not None and loa_m >= self.loa_ge_m)
            or (self.beam_ge_m is not None and beam_m >= self.beam_ge_m)
            or (self.draught_ge_m is not None and draught_m >= self.draught_ge_m)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Which two ships may meet in a segment.

    ``two_way`` is ``all`` (any two), ``none`` (no two) or ``restricted`` (unless ``large`` by
    ``applies_to``, ``combined_beam_limit_m`` or the width formula of ``meeting_test`` forbids).
    ``applies_to`` is ``large_large`` (only two large ships may not meet) or ``any`` (a large ship
    meets no opposing ship of ``small_exempt_loa_lt_m`` or longer).
    """

    two_way: str
    large: LargeShip | None
    applies_to: str | None
    large_may_meet_small: bool
    small_exempt_loa_lt_m: float | None
    combined_beam_limit_m: float | None
    meeting_test: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A reach of the channel between two nodes; ``from_node`` is the seaward one."""

    segment_id: str
    name: Bilingual
    from_node: str
    to_node: str
    length_km: float
    width_m: float | None
    depth_cd_m: float
    traffic: Traffic
    max_loa_m: float | None
    max_speed_kn: float | None
    """Local limit of the segment itself; the speed rules may set a lower one."""
    planning_speeds_kn: Mapping[str, float]
    """Speed by ship class."""
    bridges: tuple[Bridge, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Leg:
    """One segment of a passage and the direction it is sailed in."""

    segment: Segment
    direction: Direction

    @property
    def enters_at(self) -> str:
        """The node at which the ship comes into the segment."""
        inward = self.direction is Direction.INWARD
        return self.segment.from_node if inward else self.segment.to_node

    @property
    def leaves_at(self) -> str:
        """The node at which the ship goes out of the segment."""
        inward = self.direction is Direction.INWARD
        return self.segment.to_node if inward else self.segment.from_node
