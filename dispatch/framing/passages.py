"""The ways to make a movement: its passage in clear weather and in restricted visibility."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dispatch.declaration import MovementKind
from dispatch.framing.grid import minutes
from dispatch.framing.waterways import slow_rule
from dispatch.port import Days, Direction, Leg, Port
from dispatch.vessel import Vessel
from scheduler import problem

CLEAR = "clear"
"""The regime in which no segment is sailed slowly."""

IsSlow = Callable[[str, int], bool]
"""Whether a segment that is entered so many ticks after the start is sailed slowly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where a movement leads: places at its ends, channel nodes between which it sails.

    ``from_place`` and ``to_place`` are berths or anchorages; None is the sea.
    """

    kind: MovementKind
    from_place: str | None
    to_place: str | None
    legs: tuple[Leg, ...]
    from_node: str
    to_node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """A route with its times: offsets in ticks after the start.

    Attributes:
        clear: When it is clear of ``from_place`` (or the pilot is on board) and sails.
        arrive: When the passage is over.
        end: When it is all fast, anchored, or the pilot is off.
        slow: For each leg, whether it is sailed slowly.
    """

    route: Route
    legs: tuple[problem.Leg, ...]
    clear: int
    arrive: int
    end: int
    slow: tuple[bool, ...]

    @property
    def regime(self) -> str:
        """The name of its regime: the segments sailed slowly, first to last of each run."""
        return regime_name(tuple(leg.segment for leg in self.legs), self.slow)


@dataclass(frozen=True, slots=True)
class Sailing:
    """Minutes through each segment, unrounded: in clear weather and in poor visibility."""

    clear_min: Mapping[str, float]
    slow_min: Mapping[str, float]


def sailing_times(port: Port, ship_class: str, days: Days) -> Sailing:
    """Return the times of a class of ships under the speed limits of some days."""
    rule = slow_rule(port, days)
    slow_kn = None if rule is None else rule.number("speed_kn")
    clear: dict[str, float] = {}
    slow: dict[str, float] = {}
    for segment in port.segments:
        limit_kn = port.speed_limit_kn(segment, days)
        clear[segment] = port.transit_min(segment, ship_class, cap_speed_kn=limit_kn)
        caps = [cap for cap in (limit_kn, slow_kn) if cap is not None]
        slow[segment] = port.transit_min(segment, ship_class, cap_speed_kn=min(caps, default=None))
    return Sailing(clear, slow)


class Timetable:
    """Times of one vessel's passages under the rules of some days."""

    def __init__(self, port: Port, vessel: Vessel, sailing: Sailing, *, piloted: bool) -> None:
        """Take the vessel with the sailing times of its class."""
        self._port = port
        self._vessel = vessel
        self._piloted = piloted
        self._sailing = sailing

    def route(
        self, kind: MovementKind, from_place: str | None, to_place: str | None, sea_node: str
    ) -> Route:
        """Return the route between two places; ``sea_node`` stands for the one that is the sea."""
        start = sea_node if from_place is None else self._port.channel_node(from_place)
        end = sea_node if to_place is None else self._port.channel_node(to_place)
        return Route(
            kind=kind,
            from_place=from_place,
            to_place=to_place,
            legs=self._port.passage(start, end),
            from_node=start,
            to_node=end,
        )

    def leaving_min(self, route: Route) -> float:
        """Return the minutes from the start to the passage: boarding, unberthing or weighing."""
        times = self._port.service_times
        if route.from_place is None:
            return times.pilot_boarding_min if self._piloted else 0.0
        if route.from_place in self._port.anchorages:
            return times.weighing_min
        return times.unberthing_min(self._vessel.loa_m)

    def arriving_min(self, route: Route) -> float:
        """Return the minutes from the passage to the end: berthing or anchoring."""
        times = self._port.service_times
        if route.to_place is None:
            return 0.0
        if route.to_place in self._port.anchorages:
            return times.anchoring_min
        return times.berthing_min(self._vessel.loa_m)

    def timing(self, route: Route, is_slow: IsSlow, *, sails_at: int | None = None) -> Timing:
        """Return the times of a route.

        Args:
            route: Where it leads.
            is_slow: Asked for every segment with the offset at which it is entered.
            sails_at: Reported offset at which the passage began; None takes the usual time.
        """
        at_min = float(sails_at) if sails_at is not None else self.leaving_min(route)
        clear = minutes(at_min)
        times = self._sailing
        legs: list[problem.Leg] = []
        slow: list[bool] = []
        for leg in route.legs:
            segment = leg.segment.segment_id
            enter = minutes(at_min)
            slowly = is_slow(segment, enter)
            at_min += (times.slow_min if slowly else times.clear_min)[segment]
            slow.append(slowly)
            legs.append(
                problem.Leg(
                    segment=segment,
                    forward=leg.direction is Direction.INWARD,
                    enter=enter,
                    leave=minutes(at_min),
                    # a passage is rounded once, so a slow leg may be a minute shorter than its own
                    # time rounded up; the whole minutes below are what each leg surely takes
                    slow_ticks=int(times.slow_min[segment]),
                )
            )
        return Timing(
            route=route,
            legs=tuple(legs),
            clear=clear,
            arrive=minutes(at_min),
            end=minutes(at_min + self.arriving_min(route)),
            slow=tuple(slow),
        )

    def clear(self, route: Route) -> Timing:
        """Return the times in clear weather."""
        return self.timing(route, lambda _segment, _enter: False)

    def in_regime(self, route: Route, regime: str) -> Timing | None:
        """Return the times in a regime by its name; None where it is not one of this route."""
        segments = tuple(leg.segment.segment_id for leg in route.legs)
        slow = slow_segments(segments, regime)
        if slow is None:
            return None
        return self.timing(route, lambda segment, _enter: segment in slow)

    def restricted(self, route: Route, boundaries: int) -> list[Timing]:
        """Return a few passages in restricted visibility.

        The first is slow all the way; the others are slow up to a node, or from a node on. The
        nodes are those nearest to equal parts of the clear passage, at most ``boundaries``.
        """
        segments = tuple(leg.segment.segment_id for leg in route.legs)
        if not segments:
            return []
        found = [self.timing(route, lambda _segment, _enter: True)]
        for cut in _cuts(self.clear(route), boundaries):
            before, after = frozenset(segments[:cut]), frozenset(segments[cut:])
            found.append(self.timing(route, lambda segment, _enter, s=before: segment in s))
            found.append(self.timing(route, lambda segment, _enter, s=after: segment in s))
        return found


