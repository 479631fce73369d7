"""Refuse a malformed problem: every fault with its place, a code and figures."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from scheduler.checks import CHECKS
from scheduler.problem import Crew, Interval, Mode, Movement, Pool, Problem, Stay

SIGNED = frozenset(
    {
        *("begin", "end", "start", "requested", "earliest", "latest", "until", "ready"),
        *("heights_mm", "depth_mm", "clearance_mm", "reference_height_mm", "slot_phase_ticks"),
        "stretch_mm",
    }
)
"""Fields that may be negative; all other numbers are counts, sizes, offsets or spans of time."""

POSITIVE = frozenset(
    {
        *("horizon", "tick_s", "step_ticks", "slot_ticks", "rolling_ticks", "length_mm"),
        *(
            "loa_mm",
            "beam_mm",
            "draught_mm",
            "end_at",
            "boarding_wind_mms",
            "berthing_wind_mms",
            "grade",
        ),
    }
)
"""Fields that are at least 1 (where they are given)."""

LARGEST = 2**53 - 1
"""Largest number that every reader of the JSON form keeps exact."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a problem.

    Attributes:
        path: JSON pointer to the place, such as ``/movements/3/modes/0/legs/1/leave``.
        code: What is wrong, such as ``unknown_reference``; ``docs/rules.md`` lists them.
        params: The figures and names that the text for people is made of.
    """

    path: str
    code: str
    params: Mapping[str, int | str] = field(default_factory=dict)


class ProblemInvalid(ValueError):
    """The problem is malformed; ``faults`` tells all that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        listed = "; ".join(f"{fault.path}: {fault.code}" for fault in self.faults[:5])
        more = "" if len(self.faults) <= 5 else f" and {len(self.faults) - 5} more"
        super().__init__(f"{listed}{more}")


def validate(problem: Problem) -> tuple[Fault, ...]:
    """Look for everything that makes a problem meaningless.

    A problem without faults may still have no plan that places everything; that is an outcome.
    What ``Movement.published`` names may be gone by now, and is not looked up.

    Args:
        problem: The problem.

    Returns:
        All faults, none if it is well-formed. Where numbers or ids are wrong by themselves, only
        that is told.
    """
    faults = [*_figures(problem, ""), *_ids(problem)]
    if faults:
        return tuple(faults)
    parts = (_channel, _places, _conditions, _resources, _movements, _stays, _cycles)
    return tuple(fault for part in parts for fault in part(problem))


def ensure_valid(problem: Problem) -> None:
    """Refuse a malformed problem.

    Raises:
        ProblemInvalid: With all its faults.
    """
    faults = validate(problem)
    if faults:
        raise ProblemInvalid(faults)


def _figures(item: Any, path: str) -> Iterator[Fault]:
    """Judge every number and span of a dataclass, by the name of its field."""
    if isinstance(item, Interval) and not item.begin < item.end:
        yield Fault(path, "end_not_after_begin", {"begin": item.begin, "end": item.end})
    for part in fields(item):
        value = getattr(item, part.name)
        yield from _figure(value, f"{path}/{part.name}", part.name)


def _figure(value: Any, path: str, name: str) -> Iterator[Fault]:
    if isinstance(value, tuple):
        for n, element in enumerate(value):
            yield from _figure(element, f"{path}/{n}", name)
    elif is_dataclass(value):
        yield from _figures(value, path)
    elif isinstance(value, float):
        yield Fault(path, "not_an_integer", {"value": str(value)})
    elif isinstance(value, int) and not isinstance(value, bool):
        least = 0
        if name in SIGNED:
            least = -LARGEST
        elif name in POSITIVE:
            least = 1
        if not least <= value <= LARGEST:
            yield Fault(path, "out_of_range", {"value": str(value), "least": least})


def _ids(problem: Problem) -> Iterator[Fault]:
    yield from _unique(problem.ships, "/ships")
    yield from _unique(problem.segments, "/segments")
    for n, segment in enumerate(problem.segments):
        yield from _unique(segment.bridges, f"/segments/{n}/bridges")
    yield from _unique(problem.quays, "/quays")
    yield from _unique(problem.berths, "/berths")
    taken = {berth.id for berth in problem.berths}
    yield from _unique(problem.anchorages, "/anchorages", taken)
    yield from _unique(problem.boarding_places, "/boarding_places")
    yield from _unique(problem.closures, "/closures")
    yield from _unique(problem.pools, "/pools")
    yield from _unique(problem.resources, "/resources")
    yield from _unique(problem.movements, "/movements")
    for n, movement in enumerate(problem.movements):
        yield from _unique(movement.modes, f"/movements/{n}/modes")
        yield from _unique(movement.needs, f"/movements/{n}/needs")
    yield from _unique(problem.stays, "/stays")
    reserved = set(CHECKS) - {"pilots", "tugs"}
    for n, pool in enumerate(problem.pools):
        if pool.id in reserved:
            yield Fault(f"/pools/{n}/id", "reserved_id", {"id": pool.id})


