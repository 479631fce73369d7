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


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A size of ship: how often it comes, its particulars and what it is given.

    ``draughts_mm`` are the shallowest and the deepest laden draught.
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
    weight: int = 1


CLASSES = (
    Class(share=9, kind="container", loa_mm=366_000, beam_mm=51_000, draughts_mm=(11_500, 14_600),
          air_mm=66_000, headway=20, pilots=2, tugs=(3, 190_000), weight=3),
    Class(share=2, kind="container", loa_mm=399_000, beam_mm=61_000, draughts_mm=(12_500, 16_000),
          air_mm=70_000, headway=20, pilots=2, tugs=(4, 270_000), weight=8),
    Class(share=12, kind="container", loa_mm=300_000, beam_mm=40_300, draughts_mm=(10_000, 13_800),
          air_mm=56_000, headway=20, pilots=2, tugs=(3, 160_000), weight=3),
    Class(share=10, kind="container", loa_mm=260_000, beam_mm=32_300, draughts_mm=(9_500, 12_500),
          air_mm=50_000, headway=15, pilots=1, tugs=(2, 110_000), weight=3),
    Class(share=8, kind="container", loa_mm=172_000, beam_mm=27_600, draughts_mm=(7_000, 9_800),
          air_mm=42_000, headway=10, pilots=1, tugs=(2, 90_000), weight=3),
    Class(share=18, kind="roro", loa_mm=199_000, beam_mm=32_300, draughts_mm=(7_500, 9_400),
          air_mm=46_000, headway=10, pilots=1, tugs=(2, 90_000), weight=3),
    Class(share=9, kind="grain", loa_mm=225_000, beam_mm=32_300, draughts_mm=(8_000, 14_200),
          air_mm=44_000, headway=15, pilots=1, tugs=(2, 110_000)),
    Class(share=7, kind="bulk", loa_mm=190_000, beam_mm=32_300, draughts_mm=(7_000, 12_600),
          air_mm=42_000, headway=10, pilots=1, tugs=(2, 90_000)),
    Class(share=6, kind="coal", loa_mm=225_000, beam_mm=32_300, draughts_mm=(7_500, 12_900),
          air_mm=44_000, headway=15, pilots=2, tugs=(2, 110_000)),
    Class(share=8, kind="general", loa_mm=140_000, beam_mm=21_000, draughts_mm=(4_500, 8_600),
          air_mm=34_000, headway=10, pilots=1, tugs=(1, 40_000)),
    Class(share=4, kind="feeder", loa_mm=112_000, beam_mm=17_000, draughts_mm=(3_600, 6_000),
          air_mm=28_000, headway=10, pilots=0, tugs=(0, 0)),
    Class(share=4, kind="chemical", loa_mm=147_000, beam_mm=23_000, draughts_mm=(6_000, 9_200),
          air_mm=36_000, headway=15, pilots=1, tugs=(2, 90_000), weight=3),
    Class(share=3, kind="oil", loa_mm=229_000, beam_mm=32_300, draughts_mm=(8_000, 13_000),
          air_mm=44_000, headway=15, pilots=2, tugs=(3, 110_000), weight=3),
    Class(share=1, kind="lng", loa_mm=290_000, beam_mm=46_000, draughts_mm=(9_400, 11_800),
          air_mm=50_000, headway=30, pilots=2, tugs=(4, 280_000), weight=8),
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
