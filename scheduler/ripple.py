"""How a delay runs on through a plan: who waits for whom, and with how much to spare."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import NDArray

from scheduler.checks.berth_occupancy import same_water
from scheduler.checks.crews import way_ticks
from scheduler.checks.headway import need_ticks
from scheduler.checks.sheet import Passage, Sheet, Voyage
from scheduler.conflicts import Conflicts
from scheduler.margins.neighbours import meets_never
from scheduler.outcome import Placement
from scheduler.problem import Duty, Problem
from scheduler.tides import Mask

Delays = NDArray[np.float64]
"""Ticks of delay, shape ``(samples,)`` of one event or ``(movements, samples)``."""

REACH_MIN = 720
"""Delays are followed over no wider a gap than this."""


@dataclass(slots=True)
class Event:
    """A moment of a voyage: its start, a gate, the beginning of berthing, its end.

    Attributes:
        offset: Ticks after the voyage's start.
        before: Events that it waits for, with the ticks to spare; of its own voyage, None to spare.
    """

    voyage: Voyage
    offset: int
    before: list[tuple[int, int]] = field(default_factory=list)

    @property
    def tick(self) -> int:
        """When it is planned."""
        return self.voyage.start + self.offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """What happens to each movement by itself, ticks, each of shape ``(movements, samples)``.

    Attributes:
        ready: How much later than planned it is ready to start.
        passage: How much longer its passage takes, all reaches together.
        berthing: How much longer it takes to berth, or to leave its berth.
        shut: Spans in which nobody starts, per sample: begin and end, shape ``(2, samples)``.
    """

    ready: Delays
    passage: Delays
    berthing: Delays
    shut: Delays | None = None


class Ripple:
    """The events of a plan and what they wait for; order and crews stay as planned.

    Nobody starts before its planned time. A ship that is to wait for another waits before the gate
    in question, and is late from there on.
    """

    def __init__(self, problem: Problem, placements: Sequence[Placement]) -> None:
        """Lay out the events of every placed movement and link them."""
        self._sheet = Sheet(problem, placements)
        self._reach = REACH_MIN * 60 // problem.tick_s
        self.names = tuple(self._sheet.voyages)
        self.events: list[Event] = []
        self._of: dict[str, dict[int, int]] = {}
        for voyage in self._sheet.voyages.values():
            mode = voyage.mode
            offsets = {0, mode.clear_at, mode.arrive_at, mode.end_at}
            offsets |= {tick for leg in mode.legs for tick in (leg.enter, leg.leave)}
            self._of[voyage.id] = {}
            for offset in sorted(min(max(one, 0), mode.end_at) for one in offsets):
                if offset not in self._of[voyage.id]:
                    self._of[voyage.id][offset] = len(self.events)
                    self.events.append(Event(voyage, offset))
        for before, after, spare in self._links():
            if before != after:
                self.events[after].before.append((before, max(spare, 0)))
        self._order = self._in_order()
        self._next_open = self._windows(problem)

    # ---- who waits for whom ---------------------------------------------------------------

    def _at(self, voyage: Voyage, offset: int, *, last: bool) -> int:
        """Find the event at an offset; else the next one after it, or the last one before it."""
        known = self._of[voyage.id]
        if offset in known:
            return known[offset]
        if last:
            return known[max((one for one in known if one <= offset), default=0)]
        return known[min((one for one in known if one >= offset), default=max(known))]

    def _links(self) -> Iterator[tuple[int, int, int]]:
        """Yield events, what waits for them, and the ticks to spare."""
        yield from self._in_reaches()
        yield from self._at_berths()
        yield from self._of_crews()
        for voyage in self._sheet.voyages.values():
            for link in voyage.movement.follows:
                other = self._sheet.voyages.get(link.movement)
                if other is not None:
                    yield self._link(other, other.mode.end_at, voyage, 0, link.gap_ticks)

    def _link(
        self, one: Voyage, offset: int, other: Voyage, other_offset: int, need: int
    ) -> tuple[int, int, int]:
        spare = other.start + other_offset - one.start - offset - need
        return (
            self._at(one, offset, last=False),
            self._at(other, other_offset, last=True),
            spare,
        )

    def _in_reaches(self) -> Iterator[tuple[int, int, int]]:
        for segment in self._sheet.problem.segments:
            for first, second in self._sheet.pairs(segment, self._reach):
                if first.leg.forward == second.leg.forward:
                    yield from self._one_behind_the_other(first, second)
                elif meets_never(segment, first.voyage, second.voyage):
                    one, two = (first, second) if first.leave <= second.enter else (second, first)
                    yield self._link(
                        one.voyage,
                        one.leg.leave,
                        two.voyage,
                        two.leg.enter,
                        segment.clear_ticks,
                    )

    def _one_behind_the_other(
        self, first: Passage, second: Passage
    ) -> Iterator[tuple[int, int, int]]:
        for gate in ("enter", "leave"):
            at_first, at_second = getattr(first, gate), getattr(second, gate)
            one, two = (first, second) if at_first <= at_second else (second, first)
            need = need_ticks(self._sheet, one, two)
            if need or not first.segment.overtaking:
                yield self._link(
                    one.voyage, getattr(one.leg, gate), two.voyage, getattr(two.leg, gate), need
                )

    def _at_berths(self) -> Iterator[tuple[int, int, int]]:
        held = [
            (hold, berth)
            for hold in self._sheet.holds
            if (berth := self._sheet.berths.get(hold.place)) is not None
        ]
        held.sort(key=lambda pair: pair[0].begin)
        for hold, _ in held:
            if hold.entry is not None and hold.exit is not None:
                service = hold.stay.service_ticks
                yield self._link(hold.entry, hold.entry.mode.end_at, hold.exit, 0, service)
        for n, (earlier, berth) in enumerate(held):
            for later, other in held[n + 1 :]:
                if later.entry is None or later.begin - earlier.end > self._reach:
                    continue
                if earlier.end == inf or not same_water(self._sheet, earlier, berth, later, other):
                    continue
                need = max(berth.turnover_ticks, other.turnover_ticks)
                arrive = later.entry.mode.arrive_at
                if earlier.exit is not None:
                    clear = earlier.exit.mode.clear_at
                    yield self._link(earlier.exit, clear, later.entry, arrive, need)
                elif earlier.entry is not None:
                    need += int(earlier.end) - earlier.entry.end
                    end = earlier.entry.mode.end_at
                    yield self._link(earlier.entry, end, later.entry, arrive, need)

    def _of_crews(self) -> Iterator[tuple[int, int, int]]:
        for name, day in self._days().items():
            resource = self._sheet.resources.get(name)
            pool = None if resource is None else self._sheet.pools.get(resource.pool)
            if pool is None or pool.counts:
                continue
            day.sort(key=lambda task: (task[0].start + task[1].begin, task[0].id))
            for (voyage, duty), (later, next_duty) in pairwise(day):
                if voyage is later:
                    continue
                need = pool.debrief_ticks + way_ticks(pool, duty.to_place, next_duty.from_place)
                need += pool.early_ticks + pool.min_rest_ticks
                yield self._link(voyage, duty.end, later, next_duty.begin, need)

    def _days(self) -> dict[str, list[tuple[Voyage, Duty]]]:
        """Return the duties of each resource."""
        days: dict[str, list[tuple[Voyage, Duty]]] = defaultdict(list)
        for voyage in self._sheet.voyages.values():
            for crew in voyage.crews:
                for name in crew.resources:
                    days[name] += [
                        (voyage, duty) for duty in voyage.mode.duties if duty.need == crew.need
                    ]
        return days

    def _in_order(self) -> list[int]:
        """Sort the events so that each comes after all that it waits for."""
        graph = {k: {before for before, _ in e.before} for k, e in enumerate(self.events)}
        for k, event in enumerate(self.events):
            if event.offset:
                graph[k].add(k - 1)
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError:
            # only at one and the same tick can two wait for each other: then neither does
            for k, event in enumerate(self.events):
                event.before = [
                    (b, spare)
                    for b, spare in event.before
                    if (self.events[b].tick, b) < (event.tick, k)
                ]
            return sorted(range(len(self.events)), key=lambda k: (self.events[k].tick, k))

    def _windows(self, problem: Problem) -> dict[int, NDArray[np.int64]]:
        """For each start that tide, light or weather may shut: the next open tick at each tick."""
        conflicts = Conflicts(problem)
        starts = np.arange(problem.horizon, dtype=np.int64)
        found: dict[int, NDArray[np.int64]] = {}
        for voyage in self._sheet.voyages.values():
            movement = conflicts.tables.movement_index[voyage.id]
            for mode in conflicts.tables.modes_of[movement]:
                if conflicts.tables.modes[mode].id != voyage.mode.id or voyage.start < 0:
                    continue
                allowed: Mask = np.ones(problem.horizon, dtype=np.bool_)
                for rule, mask in conflicts.rule_masks_over(mode, starts).items():
                    if rule not in {"requested_window", "frozen", "hold"}:
                        allowed = allowed & mask
                if not allowed.all():
                    open_at = np.where(allowed, starts, problem.horizon)
                    following = np.minimum.accumulate(open_at[::-1])[::-1]
                    found[self._of[voyage.id][0]] = following.astype(np.int64)
        return found

    # ---- running it -----------------------------------------------------------------------

    def run(self, late: Lateness) -> tuple[Delays, Delays]:
        """Let delays run on.

        Args:
            late: What happens to each movement by itself, in the order of ``names``.

        Returns:
            Delays of starts and of ends, ticks, each of shape ``(movements, samples)``.
        """
        row = {name: k for k, name in enumerate(self.names)}
        samples = late.ready.shape[1]
        delays = np.zeros((len(self.events), samples))
        for k in self._order:
            event = self.events[k]
            m = row[event.voyage.id]
            own = late.ready[m] if not event.offset else delays[k - 1] + self._extra(k, late, m)
            if event.before:
                sources = np.array([b for b, _ in event.before])
                spare = np.array([s for _, s in event.before], dtype=np.float64)
                own = np.maximum(own, (delays[sources] - spare[:, None]).max(axis=0))
            delay = np.maximum(own, 0.0)
            delays[k] = delay if event.offset else self._opened(k, delay, late.shut)
        starts = [self._of[name][0] for name in self.names]
        ends = [max(self._of[name].values()) for name in self.names]
        return delays[starts], delays[ends]

    def _extra(self, k: int, late: Lateness, m: int) -> Delays | float:
        """How much longer the part of the voyage before an event takes."""
        event = self.events[k]
        mode, begin = event.voyage.mode, self.events[k - 1].offset
        ticks = event.offset - begin
        extra: Delays | float = 0.0
        sailing = mode.arrive_at - mode.clear_at
        if sailing > 0 and mode.clear_at <= begin < mode.arrive_at:
            extra = extra + late.passage[m] * (ticks / sailing)
        leaving = mode.clear_at if mode.from_place is not None else 0
        coming = mode.end_at - mode.arrive_at if mode.to_place is not None else 0
        if leaving + coming > 0 and (
            event.offset <= leaving or (coming > 0 and begin >= mode.arrive_at)
        ):
            extra = extra + late.berthing[m] * (ticks / (leaving + coming))
        return extra

    def _opened(self, k: int, delay: Delays, shut: Delays | None) -> Delays:
        """Wait with a late start until tide, light and weather allow it again."""
        planned = self.events[k].tick
        if shut is not None:
            at = planned + delay
            delay = np.where((at >= shut[0]) & (at < shut[1]), shut[1] - planned, delay)
        following = self._next_open.get(k)
        if following is None:
            return delay
        at = np.ceil(planned + delay).astype(np.int64)
        opened = following[np.minimum(at, len(following) - 1)]
        waits = (delay > 0) & (at < len(following))
        return np.where(waits, np.maximum(opened - planned, delay), delay)
