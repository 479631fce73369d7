"""Heights of tide at stations and channel nodes, from harmonic constants."""

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.provenance import Bilingual, Provenance


@dataclass(frozen=True, slots=True)
class Constant:
    """Amplitude and Greenwich phase (UTC) of a constituent at a station."""

    name: str
    amplitude_m: float
    phase_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What makes a station's constants out of its reference's; applied once, to a copy."""

    time_shift_min: float
    """Lag of the station behind its reference; positive is later."""
    amplitude_factors: Mapping[str, float]
    """Factor by species of constituent."""
    sa_argument: str
    """Argument the published SA phase refers to: ``h``, or ``h_minus_perihelion``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TideStation:
    """A place with harmonic constants; heights are above chart datum."""

    station_id: str
    name: Bilingual
    lat_deg: float
    lon_deg: float
    z0_m: float
    """Mean water level above chart datum."""
    reference_id: str
    constants: tuple[Constant, ...]
    """As published for the reference, uncorrected."""
    corrections: Corrections
    provenance: Provenance
