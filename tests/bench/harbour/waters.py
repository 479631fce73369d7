"""The port's own part of a made-up harbour: reaches, berths, tide, light and weather."""

import math
from dataclasses import dataclass
from random import Random

from scheduler.problem import (
    Anchorage,
    Berth,
    BoardingPlace,
    Bridge,
    Closure,
    Interval,
    OneWay,
    Quay,
    Segment,
    Visibility,
    WaterLevel,
    WidthFormula,
    Wind,
)

DAY = 1440
NODES = 12
LEVEL_STEP = 10
BEYOND_THE_HORIZON = 2 * DAY
"""So long after the last start water levels, light and weather are still told."""

_REACHES_KM_M_M = (
    (9, 20_000, 0),
    (8, 20_000, 0),
    (40, 17_000, 385_000),
    (8, 17_000, 385_000),
    (7, 14_500, 250_000),
    (8, 14_500, 230_000),
    (9, 13_000, 160_000),
    (8, 13_000, 160_000),
    (5, 13_000, 160_000),
    (4, 12_000, 160_000),
    (6, 11_500, 140_000),
)
"""Length in km, charted depth and width in mm (0: so wide that all may meet), from the sea in."""

KNOTS = (13, 13, 13, 12, 11, 10, 9, 9, 9, 9, 8)
"""Speed over the ground in each reach."""


@dataclass(frozen=True, slots=True)
class Area:
    """Berths of one sort at one node; lengths and depths in mm."""

    name: str
    node: int
    kinds: tuple[str, ...]
    lengths_mm: tuple[int, ...]
    depths_mm: tuple[int, ...]
    beam_mm: int
    count: int
    continuous: bool = True


AREAS = (
    # name, node, kinds, lengths, depths, beam, how many
    Area("GR", 3, ("grain", "bulk"), (263_000, 280_000), (14_500, 15_500), 45_000, 8),
    Area(
        "CT", 4, ("container",), (340_000, 385_000, 420_000), (15_500, 16_000, 17_000), 61_500, 20
    ),
    Area("RO", 6, ("roro",), (225_000,), (11_000, 11_500), 38_000, 10),
    Area(
        "OI", 6, ("oil", "chemical"), (170_000, 250_000), (11_000, 14_500), 44_000, 5,
        continuous=False,
    ),
    Area("LN", 6, ("lng",), (340_000,), (14_000,), 49_000, 1, continuous=False),
    Area("CO", 8, ("coal", "bulk", "general"), (245_000, 261_000), (13_500, 14_200), 43_000, 12),
    Area("GE", 11, ("general", "feeder"), (200_000, 220_000), (10_500, 12_000), 33_000, 9),
)  # fmt: skip


def node(channel: int, at: int) -> str:
    """The name of a node: its channel's letter and its place from the sea in."""
    return f"{chr(97 + channel)}{at:02}"


def segments(random: Random, channel: int) -> tuple[Segment, ...]:
    """The reaches of a channel, each within a tenth of its pattern's length."""
    return tuple(
        _segment(random, channel, at, *pattern) for at, pattern in enumerate(_REACHES_KM_M_M)
    )


def _segment(
    random: Random, channel: int, at: int, km: int, depth_mm: int, width_mm: int
) -> Segment:
    one_way = None
    if at == 5:
        one_way = OneWay(loa_mm=225_000, beam_mm=32_300, applies_to="large_large")
    elif 6 <= at <= 8:
        one_way = OneWay(loa_mm=180_000, draught_mm=9_500, exempt_below_loa_mm=90_000)
    elif at > 8:
        one_way = OneWay(loa_mm=150_000, exempt_below_loa_mm=90_000)
    clearance_mm = {3: 76_500, 4: 60_000, 6: 60_000}.get(at)
    return Segment(
        id=f"S-{node(channel, at)}",
        from_node=node(channel, at),
        to_node=node(channel, at + 1),
        length_mm=km * random.randint(900_000, 1_100_000),
        depth_mm=depth_mm,
        width_mm=width_mm or None,
        ukc_permille=120 if at < 4 else 100,
        bridges=()
        if clearance_mm is None
        else (Bridge(id=f"BR-{node(channel, at)}", clearance_mm=clearance_mm, margin_mm=2_000),),
        passing="by_pair" if width_mm else "always",
        one_way=one_way,
        width_formula=WidthFormula() if width_mm and at < 5 else None,
        clear_ticks=5,
        overtaking=at not in {4, 6},
        daylight_loa_mm=225_000 if at >= 7 else None,
    )


