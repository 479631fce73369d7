"""Ruin and recreate: take some movements out, place them anew in another order, keep the best."""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from scheduler.adopt import strands
from scheduler.construct import Placer
from scheduler.draft import Draft, Place
from scheduler.neighbourhoods import Neighbourhoods, is_settled
from scheduler.positions import LEANS
from scheduler.purpose import Purpose

_SIZES = (3, 5, 8, 12, 16)
_SPREADS = (20, 90, 240)
"""Ticks by which the order of placing is shaken."""
_MISSING = 0.15
"""How often what is left out is tried again although nothing was taken out for its sake."""

_HEAT_TICKS = 20
"""How many ticks of a movement of mean weight a plan may be worse on the way."""
_COOLING = 30
"""How much colder a walk is at its end than at its beginning."""


@dataclass(frozen=True, slots=True)
class Heat:
    """How much worse a plan may become on the way, in units of the purpose, at first and at last.

    The chance of taking a plan that is worse by the heat is ``1/e``.
    """

    first: float
    last: float

    def at(self, share: float) -> float:
        """The heat when a share of the work is done."""
        return self.first * (self.last / self.first) ** min(max(share, 0.0), 1.0)


def heat_of(draft: Draft) -> Heat:
    """How far a walk through cheaper and dearer plans of a question goes astray."""
    weights = [raw.late_weight for raw in draft.problem.movements]
    first = _HEAT_TICKS * max(1.0, sum(weights) / max(len(weights), 1))
    return Heat(first, first / _COOLING)


class Recreation:
    """A walk through plans of one draft.

    Args:
        draft: The plan to start from; it is left at the best one met.
        purpose: What is to be small.
        random_: Where all choices come from.
        key: What says which plan is the best, the first first; None: the purpose's total. It is
            asked only of plans that the purpose finds better, but for its slack.
    """

    def __init__(
        self,
        draft: Draft,
        purpose: Purpose,
        random_: random.Random,
        key: Callable[[], tuple[int, ...]] | None = None,
    ) -> None:
        self.draft = draft
        self.purpose = purpose
        self.steps = 0
        self.idle = 0
        """Steps since the best plan was met."""
        self._random = random_
        self._key = key or (lambda: (self.now,))
        self._movements = range(len(draft.problem.movements))
        self._free = [k for k in self._movements if not is_settled(draft, k)]
        self._values = [purpose.value(k, draft.placed.get(k)) for k in self._movements]
        self._floors = [self._floor(k) for k in self._movements]
        self._weights = np.array([self._weight(k) for k in self._free], dtype=np.int64)
        self._row = {k: row for row, k in enumerate(self._free)}
        self._around = Neighbourhoods(draft, purpose, random_)
        self.now = sum(self._values)
        self.best = self.now
        self._best_key = self._key()
        self._kept = draft.snapshot()

    def _floor(self, movement: int) -> int:
        """A value that a movement cannot be below, wherever it is placed."""
        draft, raw = self.draft, self.draft.problem.movements[movement]
        if raw.fixed is not None:
            return self._values[movement]
        if self.purpose.home(movement) is not None:
            return 0
        least = self.purpose.value(movement, None)
        for mode in draft.tables.modes_of[movement]:
            ticks = np.flatnonzero(draft.conflicts.mask(mode))
            if len(ticks):
                first = int(self.purpose.order(movement, ticks)[0])
                least = min(least, self.purpose.least(movement, first))
        return least

    def _weight(self, movement: int) -> int:
        return min(self._values[movement] - self._floors[movement], self.purpose.cap)

    def _seed(self) -> int | None:
        """A free movement, the likelier the more it could gain; None where none could."""
        heap = np.cumsum(self._weights)
        if not len(heap) or not heap[-1]:
            return None
        place = int(np.searchsorted(heap, self._random.random() * heap[-1], side="right"))
        return self._free[min(place, len(heap) - 1)]

    def run(
        self, is_over: Callable[[], bool], share: Callable[[], float], heat: Heat, steps: int
    ) -> None:
        """Walk until the time is over, some steps are done, or nothing is left to be wished.

        Args:
            is_over: Asked before each step.
            share: How much of the work is done, 0 to 1.
            heat: How far to go through worse plans.
            steps: At most so many.
        """
        for _ in range(steps):
            if is_over():
                break
            seed = self._seed()
            if seed is None:
                break
            self._step(seed, heat.at(share()))
        self.draft.restore(self._kept)

    def _step(self, seed: int, heat: float) -> None:
        self.steps += 1
        self.idle += 1
        draft = self.draft
        chosen = self._around.draw(seed, self._random.choice(_SIZES))
        if draft.conflicts.chooses:
            self.purpose.lean = self._random.choice(LEANS)
        limit = self.now - heat * math.log(max(self._random.random(), 1e-12))
        taken = {k: draft.unplace(k) for k in chosen if k in draft.placed}
        order = self._order(seed, chosen)
        if self._random.random() < _MISSING:
            order += [k for k in self._free if k not in draft.placed and k not in taken]
        touched = dict.fromkeys(order)
        if not self._place(touched, limit) or any(strands(draft, k) for k in chosen):
            self._put_back(touched, taken)
            return
        for k in touched:
            before, self._values[k] = self._values[k], self.purpose.value(k, draft.placed.get(k))
            self.now += self._values[k] - before
            if k in self._row:
                self._weights[self._row[k]] = self._weight(k)
            self._around.touch(k)
        self._keep()

    def _keep(self) -> None:
        """Remember the plan if it is the best so far."""
        if self.now > self.best + self.purpose.slack:
            return
        key = self._key()
        if key < self._best_key:
            self._best_key, self._kept = key, self.draft.snapshot()
            self.best, self.idle = self.now, 0

    def _place(self, touched: dict[int, None], limit: float) -> bool:
        """Place movements in an order; False as soon as the plan is sure to be above the limit.

        What the placer places for their sake, though nobody asked for it, joins them.
        """
        draft, placer = self.draft, Placer(self.draft, self.purpose)
        order = list(touched)
        rest = sum(self._floors[k] for k in order)
        worth = self.now - sum(self._values[k] for k in order)
        for k in order:
            seen = len(placer.done)
            placer.place(k)
            worth += self.purpose.value(k, draft.placed.get(k))
            rest -= self._floors[k]
            for other in placer.done[seen:]:
                if other not in touched:
                    touched[other] = None
                    worth += self.purpose.value(other, draft.placed[other]) - self._values[other]
            if worth + rest > limit:
                return False
        return True

    def _put_back(self, touched: Iterable[int], taken: dict[int, Place]) -> None:
        draft = self.draft
        for k in touched:
            if k in draft.placed:
                draft.unplace(k)
        for k, place in taken.items():
            draft.put(k, place)

    def _order(self, seed: int, chosen: list[int]) -> list[int]:
        """In which order to place: by wish, by weight, shaken, and the seed first at times."""
        random_, movements = self._random, self.draft.problem.movements
        kind = random_.random()
        wanted = {k: self.purpose.wanted(k) for k in chosen}
        if kind < 0.25:
            order = sorted(chosen, key=lambda k: wanted[k])
        elif kind < 0.75:
            noise = random_.choice(_SPREADS)
            order = sorted(
                chosen,
                key=lambda k: (
                    wanted[k] - 20 * movements[k].late_weight + random_.randint(-noise, noise)
                ),
            )
        elif kind < 0.9:
            order = sorted(chosen, key=lambda k: (-movements[k].late_weight, wanted[k]))
        else:
            order = random_.sample(chosen, len(chosen))
        if random_.random() < 0.4:
            order.sort(key=lambda k: k != seed)
        return order
