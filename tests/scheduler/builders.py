"""Plain builders of small problems: everything has a default, say only what the test is about.

The default port is one reach, ``S1``, of 10 km from ``sea`` to ``port``; the berth ``B1`` and the
anchorage ``A1`` lie at ``port``. An entry is in the reach for its first 30 ticks and fast after 40;
an exit is clear of its berth after 10, in the reach for the next 30, and over after 40.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from scheduler.outcome import Placement
from scheduler.problem import (
    Anchorage,
    Berth,
    BoardingPlace,
    Bridge,
    Crew,
    Duty,
    Fixed,
    Interval,
    Leg,
    Mode,
    Movement,
    Need,
    Pool,
    Problem,
    Quay,
    Resource,
    Segment,
    Ship,
    Stay,
    WaterLevel,
)

HORIZON = 1000


def a_ship(name: str = "ship", **changes: Any) -> Ship:
    return replace(Ship(id=name, kind="bulk", loa_mm=200_000, beam_mm=30_000), **changes)


def a_segment(name: str = "S1", **changes: Any) -> Segment:
    segment = Segment(id=name, from_node="sea", to_node="port", length_mm=10_000_000)
    return replace(segment, **changes)


def a_bridge(clearance_mm: int, **changes: Any) -> Bridge:
    return replace(Bridge(id="bridge", clearance_mm=clearance_mm), **changes)


def a_berth(name: str = "B1", **changes: Any) -> Berth:
    return replace(Berth(id=name, node="port"), **changes)


def a_quay(name: str = "Q1", **changes: Any) -> Quay:
    return replace(Quay(id=name), **changes)


def an_anchorage(name: str = "A1", **changes: Any) -> Anchorage:
    return replace(Anchorage(id=name, node="port", capacity=1), **changes)


def a_boarding_place(name: str = "P1", **changes: Any) -> BoardingPlace:
    return replace(BoardingPlace(id=name, node="sea", slot_ticks=30, ships_per_slot=1), **changes)


def a_level(node: str, heights_mm: Iterable[int], step_ticks: int = 60) -> WaterLevel:
    return WaterLevel(node=node, step_ticks=step_ticks, heights_mm=tuple(heights_mm))


def a_leg(segment: str = "S1", forward: bool = True, **changes: Any) -> Leg:
    return replace(Leg(segment=segment, forward=forward, enter=0, leave=30), **changes)


def an_entry_mode(to_place: str | None = "B1", **changes: Any) -> Mode:
    mode = Mode(id="m", legs=(a_leg(),), to_place=to_place, arrive_at=30, end_at=40)
    return replace(mode, **changes)


def an_exit_mode(from_place: str | None = "B1", **changes: Any) -> Mode:
    legs = (a_leg(forward=False, enter=10, leave=40),)
    mode = Mode(id="m", legs=legs, from_place=from_place, clear_at=10, arrive_at=40, end_at=40)
    return replace(mode, **changes)


def an_entry(name: str = "in", *, ship: str = "ship", **changes: Any) -> Movement:
    movement = Movement(
        id=name,
        ship=ship,
        kind="entry",
        draught_mm=10_000,
        modes=(an_entry_mode(),),
        requested=0,
        earliest=0,
        latest=HORIZON - 1,
    )
    return replace(movement, **changes)


def an_exit(name: str = "out", *, ship: str = "ship", **changes: Any) -> Movement:
    return replace(
        an_entry(name, ship=ship), **{"kind": "exit", "modes": (an_exit_mode(),)} | changes
    )


def actual(movement: Movement, start: int) -> Movement:
    """The same movement, of which the start has happened."""
    fixed = Fixed(mode=movement.modes[0].id, start=start, actual=True)
    return replace(movement, fixed=fixed)


def a_stay(name: str = "stay", *, ship: str = "ship", **changes: Any) -> Stay:
    return replace(Stay(id=name, ship=ship), **changes)


def a_need(pool: str = "pilots", **changes: Any) -> Need:
    return replace(Need(id=pool, pool=pool, count=1), **changes)


def a_duty(need: str = "pilots", **changes: Any) -> Duty:
    duty = Duty(need=need, begin=0, end=40, from_place="sea", to_place="port")
    return replace(duty, **changes)


def a_pool(name: str = "pilots", **changes: Any) -> Pool:
    """A pool at "home", 20 ticks from "sea" and 5 from "port"; the two lie 25 apart."""
    travel_ticks = ((0, 20, 5), (20, 0, 25), (5, 25, 0))
    pool = Pool(id=name, places=("home", "sea", "port"), travel_ticks=travel_ticks)
    return replace(pool, **changes)


def a_resource(name: str, pool: str = "pilots", **changes: Any) -> Resource:
    return replace(Resource(id=name, pool=pool, home="home"), **changes)


def a_crew(*resources: str, need: str = "pilots") -> Crew:
    return Crew(need=need, resources=resources)


def spans(*ends: tuple[int, int]) -> tuple[Interval, ...]:
    return tuple(Interval(begin, end) for begin, end in ends)


def a_problem(*movements: Movement, **changes: Any) -> Problem:
    """A problem of these movements in the default port, with a plain ship for each id not given."""
    problem = replace(
        Problem(
            horizon=HORIZON,
            segments=(a_segment(),),
            berths=(a_berth(),),
            anchorages=(an_anchorage(),),
            movements=movements,
        ),
        **changes,
    )
    needed = [movement.ship for movement in problem.movements]
    needed += [stay.ship for stay in problem.stays]
    given = {ship.id for ship in problem.ships}
    missing = tuple(a_ship(ship) for ship in dict.fromkeys(needed) if ship not in given)
    return replace(problem, ships=problem.ships + missing)


def placed(movement: str, start: int, *crews: Crew, mode: str = "m") -> Placement:
    return Placement(movement=movement, mode=mode, start=start, crews=crews)
