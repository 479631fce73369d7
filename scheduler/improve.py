"""Better plans from a good one: ruin and recreate, exact neighbourhoods, proof when small."""

import math
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import numpy as np

from scheduler.adopt import adopt, is_valid, strands
from scheduler.clock import Clock
from scheduler.companion import Companion
from scheduler.construct import never_stands
from scheduler.costs import costs
from scheduler.draft import Draft, Place
from scheduler.exact import Exact, Expression
from scheduler.exact_costs import cost_at_most
from scheduler.neighbourhoods import Neighbourhoods, is_fixed, is_settled
from scheduler.outcome import Progress
from scheduler.purpose import Cheaper
from scheduler.recreate import Recreation, heat_of
from scheduler.rosters import FAR
from scheduler.starts import best_start

SMALL = 25
"""Movements up to which the whole problem is put to one exact model."""
_PROVERS = 8
"""Workers of a whole-problem model: more strategies prove faster, also on two cores."""
_WALKING, _WALKING_QUAY = 0.8, 0.5
"""Share of the time for walking through plans, less where positions along a quay are chosen; the
rest is for exact neighbourhoods."""
_LOOK_S = 0.05
_COMPANY_S, _COMPANY_LATE_S = 10.0, 0.3
"""Wall time from which a second process walks, too, and how long its answer is waited for."""
_SIZES = (12, 20, 30)
"""Movements of the exact neighbourhoods, from one to the next after so many without a gain."""
_PATIENCE = 10
_EARLIER_TICKS, _LATER_TICKS = 120, 120
"""How far from where they are they may go: wide windows make models that are not solved."""
_CANDIDATES = 12
"""Resources that a need may choose from in an exact neighbourhood."""


def floor(draft: Draft) -> int:
    """A cost that no plan can be below: each movement at its cheapest allowed start, alone."""
    total = 0
    for k, raw in enumerate(draft.problem.movements):
        if raw.fixed is not None and raw.fixed.actual:
            total += draft.cost(k, raw.fixed.start)
            continue
        least = raw.unplaced_cost
        for mode in draft.tables.modes_of[k]:
            if raw.fixed is not None and not 0 <= raw.fixed.start < draft.conflicts.horizon:
                least = min(least, draft.cost(k, raw.fixed.start))
                continue
            ticks = np.flatnonzero(draft.conflicts.mask(mode))
            if len(ticks):
                least = min(least, int(costs(raw, ticks).min()))
        total += least
    return total


def is_whole(draft: Draft) -> bool:
    """Whether every movement that is not settled keeps every rule, and none holds up another."""
    free = [k for k in range(len(draft.problem.movements)) if not is_settled(draft, k)]
    if any(strands(draft, k) for k in free):
        return False
    return all(is_valid(draft, k) for k in free if k in draft.placed)


@dataclass(slots=True)
class Result:
    """What improving came to."""

    draft: Draft
    bound: int
    optimal: bool


