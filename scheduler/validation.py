"""Refuse a malformed problem: every fault with its place, a code and figures."""

from collections.abc import Iterator, Mapping, Sequence

from scheduler.checks import CHECKS
from scheduler.faults import Fault, all_known, figures, known, unique
from scheduler.problem import Mode, Movement, Problem, Stay
from scheduler.validation_quay import QuayLookUp
from scheduler.validation_teams import judge_crews, judge_needs, judge_resources, judge_row

__all__ = ["Fault", "ProblemInvalid", "ensure_valid", "validate"]


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
    faults = [*figures(problem, ""), *_ids(problem)]
    if faults:
        return tuple(faults)
    parts = (_channel, _places, _conditions, judge_resources, _movements, _stays, _cycles)
    return tuple(fault for part in parts for fault in part(problem))


def ensure_valid(problem: Problem) -> None:
    """Refuse a malformed problem.

    Raises:
        ProblemInvalid: With all its faults.
    """
    faults = validate(problem)
    if faults:
        raise ProblemInvalid(faults)


def _ids(problem: Problem) -> Iterator[Fault]:
    yield from unique(problem.ships, "/ships")
    yield from unique(problem.segments, "/segments")
    for n, segment in enumerate(problem.segments):
        yield from unique(segment.bridges, f"/segments/{n}/bridges")
    yield from unique(problem.quays, "/quays")
    yield from unique(problem.berths, "/berths")
    taken = {berth.id for berth in problem.berths}
    yield from unique(problem.anchorages, "/anchorages", taken)
    yield from unique(problem.boarding_places, "/boarding_places")
    yield from unique(problem.closures, "/closures")
    yield from unique(problem.pools, "/pools")
    yield from unique(problem.resources, "/resources")
    yield from unique(problem.movements, "/movements")
    for n, movement in enumerate(problem.movements):
        yield from unique(movement.modes, f"/movements/{n}/modes")
        yield from unique(movement.needs, f"/movements/{n}/needs")
    yield from unique(problem.stays, "/stays")
    reserved = set(CHECKS) - {"pilots", "tugs"}
    for n, pool in enumerate(problem.pools):
        if pool.id in reserved:
            yield Fault(f"/pools/{n}/id", "reserved_id", {"id": pool.id})


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
        yield from known(f"/berths/{n}/quay", berth.quay, "quay", quays)
        if berth.end_mm < berth.begin_mm or (berth.quay is not None and berth.end_mm == 0):
            told = {"begin": berth.begin_mm, "end": berth.end_mm}
            yield Fault(f"/berths/{n}/end_mm", "end_not_after_begin", told)


def _conditions(problem: Problem) -> Iterator[Fault]:
    segments = {segment.id for segment in problem.segments}
    for n, entry in enumerate(problem.visibility):
        yield from all_known(f"/visibility/{n}/segments", entry.segments, "segment", segments)
    for n in range(1, len(problem.daylight)):
        # Sunset lies before the next sunrise: else two days are one, or out of order.
        sunset, sunrise = problem.daylight[n - 1].end, problem.daylight[n].begin
        if sunrise <= sunset:
            told = {"sunset": sunset, "sunrise": sunrise}
            yield Fault(f"/daylight/{n}/begin", "not_apart", told)
    for n, closure in enumerate(problem.closures):
        yield from all_known(f"/closures/{n}/segments", closure.segments, "segment", segments)
    seen: set[tuple[str | None, str, str]] = set()
    for n, gap in enumerate(problem.gaps):
        yield from known(f"/gaps/{n}/segment", gap.segment, "segment", segments)
        key = (gap.segment, gap.leader, gap.follower)
        if key in seen:
            yield Fault(f"/gaps/{n}", "duplicate_id", {"id": f"{gap.leader} {gap.follower}"})
        seen.add(key)
    if not problem.daylight:
        yield from _without_daylight(problem)