def _unique(items: Iterable[Any], path: str, taken: Iterable[str] = ()) -> Iterator[Fault]:
    seen = set(taken)
    for n, item in enumerate(items):
        if not item.id:
            yield Fault(f"{path}/{n}/id", "empty_id")
        elif item.id in seen:
            yield Fault(f"{path}/{n}/id", "duplicate_id", {"id": item.id})
        seen.add(item.id)


def _known(path: str, name: str | None, kind: str, among: Container[str]) -> Iterator[Fault]:
    """Report a name that is given and not there."""
    if name is not None and name not in among:
        yield Fault(path, "unknown_reference", {"kind": kind, "id": name})


def _all_known(
    path: str, names: Iterable[str], kind: str, among: Container[str]
) -> Iterator[Fault]:
    for n, name in enumerate(names):
        yield from _known(f"{path}/{n}", name, kind, among)


def _channel(problem: Problem) -> Iterator[Fault]:
    for n, segment in enumerate(problem.segments):
        if segment.from_node == segment.to_node:
            yield Fault(f"/segments/{n}/to_node", "same_node", {"id": segment.from_node})
    seen: set[str] = set()
    for n, water in enumerate(problem.water_levels):
        if not water.heights_mm:
            yield Fault(f"/water_levels/{n}/heights_mm", "empty")
        if water.node in seen:
            yield Fault(f"/water_levels/{n}/node", "duplicate_id", {"id": water.node})
        seen.add(water.node)


def _places(problem: Problem) -> Iterator[Fault]:
    quays = {quay.id for quay in problem.quays}
    for n, berth in enumerate(problem.berths):
        yield from _known(f"/berths/{n}/quay", berth.quay, "quay", quays)
        if berth.end_mm < berth.begin_mm or (berth.quay is not None and berth.end_mm == 0):
            figures = {"begin": berth.begin_mm, "end": berth.end_mm}
            yield Fault(f"/berths/{n}/end_mm", "end_not_after_begin", figures)


def _conditions(problem: Problem) -> Iterator[Fault]:
    segments = {segment.id for segment in problem.segments}
    for n, entry in enumerate(problem.visibility):
        yield from _all_known(f"/visibility/{n}/segments", entry.segments, "segment", segments)
    for n in range(1, len(problem.daylight)):
        # Sunset lies before the next sunrise: else two days are one, or out of order.
        sunset, sunrise = problem.daylight[n - 1].end, problem.daylight[n].begin
        if sunrise <= sunset:
            figures = {"sunset": sunset, "sunrise": sunrise}
            yield Fault(f"/daylight/{n}/begin", "not_apart", figures)
    for n, closure in enumerate(problem.closures):
        yield from _all_known(f"/closures/{n}/segments", closure.segments, "segment", segments)


def _resources(problem: Problem) -> Iterator[Fault]:
    pools = {pool.id: pool for pool in problem.pools}
    for n, pool in enumerate(problem.pools):
        yield from _pool(pool, f"/pools/{n}")
    for n, resource in enumerate(problem.resources):
        path = f"/resources/{n}"
        yield from _known(f"{path}/pool", resource.pool, "pool", pools)
        pool = pools.get(resource.pool)
        if pool is not None:
            yield from _known(f"{path}/home", resource.home, "place", pool.places)
            for k, past in enumerate(resource.past):
                yield from _known(f"{path}/past/{k}/to_place", past.to_place, "place", pool.places)


def _pool(pool: Pool, path: str) -> Iterator[Fault]:
    size = len(pool.places)
    if len(set(pool.places)) != size:
        yield Fault(f"{path}/places", "duplicate_id")
    if len(pool.travel_ticks) != size:
        figures = {"rows": len(pool.travel_ticks), "places": size}
        yield Fault(f"{path}/travel_ticks", "matrix_not_square", figures)
    for n, row in enumerate(pool.travel_ticks):
        if len(row) != size:
            figures = {"columns": len(row), "places": size}
            yield Fault(f"{path}/travel_ticks/{n}", "matrix_not_square", figures)
    if pool.min_rest_rolling_ticks > pool.rolling_ticks:
        figures = {"rest": pool.min_rest_rolling_ticks, "rolling": pool.rolling_ticks}
        yield Fault(f"{path}/min_rest_rolling_ticks", "rest_longer_than_span", figures)


