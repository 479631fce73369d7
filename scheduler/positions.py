"""Room along a quay: the starts that leave a ship some position, and the positions they leave."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

import numpy as np

from scheduler.rosters import FAR
from scheduler.tides import Ticks

Lean = Literal["ends", "first", "last", "gap"]
"""Which position to take of several: nearest to either end of what is open, which keeps what is
free in one piece; nearest to the first end, or to the last; in the smallest gap, which also decides
between equals."""
LEANS: tuple[Lean, ...] = get_args(Lean)


@dataclass(frozen=True, slots=True)
class Wall:
    """Another ship at the quay: with these starts, these begins are barred (both ends included).

    ``movement`` is who would have to give way; None: nobody. ``is_firm``: it cannot.
    """

    low: int
    high: int
    first_mm: int
    last_mm: int
    rule: str
    movement: int | None
    is_firm: bool


@dataclass(frozen=True, slots=True)
class Room:
    """The begins that a mode leaves open, ``first_mm`` to ``last_mm`` (both included), and walls.

    By a well-known argument the ends of what walls leave free are all the positions that have to
    be looked at: from any other one a ship can be shifted until she meets a wall, or an end.
    """

    first_mm: int
    last_mm: int
    walls: Sequence[Wall]

    def full(self) -> Iterator[tuple[int, int]]:
        """Spans of starts (both ends included) that leave no position at all."""
        if self.first_mm > self.last_mm:
            yield -FAR, FAR
            return
        walls = sorted(
            (w for w in self.walls if w.first_mm <= self.last_mm and w.last_mm >= self.first_mm),
            key=lambda wall: wall.first_mm,
        )
        if not walls:
            return
        low, high = (_column(w.low for w in walls), _column(w.high for w in walls))
        first, last = (_column(w.first_mm for w in walls), _column(w.last_mm for w in walls))
        edges = np.unique(np.concatenate([low, high + 1]))
        met = (low <= edges[:, None]) & (edges[:, None] <= high)
        # how far the quay is barred without a gap, from its beginning on, wall by wall
        reached = np.maximum.accumulate(np.where(met, last, self.first_mm - 1), axis=1)
        before = np.full_like(reached, self.first_mm - 1)
        before[:, 1:] = reached[:, :-1]
        free = (met & (first > before + 1)).any(axis=1) | (reached[:, -1] < self.last_mm)
        for is_free, (begin, end) in zip(free[:-1], pairwise(edges.tolist()), strict=True):
            if not is_free:
                yield begin, end - 1

    def free(self, start: int) -> list[tuple[int, int]]:
        """Spans of begins (mm, both ends included) that a start leaves, in their order."""
        found: list[tuple[int, int]] = []
        begin = self.first_mm
        for wall in sorted(self._at(start), key=lambda wall: wall.first_mm):
            if wall.first_mm > begin:
                found.append((begin, min(wall.first_mm - 1, self.last_mm)))
            begin = max(begin, wall.last_mm + 1)
            if begin > self.last_mm:
                return found
        return [*found, (begin, self.last_mm)] if begin <= self.last_mm else found

    def in_the_way(self, start: int) -> list[Wall]:
        """The fewest walls without which a start would leave a position."""
        met = self._at(start)
        ends = {w.first_mm - 1 for w in met} | {w.last_mm + 1 for w in met}
        tried = [b for b in ends if self.first_mm < b < self.last_mm]

        def against(begin: int) -> list[Wall]:
            return [wall for wall in met if wall.first_mm <= begin <= wall.last_mm]

        def price(begin: int) -> tuple[int, int, int, int]:
            walls = against(begin)
            firm = sum(wall.is_firm for wall in walls)
            return firm, len(walls), max((wall.high for wall in walls), default=0), begin

        return against(min((self.first_mm, self.last_mm, *tried), key=price))

    def best(self, start: int, home_mm: int | None, lean: Lean = "ends") -> int | None:
        """Where to lie from a start on: at home, or where one leans to; None: nowhere."""
        spans = self.free(start)
        if home_mm is not None and any(begin <= home_mm <= end for begin, end in spans):
            return home_mm
        return min(
            (begin for span in sorted(spans, key=lambda span: span[1] - span[0]) for begin in span),
            key=lambda begin: self._away(begin, lean),
            default=None,
        )

    def _away(self, begin: int, lean: Lean) -> int:
        if lean == "gap":
            return 0
        far = {"first": begin - self.first_mm, "last": self.last_mm - begin}
        return min(far.values()) if lean == "ends" else far[lean]

    def _at(self, start: int) -> list[Wall]:
        return [wall for wall in self.walls if wall.low <= start <= wall.high]


def _column(values: Iterable[int]) -> Ticks:
    return np.array(list(values), dtype=np.int64)