def _without_daylight(problem: Problem) -> Iterator[Fault]:
    """Report what asks for daylight where nobody has told when it is."""
    limits = {segment.id: segment.daylight_loa_mm for segment in problem.segments}
    ships = {ship.id: ship.loa_mm for ship in problem.ships}
    for n, movement in enumerate(problem.movements):
        if "daylight" in movement.waived:
            continue
        if movement.daylight_only:
            yield Fault(f"/movements/{n}/daylight_only", "daylight_not_told")
        for k, mode in enumerate(movement.modes):
            for i, leg in enumerate(mode.legs):
                limit_mm, loa_mm = limits.get(leg.segment), ships.get(movement.ship)
                if limit_mm is not None and loa_mm is not None and loa_mm >= limit_mm:
                    told: dict[str, int | str] = {"have_mm": loa_mm, "limit_mm": limit_mm}
                    yield Fault(f"/movements/{n}/modes/{k}/legs/{i}", "daylight_not_told", told)


def _movements(problem: Problem) -> Iterator[Fault]:
    ships = {ship.id for ship in problem.ships}
    movements = {movement.id for movement in problem.movements}
    members = {resource.id for resource in problem.resources}
    rules = set(CHECKS) - {"plan"} | {pool.id for pool in problem.pools}
    look_up = _LookUp(problem)
    for n, movement in enumerate(problem.movements):
        path = f"/movements/{n}"
        yield from known(f"{path}/ship", movement.ship, "ship", ships)
        yield from all_known(f"{path}/barred", movement.barred, "resource", members)
        yield from all_known(f"{path}/waived", movement.waived, "rule", rules)
        if movement.latest < movement.earliest:
            told = {"earliest": movement.earliest, "latest": movement.latest}
            yield Fault(f"{path}/latest", "latest_before_earliest", told)
        for k, link in enumerate(movement.follows):
            yield from known(f"{path}/follows/{k}/movement", link.movement, "movement", movements)
        yield from _cost_points(movement, path)
        yield from judge_needs(movement, path, look_up.pools)
        if not movement.modes:
            yield Fault(f"{path}/modes", "empty")
        for k, mode in enumerate(movement.modes):
            yield from look_up.mode(movement, mode, f"{path}/modes/{k}")
        if movement.fixed is not None:
            modes = {mode.id for mode in movement.modes}
            yield from known(f"{path}/fixed/mode", movement.fixed.mode, "mode", modes)
            yield from look_up.quays.fixed(movement, movement.fixed, f"{path}/fixed/begin_mm")
            path = f"{path}/fixed/crews"
            yield from judge_crews(movement, movement.fixed.crews, path, members, look_up.pools)


def _cost_points(movement: Movement, path: str) -> Iterator[Fault]:
    for k in range(1, len(movement.cost_points)):
        before, tick = movement.cost_points[k - 1][0], movement.cost_points[k][0]
        if tick <= before:
            told = {"tick": tick, "tick_before": before}
            yield Fault(f"{path}/cost_points/{k}/0", "not_ascending", told)


