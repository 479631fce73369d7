"""Water, light and weather over the horizon as the scheduler knows them."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from dispatch.framing.grid import TICK_S, Grid
from dispatch.light import light_intervals
from dispatch.port import Port
from dispatch.situation import Restriction
from dispatch.tide import WaterLevelOverride, height_m, utc_array
from scheduler import problem


def frame_water_levels(
    port: Port, grid: Grid, restrictions: Sequence[Restriction], *, step_ticks: int
) -> tuple[problem.WaterLevel, ...]:
    """Return the predicted level at every node, corrected by the overrides, rounded down.

    Each tide station is predicted once; the nodes mix them by their shares.
    """
    overrides = tuple(_override(grid, item) for item in restrictions if item.kind == "water_level")
    samples = grid.known // step_ticks + 1
    start = utc_array([grid.origin_at])[0]
    times = start + np.arange(samples) * np.timedelta64(step_ticks * TICK_S, "s")
    stations_m = {
        station: height_m(found, times, overrides) for station, found in port.tide_stations.items()
    }
    levels: list[problem.WaterLevel] = []
    for node in port.nodes.values():
        heights_m = np.zeros(samples)
        for station, share in node.tide_weights.items():
            heights_m += share * stations_m[station]
        # half a micrometre forgives what floating point takes from whole millimetres
        heights_mm = tuple(np.floor(heights_m * 1000.0 + 5e-4).astype(int).tolist())
        levels.append(
            problem.WaterLevel(node=node.node_id, step_ticks=step_ticks, heights_mm=heights_mm)
        )
    return tuple(levels)


def frame_visibility(
    grid: Grid, restrictions: Sequence[Restriction], *, past: bool = False
) -> tuple[problem.Visibility, ...]:
    """Return the visibility spans in the order in which they override each other.

    With ``past`` they are not cut at tick 0.
    """
    found: list[problem.Visibility] = []
    for item in restrictions:
        span = grid.span(item.from_at, item.to_at, past=past)
        if item.kind == "visibility" and span is not None and item.value is not None:
            found.append(
                problem.Visibility(span=span, visibility_m=int(item.value), segments=item.segments)
            )
    return tuple(found)


def frame_wind(grid: Grid, restrictions: Sequence[Restriction]) -> tuple[problem.Wind, ...]:
    """Return the wind spans in the order in which they override each other."""
    found: list[problem.Wind] = []
    for item in restrictions:
        span = grid.span(item.from_at, item.to_at)
        if item.kind == "wind" and span is not None and item.value is not None:
            found.append(problem.Wind(span=span, wind_mms=round(item.value * 1000)))
    return tuple(found)


def frame_closures(grid: Grid, restrictions: Sequence[Restriction]) -> tuple[problem.Closure, ...]:
    """Return the closures of segments."""
    found: list[problem.Closure] = []
    for item in restrictions:
        span = grid.span(item.from_at, item.to_at)
        if item.kind == "closure" and span is not None:
            found.append(problem.Closure(id=item.id, span=span, segments=item.segments))
    return tuple(found)


def _override(grid: Grid, item: Restriction) -> WaterLevelOverride:
    end_at = item.to_at or grid.instant(grid.known) + timedelta(days=1)
    return WaterLevelOverride(
        station_id=item.place or "",
        from_at=item.from_at,
        to_at=max(end_at, item.from_at + timedelta(seconds=1)),
        offset_m=item.value or 0.0,
        measured_m=None,
        observed_at=None,
        entered_by=item.set_by,
        reason=item.reason,
    )


def frame_daylight(port: Port, grid: Grid) -> tuple[problem.Interval, ...]:
    """Return the spans from sunrise to sunset at the port, cut to whole minutes inside them."""
    lights = light_intervals(
        port.lat_deg, port.lon_deg, port.zone, grid.origin_at, grid.instant(grid.known)
    )
    return tuple(
        problem.Interval(grid.ceil(sunrise_at), grid.floor(sunset_at))
        for sunrise_at, sunset_at in lights
    )