def berths(random: Random, channel: int) -> tuple[tuple[Quay, ...], tuple[Berth, ...]]:
    """The quays of a channel and the berths along them."""
    quays, found = [], []
    for area in AREAS:
        at_mm, quay = 0, ""
        for k in range(area.count):
            if k % 6 == 0:
                quay, at_mm = f"Q{area.name}-{chr(97 + channel)}{k // 6}", 0
                quays.append(Quay(id=quay, clearance_mm=15_000, continuous=area.continuous))
            length_mm = random.choice(area.lengths_mm)
            found.append(
                Berth(
                    id=f"{area.name}-{chr(97 + channel)}{k + 1:02}",
                    node=node(channel, area.node),
                    quay=quay,
                    begin_mm=at_mm,
                    end_mm=at_mm + length_mm,
                    depth_mm=random.choice(area.depths_mm),
                    ukc_permille=50,
                    ukc_mm=500,
                    max_loa_mm=length_mm - 15_000,
                    max_loa_across_mm=length_mm - 15_000,
                    max_beam_mm=area.beam_mm,
                    kinds=area.kinds,
                    turnover_ticks=15,
                )
            )
            at_mm += length_mm
    return tuple(quays), tuple(found)


def anchorages(channel: int) -> tuple[Anchorage, ...]:
    """Two waiting places outside, one inside."""
    return tuple(
        Anchorage(
            id=f"AN-{node(channel, at)}",
            node=node(channel, at),
            capacity=capacity,
            depth_mm=depth_mm,
            ukc_permille=50,
            ukc_mm=500,
        )
        for at, capacity, depth_mm in ((0, 6, 25_000), (2, 14, 17_000), (5, 8, 13_500))
    )


def boarding_places(channel: int) -> tuple[BoardingPlace, ...]:
    """For the deep ships far out, for the others at the channel's mouth."""
    return (
        BoardingPlace(
            id=f"BP-{node(channel, 0)}", node=node(channel, 0), slot_ticks=15, ships_per_slot=2
        ),
        BoardingPlace(
            id=f"BP-{node(channel, 2)}", node=node(channel, 2), slot_ticks=15, ships_per_slot=3
        ),
    )


def water_levels(random: Random, channel: int, horizon: int) -> tuple[WaterLevel, ...]:
    """A mixed tide that runs up the channel in two hours; between 0.2 and 3.0 m above datum."""
    phase = random.randrange(745)
    springs = random.randint(850, 1_100)
    return tuple(
        WaterLevel(
            node=node(channel, at),
            step_ticks=LEVEL_STEP,
            heights_mm=tuple(
                _height_mm(k * LEVEL_STEP - 11 * at + phase, springs)
                for k in range((horizon + BEYOND_THE_HORIZON) // LEVEL_STEP)
            ),
        )
        for at in range(NODES)
    )


def _height_mm(tick: int, springs_mm: int) -> int:
    twice = springs_mm * math.sin(2 * math.pi * tick / 745)
    once = 300 * math.sin(2 * math.pi * tick / 1490)
    return round(1_600 + twice + once)


def daylight(horizon: int) -> tuple[Interval, ...]:
    """Sunrise to sunset of every day."""
    return tuple(
        Interval(begin + 405, begin + 1060) for begin in range(0, horizon + BEYOND_THE_HORIZON, DAY)
    )


def weather(
    random: Random, reaches: tuple[Segment, ...], span: int, horizon: int
) -> tuple[tuple[Visibility, ...], tuple[Wind, ...], tuple[Closure, ...]]:
    """Fog of some hours every other day, a breeze, a reach closed for a while."""
    end = horizon + BEYOND_THE_HORIZON
    seen, winds, closed = [Visibility(span=Interval(0, end), visibility_m=8_000)], [], []
    winds.append(Wind(span=Interval(0, end), wind_mms=6_000))
    for day in range(0, max(span, 1), DAY):
        today = min(span - day, DAY)
        if random.random() < 0.5:
            begin = day + random.randrange(max(today // 2, 60))
            length = min(random.randint(120, 330), max(today // 2, 90))
            seen.append(Visibility(span=Interval(begin, begin + length), visibility_m=600))
            thin = Interval(begin + length, begin + length + 90)
            seen.append(Visibility(span=thin, visibility_m=1_500))
        begin = day + random.randrange(max(today, 60))
        wind_mms = random.choice((8_000, 9_500, 11_500))
        winds.append(Wind(span=Interval(begin, begin + 180), wind_mms=wind_mms))
    begin = random.randrange(max(span, 60))
    reach = random.choice(reaches)
    over = Interval(begin, begin + random.randrange(40, 120, 10))
    closed.append(Closure(id="works", span=over, segments=(reach.id,)))
    return tuple(seen), tuple(winds), tuple(closed)
