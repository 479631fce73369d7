"""The plan laid out over the raw problem: who is where, and when, for the checks to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from scheduler.outcome import Breach, Placement
from scheduler.problem import (
    Anchorage,
    Berth,
    Crew,
    Leg,
    Mode,
    Movement,
    Problem,
    Resource,
    Segment,
    Ship,
    Stay,
)


def ceil_div(numerator: int, denominator: int) -> int:
    """Divide and round up, exactly."""
    return -(-numerator // denominator)


def keel_need_mm(draught_mm: int, ukc_mm: int, ukc_permille: int) -> int:
    """Tell the water a hull asks for: its draught and the larger of the two clearances, mm."""
    return draught_mm + max(ukc_mm, ceil_div(draught_mm * ukc_permille, 1000))


@dataclass(frozen=True, slots=True)
class Voyage:
    """A placed movement with the mode and start that the plan gives it (ticks)."""

    movement: Movement
    mode: Mode
    start: int
    ship: Ship
    crews: tuple[Crew, ...]
    begin_mm: int | None = None

    @property
    def stretch_mm(self) -> tuple[int, int] | None:
        """Tell what it takes of the quay that it goes to; None: the whole berth.

        Where a position had to be chosen and was not, it may lie anywhere it was free to.
        """
        if self.mode.along_mm is None or self.begin_mm is None:
            return self.mode.along_mm or self.mode.stretch_mm
        return self.begin_mm, self.begin_mm + self.ship.loa_mm

    @property
    def id(self) -> str:
        """Name the movement."""
        return self.movement.id

    @property
    def end(self) -> int:
        """Tell the tick at which it ends."""
        return self.start + self.mode.end_at

    @property
    def actual(self) -> bool:
        """Tell whether it has happened already."""
        return self.movement.fixed is not None and self.movement.fixed.actual


@dataclass(frozen=True, slots=True)
class Passage:
    """One leg of a voyage: in ``segment`` for ``[enter, leave)``, ticks of the problem."""

    voyage: Voyage
    segment: Segment
    leg: Leg
    enter: int
    leave: int

    def gap_ticks(self, other: "Passage") -> int:
        """Tell the ticks between the two presences; negative where they overlap."""
        return max(other.enter - self.leave, self.enter - other.leave)


@dataclass(frozen=True, slots=True)
class Hold:
    """A stay as the plan makes it: ``place`` (and ``stretch_mm`` of its own) for ``[begin, end)``.

    ``begin`` is ``-inf`` for a ship that is there already, ``end`` is ``inf`` for one that keeps
    the place for good. ``entry`` and ``exit`` are there only where the plan places them.
    """

    stay: Stay
    place: str
    stretch_mm: tuple[int, int] | None
    begin: float
    end: float
    entry: Voyage | None
    exit: Voyage | None


class Sheet:
    """Look-ups over a valid problem and the placements that make sense in it.

    Placements that name what the problem does not have, or a movement for the second time, are
    passed over here; the check ``plan`` reports them.
    """

    def __init__(self, problem: Problem, placements: Sequence[Placement]) -> None:
        self.problem = problem
        self.placements = tuple(placements)
        self.movements = {movement.id: movement for movement in problem.movements}
        self.ships = {ship.id: ship for ship in problem.ships}
        self.segments = {segment.id: segment for segment in problem.segments}
        self.quays = {quay.id: quay for quay in problem.quays}
        self.berths = {berth.id: berth for berth in problem.berths}
        self.anchorages = {anchorage.id: anchorage for anchorage in problem.anchorages}
        self.pools = {pool.id: pool for pool in problem.pools}
        self.resources = {resource.id: resource for resource in problem.resources}
        self._water = {water.node: water for water in problem.water_levels}
        self.voyages = self._lay_out_voyages()
        self._passages = self._lay_out_passages()
        self.holds = tuple(self._lay_out_holds())

    def _lay_out_voyages(self) -> dict[str, Voyage]:
        voyages: dict[str, Voyage] = {}
        for placement in self.placements:
            movement = self.movements.get(placement.movement)
            if movement is None or movement.id in voyages:
                continue
            for mode in movement.modes:
                if mode.id == placement.mode:
                    voyages[movement.id] = Voyage(
                        movement,
                        mode,
                        placement.start,
                        self.ships[movement.ship],
                        placement.crews,
                        placement.begin_mm,
                    )
        return voyages

    def _lay_out_passages(self) -> dict[str, list[Passage]]:
        passages: dict[str, list[Passage]] = {}
        for voyage in self.voyages.values():
            for passage in self.passages_of(voyage):
                passages.setdefault(passage.segment.id, []).append(passage)
        for of_segment in passages.values():
            of_segment.sort(key=lambda passage: (passage.enter, passage.leave, passage.voyage.id))
        return passages

    def _lay_out_holds(self) -> Iterator[Hold]:
        for stay in self.problem.stays:
            entry = self.voyages.get(stay.entry) if stay.entry is not None else None
            if stay.entry is not None and entry is None:
                continue  # the entry is left out: there is no stay
            place = stay.place if entry is None else entry.mode.to_place
            stretch_mm = stay.stretch_mm if entry is None else entry.stretch_mm
            if place is None:
                continue
            begin = -inf if entry is None else entry.start + entry.mode.arrive_at
            leaving = self.voyages.get(stay.exit) if stay.exit is not None else None
            if leaving is not None:
                end: float = leaving.start + leaving.mode.clear_at
            elif stay.exit is not None:
                end = inf  # the exit is left out: the place is kept for good
            elif entry is not None:
                end = max(
                    entry.end + stay.service_ticks, -inf if stay.until is None else stay.until
                )
            else:
                end = inf if stay.until is None else stay.until
            yield Hold(stay, place, stretch_mm, begin, end, entry, leaving)

    def passages_of(self, voyage: Voyage) -> Iterator[Passage]:
        """Yield the legs of a voyage with the ticks at which it is in them."""
        for leg in voyage.mode.legs:
            yield Passage(
                voyage,
                self.segments[leg.segment],
                leg,
                voyage.start + leg.enter,
                voyage.start + leg.leave,
            )

    def pairs(self, segment: Segment, reach: int) -> Iterator[tuple[Passage, Passage]]:
        """Yield the passages of two movements through a segment that lie close enough to matter.

        The first enters no later than the second. Pairs of which the second enters more than
        ``reach`` ticks after the first has left are passed over: then both its gates lie more than
        ``reach`` ticks behind those of the first, and so does every later one.
        """
        passages = self._passages.get(segment.id, [])
        for n, first in enumerate(passages):
            for second in passages[n + 1 :]:
                if second.enter > first.leave + reach:
                    break
                if second.voyage is not first.voyage:
                    yield first, second

    def place_of(self, place: str | None) -> Berth | Anchorage | None:
        """Find the berth or anchorage of that id; None for the sea."""
        if place is None:
            return None
        return self.berths.get(place) or self.anchorages[place]

    def level_mm(self, node: str, tick: int) -> int | None:
        """Tell the water level at a node, mm above datum; None where it is not known.

        A node without water levels stands at datum.
        """
        water = self._water.get(node)
        if water is None:
            return 0
        sample, rest = divmod(tick, water.step_ticks)
        if tick < 0 or tick > self._last_tick(node):
            return None
        height_mm = water.heights_mm[sample]
        if rest:
            rise_mm = water.heights_mm[sample + 1] - height_mm
            height_mm += rise_mm * rest // water.step_ticks
        return height_mm

    def _last_tick(self, node: str) -> float:
        """Tell the last tick at which the level of a node is known."""
        water = self._water.get(node)
        return inf if water is None else (len(water.heights_mm) - 1) * water.step_ticks

    def is_beyond_samples(self, node: str, tick: int) -> bool:
        """Tell whether a tick lies after the last sample of a node's level."""
        return tick > self._last_tick(node)

    def lowest_level(self, node: str, begin: int, end: int) -> tuple[int, int] | None:
        """Find the lowest known level in ``[begin, end)``: its tick and height in mm.

        Between two samples the level only rises or only falls, so that its lowest value over a
        span lies at an end of the span or at a sample inside it.
        """
        water = self._water.get(node)
        begin = max(begin, 0)
        end = int(min(end, self._last_tick(node) + 1))
        if begin >= end:
            return None
        ticks = {begin, end - 1}
        if water is not None:
            first = ceil_div(begin, water.step_ticks) * water.step_ticks
            ticks.update(range(first, end, water.step_ticks))
        levels = [(tick, self.level_mm(node, tick)) for tick in ticks]
        known = [(level_mm, tick) for tick, level_mm in levels if level_mm is not None]
        level_mm, tick = min(known)
        return tick, level_mm

    def visibility_m(self, segment: str | None, tick: int) -> float:
        """Tell the visibility in a segment (None: only what holds everywhere); inf if unlimited."""
        for entry in reversed(self.problem.visibility):
            everywhere_or_here = not entry.segments or segment in entry.segments
            if entry.span.begin <= tick < entry.span.end and everywhere_or_here:
                return entry.visibility_m
        return inf

    def wind_mms(self, tick: int) -> int | None:
        """Tell the wind at a tick; None when calm."""
        for entry in reversed(self.problem.wind):
            if entry.span.begin <= tick < entry.span.end:
                return entry.wind_mms
        return None

    def is_in_fog(self, passage: Passage) -> bool:
        """Tell whether a ship enters the segment below the visibility of the slow regime."""
        visibility_m = self.visibility_m(passage.segment.id, passage.enter)
        return visibility_m < self.problem.slow_visibility_m

    def movements_of(self, stay: Stay) -> list[Movement]:
        """Find the entry and the exit of a stay, placed or not."""
        return [self.movements[name] for name in (stay.entry, stay.exit) if name is not None]

    def waives(self, stay: Stay, rule: str) -> bool:
        """Tell whether a rule is set aside for the entry or the exit of a stay."""
        return any(rule in movement.waived for movement in self.movements_of(stay))

    def breach(
        self, rule: str, /, *who: Voyage | Resource | Movement, **params: int | str
    ) -> Breach:
        """Report a breach by these voyages and resources, with the status that the voyages give it.

        ``actual`` where every one of them has happened, or where nothing that is planned has a part
        in it; ``waived`` where one of them, or of the movements given, waives the rule; otherwise
        ``new``. Movements given as such are not answerable: only their waivers count.
        """
        voyages = [one for one in who if isinstance(one, Voyage)]
        waivers = [one for one in who if isinstance(one, Movement)]
        waivers += [voyage.movement for voyage in voyages]
        status: Literal["new", "actual", "waived"] = "new"
        if all(voyage.actual for voyage in voyages):
            status = "actual"
        elif any(rule in movement.waived for movement in waivers):
            status = "waived"
        return Breach(
            rule=rule,
            movements=tuple(dict.fromkeys(voyage.id for voyage in voyages)),
            status=status,
            resources=tuple(dict.fromkeys(one.id for one in who if isinstance(one, Resource))),
            params=params,
        )
