"""Hulls, pilots and tugs of a made-up harbour."""

from dataclasses import dataclass
from random import Random

from scheduler.problem import Interval, Need, PastDuty, Pool, Resource, Ship
from tests.bench.harbour.waters import DAY, NODES, node

PILOTS = 70
TUGS = 40
"""Of one channel, for a whole day's work."""
_ANOTHER_CHANNEL = 150
"""Ticks by car from one channel to the next; tugs take three times as long."""


@dataclass(frozen=True, slots=True)
class Class:
    """A size of ship: how often it comes, its particulars and what it is given.

    ``draughts_mm`` are the shallowest and the deepest laden draught, ``tugs`` how many and the pull
    in kg that they have together, ``headway`` is in ticks and ``weight`` that of lateness.
    """

    share: int
    kind: str
    loa_mm: int
    beam_mm: int
    draughts_mm: tuple[int, int]
    air_mm: int
    headway: int
    pilots: int
    tugs: tuple[int, int]
    weight: int


CLASSES = (
    # share, kind, loa, beam, draughts, air draught, headway, pilots, tugs, weight
    Class(9, "container", 366_000, 51_000, (11_500, 14_600), 66_000, 20, 2, (3, 190_000), 3),
    Class(2, "container", 399_000, 61_000, (12_500, 16_000), 70_000, 20, 2, (4, 270_000), 8),
    Class(12, "container", 300_000, 40_300, (10_000, 13_800), 56_000, 20, 2, (3, 160_000), 3),
    Class(10, "container", 260_000, 32_300, (9_500, 12_500), 50_000, 15, 1, (2, 110_000), 3),
    Class(8, "container", 172_000, 27_600, (7_000, 9_800), 42_000, 10, 1, (2, 90_000), 3),
    Class(18, "roro", 199_000, 32_300, (7_500, 9_400), 46_000, 10, 1, (2, 90_000), 3),
    Class(9, "grain", 225_000, 32_300, (8_000, 14_200), 44_000, 15, 1, (2, 110_000), 1),
    Class(7, "bulk", 190_000, 32_300, (7_000, 12_600), 42_000, 10, 1, (2, 90_000), 1),
    Class(6, "coal", 225_000, 32_300, (7_500, 12_900), 44_000, 15, 2, (2, 110_000), 1),
    Class(8, "general", 140_000, 21_000, (4_500, 8_600), 34_000, 10, 1, (1, 40_000), 1),
    Class(4, "feeder", 112_000, 17_000, (3_600, 6_000), 28_000, 10, 0, (0, 0), 1),
    Class(4, "chemical", 147_000, 23_000, (6_000, 9_200), 36_000, 15, 1, (2, 90_000), 3),
    Class(3, "oil", 229_000, 32_300, (8_000, 13_000), 44_000, 15, 2, (3, 110_000), 3),
    Class(1, "lng", 290_000, 46_000, (9_400, 11_800), 50_000, 30, 2, (4, 280_000), 8),
)  # fmt: skip


def a_ship(name: str, chosen: Class) -> Ship:
    """A hull of a class; a gas carrier brings its moving safety zone."""
    zone_mm = 1_160_000 if chosen.kind == "lng" else 0
    return Ship(
        id=name,
        kind=chosen.kind,
        loa_mm=chosen.loa_mm,
        beam_mm=chosen.beam_mm,
        gt=chosen.loa_mm // 4,
        dwt_t=chosen.loa_mm // 3,
        headway_ticks=chosen.headway,
        zone_ahead_mm=zone_mm,
        zone_astern_mm=zone_mm,
        zone_abeam_mm=zone_mm * 24 // 100,
    )


def needs(chosen: Class) -> tuple[Need, ...]:
    """Teams of a class; of two pilots the second is at least of the second grade."""
    found = []
    if chosen.pilots:
        other = 2 if chosen.pilots > 1 else None
        found.append(
            Need(
                id="pilots",
                pool="pilots",
                count=chosen.pilots,
                first_admits=True,
                other_grade=other,
            )
        )
    if chosen.tugs[0]:
        count, pull_kg = chosen.tugs
        found.append(Need(id="tugs", pool="tugs", count=count, pull_kg=pull_kg))
    return tuple(found)