def _movements(problem: Problem) -> Iterator[Fault]:
    ships = {ship.id for ship in problem.ships}
    movements = {movement.id for movement in problem.movements}
    resources = {resource.id for resource in problem.resources}
    rules = set(CHECKS) - {"plan"} | {pool.id for pool in problem.pools}
    look_up = _LookUp(problem)
    for n, movement in enumerate(problem.movements):
        path = f"/movements/{n}"
        yield from _known(f"{path}/ship", movement.ship, "ship", ships)
        yield from _all_known(f"{path}/barred", movement.barred, "resource", resources)
        yield from _all_known(f"{path}/waived", movement.waived, "rule", rules)
        if movement.latest < movement.earliest:
            figures = {"earliest": movement.earliest, "latest": movement.latest}
            yield Fault(f"{path}/latest", "latest_before_earliest", figures)
        for k, link in enumerate(movement.follows):
            yield from _known(f"{path}/follows/{k}/movement", link.movement, "movement", movements)
        for k, need in enumerate(movement.needs):
            yield from _known(f"{path}/needs/{k}/pool", need.pool, "pool", look_up.pools)
            if need.max_count is not None and need.max_count < need.count:
                figures = {"count": need.count, "max_count": need.max_count}
                yield Fault(f"{path}/needs/{k}/max_count", "fewer_than_count", figures)
        if not movement.modes:
            yield Fault(f"{path}/modes", "empty")
        for k, mode in enumerate(movement.modes):
            yield from look_up.mode(movement, mode, f"{path}/modes/{k}")
        if movement.fixed is not None:
            modes = {mode.id for mode in movement.modes}
            yield from _known(f"{path}/fixed/mode", movement.fixed.mode, "mode", modes)
            yield from _crews(movement, movement.fixed.crews, f"{path}/fixed/crews", resources)


def _crews(
    movement: Movement, crews: Sequence[Crew], path: str, resources: Container[str]
) -> Iterator[Fault]:
    needs = {need.id for need in movement.needs}
    seen: set[str] = set()
    for n, crew in enumerate(crews):
        yield from _known(f"{path}/{n}/need", crew.need, "need", needs)
        yield from _all_known(f"{path}/{n}/resources", crew.resources, "resource", resources)
        if crew.need in seen:
            yield Fault(f"{path}/{n}/need", "duplicate_id", {"id": crew.need})
        seen.add(crew.need)


class _LookUp:
    """What modes refer to."""

    def __init__(self, problem: Problem) -> None:
        self.segments = {segment.id: segment for segment in problem.segments}
        self.pools = {pool.id: pool for pool in problem.pools}
        self.boarding_places = {place.id for place in problem.boarding_places}
        self.places = {place.id for place in (*problem.berths, *problem.anchorages)}

    def mode(self, movement: Movement, mode: Mode, path: str) -> Iterator[Fault]:
        """Judge one mode of a movement."""
        yield from _known(f"{path}/from_place", mode.from_place, "place", self.places)
        yield from _known(f"{path}/to_place", mode.to_place, "place", self.places)
        yield from _known(
            f"{path}/boarding_place", mode.boarding_place, "boarding_place", self.boarding_places
        )
        if mode.stretch_mm is not None and not mode.stretch_mm[0] < mode.stretch_mm[1]:
            figures = {"begin": mode.stretch_mm[0], "end": mode.stretch_mm[1]}
            yield Fault(f"{path}/stretch_mm", "end_not_after_begin", figures)
        offsets = {"clear_at": mode.clear_at, "arrive_at": mode.arrive_at}
        offsets["legs"] = mode.legs[-1].leave if mode.legs else 0
        for name, offset in offsets.items():
            if offset > mode.end_at:
                figures = {"offset": offset, "end_at": mode.end_at}
                yield Fault(f"{path}/{name}", "after_the_end", figures)
        yield from self._legs(mode, path)
        yield from self._duties(movement, mode, path)

    def _legs(self, mode: Mode, path: str) -> Iterator[Fault]:
        before: tuple[str, int] | None = None
        for n, leg in enumerate(mode.legs):
            yield from _known(f"{path}/legs/{n}/segment", leg.segment, "segment", self.segments)
            segment = self.segments.get(leg.segment)
            if leg.leave < leg.enter:
                figures: dict[str, int | str] = {"enter": leg.enter, "leave": leg.leave}
                yield Fault(f"{path}/legs/{n}/leave", "leave_before_enter", figures)
            if segment is None:
                return
            nodes = (segment.from_node, segment.to_node)
            node_in, node_out = nodes if leg.forward else nodes[::-1]
            if before is not None and before != (node_in, leg.enter):
                figures = {"node": node_in, "enter": leg.enter}
                figures |= {"node_before": before[0], "leave_before": before[1]}
                yield Fault(f"{path}/legs/{n}", "legs_not_contiguous", figures)
            before = (node_out, leg.leave)

    def _duties(self, movement: Movement, mode: Mode, path: str) -> Iterator[Fault]:
        needs = {need.id: need for need in movement.needs}
        for n, duty in enumerate(mode.duties):
            yield from _known(f"{path}/duties/{n}/need", duty.need, "need", needs)
            if not duty.begin < duty.end:
                figures = {"begin": duty.begin, "end": duty.end}
                yield Fault(f"{path}/duties/{n}/end", "end_not_after_begin", figures)
            pool = self.pools.get(needs[duty.need].pool) if duty.need in needs else None
            if pool is not None:
                ends = (("from_place", duty.from_place), ("to_place", duty.to_place))
                for name, place in ends:
                    yield from _known(f"{path}/duties/{n}/{name}", place, "place", pool.places)


