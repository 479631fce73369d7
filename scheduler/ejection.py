"""Force in what is left out: who is in the way goes out and must be placed anew in its turn."""

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

import numpy as np

from scheduler.adopt import strands
from scheduler.crewing import crew, holders
from scheduler.draft import Barrier, Draft, Place, Teams
from scheduler.neighbourhoods import closed_visits, is_settled
from scheduler.purpose import Purpose
from scheduler.starts import barriers, best_start, is_open, room, separated
from scheduler.tides import Ticks

_APART_TICKS = 6
"""Starts that are looked at lie at least so far apart."""
_LOOKED_AT = 60
_IN_THE_WAY = 4
"""Movements, at most, that are put out for one start, and as many again for their teams."""
_TRIED = 6


def blocked(
    draft: Draft, movement: int, mode: int, ticks: Ticks, pending: Collection[int] = ()
) -> Iterator[tuple[int, list[int]]]:
    """Some of the starts of a movement that is not placed, with the movements in its way.

    Args:
        draft: The plan.
        movement: Its place in the problem.
        mode: The mode asked about.
        ticks: Starts that its windows allow, in the order in which they are wanted.
        pending: Movements that are to be placed later and are not in anybody's way.
    """
    low, high, tracks = separated(draft, mode)
    walls = list(barriers(draft, movement, mode))
    used = np.zeros(draft.conflicts.horizon + 2 * _APART_TICKS, dtype=np.bool_)
    looked = 0
    for tick in ticks.tolist():
        if used[tick + _APART_TICKS]:
            continue
        against = [wall for wall in walls if wall.low <= tick <= wall.high]
        if any(_is_hard(draft, wall, pending) for wall in against):
            continue
        looked += 1
        used[tick + 1 : tick + 2 * _APART_TICKS] = True
        met = draft.tables.track_owner[tracks[(low <= tick) & (tick <= high)]].tolist()
        met.extend(k for wall in against for k in wall.movements if k in draft.placed)
        found = [k for k in dict.fromkeys(met) if k != movement]
        if len(found) <= _IN_THE_WAY and not any(is_settled(draft, k) for k in found):
            yield tick, found
        if looked >= _LOOKED_AT:
            return


def _is_hard(draft: Draft, wall: Barrier, pending: Collection[int]) -> bool:
    """Whether nobody who could be put out, or is out already, stands behind a barrier."""
    return not wall.movements or any(
        k not in draft.placed and k not in pending for k in wall.movements
    )


class Ejection:
    """Works on one draft until nothing that it was asked for is left out, or the time is over.

    A movement that finds no place puts out those in its way that were themselves the easiest to
    place so far; each failure makes a movement dearer to put out.

    Args:
        draft: The plan; it is changed.
        wanted: What is to be placed.
        purpose: What says which start a movement should be near, and which teams to keep.
        latest: The last start that will do for each movement.
        is_over: Asked before each step.
        is_better: Whether the draft, as it is now, is better than the best one so far.
        seed: Fixes every random choice.
    """

    def __init__(
        self,
        draft: Draft,
        wanted: Collection[int],
        *,
        purpose: Purpose,
        latest: Callable[[int], int],
        is_over: Callable[[], bool],
        is_better: Callable[[], bool],
        seed: int = 1,
    ) -> None:
        self._draft = draft
        self._pool: dict[int, None] = dict.fromkeys(wanted)
        self._purpose, self._latest = purpose, latest
        self._is_over, self._is_better = is_over, is_better
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._price: dict[int, int] = defaultdict(lambda: 1)

    def run(self, steps: int) -> None:
        """Work for some steps at most and leave the draft at the best plan met."""
        best = self._draft.snapshot()
        for _ in range(steps):
            if not self._pool or self._is_over():
                break
            movement = next(reversed(self._pool))
            if not self._insert(movement):
                self._price[movement] += 3
                self._pool = {movement: None, **self._pool}
            if not any(strands(self._draft, k) for k in self._pool) and self._is_better():
                best = self._draft.snapshot()
        self._draft.restore(best)

    def _insert(self, movement: int) -> bool:
        """Place a movement, putting others out; False where that cannot be now."""
        draft = self._draft
        if self._is_early(movement):
            return False
        if self._put_free(movement):
            return True
        told = self._purpose.wanted(movement)
        found: list[tuple[int, float, int, int, list[int]]] = []
        for mode in draft.tables.modes_of[movement]:
            ticks = np.flatnonzero(draft.conflicts.mask(mode))
            ticks = ticks[ticks <= self._latest(movement)]
            ticks = ticks[np.argsort(np.abs(ticks - told), kind="stable")]
            for tick, met in blocked(draft, movement, mode, ticks, self._pool):
                price = sum(self._price[k] for k in closed_visits(draft, met) if k in draft.placed)
                away = abs(tick - told) * self._random.uniform(0.7, 1.3)
                found.append((price, away, mode, tick, met))
        found.sort(key=lambda one: one[:2])
        return any(self._put(movement, mode, tick, met) for _, _, mode, tick, met in found[:_TRIED])

    def _put_free(self, movement: int) -> bool:
        """Place a movement at the best start that is free and has teams."""
        draft = self._draft
        too_late = np.arange(draft.conflicts.horizon) > self._latest(movement)
        ruled_out = dict.fromkeys(draft.tables.modes_of[movement], too_late)
        best = best_start(draft, movement, self._purpose, ruled_out=ruled_out)
        if best is None:
            return False
        draft.put(movement, best)
        self._pool.pop(movement, None)
        return True

    def _put(self, movement: int, mode: int, tick: int, met: list[int]) -> bool:
        draft = self._draft
        taken = self._take_out(met)
        teams: Teams | None = None
        here = room(draft, movement, mode, pending=True)
        begin_mm = None if here is None else here.best(tick, None)
        has_room = here is None or begin_mm is not None
        if has_room and is_open(draft, movement, mode, tick, begin_mm, pending=True):
            teams = crew(draft, movement, mode, tick, self._purpose.prefer(movement))
            busy = [] if teams is not None else holders(draft, movement, mode, tick)
            free = [k for k in busy if not is_settled(draft, k)]
            for k in sorted(free, key=lambda k: self._price[k])[:_IN_THE_WAY]:
                taken.update(self._take_out([k]))
                teams = crew(draft, movement, mode, tick)
                if teams is not None:
                    break
        if teams is None or self._is_early(movement):
            for k, place in taken.items():
                draft.put(k, place)
            return False
        draft.put(movement, Place(mode, tick, teams, begin_mm))
        self._pool.pop(movement, None)
        # what hangs on others comes out of the pool after them
        for k in sorted(taken, key=self._purpose.wanted, reverse=True):
            self._pool[k] = None
        self._price[movement] += 1
        return True

    def _is_early(self, movement: int) -> bool:
        """Whether something that comes before a movement is not placed."""
        before = self._draft.conflicts.before(movement)
        return any(k not in self._draft.placed for k in before)

    def _take_out(self, movements: list[int]) -> dict[int, Place]:
        draft = self._draft
        return {k: draft.unplace(k) for k in closed_visits(draft, movements) if k in draft.placed}
