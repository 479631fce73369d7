"""The modes of a movement: each acceptable place in each regime of visibility that may matter."""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.framing.needs import Services, Work
from dispatch.framing.passages import CLEAR, IsSlow, Route, Sailing, Timetable, Timing
from dispatch.framing.visibility import VisibilityAt
from dispatch.movement import Movement
from dispatch.port import Days, Port
from dispatch.units import local_draught_m, millimetres
from scheduler import problem


@dataclass(frozen=True, slots=True)
class Variant:
    """A mode with its times and what it needs."""

    mode: problem.Mode
    timing: Timing
    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a ship lies or may come to lie; ``stretch_mm`` is its position at the quay."""

    place: str
    stretch_mm: tuple[int, int] | None = None


def is_place(port: Port, place: str) -> bool:
    """Tell whether the port has such a berth or anchorage."""
    return place in port.berths or place in port.anchorages


class ModeMaker:
    """Makes the modes of one movement; a mode's id says where it leads and in which regime."""

    def __init__(
        self,
        port: Port,
        movement: Movement,
        days: Days,
        sailing: Sailing,
        from_places: Sequence[str],
    ) -> None:
        """Look up what all modes of the movement share.

        Args:
            port: The port.
            movement: The movement.
            days: The port's own days whose rules hold.
            sailing: The sailing times of its ship's class.
            from_places: Where the ship may lie when it starts; empty when it comes from sea.
        """
        self._port = port
        self._movement = movement
        self._from_places = tuple(place for place in from_places if is_place(port, place))
        self.piloted = movement.asked.pilot_required is True or port.pilotage_compulsory(
            movement.vessel, days
        )
        self._timetable = Timetable(port, movement.vessel, sailing, piloted=self.piloted)
        self.sea_place = self._sea_place()
        self.routes = self._routes()
        self.draught_m = self._local_draught_m()
        self._services = Services(port, movement, draught_m=self.draught_m, piloted=self.piloted)

    def _sea_place(self) -> str:
        asked = self._movement.asked
        if asked.boarding_place in self._port.boarding_places:
            return str(asked.boarding_place)
        return self._port.boarding_place_for(self._movement.vessel, asked.draught_m).place_id

    def _routes(self) -> tuple[Route, ...]:
        kind = self._movement.asked.kind
        sea_node = self._port.channel_node(self.sea_place)
        origins: tuple[str | None, ...] = (None,) if kind == "entry" else self._from_places
        asked = tuple(item for item in self._movement.asked.berths if is_place(self._port, item))
        goals: tuple[str | None, ...] = (None,) if kind == "exit" else asked
        return tuple(
            self._timetable.route(kind, origin, goal, sea_node)
            for goal in goals
            for origin in origins
            if origin is None or origin != goal
        )

    def _local_draught_m(self) -> float:
        """Return the draught in the least dense water on the way, where it was given at sea."""
        asked = self._movement.asked
        if asked.draught_water == "local":
            return asked.draught_m
        nodes = {
            node
            for route in self.routes
            for node in (
                route.from_node,
                route.to_node,
                *(leg.leaves_at for leg in route.legs),
            )
        }
        density = min(self._port.nodes[node].density_t_m3 for node in nodes)
        return local_draught_m(asked.draught_m, density, k=self._port.fresh_water_k)

    def clear(self) -> list[Variant]:
        """Return the modes of clear weather."""
        return [self.variant(self._timetable.clear(route)) for route in self.routes]

    def restricted(self, boundaries: int) -> list[Variant]:
        """Return the modes of restricted visibility."""
        return [
            self.variant(timing)
            for route in self.routes
            for timing in self._timetable.restricted(route, boundaries)
        ]

    def by_id(self, mode_id: str) -> Variant | None:
        """Return the mode that an id names, as long as the movement may still be made that way."""
        place, _, regime = mode_id.rpartition("/")
        for route in self.routes:
            if self._way(route) == place:
                timing = self._timetable.in_regime(route, regime)
                return None if timing is None else self.variant(timing)
        return None

    def as_sailed(self, route: Route, is_slow: IsSlow, *, sails_at: int | None) -> Variant:
        """Return the mode of a movement that has begun; see ``Timetable.timing``."""
        return self.variant(self._timetable.timing(route, is_slow, sails_at=sails_at))

    def route_of(self, from_place: str | None, to_place: str | None) -> Route:
        """Return the route between two places, asked for or not."""
        kind = self._movement.asked.kind
        sea_node = self._port.channel_node(self.sea_place)
        return self._timetable.route(kind, from_place, to_place, sea_node)

    def _way(self, route: Route) -> str:
        """Return the part of a mode id that names its places."""
        goal = route.to_place or self.sea_place
        return goal if route.from_place is None else f"{route.from_place}>{goal}"

    def variant(self, timing: Timing) -> Variant:
        """Return the mode of a passage."""
        route = timing.route
        work = self._services.work(timing)
        takes_slot = route.from_place is None and self.piloted
        mode = problem.Mode(
            id=f"{self._way(route)}/{timing.regime}",
            legs=timing.legs,
            from_place=route.from_place,
            to_place=route.to_place,
            stretch_mm=None if route.to_place is None else self.stretch_mm(route.to_place),
            clear_at=timing.clear if route.from_place is not None else 0,
            arrive_at=timing.arrive,
            end_at=timing.end,
            boarding_place=self.sea_place if takes_slot else None,
            duties=work.duties,
            restricted=timing.regime != CLEAR,
        )
        return Variant(mode, timing, work)

    def stretch_mm(self, place: str) -> tuple[int, int] | None:
        """Return the position at a berth: the one asked for, or amid the berth.

        A ship that needs to lie across berth marks is kept inside the quay; at a quay that takes
        one ship a berth there is no position.
        """
        berth = self._port.berths.get(place)
        if berth is None or self._port.quays[berth.quay_id].rule != "continuous":
            return None
        asked = self._movement.asked
        if asked.stretch is not None and asked.berths and place == asked.berths[0]:
            return millimetres(asked.stretch.from_m), millimetres(asked.stretch.to_m)
        loa_mm = millimetres(self._movement.vessel.loa_m)
        quay_mm = millimetres(max(item.end_m for item in self._port.berths_of_quay(berth.quay_id)))
        begin_mm = (millimetres(berth.start_m) + millimetres(berth.end_m) - loa_mm) // 2
        begin_mm = max(0, min(begin_mm, quay_mm - loa_mm))
        return begin_mm, begin_mm + loa_mm