def _stays(problem: Problem) -> Iterator[Fault]:
    movements = {movement.id: movement for movement in problem.movements}
    ships = {ship.id for ship in problem.ships}
    places = {place.id for place in (*problem.berths, *problem.anchorages)}
    used: set[tuple[str, str]] = set()
    for n, stay in enumerate(problem.stays):
        path = f"/stays/{n}"
        yield from _known(f"{path}/ship", stay.ship, "ship", ships)
        yield from _known(f"{path}/place", stay.place, "place", places)
        if (stay.entry is None) == (stay.place is None):
            yield Fault(path, "entry_or_place")
        for role, name in (("entry", stay.entry), ("exit", stay.exit)):
            yield from _known(f"{path}/{role}", name, "movement", movements)
            if name is not None and name in movements:
                yield from _end_of_stay(stay, role, movements[name], f"{path}/{role}")
                if (role, name) in used:
                    yield Fault(f"{path}/{role}", "in_two_stays", {"id": name})
                used.add((role, name))
        if stay.entry is not None and stay.entry == stay.exit:
            yield Fault(f"{path}/exit", "same_movement", {"id": stay.entry})
        if stay.stretch_mm is not None and not stay.stretch_mm[0] < stay.stretch_mm[1]:
            figures = {"begin": stay.stretch_mm[0], "end": stay.stretch_mm[1]}
            yield Fault(f"{path}/stretch_mm", "end_not_after_begin", figures)


def _end_of_stay(stay: Stay, role: str, movement: Movement, path: str) -> Iterator[Fault]:
    if movement.ship != stay.ship:
        yield Fault(path, "other_ship", {"ship": stay.ship, "of_movement": movement.ship})
    for mode in movement.modes:
        if (mode.to_place if role == "entry" else mode.from_place) is None:
            yield Fault(path, "mode_without_place", {"id": movement.id, "mode": mode.id})


def _cycles(problem: Problem) -> Iterator[Fault]:
    """Report movements that in the end have to follow themselves."""
    after: dict[str, set[str]] = {
        movement.id: {link.movement for link in movement.follows} for movement in problem.movements
    }
    for stay in problem.stays:
        if stay.exit in after and stay.entry is not None:
            after[stay.exit].add(stay.entry)
    free = {name for name in after if not after[name] & after.keys()}
    while free:
        for name in free:
            del after[name]
        free = {name for name in after if not after[name] & after.keys()}
    for n, movement in enumerate(problem.movements):
        # What is left follows a circle, or is in one: tell those that are in one.
        if movement.id in after and _reaches(after, movement.id):
            yield Fault(f"/movements/{n}/follows", "circle", {"id": movement.id})


def _reaches(after: Mapping[str, set[str]], name: str) -> bool:
    """Tell whether a movement comes after itself."""
    seen: set[str] = set()
    front = set(after[name])
    while front:
        seen |= front
        front = {further for one in front for further in after.get(one, ())} - seen
    return name in seen