class Improver:
    """Works on one draft; the best plan so far is kept outside of any solver.

    Args:
        draft: A plan to start from; it is changed.
        clock: How much time is left, with the limits: seed and price.
        progress: Called with what is known, at most some times a second.
    """

    def __init__(
        self,
        draft: Draft,
        clock: Clock,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self.draft = draft
        self.clock = clock
        self.limits = clock.limits
        self.purpose = Cheaper(draft, self.limits.price_per_change)
        self._progress = progress
        self._told_s = -1.0
        self._random = random.Random(self.limits.seed)  # noqa: S311 - repeatable, not secret
        self.best = self.purpose.total()
        self._placed = len(draft.placed)
        self.bound = floor(draft)
        self.optimal = False

    def run(self) -> Result:
        """Improve until the time is over or nothing can be better."""
        self.tell("construct")
        self.left_shift()
        free = [
            k for k in range(len(self.draft.problem.movements)) if not is_settled(self.draft, k)
        ]
        if self.draft.total() > self.bound and free and len(free) <= SMALL:
            self.prove(free)
        if not self._is_done():
            self.walk(len(free))
            self.exact_neighbourhoods()
            self.left_shift()
        self.optimal = self.optimal or self.draft.total() <= self.bound
        self.tell("done")
        return Result(self.draft, self.bound, self.optimal)

    def _is_done(self) -> bool:
        return self.optimal or self.draft.total() <= self.bound or self.clock.is_over()

    def _worth(self) -> int:
        """What the draft is worth now; nothing at all where it leaves out more than before."""
        if len(self.draft.placed) < self._placed:
            return FAR
        return self.purpose.total()

    def _accept(self, now: int) -> None:
        self.best = now
        self._placed = max(self._placed, len(self.draft.placed))

    def tell(self, phase: str) -> None:
        """Report what is known, at most four times a second."""
        elapsed = self.clock.elapsed_s
        if self._progress is not None and (elapsed - self._told_s > 0.25 or phase == "done"):
            self._told_s = elapsed
            self._progress(
                Progress(
                    phase=phase,
                    incumbent=self.draft.total(),
                    bound=self.bound,
                    elapsed_s=elapsed,
                )
            )

    # ---- left shift ---------------------------------------------------------------------------

    def left_shift(self) -> None:
        """Move each movement, in the order of starts, to a cheaper start where there is one."""
        draft = self.draft
        for movement in sorted(draft.placed, key=lambda k: draft.placed[k].start):
            if is_settled(draft, movement):
                continue
            before = draft.unplace(movement)
            choice = best_start(
                draft, movement, self.purpose, below=self.purpose.value(movement, before)
            )
            draft.put(movement, before)
            if choice is not None and self._closes(movement, choice):
                draft.unplace(movement)
                draft.put(movement, choice)
                now = self._worth()
                if now < self.best:
                    self._accept(now)
                else:
                    draft.unplace(movement)
                    draft.put(movement, before)

    def _closes(self, movement: int, choice: Place) -> bool:
        """Whether a move leaves no stay without an end before another one."""
        stay = self.draft.tables.entry_stay.get(movement)
        if stay is None or self.draft.problem.stays[stay].exit is None:
            return True
        leaving = self.draft.tables.movement_index[self.draft.problem.stays[stay].exit or ""]
        return leaving in self.draft.placed or choice.start <= self.draft.placed[movement].start

    # ---- both cores ----------------------------------------------------------------------------

    def walk(self, free: int) -> None:
        """Walk for most of the time, with company where there is a core and work for it."""
        limits = self.limits
        share = _WALKING_QUAY if self.draft.conflicts.chooses else _WALKING
        alone = min(limits.workers, os.cpu_count() or 1) < 2 or limits.deterministic
        if alone or limits.wall_s < _COMPANY_S or free <= SMALL:
            self.ruin_and_recreate(share)
            return
        until_s = self.clock.begun + share * limits.wall_s
        with Companion(self.draft, limits, until_s) as companion:
            self.ruin_and_recreate(share)
            found = self._answer(companion, until_s + _COMPANY_LATE_S)
        if found is not None:
            self.take(found)

    def _answer(self, companion: Companion, until_s: float) -> dict[int, Place] | None:
        """The companion's plan, unless somebody asks to stop, or nothing is left to be wished."""
        while companion.is_out and monotonic() < until_s and not self._is_stopped():
            companion.answer(_LOOK_S)
        return companion.answer(0.0)

    def _is_stopped(self) -> bool:
        return self.optimal or self.draft.total() <= self.bound or self.clock.is_over(math.inf)

    def take(self, places: dict[int, Place]) -> bool:
        """Take over another plan of the same question if it is better and keeps every rule."""
        draft = self.draft
        before, snapshot = (-len(draft.placed), self.purpose.total()), draft.snapshot()
        draft.restore(places)
        if (-len(draft.placed), self.purpose.total()) < before and is_whole(draft):
            self._accept(self._worth())
            return True
        draft.restore(snapshot)
        return False

    # ---- ruin and recreate --------------------------------------------------------------------

    def ruin_and_recreate(self, share: float) -> None:
        """Walk through other plans for a share of the time."""
        walk = Recreation(
            self.draft,
            self.purpose,
            self._random,
            # cheaper is not better where it leaves out more
            key=lambda: (-len(self.draft.placed), self.purpose.total()),
        )
        steps = self._steps_for(share)
        begun, end = self.clock.elapsed_s, share * self.limits.wall_s

        def done() -> float:
            if self.limits.deterministic:
                return walk.steps / steps
            return (self.clock.elapsed_s - begun) / max(end - begun, 0.01)

        def is_over() -> bool:
            self.tell("recreate")
            return self.clock.is_over(share)

        walk.run(is_over, done, heat_of(self.draft), steps)
        self._accept(self._worth())

    def _steps_for(self, share: float) -> int:
        """A bound on steps: by work instead of by the clock where a run must repeat."""
        if self.limits.deterministic:
            return 20 + int(60 * share * self.limits.wall_s)
        return 1 << 30

    # ---- exact neighbourhoods -----------------------------------------------------------------

    def exact_neighbourhoods(self) -> None:
        """Solve neighbourhoods exactly, larger ones when the smaller ones gain nothing."""
        around = Neighbourhoods(self.draft, self.purpose, self._random)
        rung, idle, steps = 0, 0, 0
        while not self._is_done() and steps < self._steps_for(0.05):
            steps += 1
            seed = self._seed()
            if seed is None:
                return
            chosen = around.draw(seed, _SIZES[rung])
            gained = self.solve_exactly(chosen, min(0.6, self.clock.left_s))
            idle = 0 if gained else idle + 1
            if gained:
                for movement in chosen:
                    around.touch(movement)
            if idle >= _PATIENCE:
                rung, idle = (rung + 1) % len(_SIZES), 0
            self.tell("exact")

    def _seed(self) -> int | None:
        """A free movement, the costlier the likelier; None where nothing is free."""
        placed = self.draft.placed
        costs = {
            k: min(self.purpose.value(k, placed.get(k)), self.purpose.cap)
            for k in range(len(self.draft.problem.movements))
            if not is_settled(self.draft, k)
        }
        if not any(costs.values()):
            return None
        return self._random.choices(list(costs), weights=[c + 1 for c in costs.values()])[0]

    def solve_exactly(self, chosen: list[int], wall_s: float) -> bool:
        """Place some movements anew in the best way that is found in time; whether that gained."""
        draft = self.draft
        snapshot = draft.snapshot()
        for movement in chosen:
            if movement in draft.placed:
                draft.unplace(movement)
        exact = Exact(draft, chosen, self._candidates(snapshot), self._within(snapshot))
        exact.hint({k: snapshot[k] for k in chosen if k in snapshot})
        goal = sum((exact.total(), self._price(exact)))
        value = exact.minimise(goal, self.clock.limit(wall_s))
        if value is not None and adopt(draft, exact.places()):
            now = self._worth()
            if now <= self.best:
                gained = now < self.best
                self._accept(now)
                return gained
        draft.restore(snapshot)
        return False

    def _price(self, exact: Exact) -> Expression:
        """What the changes of a neighbourhood cost by their price."""
        if not self.limits.price_per_change:
            return 0
        parts: list[Expression] = []
        for movement in exact.free:
            raw = self.draft.problem.movements[movement]
            if raw.published is not None:
                moved = exact.moved(movement)
                parts.append(self.limits.price_per_change * max(1, len(raw.needs)) * moved)
                parts.extend(
                    self.limits.price_per_change * other for other in exact.recrewed(movement)
                )
        return sum(parts)

    def _candidates(self, snapshot: dict[int, Place]) -> Callable[[int, int], set[int] | None]:
        draft = self.draft

        def choose(movement: int, need: int) -> set[int] | None:
            roster = draft.rosters[draft.problem.movements[movement].needs[need].pool]
            if len(roster.resources) <= _CANDIDATES:
                return None
            place = snapshot.get(movement)
            if place is None:
                return None
            found = draft.likely_team(movement, need, place, _CANDIDATES // 2)
            others = range(len(roster.resources))
            found.update(self._random.sample(others, _CANDIDATES // 4))
            return found

        return choose

    def _within(self, snapshot: dict[int, Place]) -> Callable[[int], tuple[int, int]]:
        def window(movement: int) -> tuple[int, int]:
            place = snapshot.get(movement)
            if place is None:
                return 0, self.draft.conflicts.horizon
            return place.start - _EARLIER_TICKS, place.start + _LATER_TICKS

        return window

    def prove(self, free: list[int]) -> None:
        """Put all free movements to one model; the plan may then be proved the best there is."""
        draft = self.draft
        snapshot, known = draft.snapshot(), self.purpose.total()
        for movement in free:
            if movement in draft.placed:
                draft.unplace(movement)
        settled = self.purpose.total() - sum(self.purpose.value(k, None) for k in free)
        exact = Exact(draft, free)
        exact.hint(snapshot)
        cost_at_most(exact, known - settled)
        workers = 1 if self.limits.workers == 1 else _PROVERS
        limit = self.clock.limit(max(self.clock.left_s, 0.05) * 0.6, workers)
        value = exact.minimise(sum((exact.total(), self._price(exact))), limit)
        if value is None:
            draft.restore(snapshot)
            return
        is_whole = self._is_whole_question()
        if not self.limits.price_per_change and is_whole:
            self.bound = max(self.bound, settled + round(exact.bound))
        now = FAR
        if adopt(draft, exact.places()):
            now = self.purpose.total()
        if now <= self.best:
            # what is proved counts by its cost alone, however many that leaves out
            self._accept(now)
            self.optimal = is_whole and exact.proved and now == settled + value
        else:
            draft.restore(snapshot)
        self.tell("prove")

    def _is_whole_question(self) -> bool:
        """Whether nothing fixed is left out by choice: to leave out another may be cheaper."""
        draft = self.draft
        return all(
            k in draft.placed or never_stands(draft.conflicts, k)
            for k in range(len(draft.problem.movements))
            if is_fixed(draft, k)
        )
