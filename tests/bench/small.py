"""Small questions of four kinds, from a seed: few enough movements for one exact model."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

from scheduler.problem import (
    Berth,
    BoardingPlace,
    Duty,
    Kind,
    Leg,
    Mode,
    Movement,
    Need,
    Pool,
    Problem,
    Resource,
    Segment,
    Ship,
    Stay,
)

Small = Literal["visits", "one_way", "any_berth", "teams"]
"""``visits``: six to ten ships in and out again by a channel of five reaches, two of them one-way
for the long. ``one_way``: the same, nobody meets anybody. ``any_berth``: the same as ``visits``,
each berth takes each ship. ``teams``: as ``visits``, 25 movements with pilots and tugs."""

KINDS: tuple[Small, ...] = get_args(Small)
_REACH_TICKS = (12, 20, 25, 15, 18)
_NODES = len(_REACH_TICKS) + 1
_BERTHS = (3, 3, 4, 4, 5, 5)
"""Node of each berth."""
_DAY = 1_440


def small(kind: Small, seed: int, *, visits: int | None = None, even: bool = False) -> Problem:
    """A small question of a kind; the same for the same arguments.

    Args:
        kind: See ``Small``.
        seed: Of every random choice; it also tells the number of ships where that is not given.
        visits: How many ships come and go again.
        even: All ships take the same time through a reach.

    Returns:
        A valid problem with a minute for a tick.
    """
    return _Maker(kind, seed, visits, even=even).problem()


def segments(kind: Small) -> tuple[Segment, ...]:
    """The reaches from the sea in."""
    return tuple(
        Segment(
            id=f"S{k}",
            from_node=f"n{k}",
            to_node=f"n{k + 1}",
            length_mm=5_000_000,
            passing="never" if kind == "one_way" or k in {2, 4} else "always",
            clear_ticks=5,
            overtaking=k < 2,
        )
        for k in range(_NODES - 1)
    )


@dataclass(frozen=True, slots=True)
class _Ship:
    ship: Ship
    permille: int
    """Of the usual time that it takes through a reach."""


class _Maker:
    def __init__(self, kind: Small, seed: int, visits: int | None, *, even: bool) -> None:
        # Not of the kind: the same ships ask for the same times in the first three.
        self.random = Random(f"small {seed} {visits}")
        self.kind: Small = kind
        self.even = even
        self.label = f"small {kind}/{seed}"
        most = 10 if kind == "teams" else 6 + seed % 5
        self.visits = most if visits is None else visits
        self.ships: list[Ship] = []
        self.movements: list[Movement] = []
        self.stays: list[Stay] = []
        self.berths = tuple(
            Berth(id=f"B{k}", node=f"n{node}", turnover_ticks=20) for k, node in enumerate(_BERTHS)
        )

    def problem(self) -> Problem:
        for _ in range(self.visits):
            self._visit()
        if self.kind == "teams":
            for berth in self.berths[:5]:
                self._lying(berth)
        with_teams = self.kind == "teams"
        return Problem(
            label=self.label,
            horizon=2 * _DAY,
            ships=tuple(self.ships),
            segments=segments(self.kind),
            berths=self.berths,
            boarding_places=(BoardingPlace(id="sea", node="n0", slot_ticks=15, ships_per_slot=1),),
            pools=_pools() if with_teams else (),
            resources=tuple(_resources()) if with_teams else (),
            movements=tuple(self.movements),
            stays=tuple(self.stays),
        )

    # ---- who comes and goes -------------------------------------------------------------------

    def _visit(self) -> None:
        random, chosen = self.random, self._ship()
        # Drawn in any case, so that the kinds differ in nothing else.
        own = random.choice(self.berths)
        berths = self.berths if self.kind == "any_berth" else (own,)
        asked = 30 + random.randrange(0, 480, 5)
        service = random.randrange(180, 420, 10)
        entry = self._ask(chosen, "entry", berths, asked)
        leaving = self._ask(chosen, "exit", berths, asked + 100 + service)
        self.stays.append(
            Stay(
                id=f"stay {chosen.ship.id}",
                ship=chosen.ship.id,
                entry=entry.id,
                exit=leaving.id,
                service_ticks=service,
            )
        )

    def _lying(self, berth: Berth) -> None:
        chosen = self._ship()
        asked = self.random.randrange(0, 240, 5)
        leaving = self._ask(chosen, "exit", (berth,), asked)
        name = chosen.ship.id
        self.stays.append(
            Stay(id=f"stay {name}", ship=name, exit=leaving.id, place=berth.id, ready=asked)
        )

    def _ship(self) -> _Ship:
        long = self.random.random() < 0.4
        ship = Ship(
            id=f"V{len(self.ships)}",
            kind="bulk",
            loa_mm=260_000 if long else 180_000,
            beam_mm=40_000 if long else 28_000,
            headway_ticks=15 if long else 10,
        )
        self.ships.append(ship)
        permille = self.random.choice((900, 1_000, 1_000, 1_200))
        return _Ship(ship, 1_000 if self.even else permille)

    def _ask(self, chosen: _Ship, kind: Kind, berths: tuple[Berth, ...], asked: int) -> Movement:
        ship = chosen.ship
        modes = tuple(self._mode(chosen, kind, berth) for berth in berths)
        movement = Movement(
            id=f"{ship.id} {kind}",
            ship=ship.id,
            kind=kind,
            draught_mm=10_000,
            modes=modes,
            requested=asked,
            earliest=asked,
            latest=asked + _DAY,
            late_weight=3 if ship.loa_mm > 200_000 else 1,
            needs=_needs(ship) if self.kind == "teams" else (),
        )
        self.movements.append(movement)
        return movement

    def _mode(self, chosen: _Ship, kind: Kind, berth: Berth) -> Mode:
        inward = kind == "entry"
        node = int(berth.node[1:])
        legs, at = [], 5 if inward else 20
        for k in range(node) if inward else reversed(range(node)):
            passed = _REACH_TICKS[k] * chosen.permille // 1_000
            legs.append(Leg(segment=f"S{k}", forward=inward, enter=at, leave=at + passed))
            at += passed
        end_at = at + 25 if inward else at
        return Mode(
            id=berth.id,
            legs=tuple(legs),
            from_place=None if inward else berth.id,
            to_place=berth.id if inward else None,
            clear_at=0 if inward else 15,
            arrive_at=at,
            end_at=end_at,
            boarding_place="sea" if inward else None,
            duties=_duties(berth, at, end_at, inward=inward) if self.kind == "teams" else (),
        )


# ---- teams ------------------------------------------------------------------------------------


def _needs(ship: Ship) -> tuple[Need, ...]:
    pull_kg = 110_000 if ship.loa_mm > 200_000 else 90_000
    return (
        Need(id="pilotage", pool="pilots", count=1, first_admits=True),
        Need(id="towage", pool="tugs", count=2, pull_kg=pull_kg),
    )


def _duties(berth: Berth, arrive_at: int, end_at: int, *, inward: bool) -> tuple[Duty, ...]:
    outer, inner = ("n0", berth.node) if inward else (berth.node, "n0")
    begin, end = (arrive_at - 20, end_at) if inward else (0, 25)
    return (
        Duty(need="pilotage", begin=0, end=end_at, from_place=outer, to_place=inner),
        Duty(need="towage", begin=begin, end=end, from_place=berth.node, to_place=berth.node),
    )


def _pools() -> tuple[Pool, ...]:
    places = tuple(f"n{k}" for k in range(_NODES))
    car, boat = (
        tuple(tuple(ticks * abs(a - b) for b in range(_NODES)) for a in range(_NODES))
        for ticks in (10, 20)
    )
    return (
        Pool(
            id="pilots",
            places=places,
            travel_ticks=car,
            make_ready_ticks=20,
            early_ticks=10,
            debrief_ticks=10,
            max_duty_ticks=480,
        ),
        Pool(id="tugs", places=places, travel_ticks=boat, early_ticks=5),
    )


def _resources() -> Iterator[Resource]:
    for k in range(6):
        limit_mm = 200_000 if k % 3 == 2 else None
        yield Resource(id=f"P{k}", pool="pilots", home="n3", below_loa_mm=limit_mm)
    for k in range(6):
        yield Resource(id=f"T{k}", pool="tugs", home="n4", pull_kg=(45_000, 55_000, 65_000)[k % 3])
