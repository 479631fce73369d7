"""Better plans from a good one: ruin and recreate, exact neighbourhoods, proof when small."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduler.adopt import adopt, strands
from scheduler.clock import Clock
from scheduler.construct import Placer
from scheduler.draft import Draft, Place, Teams
from scheduler.ejection import Ejection
from scheduler.exact import Exact, Expression
from scheduler.neighbourhoods import Neighbourhoods, is_settled
from scheduler.outcome import Limits, Progress
from scheduler.rosters import FAR
from scheduler.starts import best_start, named_teams

SMALL = 25
"""Movements up to which the whole problem is put to one exact model."""
_PROVERS = 8
"""Workers of a whole-problem model: more strategies prove faster, also on two cores."""
_PATIENCE = 12
"""Exact neighbourhoods without a gain before their size is changed."""
_FORCING = 0.35
"""Share of the time after which nothing more is forced in."""
_FORCED_STEPS = 600
_CANDIDATES = 12
"""Resources that a need may choose from in an exact neighbourhood."""


def services(draft: Draft, movement: int) -> int:
    """How many services of a published movement are not as they were told."""
    raw, place = draft.problem.movements[movement], draft.placed.get(movement)
    if raw.published is None:
        return 0
    moved = place is None or (
        place.start != raw.published.start
        or draft.tables.modes[place.mode].id != raw.published.mode
    )
    if moved:
        return max(1, len(raw.needs))
    told = {crew.need: frozenset(crew.resources) for crew in raw.published.crews}
    now = {crew.need: frozenset(crew.resources) for crew in draft.crews(movement)}
    return sum(now.get(need, frozenset()) != team for need, team in told.items())


def worth(draft: Draft, price: int) -> int:
    """Cost of a plan with the price of what it changes; the less the better."""
    total = draft.total()
    if price:
        total += price * sum(services(draft, k) for k in range(len(draft.problem.movements)))
    return total


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
            late = ticks[np.searchsorted(ticks, raw.requested) :][:1]
            early = ticks[: np.searchsorted(ticks, raw.requested)][-1:]
            for tick in (*late.tolist(), *early.tolist()):
                least = min(least, draft.cost(k, tick))
        total += least
    return total


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
        limits: Time, seed and price.
        progress: Called with what is known, at most some times a second.
        should_stop: Asked often; true ends the work with the best plan so far.
    """

    def __init__(
        self,
        draft: Draft,
        limits: Limits,
        progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.draft = draft
        self.limits = limits
        self.clock = clock or Clock(limits, should_stop)
        self._progress = progress
        self._told_s = -1.0
        self._random = random.Random(limits.seed)  # noqa: S311 - repeatable, not secret
        self.best = worth(draft, limits.price_per_change)
        self._placed = len(draft.placed)
        self.bound = floor(draft)
        self.optimal = False
        self._steps = 0

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
            self.force_in()
            self.ruin_and_recreate(0.5)
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
        return worth(self.draft, self.limits.price_per_change)

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
                draft, movement, prefer=before.teams, at_most=draft.cost(movement, before.start)
            )
            self._put(movement, before)
            if choice is not None and self._closes(movement, choice):
                draft.unplace(movement)
                draft.place(movement, choice.mode, choice.start, choice.teams)
                now = self._worth()
                if now < self.best:
                    self._accept(now)
                else:
                    draft.unplace(movement)
                    self._put(movement, before)

    def _put(self, movement: int, place: Place) -> None:
        self.draft.place(movement, place.mode, place.start, place.teams)
        self.draft.placed[movement] = place

    def _closes(self, movement: int, choice: Place) -> bool:
        """Whether a move leaves no stay without an end before another one."""
        stay = self.draft.tables.entry_stay.get(movement)
        if stay is None or self.draft.problem.stays[stay].exit is None:
            return True
        leaving = self.draft.tables.movement_index[self.draft.problem.stays[stay].exit or ""]
        return leaving in self.draft.placed or choice.start <= self.draft.placed[movement].start

    def force_in(self) -> None:
        """Place what is left out by putting others out and placing them anew."""
        draft = self.draft
        movements = draft.problem.movements
        wanted = [
            k
            for k in range(len(movements))
            if k not in draft.placed
            and not is_settled(draft, k)
            and any(draft.conflicts.mask(mode).any() for mode in draft.tables.modes_of[k])
        ]
        if not wanted:
            return

        def is_better() -> bool:
            now = self._worth()
            if now >= self.best:
                return False
            self._accept(now)
            return True

        def prefer(movement: int) -> Teams | None:
            raw = movements[movement]
            return (
                None if raw.published is None else named_teams(draft, movement, raw.published.crews)
            )

        wanted.sort(key=lambda k: movements[k].requested, reverse=True)
        Ejection(
            draft,
            wanted,
            told=lambda k: movements[k].requested,
            latest=lambda _: FAR,
            prefer=prefer,
            is_over=lambda: self.clock.is_over(_FORCING),
            is_better=is_better,
            seed=self.limits.seed,
        ).run(_FORCED_STEPS)
        self.left_shift()

    # ---- ruin and recreate --------------------------------------------------------------------

    def ruin_and_recreate(self, share: float) -> None:
        """Take some movements out and place them anew in another order, while it helps."""
        around = Neighbourhoods(self.draft, self._random)
        steps = 0
        while not self._is_done() and not self.clock.is_over(share) and not self._is_spent(steps):
            steps += 1
            chosen = around.draw(self._random.choice((4, 6, 9, 13)))
            if not chosen:
                return
            self._recreate(chosen)
            self.tell("recreate")

    def _is_spent(self, steps: int) -> bool:
        """Stop by work instead of by the clock where a run must repeat."""
        return self.limits.deterministic and steps >= 20 + int(20 * self.limits.wall_s)

    def _recreate(self, chosen: list[int]) -> None:
        draft = self.draft
        snapshot = draft.snapshot()
        for movement in chosen:
            if movement in draft.placed:
                draft.unplace(movement)
        placer = Placer(draft, keep=self.limits.price_per_change > 0)
        noise = self._random.choice((20, 90, 240))
        order = sorted(
            chosen,
            key=lambda k: (
                draft.problem.movements[k].requested
                - 20 * draft.problem.movements[k].late_weight
                + self._random.randint(-noise, noise)
            ),
        )
        if self._random.random() < 0.5:
            order.sort(key=lambda k: k != chosen[0])
        missing = [
            k
            for k in range(len(draft.problem.movements))
            if k not in draft.placed and k not in order and not is_settled(draft, k)
        ]
        for movement in [*order, *missing]:
            placer.place(movement)
        now = self._worth()
        if now <= self.best and not any(strands(draft, k) for k in chosen):
            self._accept(now)
        else:
            draft.restore(snapshot)

    # ---- exact neighbourhoods -----------------------------------------------------------------

    def exact_neighbourhoods(self) -> None:
        """Solve small neighbourhoods exactly, of several sizes in turn."""
        around = Neighbourhoods(self.draft, self._random)
        size, idle, steps = 6, 0, 0
        while not self._is_done() and not self._is_spent(2 * steps):
            steps += 1
            chosen = around.draw(size)
            if not chosen:
                return
            gained = self.solve_exactly(chosen, min(0.6, self.clock.left_s))
            idle = 0 if gained else idle + 1
            if idle >= _PATIENCE:
                size, idle = {6: 9, 9: 12, 12: 16}.get(size, 6), 0
            if gained is None:
                self._recreate(chosen)
            self.tell("exact")

    def solve_exactly(self, chosen: list[int], wall_s: float) -> bool | None:
        """Place some movements anew in the best way; False: no gain, None: not found in time."""
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
        return None if value is None else False

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
            found = set(place.teams.get(need, ())) if place is not None else set()
            raw = draft.problem.movements[movement]
            mode = draft.tables.modes_of[movement][0] if place is None else place.mode
            duties = draft.need_duties(mode, raw.needs[need].id)
            if duties:
                likely = roster.likely(duties, max(raw.requested, 0))
                found.update(likely[: _CANDIDATES // 2])
            others = range(len(roster.resources))
            found.update(self._random.sample(others, _CANDIDATES // 2))
            return found

        return choose

    def _within(self, snapshot: dict[int, Place]) -> Callable[[int], tuple[int, int]]:
        movements = self.draft.problem.movements

        def window(movement: int) -> tuple[int, int]:
            place = snapshot.get(movement)
            if place is None:
                return 0, self.draft.conflicts.horizon
            return min(place.start, movements[movement].requested) - 120, place.start + 240

        return window

    def prove(self, free: list[int]) -> None:
        """Put all free movements to one model; the plan may then be proved the best there is."""
        draft = self.draft
        snapshot = draft.snapshot()
        for movement in free:
            if movement in draft.placed:
                draft.unplace(movement)
        settled = draft.total() - sum(draft.problem.movements[k].unplaced_cost for k in free)
        exact = Exact(draft, free)
        exact.hint(snapshot)
        workers = 1 if self.limits.workers == 1 else _PROVERS
        limit = self.clock.limit(max(self.clock.left_s, 0.05) * 0.6, workers)
        value = exact.minimise(sum((exact.total(), self._price(exact))), limit)
        if value is None:
            draft.restore(snapshot)
            return
        if not self.limits.price_per_change:
            self.bound = max(self.bound, settled + round(exact.bound))
        now = FAR
        if adopt(draft, exact.places()):
            now = worth(draft, self.limits.price_per_change)
        if now <= self.best:
            # what is proved counts by its cost alone, however many that leaves out
            self._accept(now)
            self.optimal = exact.proved and now == settled + value
        else:
            draft.restore(snapshot)
        self.tell("prove")
