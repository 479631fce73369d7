"""Which movements to take out and place anew: by time, by berth, by team, by what they wait for."""

import random
from collections.abc import Iterable

import numpy as np

from scheduler.draft import Draft
from scheduler.starts import barriers, separated

_TRIES = 8
"""Starts of which the one with the fewest in its way is taken."""


def is_settled(draft: Draft, movement: int) -> bool:
    """Whether a movement is not for improving: fixed, pinned, or held."""
    raw = draft.problem.movements[movement]
    return raw.fixed is not None or (raw.pinned and raw.published is not None)


def closed_visits(draft: Draft, movements: Iterable[int]) -> list[int]:
    """The movements with what hangs on them: the later ones of their visits, and followers.

    An exit may be moved alone; an entry takes its exit with it.
    """
    found: dict[int, None] = {}
    queue = list(movements)
    while queue:
        movement = queue.pop()
        if movement in found or is_settled(draft, movement):
            continue
        found[movement] = None
        for order, _ in draft.conflicts.orders_after.get(movement, ()):
            queue.append(order.after)
        for order, _ in draft.conflicts.orders_before.get(movement, ()):
            if order.before is not None and order.before not in draft.placed:
                queue.append(order.before)
    return list(found)


class Neighbourhoods:
    """Draws neighbourhoods around costly movements, of several kinds in turn."""

    def __init__(self, draft: Draft, random_: random.Random) -> None:
        self._draft = draft
        self._random = random_
        self._free = [k for k in range(len(draft.problem.movements)) if not is_settled(draft, k)]

    def seed(self) -> int | None:
        """A free movement, the costlier the likelier; None where nothing is free."""
        if not self._free:
            return None
        costs = [self._cost(k) for k in self._free]
        if not any(costs):
            return None
        return self._random.choices(self._free, weights=[cost + 1 for cost in costs])[0]

    def _cost(self, movement: int) -> int:
        place = self._draft.placed.get(movement)
        if place is None:
            return min(self._draft.problem.movements[movement].unplaced_cost, 5000)
        return self._draft.cost(movement, place.start)

    def _begins(self, movement: int) -> int:
        place = self._draft.placed.get(movement)
        return self._draft.problem.movements[movement].requested if place is None else place.start

    def draw(self, size: int) -> list[int]:
        """About ``size`` movements around a costly one, closed over visits."""
        seed = self.seed()
        if seed is None:
            return []
        kinds = (self._by_time, self._by_time, self._by_place, self._by_team, self._in_the_way)
        kind = self._random.choice(kinds)
        if seed not in self._draft.placed and self._random.random() < 0.7:
            kind = self._in_the_way
        ranked = kind(seed)
        chosen = [seed]
        for movement in ranked:
            if len(chosen) >= size:
                break
            if movement != seed and self._random.random() < 0.75:
                chosen.append(movement)
        found: dict[int, None] = {}
        for movement in chosen:
            if len(found) < size:
                found.update(dict.fromkeys(closed_visits(self._draft, [movement])))
        return list(found)

    def _by_time(self, seed: int) -> list[int]:
        at = self._draft.problem.movements[seed].requested
        if self._random.random() < 0.5:
            at = self._begins(seed)
        return sorted(self._free, key=lambda k: abs(self._begins(k) - at))

    def _by_place(self, seed: int) -> list[int]:
        mine = self._places(seed)
        return sorted(
            self._free,
            key=lambda k: (not (mine & self._places(k)), abs(self._begins(k) - self._begins(seed))),
        )

    def _places(self, movement: int) -> set[str]:
        modes = (self._draft.tables.modes[m] for m in self._draft.tables.modes_of[movement])
        return {p for mode in modes for p in (mode.from_place, mode.to_place) if p is not None}

    def _by_team(self, seed: int) -> list[int]:
        mine = self._members(seed)
        return sorted(
            self._free,
            key=lambda k: (
                not (mine & self._members(k)),
                abs(self._begins(k) - self._begins(seed)),
            ),
        )

    def _members(self, movement: int) -> set[tuple[str, int]]:
        place = self._draft.placed.get(movement)
        needs = self._draft.problem.movements[movement].needs
        if place is None:
            return set()
        return {(needs[n].pool, k) for n, team in place.teams.items() for k in team}

    def _in_the_way(self, seed: int) -> list[int]:
        """Those that keep a movement from one better start, then those near it in time."""
        draft, mode = self._draft, self._random.choice(self._draft.tables.modes_of[seed])
        raw, place = draft.problem.movements[seed], draft.placed.get(seed)
        ticks = np.flatnonzero(draft.conflicts.mask(mode))
        if place is not None:
            ticks = ticks[(ticks >= raw.requested) & (ticks < place.start)]
        if not len(ticks):
            return self._by_time(seed)
        tries = [int(self._random.choice(ticks)) for _ in range(_TRIES)]
        tick, blockers = min(
            ((tick, self._blockers(seed, mode, tick)) for tick in tries),
            key=lambda found: (sum(is_settled(draft, k) for k in found[1]), len(found[1])),
        )
        near = sorted(self._free, key=lambda k: abs(self._begins(k) - tick))
        return list(dict.fromkeys([*blockers, *near]))

    def _blockers(self, movement: int, mode: int, tick: int) -> list[int]:
        """Movements that, as they are placed, keep a movement from one start."""
        draft = self._draft
        low, high, tracks = separated(draft, mode)
        met = draft.tables.track_owner[tracks[(low <= tick) & (tick <= high)]].tolist()
        for barrier in barriers(draft, movement, mode):
            if barrier.low <= tick <= barrier.high:
                met.extend(barrier.movements)
        return [k for k in dict.fromkeys(met) if k != movement]
