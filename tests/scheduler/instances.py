"""Made-up days of a port like Guangzhou, of any size, from a seed."""

import math
import random
from dataclasses import replace

from scheduler.problem import (
    Anchorage,
    Berth,
    BoardingPlace,
    Bridge,
    Duty,
    Interval,
    Kind,
    Leg,
    Mode,
    Movement,
    Need,
    OneWay,
    Pool,
    Problem,
    Quay,
    Resource,
    Segment,
    Ship,
    Stay,
    Visibility,
    WaterLevel,
    WidthFormula,
)

REACHES = 16
BERTH_NODES = (6, 7, 9, 11, 13, 15, 16)


def a_day(
    seed: int,
    *,
    movements: int = 120,
    pilots: int = 70,
    tugs: int = 40,
    berths: int = 65,
    horizon: int = 2880,
    fog: bool = True,
) -> Problem:
    """A day and a half of requests over two days of horizon; two fifths are ships in port."""
    random_ = random.Random(seed)
    segments = tuple(_segment(k) for k in range(REACHES))
    nodes = [f"N{k}" for k in range(REACHES + 1)]
    quays, berth_list = _berths(random_, berths)
    problem = Problem(
        horizon=horizon,
        segments=segments,
        quays=quays,
        berths=berth_list,
        anchorages=(
            Anchorage(id="AN1", node="N2", capacity=6),
            Anchorage(id="AN2", node="N8", capacity=4),
        ),
        boarding_places=(
            BoardingPlace(id="BP1", node="N0", slot_ticks=10, ships_per_slot=2),
            BoardingPlace(id="BP2", node="N1", slot_ticks=15, ships_per_slot=2),
        ),
        water_levels=tuple(_level(node, k, horizon) for k, node in enumerate(nodes)),
        daylight=(Interval(400, 1060), Interval(1840, 2500)),
        visibility=(
            Visibility(span=Interval(120, 510), visibility_m=600),
            Visibility(span=Interval(510, 600), visibility_m=1500),
        )
        if fog
        else (),
        slow_visibility_m=2000 if fog else 0,
        slow_headway_permille=1500,
        pools=_pools(nodes),
        resources=_resources(random_, pilots, tugs),
    )
    return _traffic(random_, problem, movements)


def _segment(k: int) -> Segment:
    inner = k >= 8
    return Segment(
        id=f"S{k:02}",
        from_node=f"N{k}",
        to_node=f"N{k + 1}",
        length_mm=(9_000_000 if k < 8 else 5_000_000) + k * 137_000,
        depth_mm=17_000 if k < 7 else (15_000 if k < 11 else 13_000),
        width_mm=385_000 if k < 7 else (250_000 if k < 11 else 160_000),
        ukc_permille=120 if k < 7 else 100,
        bridges=(
            Bridge(id=f"BR{k}", clearance_mm=60_000, margin_mm=2_000, reference_height_mm=3_000),
        )
        if k in {5, 10}
        else (),
        passing="by_pair" if k not in {13} else "never",
        one_way=OneWay(
            loa_mm=225_000,
            beam_mm=32_300,
            applies_to="large_large" if k < 11 else "any",
            exempt_below_loa_mm=120_000,
        )
        if inner
        else None,
        width_formula=None if inner else WidthFormula(),
        combined_beam_mm=60_000 if k >= 12 else None,
        clear_ticks=2 if inner else 0,
        overtaking=k < 9,
        daylight_loa_mm=300_000 if k >= 11 else None,
    )


