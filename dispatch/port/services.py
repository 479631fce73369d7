"""Times, companies and shore services of a port."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.provenance import Bilingual, Provenance
from dispatch.vessel import Vessel


@dataclass(frozen=True, slots=True, kw_only=True)
class LoaRow:
    """Minutes for ships with ``loa_ge_m`` <= LOA < ``loa_lt_m`` (None: no upper limit)."""

    loa_ge_m: float
    loa_lt_m: float | None
    minutes: float

    def holds(self, loa_m: float) -> bool:
        """Tell whether a ship of this length falls in the row."""
        return self.loa_ge_m <= loa_m and (self.loa_lt_m is None or loa_m < self.loa_lt_m)


def minutes_by_loa(rows: tuple[LoaRow, ...], loa_m: float) -> float:
    """Return the minutes of the row that holds the length.

    Raises:
        KeyError: no row holds it; a loaded port has rows for every length from 0.
    """
    for row in rows:
        if row.holds(loa_m):
            return row.minutes
    raise KeyError(loa_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTimes:
    """How long the parts of a movement take, in minutes."""

    berthing: tuple[LoaRow, ...]
    unberthing: tuple[LoaRow, ...]
    pilot_boarding_min: float
    anchoring_min: float
    weighing_min: float
    turnover_min: float
    """Free time at a berth between two ships."""
    tug_make_ready_min: float
    tug_early_min: float
    """Minutes a tug stands by before it is needed."""
    dwell_h: Mapping[str, float]
    """Usual hours alongside by vessel type."""
    provenance: Provenance

    def berthing_min(self, loa_m: float) -> float:
        """Minutes from the end of the passage to all fast."""
        return minutes_by_loa(self.berthing, loa_m)

    def unberthing_min(self, loa_m: float) -> float:
        """Minutes from first line off to the start of the passage."""
        return minutes_by_loa(self.unberthing, loa_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesmenGroup:
    """Linesmen gangs of an area."""

    area_id: str
    gangs: int
    job_min: float
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchGroup:
    """Pilot launches of an area and the nodes they serve."""

    area_id: str
    launches: int
    nodes: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A company that declares calls; a terminal operator has quays, an agent has none."""

    company_id: str
    name: Bilingual
    role: str
    quays: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipSort:
    """Ships of some types (empty: any), from a length on."""

    vessel_types: tuple[str, ...] = ()
    loa_ge_m: float = 0.0

    def takes(self, vessel: Vessel) -> bool:
        """Tell whether a ship is of this sort."""
        of_type = not self.vessel_types or vessel.vessel_type in self.vessel_types
        return of_type and vessel.loa_m >= self.loa_ge_m


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """A priority of calls; 1 goes first."""

    priority: int
    name: Bilingual
    ships: tuple[ShipSort, ...]
    """Who has it if nobody says otherwise; of the last priority, all that are left."""
    latest_after_h: float
    """Usual hours from the requested to the latest acceptable start."""
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficService:
    """The vessel traffic service: who is called, and where ships report."""

    name: Bilingual
    vhf_channels: tuple[str, ...]
    phone: str
    reporting_lines: tuple[Bilingual, ...]
    provenance: Provenance