def regime_name(segments: tuple[str, ...], slow: tuple[bool, ...]) -> str:
    """Return a regime's name, such as ``clear``, ``slow.S01~S03`` or ``slow.S01~S01+S05~S06``."""
    runs: list[list[str]] = []
    for index, segment in enumerate(segments):
        if not slow[index]:
            continue
        if index and slow[index - 1]:
            runs[-1][1] = segment
        else:
            runs.append([segment, segment])
    return "slow." + "+".join(f"{first}~{last}" for first, last in runs) if runs else CLEAR


def slow_segments(segments: tuple[str, ...], regime: str) -> frozenset[str] | None:
    """Return the slow segments of a regime's name; None where it does not fit the segments."""
    if regime == CLEAR:
        return frozenset()
    if not regime.startswith("slow."):
        return None
    slow: set[str] = set()
    for run in regime.removeprefix("slow.").split("+"):
        first, _, last = run.partition("~")
        if first not in segments or last not in segments:
            return None
        slow.update(segments[segments.index(first) : segments.index(last) + 1])
    return frozenset(slow) or None


def _cuts(timing: Timing, boundaries: int) -> list[int]:
    """Return the leg numbers at which a passage is cut, at most ``boundaries`` of them."""
    starts = {index: leg.enter for index, leg in enumerate(timing.legs) if index}
    sailing = timing.arrive - timing.clear
    chosen: list[int] = []
    for part in range(1, boundaries + 1):
        wanted = timing.clear + sailing * part / (boundaries + 1)
        left = [index for index in starts if index not in chosen]
        if left:
            chosen.append(min(left, key=lambda index: abs(starts[index] - wanted)))
    return sorted(chosen)
