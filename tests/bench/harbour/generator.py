"""Makes a problem of any size from a seed: visits along a nominal day, then what they ask for."""

import hashlib
from dataclasses import dataclass, field, replace
from random import Random

from scheduler.problem import (
    Berth,
    Interval,
    Kind,
    Mode,
    Movement,
    Problem,
    Segment,
    Ship,
    Stay,
)
from scheduler.wire import problem_to_json
from tests.bench.harbour import waters
from tests.bench.harbour.alone import made_possible
from tests.bench.harbour.fleet import CLASSES, Class, a_ship, needs, pools, resources
from tests.bench.harbour.passages import entry, leaving, shift, with_slow_modes

PACE = 4.9
"""Movements an hour and channel of a usual day at Guangzhou; its peak day has 6.1."""
PATIENCE = waters.DAY
"""From the last request to the end of the horizon."""

_UNPLACED_COST = {1: 100_000, 3: 200_000, 8: 400_000}


@dataclass(slots=True)
class _Visit:
    """A ship at a berth as the nominal day has it: who may leave, from where, from when on."""

    ship: Ship
    chosen: Class
    berths: list[Berth]
    ready: int
    stay: int
    draught_mm: int


@dataclass(slots=True)
class _Channel:
    at: int
    reaches: tuple[Segment, ...]
    berths: tuple[Berth, ...]
    free_from: dict[str, int]
    """Nominal tick from which a berth is free; not in it is one whose ship has not asked yet."""
    held: set[str]
    """Berths with a ship from before that may still ask to leave."""
    visits: list[_Visit] = field(default_factory=list)
    surplus: int = 0
    """Entries less exits so far."""


def harbour(movements: int, seed: int, load: float = 1.0, channels: int = 1) -> Problem:
    """A made-up harbour with so many movements; the same for the same arguments.

    Args:
        movements: How many ask for a time.
        seed: Of every random choice.
        load: Movements an hour and channel, 1 being a usual day, 1.3 the peak day, 1.6 more than
            pilots and channel can serve. The horizon shortens with it.
        channels: Channels that share nothing but pilots and tugs that are far apart.

    Returns:
        A valid problem of which every movement, were it alone, could be placed.
    """
    random = Random(f"harbour {movements} {seed} {load} {channels}")
    span = round(movements * 60 / (PACE * load * channels))
    traffic = _Traffic(random, span, channels, movements)
    return made_possible(traffic.problem(f"harbour {movements}/{seed}/{load}/{channels}"))


def digest(problem: Problem) -> str:
    """A short name of a problem's very content."""
    return hashlib.sha256(problem_to_json(problem).encode()).hexdigest()[:16]


