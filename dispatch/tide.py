"""Heights of tide at stations and channel nodes, from harmonic constants."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from dispatch.provenance import Bilingual, Provenance
from dispatch.tide_constituents import (
    CONSTITUENTS,
    factor_and_angle,
    mean_longitudes_deg,
    nodal_corrections,
    speed_deg_per_h,
)

Instants = Sequence[datetime] | NDArray[np.datetime64]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterLevelOverride:
    """A correction of the predicted height at a station over a half-open interval.

    Either ``offset_m`` is added, or ``measured_m`` at ``observed_at`` gives the offset (measured
    less predicted), which is kept to the end of the interval.
    """

    station_id: str
    from_at: datetime
    to_at: datetime
    offset_m: float | None
    measured_m: float | None
    observed_at: datetime | None
    entered_by: str
    reason: str

    def __post_init__(self) -> None:
        """Refuse an override that says nothing, or two things, or holds never.

        Raises:
            ValueError: not exactly one of offset and measurement, a measurement without its
                time, or an empty interval.
        """
        if (self.offset_m is None) == (self.measured_m is None):
            raise ValueError("exactly one of offset_m and measured_m")
        if self.measured_m is not None and self.observed_at is None:
            raise ValueError("measured_m needs observed_at")
        if self.from_at >= self.to_at:
            raise ValueError("from_at is not before to_at")


def utc_array(times: Instants) -> NDArray[np.datetime64]:
    """Return instants as UTC ``datetime64[s]``; an array is taken to be UTC already.

    Raises:
        ValueError: a datetime without a zone.
    """
    if isinstance(times, np.ndarray):
        return times.astype("datetime64[s]")
    if any(instant.tzinfo is None for instant in times):
        raise ValueError("an instant without a zone")
    return np.array(
        [instant.astimezone(UTC).replace(tzinfo=None) for instant in times],
        dtype="datetime64[s]",
    )


def corrected_constants(station: TideStation) -> tuple[Constant, ...]:
    """Return the station's own constants: a corrected copy of its reference's.

    The time shift adds speed x lag to every phase, the factors scale amplitudes by species.
    """
    corrections = station.corrections
    corrected: list[Constant] = []
    for constant in station.constants:
        constituent = CONSTITUENTS[constant.name]
        lag_deg = speed_deg_per_h(constituent) * corrections.time_shift_min / 60.0
        corrected.append(
            Constant(
                constant.name,
                constant.amplitude_m * corrections.amplitude_factors[constituent.species],
                (constant.phase_deg + lag_deg) % 360.0,
            )
        )
    return tuple(corrected)


def height_m(
    station: TideStation, times: Instants, overrides: Iterable[WaterLevelOverride] = ()
) -> NDArray[np.float64]:
    """Predict heights of tide above chart datum.

    Args:
        station: constants and corrections.
        times: n instants; aware datetimes, or an array of UTC ``datetime64``.
        overrides: those of other stations are left aside; of several that hold at an instant
            the last one counts.

    Returns:
        Metres, shape (n,).

    Source: h = Z0 + sum f H cos(V + u - g), Schureman (1958), Manual of Harmonic Analysis and
    Prediction of Tides, paragraph 127.
    """
    instants = utc_array(times)
    heights = _predicted_m(station, instants)
    offsets = np.zeros_like(heights)
    for override in overrides:
        if override.station_id != station.station_id:
            continue
        start, end = utc_array([override.from_at, override.to_at])
        offsets[(start <= instants) & (instants < end)] = _offset_m(station, override)
    return heights + offsets


def _offset_m(station: TideStation, override: WaterLevelOverride) -> float:
    if override.offset_m is not None:
        return override.offset_m
    assert override.measured_m is not None
    assert override.observed_at is not None
    predicted = _predicted_m(station, utc_array([override.observed_at]))
    return override.measured_m - float(predicted[0])


def _predicted_m(station: TideStation, instants: NDArray[np.datetime64]) -> NDArray[np.float64]:
    longitudes = mean_longitudes_deg(instants)
    basic = nodal_corrections(longitudes)
    heights = np.full(instants.shape, station.z0_m, dtype=np.float64)
    for constant in corrected_constants(station):
        constituent = CONSTITUENTS[constant.name]
        f, u_deg = factor_and_angle(constituent, basic)
        argument = np.asarray(constituent.argument, dtype=np.float64) @ longitudes
        if constant.name == "SA" and station.corrections.sa_argument == "h_minus_perihelion":
            argument = argument - longitudes[5]
        angle = np.radians(argument + constituent.offset_deg + u_deg - constant.phase_deg)
        heights += f * constant.amplitude_m * np.cos(angle)
    return heights


def height_at_node_m(
    tide_weights: Mapping[str, float],
    stations: Mapping[str, TideStation],
    times: Instants,
    overrides: Iterable[WaterLevelOverride] = (),
) -> NDArray[np.float64]:
    """Mix the heights of a channel node's stations by its weights.

    Args:
        tide_weights: share of each station at the node; the shares add up to 1.
        stations: the port's stations by id.
        times: n instants.
        overrides: water level overrides of any station.

    Returns:
        Metres above chart datum, shape (n,).
    """
    instants = utc_array(times)
    kept = tuple(overrides)
    heights = np.zeros(instants.shape, dtype=np.float64)
    for station_id, share in tide_weights.items():
        if share:
            heights += share * height_m(stations[station_id], instants, kept)
    return heights