class _LookUp:
    """What modes refer to."""

    def __init__(self, problem: Problem) -> None:
        self.segments = {segment.id: segment for segment in problem.segments}
        self.pools = {pool.id: pool for pool in problem.pools}
        self.boarding_places = {place.id for place in problem.boarding_places}
        self.places = {place.id for place in (*problem.berths, *problem.anchorages)}
        self.quays = QuayLookUp(problem)

    def mode(self, movement: Movement, mode: Mode, path: str) -> Iterator[Fault]:
        """Judge one mode of a movement."""
        yield from known(f"{path}/from_place", mode.from_place, "place", self.places)
        yield from known(f"{path}/to_place", mode.to_place, "place", self.places)
        yield from known(
            f"{path}/boarding_place", mode.boarding_place, "boarding_place", self.boarding_places
        )
        if mode.stretch_mm is not None and not mode.stretch_mm[0] < mode.stretch_mm[1]:
            told = {"begin": mode.stretch_mm[0], "end": mode.stretch_mm[1]}
            yield Fault(f"{path}/stretch_mm", "end_not_after_begin", told)
        yield from self.quays.along(movement, mode, path)
        offsets = {"clear_at": mode.clear_at, "arrive_at": mode.arrive_at}
        offsets["legs"] = mode.legs[-1].leave if mode.legs else 0
        for name, offset in offsets.items():
            if offset > mode.end_at:
                told = {"offset": offset, "end_at": mode.end_at}
                yield Fault(f"{path}/{name}", "after_the_end", told)
        yield from self._legs(mode, path)
        yield from self._duties(movement, mode, path)

    def _legs(self, mode: Mode, path: str) -> Iterator[Fault]:
        before: tuple[str, int] | None = None
        for n, leg in enumerate(mode.legs):
            yield from known(f"{path}/legs/{n}/segment", leg.segment, "segment", self.segments)
            segment = self.segments.get(leg.segment)
            if leg.leave < leg.enter:
                told: dict[str, int | str] = {"enter": leg.enter, "leave": leg.leave}
                yield Fault(f"{path}/legs/{n}/leave", "leave_before_enter", told)
            if segment is None:
                return
            nodes = (segment.from_node, segment.to_node)
            node_in, node_out = nodes if leg.forward else nodes[::-1]
            if before is not None and before != (node_in, leg.enter):
                told = {"node": node_in, "enter": leg.enter}
                told |= {"node_before": before[0], "leave_before": before[1]}
                yield Fault(f"{path}/legs/{n}", "legs_not_contiguous", told)
            before = (node_out, leg.leave)

    def _duties(self, movement: Movement, mode: Mode, path: str) -> Iterator[Fault]:
        needs = {need.id: need for need in movement.needs}
        for n, duty in enumerate(mode.duties):
            yield from known(f"{path}/duties/{n}/need", duty.need, "need", needs)
            if not duty.begin < duty.end:
                told = {"begin": duty.begin, "end": duty.end}
                yield Fault(f"{path}/duties/{n}/end", "end_not_after_begin", told)
            pool = self.pools.get(needs[duty.need].pool) if duty.need in needs else None
            if pool is not None and pool.places:
                ends = (("from_place", duty.from_place), ("to_place", duty.to_place))
                for name, place in ends:
                    yield from known(f"{path}/duties/{n}/{name}", place, "place", pool.places)
        if movement.fixed is None or not movement.fixed.actual:
            yield from judge_row(movement, mode, path, self.pools)


def _stays(problem: Problem) -> Iterator[Fault]:
    movements = {movement.id: movement for movement in problem.movements}
    ships = {ship.id for ship in problem.ships}
    places = {place.id for place in (*problem.berths, *problem.anchorages)}
    used: set[tuple[str, str]] = set()
    for n, stay in enumerate(problem.stays):
        path = f"/stays/{n}"
        yield from known(f"{path}/ship", stay.ship, "ship", ships)
        yield from known(f"{path}/place", stay.place, "place", places)
        if (stay.entry is None) == (stay.place is None):
            yield Fault(path, "entry_or_place")
        for role, name in (("entry", stay.entry), ("exit", stay.exit)):
            yield from known(f"{path}/{role}", name, "movement", movements)
            if name is not None and name in movements:
                yield from _end_of_stay(stay, role, movements[name], f"{path}/{role}")
                if (role, name) in used:
                    yield Fault(f"{path}/{role}", "in_two_stays", {"id": name})
                used.add((role, name))
        if stay.entry is not None and stay.entry == stay.exit:
            yield Fault(f"{path}/exit", "same_movement", {"id": stay.entry})
        if stay.stretch_mm is not None and not stay.stretch_mm[0] < stay.stretch_mm[1]:
            told = {"begin": stay.stretch_mm[0], "end": stay.stretch_mm[1]}
            yield Fault(f"{path}/stretch_mm", "end_not_after_begin", told)


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