class _Traffic:
    def __init__(self, random: Random, span: int, channels: int, movements: int) -> None:
        self.random, self.span = random, span
        self.horizon = span + PATIENCE
        self.quays: list[waters.Quay] = []
        self.channels = [self._channel(at) for at in range(channels)]
        reaches = tuple(reach for channel in self.channels for reach in channel.reaches)
        self.weather = waters.weather(random, reaches, span, self.horizon)
        self.resources = resources(random, channels, movements, span)
        self.ships: list[Ship] = []
        self.stays: list[Stay] = []
        self.movements: list[Movement] = []
        for channel in self.channels:
            self._lying(channel)
        for k, tick in enumerate(sorted(self._request() for _ in range(movements))):
            self._ask(self.channels[k % channels], tick)

    def _channel(self, at: int) -> _Channel:
        quays, berths = waters.berths(self.random, at)
        self.quays.extend(quays)
        names = {berth.id for berth in berths}
        held = set(self.random.sample(sorted(names), len(names) * 7 // 10))
        free_from = dict.fromkeys(sorted(names - held), 0)
        return _Channel(at, waters.segments(self.random, at), berths, free_from, held)

    def _request(self) -> int:
        """Three quarters at any time, the others as the day's two tides of requests come in."""
        if self.random.random() < 0.75:
            tick = self.random.randrange(self.span)
        else:
            day = waters.DAY * self.random.randrange(self.span // waters.DAY + 1)
            tick = day + round(self.random.gauss(self.random.choice((420, 1080)), 70))
            if not 0 <= tick < self.span:
                tick = self.random.randrange(self.span)
        return tick - tick % 5

    def problem(self, label: str) -> Problem:
        at = range(len(self.channels))
        return Problem(
            label=label,
            horizon=self.horizon,
            ships=tuple(self.ships),
            segments=tuple(reach for channel in self.channels for reach in channel.reaches),
            quays=tuple(self.quays),
            berths=tuple(berth for channel in self.channels for berth in channel.berths),
            anchorages=tuple(place for k in at for place in waters.anchorages(k)),
            boarding_places=tuple(place for k in at for place in waters.boarding_places(k)),
            water_levels=tuple(
                level for k in at for level in waters.water_levels(self.random, k, self.horizon)
            ),
            daylight=waters.daylight(self.horizon),
            visibility=self.weather[0],
            slow_visibility_m=2_000,
            slow_headway_permille=1_500,
            wind=self.weather[1],
            closures=self.weather[2],
            pools=pools(len(self.channels)),
            resources=self.resources,
            movements=tuple(self.movements),
            stays=tuple(self.stays),
        )

    # ---- who comes and who goes ---------------------------------------------------------------

    def _lying(self, channel: _Channel) -> None:
        """A few ships lie at their berths for some hours and have not asked to leave."""
        for berth in self.random.sample(channel.berths, 5):
            chosen = self._class_for(berth)
            ship = self._new_ship(chosen)
            until = self.random.randrange(120, 1_000)
            stretch = _stretch(berth, ship)
            self.stays.append(
                Stay(
                    id=f"st{len(self.stays)}",
                    ship=ship.id,
                    place=berth.id,
                    stretch_mm=stretch,
                    until=until,
                )
            )
            channel.free_from[berth.id] = until + 60
            channel.held.discard(berth.id)

    def _ask(self, channel: _Channel, tick: int) -> None:
        draw = self.random.random()
        if draw < 0.06 and self._shift(channel, tick):
            return
        if channel.surplus + 8 * draw > 4 and self._leave(channel, tick):
            return
        if any(self._come(channel, tick) for _ in range(6)) or self._leave(channel, tick):
            return
        while not self._come(channel, tick, any_time=True):
            continue

    def _leave(self, channel: _Channel, tick: int) -> bool:
        visit = self._leaver(channel, tick)
        if visit is None:
            return False
        sea = _sea(visit.chosen)
        modes = [
            leaving(channel.reaches, visit.chosen, berth, channel.at, sea) for berth in visit.berths
        ]
        movement = self._movement(visit.ship, visit.chosen, "exit", modes, tick, visit.draught_mm)
        channel.surplus -= 1
        self.stays[visit.stay] = replace(self.stays[visit.stay], exit=movement.id)
        for berth in visit.berths[:1]:
            channel.free_from[berth.id] = tick + 70
        return True

    def _leaver(self, channel: _Channel, tick: int) -> _Visit | None:
        """A visit that is through at this time, or a ship that was here from before."""
        able = [visit for visit in channel.visits if visit.ready <= tick]
        fresh = sorted(channel.held)
        if able and (not fresh or self.random.random() < 0.6):
            visit = min(able, key=lambda one: one.ready)
            channel.visits.remove(visit)
            return visit
        if not fresh:
            return None
        name = self.random.choice(fresh)
        berth = next(berth for berth in channel.berths if berth.id == name)
        chosen = self._class_for(berth)
        ship = self._new_ship(chosen)
        self.stays.append(
            Stay(
                id=f"st{len(self.stays)}",
                ship=ship.id,
                place=berth.id,
                stretch_mm=_stretch(berth, ship),
                ready=tick - self.random.randrange(0, 400, 5),
            )
        )
        channel.held.discard(name)
        draught = self._draught_mm(chosen, [berth])
        return _Visit(ship, chosen, [berth], tick, len(self.stays) - 1, draught)

    def _shift(self, channel: _Channel, tick: int) -> bool:
        visit = self._leaver(channel, tick)
        if visit is None:
            return False
        free = [
            berth
            for berth in self._suiting(channel, visit.chosen, visit.draught_mm)
            if channel.free_from.get(berth.id, self.horizon) <= tick and berth not in visit.berths
        ]
        if len(visit.berths) > 1 or not free:
            channel.visits.append(visit)
            return False
        to = self.random.choice(free)
        mode = shift(channel.reaches, visit.chosen, visit.berths[0], to, _stretch(to, visit.ship))
        movement = self._movement(visit.ship, visit.chosen, "shift", [mode], tick, visit.draught_mm)
        self.stays[visit.stay] = replace(self.stays[visit.stay], exit=movement.id)
        channel.free_from[visit.berths[0].id] = tick + 70
        self._stays(channel, visit.ship, visit.chosen, movement, [to], tick + mode.end_at)
        return True

    def _come(self, channel: _Channel, tick: int, *, any_time: bool = False) -> bool:
        chosen = self.random.choices(CLASSES, [item.share for item in CLASSES])[0]
        draught = self.random.randrange(chosen.draughts_mm[0], chosen.draughts_mm[1] + 1, 100)
        suiting = self._suiting(channel, chosen, draught)
        # Now and then the one before has to be out first, an hour and a half later than she comes.
        tolerance = self.random.choice((0, 0, 0, 90))
        free = [
            berth
            for berth in suiting
            if any_time or channel.free_from.get(berth.id, self.horizon) <= tick + 240 + tolerance
        ]
        if not free:
            return False
        count = self.random.choices((1, 2, 3), (78, 14, 8))[0]
        berths = self.random.sample(free, min(count, len(free)))
        ship = self._new_ship(chosen)
        seas = [_sea(chosen), *([2] if chosen.loa_mm == 300_000 else [])]
        modes = [
            entry(channel.reaches, chosen, berth, _stretch(berth, ship), channel.at, sea)
            for berth in berths
            for sea in seas
        ]
        movement = self._movement(ship, chosen, "entry", modes, tick, draught)
        channel.surplus += 1
        self._stays(channel, ship, chosen, movement, berths, tick + modes[0].end_at)
        return True

    def _stays(
        self,
        channel: _Channel,
        ship: Ship,
        chosen: Class,
        movement: Movement,
        berths: list[Berth],
        fast_at: int,
    ) -> None:
        service = self.random.randrange(360, 1_100, 5)
        self.stays.append(
            Stay(id=f"st{len(self.stays)}", ship=ship.id, entry=movement.id, service_ticks=service)
        )
        if self.random.random() < 0.08:
            channel.free_from[berths[0].id] = fast_at + service + 60
            return
        channel.free_from.pop(berths[0].id, None)
        draught = self._draught_mm(chosen, berths)
        channel.visits.append(
            _Visit(ship, chosen, berths, fast_at + service, len(self.stays) - 1, draught)
        )

    # ---- what they are ------------------------------------------------------------------------

    def _new_ship(self, chosen: Class) -> Ship:
        ship = a_ship(f"V{len(self.ships) + 1:04}", chosen)
        self.ships.append(ship)
        return ship

    def _class_for(self, berth: Berth) -> Class:
        suiting = [item for item in CLASSES if _takes(berth, item)]
        return self.random.choices(suiting, [item.share for item in suiting])[0]

    def _draught_mm(self, chosen: Class, berths: list[Berth]) -> int:
        draught = self.random.randrange(chosen.draughts_mm[0], chosen.draughts_mm[1] + 1, 100)
        return min([draught, *(_deepest_mm(berth) for berth in berths)])

    def _suiting(self, channel: _Channel, chosen: Class, draught_mm: int) -> list[Berth]:
        taking = [berth for berth in channel.berths if _takes(berth, chosen)]
        deep = [berth for berth in taking if _deepest_mm(berth) >= draught_mm]
        return deep or taking

    def _movement(
        self,
        ship: Ship,
        chosen: Class,
        kind: Kind,
        modes: list[Mode],
        tick: int,
        draught_mm: int,
    ) -> Movement:
        random = self.random
        offered = tuple(modes)
        fog = [seen.span for seen in self.weather[0] if seen.visibility_m < 2_000]
        if any(_may_meet(span, tick) for span in fog):
            offered = with_slow_modes(offered)
        movement = Movement(
            id=f"M{len(self.movements) + 1:04}",
            ship=ship.id,
            kind=kind,
            draught_mm=draught_mm,
            modes=offered,
            requested=tick,
            earliest=tick,
            latest=tick + (720 if kind == "entry" else 1_440),
            air_draught_mm=chosen.air_mm,
            late_weight=chosen.weight,
            unplaced_cost=_UNPLACED_COST[chosen.weight],
            needs=needs(chosen),
            min_visibility_m=random.choices((0, 1_000, 2_000), (38, 50, 12))[0],
            boarding_wind_mms=13_900 if chosen.pilots else None,
            berthing_wind_mms=10_800 if chosen.loa_mm > 190_000 else None,
            daylight_only=chosen.kind == "lng",
        )
        self.movements.append(movement)
        return movement


def _may_meet(span: Interval, tick: int) -> bool:
    return span.begin - 480 <= tick <= span.end + 120


def _sea(chosen: Class) -> int:
    """Where the pilot boards or leaves: far out for the big ones."""
    return 0 if chosen.loa_mm >= 290_000 else 2


def _takes(berth: Berth, chosen: Class) -> bool:
    return (
        chosen.kind in berth.kinds
        and chosen.loa_mm <= (berth.max_loa_mm or 0)
        and chosen.beam_mm <= (berth.max_beam_mm or 0)
    )


def _deepest_mm(berth: Berth) -> int:
    """What may lie at a berth at any tide."""
    depth = (berth.depth_mm or 0) + 150
    return min(depth * 1_000 // (1_000 + berth.ukc_permille), depth - berth.ukc_mm) // 100 * 100


def _stretch(berth: Berth, ship: Ship) -> tuple[int, int]:
    """Amidships of the berth."""
    begin = berth.begin_mm + (berth.end_mm - berth.begin_mm - ship.loa_mm) // 2
    return begin, begin + ship.loa_mm
