"""Tugs, and how many a ship needs."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.provenance import Bilingual, Provenance


class TugOperation(StrEnum):
    """What tugs help with."""

    BERTH = "berth"
    UNBERTH = "unberth"
    ANCHOR = "anchor"
    WEIGH = "weigh"


@dataclass(frozen=True, slots=True, kw_only=True)
class TugCompany:
    """An owner of tugs."""

    company_id: str
    name: Bilingual
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class TugBase:
    """Where tugs wait between jobs."""

    base_id: str
    name: Bilingual
    node_id: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Tug:
    """A tug."""

    tug_id: str
    name: Bilingual
    company_id: str
    base_id: str
    power_class: str
    bollard_pull_t: float
    free_speed_kn: float
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class TugRow:
    """Tugs of ships with ``loa_ge_m`` <= LOA < ``loa_lt_m`` in one operation."""

    operation: TugOperation
    loa_ge_m: float
    loa_lt_m: float | None
    count: int
    min_total_pull_t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TugExtra:
    """A change to the rows for some ships; every threshold that is not null has to hold.

    ``set_*`` replace what the rows say, then every ``plus_count`` is added.
    """

    extra_id: str
    operations: tuple[TugOperation, ...]
    vessel_types: tuple[str, ...]
    loa_ge_m: float | None
    loa_lt_m: float | None
    dwt_ge_t: float | None
    draught_ge_m: float | None
    bow_thruster: bool | None
    set_count: int | None
    set_min_total_pull_t: float | None
    plus_count: int
    escort_count: int
    escort_segments: tuple[str, ...]
    provenance: Provenance

    def holds(
        self,
        *,
        operation: TugOperation,
        vessel_type: str,
        loa_m: float,
        dwt_t: float,
        draught_m: float,
        bow_thruster: bool,
    ) -> bool:
        """Tell whether the extra applies."""
        return (
            operation in self.operations
            and (not self.vessel_types or vessel_type in self.vessel_types)
            and (self.loa_ge_m is None or loa_m >= self.loa_ge_m)
            and (self.loa_lt_m is None or loa_m < self.loa_lt_m)
            and (self.dwt_ge_t is None or dwt_t >= self.dwt_ge_t)
            and (self.draught_ge_m is None or draught_m >= self.draught_ge_m)
            and (self.bow_thruster is None or bow_thruster == self.bow_thruster)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TugRequirement:
    """What one operation of one ship needs."""

    count: int
    min_total_pull_t: float
    escort_count: int
    """Tugs in addition to ``count`` that go with the ship through ``escort_segments``."""
    escort_segments: tuple[str, ...]
    extras: tuple[str, ...]
    """Ids of the extras that were applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Towage:
    """Fleet, owners, bases and the tug table of a port."""

    companies: tuple[TugCompany, ...]
    bases: tuple[TugBase, ...]
    tugs: tuple[Tug, ...]
    rows: tuple[TugRow, ...]
    extras: tuple[TugExtra, ...]
    provenance: Provenance

    def requirement(
        self,
        operation: TugOperation,
        *,
        vessel_type: str,
        loa_m: float,
        dwt_t: float,
        draught_m: float,
        bow_thruster: bool,
    ) -> TugRequirement:
        """Return number and pull of tugs; an operation without a row needs none."""
        count, pull_t = 0, 0.0
        for row in self.rows:
            below = row.loa_lt_m is None or loa_m < row.loa_lt_m
            if row.operation is operation and row.loa_ge_m <= loa_m and below:
                count, pull_t = row.count, row.min_total_pull_t
        applied = [
            extra
            for extra in self.extras
            if extra.holds(
                operation=operation,
                vessel_type=vessel_type,
                loa_m=loa_m,
                dwt_t=dwt_t,
                draught_m=draught_m,
                bow_thruster=bow_thruster,
            )
        ]
        for extra in applied:
            count = count if extra.set_count is None else extra.set_count
            pull_t = pull_t if extra.set_min_total_pull_t is None else extra.set_min_total_pull_t
        escorts = [extra for extra in applied if extra.escort_count]
        return TugRequirement(
            count=count + sum(extra.plus_count for extra in applied),
            min_total_pull_t=pull_t,
            escort_count=sum(extra.escort_count for extra in escorts),
            escort_segments=tuple(
                dict.fromkeys(name for extra in escorts for name in extra.escort_segments)
            ),
            extras=tuple(extra.extra_id for extra in applied),
        )
