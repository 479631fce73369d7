"""Pilots and tugs as the scheduler knows them: where they live, when they can, what they did."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from dispatch.framing.grid import Grid, minutes, up
from dispatch.framing.needs import PILOTS, TUGS
from dispatch.port import Pilot, Port, Tug, Watch
from dispatch.situation import Outage
from dispatch.units import millimetres
from scheduler import problem

PastDuties = Mapping[str, Sequence[problem.PastDuty]]
"""What resources did in movements that are over, by resource."""


def frame_pools(port: Port) -> tuple[problem.Pool, problem.Pool]:
    """Return the pools of pilots and of tugs."""
    limits = port.pilotage.rolling_limits
    transfer = port.pilotage.transfer_min
    pilot_places = tuple(transfer)
    nodes = tuple(port.nodes)
    times = port.service_times
    return (
        problem.Pool(
            id=PILOTS,
            places=pilot_places,
            travel_ticks=tuple(
                tuple(up(transfer[start][end]) for end in pilot_places) for start in pilot_places
            ),
            debrief_ticks=minutes(port.pilotage.debrief_min),
            min_rest_ticks=minutes(limits.min_rest_between_jobs_h * 60),
            max_duties=limits.max_jobs_per_24h,
            rolling_ticks=24 * 60,
            max_duty_ticks=minutes(limits.max_continuous_conning_h * 60),
            min_rest_rolling_ticks=minutes(limits.min_rest_per_24h_h * 60),
        ),
        problem.Pool(
            id=TUGS,
            places=nodes,
            travel_ticks=tuple(
                tuple(port.tug_running_min(start, end) for end in nodes) for start in nodes
            ),
            make_ready_ticks=minutes(times.tug_make_ready_min),
            early_ticks=minutes(times.tug_early_min),
        ),
    )


def frame_resources(
    port: Port, grid: Grid, outages: Sequence[Outage], past: PastDuties
) -> tuple[problem.Resource, ...]:
    """Return the pilots on duty and all tugs."""
    watches = {watch.watch_id: _watch(port, grid, watch) for watch in port.pilotage.watches}
    bases = {base.base_id: base.node_id for base in port.towage.bases}
    pilots = (
        _pilot(port, pilot, watches[pilot.watch_id], _off(grid, pilot.pilot_id, outages), past)
        for pilot in port.pilotage.pilots
        if pilot.on_duty
    )
    tugs = (
        _tug(tug, bases[tug.base_id], _off(grid, tug.tug_id, outages), past)
        for tug in port.towage.tugs
    )
    return (*pilots, *tugs)


def _pilot(
    port: Port,
    pilot: Pilot,
    watch: tuple[problem.Interval, ...],
    off: tuple[problem.Interval, ...],
    past: PastDuties,
) -> problem.Resource:
    grade = next(item for item in port.pilotage.classes if item.class_id == pilot.class_id)
    return problem.Resource(
        id=pilot.pilot_id,
        pool=PILOTS,
        home=pilot.station_id,
        grade=grade.rank,
        below_loa_mm=None if grade.max_loa_m is None else millimetres(grade.max_loa_m),
        not_kinds=grade.excluded_types,
        off=off,
        past=tuple(past.get(pilot.pilot_id, ())),
        watch=watch,
    )


def _tug(
    tug: Tug, home: str, off: tuple[problem.Interval, ...], past: PastDuties
) -> problem.Resource:
    return problem.Resource(
        id=tug.tug_id,
        pool=TUGS,
        home=home,
        pull_kg=round(tug.bollard_pull_t * 1000),
        off=off,
        past=tuple(past.get(tug.tug_id, ())),
    )


def _off(grid: Grid, resource_id: str, outages: Sequence[Outage]) -> tuple[problem.Interval, ...]:
    spans = sorted(
        (span.begin, span.end)
        for item in outages
        if item.resource_id == resource_id
        and (span := grid.span(item.from_at, item.to_at)) is not None
    )
    merged: list[problem.Interval] = []
    for begin, end in spans:
        if merged and begin <= merged[-1].end:
            merged[-1] = problem.Interval(merged[-1].begin, max(merged[-1].end, end))
        else:
            merged.append(problem.Interval(begin, end))
    return tuple(merged)


def _watch(port: Port, grid: Grid, watch: Watch) -> tuple[problem.Interval, ...]:
    spans: list[problem.Interval] = []
    for day in _days(port, grid):
        for start, end in watch.windows:
            begin_at = datetime.combine(day, start, port.zone)
            last_day = day if start < end else day + timedelta(days=1)
            end_at = datetime.combine(last_day, end, port.zone)
            span = grid.span(begin_at, end_at)
            if span is not None and span.begin < grid.known:
                spans.append(span)
    return tuple(spans)


def _days(port: Port, grid: Grid) -> Iterator[date]:
    """Yield the port's own days that the grid touches, the day before included."""
    first = grid.origin_at.astimezone(port.zone).date() - timedelta(days=1)
    last = grid.instant(grid.known).astimezone(port.zone).date()
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