def pools(channels: int) -> tuple[Pool, ...]:
    """Pilots go by car and cutter, tugs by water; all channels share both, far as they are."""
    places = [(channel, at) for channel in range(channels) for at in range(NODES)]
    names = tuple(node(*place) for place in places)
    return (
        Pool(
            id="pilots",
            places=names,
            travel_ticks=tuple(
                tuple(_travel(one, other, per_reach=14, flat=10) for other in places)
                for one in places
            ),
            debrief_ticks=20,
            min_rest_ticks=360,
            max_duties=2,
            max_duty_ticks=480,
            min_rest_rolling_ticks=600,
        ),
        Pool(
            id="tugs",
            places=names,
            travel_ticks=tuple(
                tuple(
                    _travel(one, other, per_reach=26, flat=0) + 2 * _apart(one, other)
                    for other in places
                )
                for one in places
            ),
            make_ready_ticks=12,
            early_ticks=10,
        ),
    )


def _apart(one: tuple[int, int], other: tuple[int, int]) -> int:
    return _ANOTHER_CHANNEL * abs(one[0] - other[0])


def _travel(one: tuple[int, int], other: tuple[int, int], *, per_reach: int, flat: int) -> int:
    if one == other:
        return 0
    # The long reach off the mouth counts as three.
    metres = [at + (2 if at > 2 else 0) for _, at in (one, other)]
    return flat + per_reach * abs(metres[0] - metres[1]) + _apart(one, other)


def resources(random: Random, channels: int, movements: int, span: int) -> tuple[Resource, ...]:
    """Pilots for the work that there is, tugs for its pace; some are off, some just back."""
    pilots = min(PILOTS, 9 + movements * 6 // (10 * channels))
    found: list[Resource] = []
    for channel in range(channels):
        letter = chr(97 + channel)
        found.extend(
            _pilot(random, channel, f"P{letter}{k + 1:02}", k, span) for k in range(pilots)
        )
        for k in range(TUGS):
            home = node(channel, random.choice((3, 4, 4, 4, 5, 6, 6, 8, 8, 11)))
            found.append(
                Resource(
                    id=f"T{letter}{k + 1:02}",
                    pool="tugs",
                    home=home,
                    pull_kg=random.choice((42_000, 52_700, 52_700, 63_000, 63_000, 76_300, 80_000)),
                    off=_off(random, 0.12, span),
                )
            )
    return tuple(found)


def _pilot(random: Random, channel: int, name: str, k: int, span: int) -> Resource:
    grade = (1, 2, 1, 3, 2, 1, 2)[k % 7]
    past: tuple[PastDuty, ...] = ()
    if random.random() < 0.15:
        end = -random.randrange(0, 300)
        past = (
            PastDuty(
                span=Interval(end - random.randrange(180, 360), end),
                to_place=node(channel, random.choice((2, 4, 8))),
            ),
        )
    watch = 480 * (k % 3)
    return Resource(
        id=name,
        pool="pilots",
        home=node(channel, (1, 4, 4, 9)[k % 4]),
        grade=grade,
        below_loa_mm={1: None, 2: 250_000, 3: 180_000}[grade],
        not_kinds={1: (), 2: ("lng",), 3: ("lng", "oil", "chemical")}[grade],
        off=_off(random, 0.08, span),
        past=past,
        watch=tuple(
            Interval(day + watch, day + watch + 480) for day in range(0, span + 2 * DAY, DAY)
        ),
    )


def _off(random: Random, share: float, span: int) -> tuple[Interval, ...]:
    if random.random() >= share:
        return ()
    begin = random.randrange(max(span, 60))
    return (Interval(begin, begin + random.randint(180, 900)),)
