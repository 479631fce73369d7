"""The question put to the scheduler: what is asked to move, where, with whom, under which limits.

Everything is an integer. Times are **ticks** of ``Problem.tick_s`` seconds counted from the
problem's origin; offsets inside a mode are ticks after the movement's start. Lengths, depths,
heights and draughts are millimetres, pulls kilograms, speeds millimetres a second. Intervals are
half-open ``[begin, end)``. What is left out (``None``, empty) means "no such limit".

A movement *starts* when the pilot comes on board (entry), or when it begins to leave its berth or
anchorage (exit, shift). It *ends* when it is all fast, anchored, or the pilot is off.
"""

from dataclasses import dataclass
from typing import Literal

from scheduler.manning import Break, Count, Crew, Duty, Need, PastDuty, Pool, Resource
from scheduler.waterway import (
    Anchorage,
    Berth,
    BoardingPlace,
    Bridge,
    Closure,
    Gap,
    Interval,
    OneWay,
    Quay,
    Segment,
    Visibility,
    WaterLevel,
    WidthFormula,
    Wind,
)

__all__ = [
    "Anchorage",
    "Berth",
    "BoardingPlace",
    "Break",
    "Bridge",
    "Closure",
    "Count",
    "Crew",
    "Duty",
    "Fixed",
    "Follows",
    "Gap",
    "Interval",
    "Kind",
    "Leg",
    "Mode",
    "Movement",
    "Need",
    "OneWay",
    "PastDuty",
    "Pool",
    "Problem",
    "Published",
    "Quay",
    "Resource",
    "Segment",
    "Ship",
    "Stay",
    "Visibility",
    "WaterLevel",
    "WidthFormula",
    "Wind",
]