def _berths(random_: random.Random, count: int) -> tuple[tuple[Quay, ...], tuple[Berth, ...]]:
    quays, berths = [], []
    for k in range(count):
        node = BERTH_NODES[k % len(BERTH_NODES)]
        quay = f"Q{k // 5}"
        if k % 5 == 0:
            quays.append(Quay(id=quay, clearance_mm=20_000, continuous=(k // 5) % 2 == 0))
        length = random_.choice([200_000, 280_000, 350_000, 420_000])
        at = (k % 5) * 420_000
        berths.append(
            Berth(
                id=f"B{k:02}",
                node=f"N{node}",
                quay=quay,
                begin_mm=at,
                end_mm=at + length,
                depth_mm=random_.choice([13_000, 14_500, 16_000, 17_000]),
                ukc_mm=300,
                max_loa_mm=length,
                turnover_ticks=30,
            )
        )
    return tuple(quays), tuple(berths)


def _level(node: str, k: int, horizon: int) -> WaterLevel:
    heights = tuple(
        int(
            1500
            + 1100 * math.sin(2 * math.pi * (t * 10 - 12 * k) / 745)
            + 300 * math.sin(2 * math.pi * t * 10 / 1490)
        )
        for t in range((horizon + 1500) // 10)
    )
    return WaterLevel(node=node, step_ticks=10, heights_mm=heights)


def _pools(nodes: list[str]) -> tuple[Pool, ...]:
    places = tuple(nodes)
    car = tuple(
        tuple(abs(a - b) * 6 + (5 if a != b else 0) for b in range(len(nodes)))
        for a in range(len(nodes))
    )
    boat = tuple(tuple(abs(a - b) * 14 for b in range(len(nodes))) for a in range(len(nodes)))
    return (
        Pool(
            id="pilots",
            places=places,
            travel_ticks=car,
            make_ready_ticks=20,
            early_ticks=10,
            debrief_ticks=10,
            min_rest_ticks=0,
            max_duties=3,
            max_duty_ticks=600,
            min_rest_rolling_ticks=600,
        ),
        Pool(id="tugs", places=places, travel_ticks=boat, make_ready_ticks=15, early_ticks=5),
    )


def _resources(random_: random.Random, pilots: int, tugs: int) -> tuple[Resource, ...]:
    found = []
    for k in range(pilots):
        shift = k % 3
        off = tuple(Interval(begin, begin + 360) for begin in range(shift * 480 - 480, 2880, 1440))
        grade = (1, 1, 2, 2, 3)[k % 5]
        found.append(
            Resource(
                id=f"P{k:02}",
                pool="pilots",
                home=("N1", "N7", "N15")[k % 3],
                grade=grade,
                below_loa_mm={1: None, 2: 250_000, 3: 180_000}[grade],
                not_kinds=("lng", "tanker") if grade == 3 else (),
                off=off,
            )
        )
    found.extend(
        Resource(
            id=f"T{k:02}",
            pool="tugs",
            home=f"N{random_.choice((6, 7, 9, 13, 15))}",
            pull_kg=random_.choice([40_000, 50_000, 60_000, 75_000]),
            off=(Interval(700, 760),) if k % 6 == 0 else (),
        )
        for k in range(tugs)
    )
    return tuple(found)


def _ship(random_: random.Random, k: int, berth: Berth) -> Ship:
    loa = random_.randint(110_000, max(120_000, min(berth.max_loa_mm or 0, 399_000)))
    kind = random_.choices(["container", "bulk", "tanker", "roro", "lng"], [50, 25, 12, 10, 3])[0]
    zone = 800_000 if kind == "lng" else 0
    return Ship(
        id=f"V{k:03}",
        kind=kind,
        loa_mm=loa,
        beam_mm=min(61_000, loa // 7 + 2_000),
        gt=loa // 4,
        dwt_t=loa // 3,
        headway_ticks=8 if loa > 250_000 else 5,
        zone_ahead_mm=zone,
        zone_astern_mm=zone,
        zone_abeam_mm=zone // 8,
    )


def _legs(begin: int, node: int, ticks: list[int], slow: int, *, inward: bool) -> tuple[Leg, ...]:
    legs, at = [], begin
    for k in range(node) if inward else range(node - 1, -1, -1):
        took = ticks[k] * slow // 10
        legs.append(
            Leg(
                segment=f"S{k:02}",
                forward=inward,
                enter=at,
                leave=at + took,
                slow_ticks=ticks[k] * 14 // 10,
            )
        )
        at += took
    return tuple(legs)


def _passing_ticks(ship: Ship) -> list[int]:
    speed = 300_000 if ship.kind == "container" else 260_000
    return [max(4, (9_000_000 if k < 8 else 5_000_000) // speed) for k in range(REACHES)]


def _needs(ship: Ship) -> tuple[Need, ...]:
    count = 2 if ship.loa_mm >= 300_000 or ship.kind == "lng" else 1
    tugs = 0 if ship.loa_mm < 130_000 else (2 if ship.loa_mm < 260_000 else 3)
    needs = [Need(id="pilots", pool="pilots", count=count, first_admits=True, other_grade=2)]
    if tugs:
        needs.append(Need(id="tugs", pool="tugs", count=tugs, pull_kg=tugs * 50_000))
    return tuple(needs)


def _entry_mode(ship: Ship, berth: Berth, slow: int, boarding: str) -> Mode:
    node = int(berth.node[1:])
    legs = _legs(5, node, _passing_ticks(ship), slow, inward=True)
    arrive = legs[-1].leave
    return Mode(
        id=f"{berth.id}{'r' if slow > 10 else ''}",
        legs=legs,
        to_place=berth.id,
        arrive_at=arrive,
        end_at=arrive + 40,
        boarding_place=boarding,
        restricted=slow > 10,
        duties=(
            Duty(need="pilots", begin=0, end=arrive + 40, from_place="N1", to_place=berth.node),
            Duty(
                need="tugs",
                begin=arrive - 20,
                end=arrive + 40,
                from_place=berth.node,
                to_place=berth.node,
            ),
        ),
    )


def _exit_mode(ship: Ship, berth: Berth, slow: int) -> Mode:
    node = int(berth.node[1:])
    legs = _legs(25, node, _passing_ticks(ship), slow, inward=False)
    return Mode(
        id=f"{berth.id}{'r' if slow > 10 else ''}",
        legs=legs,
        from_place=berth.id,
        clear_at=20,
        end_at=legs[-1].leave,
        restricted=slow > 10,
        duties=(
            Duty(need="pilots", begin=0, end=legs[-1].leave, from_place=berth.node, to_place="N1"),
            Duty(need="tugs", begin=0, end=30, from_place=berth.node, to_place=berth.node),
        ),
    )


def _traffic(random_: random.Random, problem: Problem, count: int) -> Problem:
    ships, movements, stays = [], [], []
    free_from = {berth.id: 0 for berth in problem.berths}
    berths = list(problem.berths)
    random_.shuffle(berths)
    in_port = berths[: count * 2 // 5]
    for k, berth in enumerate(in_port):
        ship = _ship(random_, k, berth)
        ready = random_.randint(0, 900)
        ships.append(ship)
        movements.append(_movement(random_, problem, ship, "exit", [berth], ready))
        stays.append(
            Stay(
                id=f"st{k}",
                ship=ship.id,
                exit=movements[-1].id,
                place=berth.id,
                ready=max(0, ready - 30),
            )
        )
        free_from[berth.id] = ready + 60
    k = len(ships)
    while len(movements) < count:
        wanted = random_.randint(0, 1500)
        offers = sorted(berths, key=lambda b: abs(free_from[b.id] - wanted))[:6]
        berth = random_.choice(offers)
        ship = _ship(random_, k, berth)
        near = [b for b in berths if b.node == berth.node and b.id != berth.id][:1]
        wanted = max(wanted, free_from[berth.id] - 200)
        entry = _movement(random_, problem, ship, "entry", [berth, *near], wanted)
        service = random_.randint(300, 900)
        ships.append(ship)
        movements.append(entry)
        leave = wanted + 300 + service
        free_from[berth.id] = leave + 60
        stay = Stay(id=f"st{k}", ship=ship.id, entry=entry.id, service_ticks=service)
        if len(movements) < count and leave < 2100:
            leaving = _movement(random_, problem, ship, "exit", [berth, *near], leave)
            movements.append(leaving)
            stay = replace(stay, exit=leaving.id)
        stays.append(stay)
        k += 1
    return replace(problem, ships=tuple(ships), movements=tuple(movements), stays=tuple(stays))


def _movement(
    random_: random.Random, problem: Problem, ship: Ship, kind: Kind, berths: list[Berth], at: int
) -> Movement:
    slows = (10, 14) if problem.visibility else (10,)
    deepest = min(b.depth_mm or 0 for b in berths)
    draught = min(random_.randint(60, 130) * ship.loa_mm // 2600, deepest - 400, 15_000)
    node = max(int(b.node[1:]) for b in berths)
    draught = min(draught, 13_000 if node > 10 else 15_500)
    boarding = "BP2" if ship.loa_mm > 250_000 else "BP1"
    modes = tuple(
        _entry_mode(ship, b, slow, boarding) if kind == "entry" else _exit_mode(ship, b, slow)
        for slow in slows
        for b in berths
    )
    return Movement(
        id=f"{ship.id}-{kind}",
        ship=ship.id,
        kind=kind,
        draught_mm=draught,
        modes=modes,
        requested=at,
        earliest=max(0, at - 30),
        latest=problem.horizon - 1,
        air_draught_mm=random_.randint(30_000, 57_000),
        late_weight=3 if ship.loa_mm > 300_000 else 1,
        unplaced_cost=20_000,
        needs=_needs(ship) if draught else (),
        min_visibility_m=1000 if ship.gt >= 500 and random_.random() < 0.9 else 0,
        daylight_only=ship.kind == "lng",
    )
