"""The best plan of a tiny problem, by looking at all of them with the checks alone."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import floor

from scheduler.checks import CHECKS, check
from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach, Placement
from scheduler.problem import Crew, Mode, Movement, Need, Problem

# What these say of one or two movements by themselves, no third one takes back.
STANDING = (
    *("requested_window", "frozen", "hold", "berth_fit", "alongside_clearance"),
    *("under_keel_clearance", "air_draught", "daylight", "visibility", "wind", "closure"),
    *("headway", "no_overtaking", "one_way", "meeting_limit", "safety_zone"),
    *("pilots", "tugs"),
)


class TooLarge(Exception):
    """There are more plans than the oracle looks at."""


def cost(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Weighted ticks late and early of what is placed, and the cost of what is not."""
    starts = {placement.movement: placement.start for placement in placements}
    return sum(
        movement.unplaced_cost
        if movement.id not in starts
        else weighted(movement, starts[movement.id])
        for movement in problem.movements
    )


def weighted(movement: Movement, start: int) -> int:
    points = movement.cost_points
    for (tick, low), (end, high) in pairwise(points):
        if tick <= start < end:
            return low + floor(Fraction((high - low) * (start - tick), end - tick))
    if points:
        return points[0][1] if start < points[0][0] else points[-1][1]
    late = max(0, start - movement.requested) * movement.late_weight
    return late + max(0, movement.requested - start) * movement.early_weight


def new_breaches(breaches) -> list[Breach]:
    return [breach for breach in breaches if breach.status == "new"]


def candidates(problem: Problem, movement: Movement) -> Iterator[Placement]:
    """All placements of a movement, good or bad."""
    modes = {mode.id: mode for mode in movement.modes}
    starts = range(max(0, movement.earliest), min(problem.horizon - 1, movement.latest) + 1)
    if movement.fixed is not None:
        modes = {movement.fixed.mode: modes[movement.fixed.mode]}
        starts = range(movement.fixed.start, movement.fixed.start + 1)
    for mode in modes.values():
        for crews in product(*(teams(problem, movement, need) for need in served(movement, mode))):
            for start, begin_mm in product(starts, positions(problem, movement, mode)):
                yield Placement(
                    movement=movement.id,
                    mode=mode.id,
                    start=start,
                    crews=crews,
                    begin_mm=begin_mm,
                )


def positions(problem: Problem, movement: Movement, mode: Mode) -> Iterable[int | None]:
    """Every millimetre that a mode leaves open: for quays of a few of them."""
    if mode.along_mm is None:
        return (None,)
    if movement.fixed is not None:
        return (movement.fixed.begin_mm,)
    length = next(ship.loa_mm for ship in problem.ships if ship.id == movement.ship)
    return range(mode.along_mm[0], mode.along_mm[1] - length + 1)


def served(movement: Movement, mode: Mode) -> list[Need]:
    return [need for need in movement.needs if any(duty.need == need.id for duty in mode.duties)]


def teams(problem: Problem, movement: Movement, need: Need) -> list[Crew]:
    for crew in movement.fixed.crews if movement.fixed is not None else ():
        if crew.need == need.id:
            return [crew]
    if any(pool.id == need.pool and pool.counts for pool in problem.pools):
        numbers = tuple(f"{need.pool}/{n}" for n in range(1, need.count + 1))
        happened = movement.fixed is not None and movement.fixed.actual
        return [Crew(need=need.id, resources=() if happened else numbers)]
    names = [resource.id for resource in problem.resources if resource.pool == need.pool]
    actual = movement.fixed is not None and movement.fixed.actual
    least = 0 if actual else need.count  # what has happened is not left out for want of a team
    most = len(names) if need.pull_kg else need.count
    sizes = range(min(least, len(names)), min(most, len(names)) + 1)
    return [Crew(need=need.id, resources=team) for n in sizes for team in combinations(names, n)]


def stands(problem: Problem, *placements: Placement) -> bool:
    """Whether nothing speaks against these, whatever else is placed."""
    sheet = Sheet(problem, placements)
    theirs = {placement.movement for placement in placements}
    return not any(
        breach.status == "new"
        and breach.params.get("code") not in {"first_duty", "left_out"}
        and theirs >= set(breach.movements)
        for rule in STANDING
        for breach in CHECKS[rule](sheet)
    )


@dataclass
class Oracle:
    """Depth first over the movements, the cheapest placement first, cut off by the best so far."""

    problem: Problem
    most_looks: int = 30_000
    best_cost: int = 10**9
    best: tuple[Placement, ...] | None = None
    looks: int = 0
    together: dict[tuple[Placement, ...], bool] = field(default_factory=dict)

    def search(self) -> tuple[Placement, ...] | None:
        """Find a cheapest plan without a new breach; None where even leaving all out has one.

        Raises:
            TooLarge: After ``most_looks`` judgements.
        """
        self.options: list[list[tuple[int, Placement | None]]] = []
        for movement in self.problem.movements:
            options: list[tuple[int, Placement | None]] = [
                (weighted(movement, placement.start), placement)
                for placement in candidates(self.problem, movement)
                if self.look(placement)
            ]
            if movement.fixed is None or not movement.fixed.actual:
                options.append((movement.unplaced_cost, None))
            self.options.append(sorted(options, key=lambda option: option[0]))
        self.descend(0, (), 0)
        return self.best

    def look(self, *placements: Placement) -> bool:
        key = placements
        if key not in self.together:
            self.looks += 1
            if self.looks > self.most_looks:
                raise TooLarge
            self.together[key] = stands(self.problem, *placements)
        return self.together[key]

    def descend(self, depth: int, chosen: tuple[Placement, ...], so_far: int) -> None:
        ahead = self.options[depth:]
        if not all(ahead) or so_far + sum(options[0][0] for options in ahead) >= self.best_cost:
            return
        if not ahead:
            self.looks += 1
            if self.looks > self.most_looks:
                raise TooLarge
            if not new_breaches(check(self.problem, chosen)):
                self.best_cost, self.best = so_far, chosen
            return
        for more, placement in ahead[0]:
            if placement is None:
                self.descend(depth + 1, chosen, so_far + more)
            elif all(self.look(other, placement) for other in chosen):
                self.descend(depth + 1, (*chosen, placement), so_far + more)


def best_plan(problem: Problem) -> tuple[Placement, ...]:
    """A cheapest plan without a new breach: there always is one, reality fits."""
    best = Oracle(problem).search()
    assert best is not None, "what has happened stops every plan"
    return best