Kind = Literal["entry", "exit", "shift"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship:
    """A hull: the particulars that rules ask for."""

    id: str
    kind: str
    loa_mm: int
    beam_mm: int
    gt: int = 0
    dwt_t: int = 0
    headway_ticks: int = 0
    """Least time behind or ahead of another ship at a gate; of a pair the larger one counts."""
    zone_ahead_mm: int = 0
    zone_astern_mm: int = 0
    zone_abeam_mm: int = 0
    """Moving safety zone, clear water from the hull; all zero means none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One segment of a passage; the ship is in it for ``[enter, leave)`` after the start.

    ``slow_ticks`` is the shortest time in it that restricted visibility allows.
    """

    segment: str
    forward: bool
    enter: int
    leave: int
    slow_ticks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """One way to make a movement: berth, position, passage, and the regime that it sails in.

    Attributes:
        from_place: Berth or anchorage it leaves; None when it comes from sea.
        to_place: Berth or anchorage it goes to; None when it goes to sea.
        stretch_mm: Position at the quay of ``to_place``; None: the whole berth, or ``along_mm``.
        along_mm: Its position is to be chosen: it lies with both ends in this span of the quay,
            which is continuous, and takes ``Ship.loa_mm`` of it. ``stretch_mm`` is then None.
        clear_at: Offset at which it is clear of ``from_place``.
        arrive_at: Offset from which it needs ``to_place`` (berthing begins).
        end_at: Offset of its end.
        boarding_place: Whose slot the start takes, if any.
        restricted: Sails, and is spaced, as restricted visibility asks.
    """

    id: str
    legs: tuple[Leg, ...]
    from_place: str | None = None
    to_place: str | None = None
    stretch_mm: tuple[int, int] | None = None
    along_mm: tuple[int, int] | None = None
    clear_at: int = 0
    arrive_at: int = 0
    end_at: int = 0
    boarding_place: str | None = None
    duties: tuple[Duty, ...] = ()
    restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What the parties were told of a movement: stay close to it.

    ``waits_for``: the movements that every reason told of its waiting names; None where it is not
    known or something else may bind, too. While they and it stay as told, mending need not say
    anew why it waits. ``begin_mm``: where along the quay its ship's first end lies, if its mode
    leaves that to be chosen.
    """

    mode: str
    start: int
    crews: tuple[Crew, ...] = ()
    waits_for: tuple[str, ...] | None = None
    begin_mm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A start that is not to be chosen. ``actual``: it has happened; breaches are only reported.

    Where ``crews`` names a need, that team is fixed, too. ``begin_mm``: its position is fixed with
    it; there if and only if its mode has ``along_mm``.
    """

    mode: str
    start: int
    crews: tuple[Crew, ...] = ()
    actual: bool = False
    begin_mm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """This movement starts at least ``gap_ticks`` after ``movement`` has ended."""

    movement: str
    gap_ticks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """An entry, exit or shift that asks for a time.

    Attributes:
        requested: Wanted start; minutes after it cost ``late_weight`` each, before it
            ``early_weight`` each.
        cost_points: What a start costs as (tick, cost), linear between two points and rounded
            down, level before the first and after the last; empty: by the two weights.
        earliest, latest: First and last start that will do (``latest`` included).
        unplaced_cost: What it costs to leave it out.
        min_visibility_m: At its start, in the first segment of its passage.
        boarding_wind_mms: Wind from which its pilot cannot board or leave (at start and end).
        berthing_wind_mms: Wind from which it cannot be berthed or unberthed.
        daylight_only: Wholly between sunrise and sunset.
        barred: Resources that have declined it or may not serve it.
        held: Why it may not be placed at all (a code), or None.
        waived: Rules that a signed waiver sets aside for it.
        pinned: Improving leaves it where it is published.
    """

    id: str
    ship: str
    kind: Kind
    draught_mm: int
    modes: tuple[Mode, ...]
    requested: int
    earliest: int
    latest: int
    air_draught_mm: int = 0
    late_weight: int = 1
    early_weight: int = 0
    cost_points: tuple[tuple[int, int], ...] = ()
    unplaced_cost: int = 100_000
    needs: tuple[Need, ...] = ()
    min_visibility_m: int = 0
    boarding_wind_mms: int | None = None
    berthing_wind_mms: int | None = None
    daylight_only: bool = False
    follows: tuple[Follows, ...] = ()
    barred: tuple[str, ...] = ()
    held: str | None = None
    waived: tuple[str, ...] = ()
    published: Published | None = None
    fixed: Fixed | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A ship at a berth or anchorage, from a movement (or from before) until a movement (or after).

    It begins with ``arrive_at`` of its entry's mode, or is there already (``place``, ``stretch_mm``
    then tell where). It ends with ``clear_at`` of its exit's mode. Without an exit it ends
    ``service_ticks`` after the entry has ended, or at ``until``, whichever is later. An exit that
    is left out keeps the place for good.

    Attributes:
        entry, exit: Movement ids; either may be None.
        service_ticks: Least time between the end of the entry and the start of the exit.
        until: Estimated departure (tick) where no exit is asked for yet; None: only
            ``service_ticks`` counts, or for good where there is no entry either.
        ready: First tick at which its exit may start where the ship is there already.
    """

    id: str
    ship: str
    entry: str | None = None
    exit: str | None = None
    place: str | None = None
    stretch_mm: tuple[int, int] | None = None
    service_ticks: int = 0
    until: int | None = None
    ready: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A whole question. Starts are chosen in ``[0, horizon)``; fixed ones may lie before.

    Attributes:
        slow_visibility_m: Below it a segment that is entered asks for ``Leg.slow_ticks`` and for
            headways times ``slow_headway_permille / 1000`` (rounded up); 0: no such regime.
        daylight: Sunrise to sunset; empty: not told, and a movement that asks for it is a fault.
        gaps: Times between ships by their kinds, where headways alone do not tell.
        label: Free text for people; never read.
    """

    horizon: int
    tick_s: int = 60
    ships: tuple[Ship, ...] = ()
    segments: tuple[Segment, ...] = ()
    quays: tuple[Quay, ...] = ()
    berths: tuple[Berth, ...] = ()
    anchorages: tuple[Anchorage, ...] = ()
    boarding_places: tuple[BoardingPlace, ...] = ()
    water_levels: tuple[WaterLevel, ...] = ()
    daylight: tuple[Interval, ...] = ()
    visibility: tuple[Visibility, ...] = ()
    slow_visibility_m: int = 0
    slow_headway_permille: int = 1000
    wind: tuple[Wind, ...] = ()
    closures: tuple[Closure, ...] = ()
    gaps: tuple[Gap, ...] = ()
    pools: tuple[Pool, ...] = ()
    resources: tuple[Resource, ...] = ()
    movements: tuple[Movement, ...] = ()
    stays: tuple[Stay, ...] = ()
    label: str = ""
