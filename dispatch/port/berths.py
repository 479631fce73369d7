"""Places where ships lie or wait: quays, berths, anchorages, boarding places."""

from dataclasses import dataclass

from dispatch.provenance import Bilingual, Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Quay:
    """A straight quay, measured in metres from its own zero."""

    quay_id: str
    name: Bilingual
    length_m: float
    min_clearance_m: float
    """Metres kept free between two ships and at the ends of a ship."""
    bollard_interval_m: float
    rule: str
    """``continuous``: ships may lie across berth marks; ``discrete``: one ship a berth."""
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Berth:
    """A named stretch of a quay."""

    berth_id: str
    quay_id: str
    area_id: str
    terminal: Bilingual
    number: str
    vessel_types: tuple[str, ...]
    length_m: float
    start_m: float
    end_m: float
    depth_cd_m: float
    max_beam_m: float
    max_loa_m: float
    """Longest ship when the berth is used by itself."""
    max_loa_quay_rule_m: float
    """Longest ship when it may lie across berth marks of the same (continuous) quay."""
    discrete_clearance_kept: bool
    """Whether centred ships of ``max_loa_m`` at neighbouring berths keep the quay's clearance."""
    design_dwt_t: float
    structural_dwt_t: float
    """Limit for a calling ship."""
    channel_node: str
    """Where the passage to the berth ends."""
    lat_deg: float
    lon_deg: float
    provenance: Provenance

    @property
    def name(self) -> Bilingual:
        """Terminal and number."""
        return Bilingual(
            f"{self.terminal.zh} {self.number}号泊位", f"{self.terminal.en}, berth {self.number}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchorage:
    """A place to wait at anchor."""

    anchorage_id: str
    name: Bilingual
    node_id: str
    depth_cd_m: float
    capacity_ships: int
    uses: tuple[str, ...]
    outline_deg: tuple[tuple[float, float], ...]
    """Corners (lat, lon); a single point is the centre."""
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipCriterion:
    """A choice of ships: ANY of the thresholds reached or types met; empty takes every ship."""

    loa_ge_m: float | None = None
    draught_ge_m: float | None = None
    vessel_types: tuple[str, ...] = ()

    def takes(self, *, loa_m: float, draught_m: float, vessel_type: str) -> bool:
        """Tell whether the criterion takes the ship."""
        if self.loa_ge_m is None and self.draught_ge_m is None and not self.vessel_types:
            return True
        return (
            (self.loa_ge_m is not None and loa_m >= self.loa_ge_m)
            or (self.draught_ge_m is not None and draught_m >= self.draught_ge_m)
            or vessel_type in self.vessel_types
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardingPlace:
    """Where pilots board and leave; at most ``ships_per_slot`` ships in each slot."""

    place_id: str
    name: Bilingual
    node_id: str
    lat_deg: float
    lon_deg: float
    slot_interval_min: int
    ships_per_slot: int
    sea: bool
    """False for a change point inside the port, which no ship is sent to by its size."""
    ships: ShipCriterion
    provenance: Provenance
