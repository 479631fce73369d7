"""Which movements to take out and place anew: by time, by berth, by team, by what they wait for."""

import random
from collections.abc import Iterable

import numpy as np

from scheduler.changes import is_as_told
from scheduler.draft import Draft
from scheduler.purpose import Purpose
from scheduler.starts import barriers, separated
from scheduler.tides import Mask, Ticks

_TRIES = 8
"""Starts of which the one with the fewest in its way is taken."""
_CHANCE = 0.75
"""How likely each of those that are near is taken, the nearest first."""
_APART = 1 << 30


def is_fixed(draft: Draft, movement: int) -> bool:
    """Whether a movement has its start and its mode given, or has happened already."""
    return draft.problem.movements[movement].fixed is not None


def is_settled(draft: Draft, movement: int) -> bool:
    """Whether a movement is not to be moved: fixed, or pinned and where it was told to be.

    What is pinned and cannot stay is to be moved like any other, or it would be lost for a pin.
    """
    raw = draft.problem.movements[movement]
    if raw.fixed is not None:
        return True
    place = draft.placed.get(movement)
    return (
        raw.pinned
        and raw.published is not None
        and place is not None
        and is_as_told(draft, place, raw.published)
    )


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
        queue.extend(draft.conflicts.after(movement))
        queue.extend(k for k in draft.conflicts.before(movement) if k not in draft.placed)
    return list(found)


def places_of(draft: Draft) -> Mask:
    """Which movements can leave or reach which place, shape ``(movements, places)``."""
    index: dict[str, int] = {}
    pairs: set[tuple[int, int]] = set()
    for mode, movement in zip(draft.tables.modes, draft.tables.mode_movement, strict=True):
        for name in (mode.from_place, mode.to_place):
            if name is not None:
                pairs.add((movement, index.setdefault(name, len(index))))
    found = np.zeros((len(draft.problem.movements), max(len(index), 1)), dtype=np.bool_)
    for movement, place in pairs:
        found[movement, place] = True
    return found


class Neighbourhoods:
    """Draws neighbourhoods around one movement at a time, of several kinds in turn.

    Args:
        draft: The plan.
        purpose: What says which start a movement should be near.
        random_: Where all choices come from.
    """

    def __init__(self, draft: Draft, purpose: Purpose, random_: random.Random) -> None:
        self._draft = draft
        self._purpose = purpose
        self._random = random_
        movements = range(len(draft.problem.movements))
        self._free = np.array([not is_settled(draft, k) for k in movements], dtype=np.bool_)
        self._places = places_of(draft)
        self._begins = np.zeros(len(movements), dtype=np.int64)
        for k in movements:
            self.touch(k)

    def touch(self, movement: int) -> None:
        """Take notice of where a movement is now."""
        place = self._draft.placed.get(movement)
        self._begins[movement] = self._purpose.wanted(movement) if place is None else place.start

    def draw(self, seed: int, size: int) -> list[int]:
        """About ``size`` movements around a free one, closed over visits; it is the first."""
        kinds = (self._by_time, self._by_time, self._by_place, self._by_team, None)
        kind = self._random.choice(kinds)
        if seed not in self._draft.placed and self._random.random() < 0.7:
            kind = None
        found: dict[int, None] = dict.fromkeys(closed_visits(self._draft, [seed]))
        if kind is None:
            tick, blockers = self._in_the_way(seed)
            # Who is in the way goes out whatever the size: half of them would be of no use.
            found.update(dict.fromkeys(closed_visits(self._draft, blockers)))
            near = self._nearest(tick)
        else:
            near = kind(seed)
        taken = 1
        for movement in near:
            if len(found) >= size or taken >= size:
                break
            if movement not in found and self._random.random() < _CHANCE:
                taken += 1
                found.update(dict.fromkeys(closed_visits(self._draft, [movement])))
        return list(found)

    def _nearest(self, tick: int, first: Mask | None = None) -> list[int]:
        """Free movements from the nearest to a tick on; those of ``first`` before all others."""
        away: Ticks = np.abs(self._begins - tick)
        if first is not None:
            away = away + np.where(first, 0, _APART)
        away = np.where(self._free, away, _APART * 4)
        order = np.argsort(away, kind="stable")
        return order[: int(self._free.sum())].tolist()

    def _by_time(self, seed: int) -> list[int]:
        at = self._purpose.wanted(seed)
        if self._random.random() < 0.5:
            at = int(self._begins[seed])
        return self._nearest(at)

    def _by_place(self, seed: int) -> list[int]:
        shared = (self._places & self._places[seed]).any(axis=1)
        return self._nearest(int(self._begins[seed]), shared)

    def _by_team(self, seed: int) -> list[int]:
        draft = self._draft
        place = draft.placed.get(seed)
        mates = np.zeros(len(self._begins), dtype=np.bool_)
        if place is not None:
            for need, team in place.teams.items():
                roster = draft.rosters[draft.problem.movements[seed].needs[need].pool]
                mates[[k for r in team for k in roster.users(r)]] = True
        return self._nearest(int(self._begins[seed]), mates)

    def _in_the_way(self, seed: int) -> tuple[int, list[int]]:
        """One better start of a movement, and those that keep it from it."""
        draft, mode = self._draft, self._random.choice(self._draft.tables.modes_of[seed])
        wanted, place = self._purpose.wanted(seed), draft.placed.get(seed)
        ticks = np.flatnonzero(draft.conflicts.mask(mode))
        if place is not None:
            ticks = ticks[np.abs(ticks - wanted) < abs(place.start - wanted)]
        if not len(ticks):
            return int(self._begins[seed]), []
        if self._random.random() < 0.5:
            ticks = ticks[np.argsort(np.abs(ticks - wanted), kind="stable")][: 16 * _TRIES]
        tries = [int(self._random.choice(ticks)) for _ in range(_TRIES)]
        return min(
            ((tick, self._blockers(seed, mode, tick)) for tick in tries),
            key=lambda found: (sum(not self._free[k] for k in found[1]), len(found[1])),
        )

    def _blockers(self, movement: int, mode: int, tick: int) -> list[int]:
        """Movements that, as they are placed, keep a movement from one start."""
        draft = self._draft
        low, high, tracks = separated(draft, mode)
        met = draft.tables.track_owner[tracks[(low <= tick) & (tick <= high)]].tolist()
        for barrier in barriers(draft, movement, mode, named=tick):
            if barrier.low <= tick <= barrier.high:
                met.extend(barrier.movements)
        return [k for k in dict.fromkeys(met) if k != movement]
