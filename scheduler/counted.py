"""Counted pools: when fewer of one are left than a need takes."""

import numpy as np

from scheduler.problem import Count
from scheduler.tides import Ticks


class Supply:
    """How many of a counted pool there are, over time.

    Args:
        counts: Spans with their counts; outside of them there are none.
        most: As many as one need takes at most.
    """

    def __init__(self, counts: tuple[Count, ...], most: int) -> None:
        self._most = most
        self._begin = np.array([c.span.begin for c in counts], dtype=np.int64)
        self._end = np.array([c.span.end for c in counts], dtype=np.int64)
        self._count = np.array([c.count for c in counts], dtype=np.int64)

    def left(self, begin: Ticks, end: Ticks) -> tuple[Ticks, Ticks]:
        """How many are left, with each ``[begin, end)`` taken by one.

        Returns:
            Ticks of shape ``(n,)`` at which that changes, and the number before the first, between
            each two and after the last of them, shape ``(n + 1,)``; below 0 where too many are
            taken.
        """
        one = np.ones(len(begin), dtype=np.int64)
        ticks, place = np.unique(
            np.concatenate([self._begin, self._end, begin, end]), return_inverse=True
        )
        steps = np.zeros(len(ticks), dtype=np.int64)
        np.add.at(steps, place, np.concatenate([self._count, -self._count, -one, one]))
        return ticks, np.concatenate([[0], np.cumsum(steps)])

    def short(self, begin: Ticks, end: Ticks, far: int) -> tuple[Ticks, Ticks, Ticks]:
        """Spans in which no more than so many are left, with each ``[begin, end)`` taken by one.

        Returns:
            A number ``n`` below ``most``, begin and end of a span (``-far``, ``far``: for good) in
            which at most ``n`` are left, each of shape ``(spans,)``.
        """
        ticks, left = self.left(begin, end)
        edges = np.concatenate([[-far], ticks, [far]])
        who: list[Ticks] = []
        begins: list[Ticks] = []
        ends: list[Ticks] = []
        for n in range(self._most):
            lacks = np.concatenate([[False], left <= n, [False]]).astype(np.int8)
            turns = np.diff(lacks)
            first, last = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)
            who.append(np.full(len(first), n, dtype=np.int64))
            begins.append(edges[first])
            ends.append(edges[last])
        none = np.zeros(0, dtype=np.int64)
        return (
            np.concatenate([none, *who]),
            np.concatenate([none, *begins]),
            np.concatenate([none, *ends]),
        )