def needed_in_visibility(
    variants: Sequence[Variant],
    visibility: VisibilityAt,
    *,
    slow_m: int,
    min_visibility_m: int,
    window: tuple[int, int],
) -> list[Variant]:
    """Return the modes without those that visibility gives no start of their own.

    For each pair of places the faster mode is looked at first; a slower one is kept where it can
    start at ticks of the window at which none of the kept ones can.
    """
    kept: list[Variant] = []
    covered: dict[tuple[str | None, str | None], list[tuple[int, int]]] = {}
    for variant in sorted(variants, key=lambda item: (item.mode.end_at, item.mode.restricted)):
        mode = variant.mode
        first = mode.legs[0].segment if mode.legs else None
        barred = visibility.breaks(first, min_visibility_m)
        for leg, slow in zip(mode.legs, variant.timing.slow, strict=True):
            if not mode.restricted or not slow:
                barred += [
                    (begin - leg.enter, end - leg.enter)
                    for begin, end in visibility.breaks(leg.segment, slow_m)
                ]
        starts = _without([window], barred)
        ends = (mode.from_place, mode.to_place)
        already = covered.setdefault(ends, [])
        if not mode.restricted or _without(starts, already):
            kept.append(variant)
            already += starts
    return kept


def _without(
    spans: Sequence[tuple[int, int]], holes: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return what is left of half-open spans once the holes are cut out."""
    left = list(spans)
    for begin, end in holes:
        left = [
            piece
            for low, high in left
            for piece in ((low, min(high, begin)), (max(low, end), high))
            if piece[0] < piece[1]
        ]
    return left
