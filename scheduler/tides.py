"""Water levels at nodes and along segments as arrays over ticks, shared by all ships."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scheduler.problem import Segment, WaterLevel

Ticks = NDArray[np.int64]
Mask = NDArray[np.bool_]

FOREVER = 1 << 40
HIGH_MM = 10**9
"""Stands for a tick that is not judged, where the least level is asked."""


class Tides:
    """Levels above chart datum, millimetres, at the given consecutive ticks.

    A node without samples lies at datum and is always known. Ticks before 0 are not judged.
    """

    def __init__(self, levels: tuple[WaterLevel, ...], ticks: Ticks) -> None:
        self._ticks = ticks
        self._samples = {level.node: level for level in levels}
        self._bounds: dict[str, tuple[int, int]] = {}
        self._levels: dict[str, tuple[Ticks, Mask]] = {}
        self._least: dict[tuple[str, bool, int], tuple[Ticks, Mask]] = {}
        self._within: dict[tuple[str, int], tuple[Ticks, Mask]] = {}
        self._highest: dict[tuple[str, int], tuple[Ticks, Mask]] = {}

    @cached_property
    def lowest_mm(self) -> int:
        """The lowest level at any node, at most datum."""
        return min([0, *(min(s.heights_mm, default=0) for s in self._samples.values())])

    def bounds(self, node: str) -> tuple[int, int]:
        """The lowest level that is told at a node, and the last tick at which one is known."""
        found = self._bounds.get(node)
        if found is None:
            sample = self._samples.get(node)
            heights = () if sample is None else sample.heights_mm
            last = FOREVER if sample is None else (len(heights) - 1) * sample.step_ticks
            found = self._bounds[node] = min(heights, default=0), last
        return found

    def at_node(self, node: str) -> tuple[Ticks, Mask]:
        """Levels at a node and where they are unknown, both by tick."""
        known = self._levels.get(node)
        if known is None:
            known = self._levels[node] = self._read(node)
        return known

    def _read(self, node: str) -> tuple[Ticks, Mask]:
        ticks = self._ticks
        sample = self._samples.get(node)
        if sample is None or not sample.heights_mm:
            unknown = np.full(len(ticks), sample is not None, dtype=np.bool_)
            return np.zeros(len(ticks), dtype=np.int64), unknown & (ticks >= 0)
        heights = np.array(sample.heights_mm, dtype=np.int64)
        end = (len(heights) - 1) * sample.step_ticks
        place, rest = np.divmod(np.clip(ticks, 0, end), sample.step_ticks)
        upper = heights[np.minimum(place + 1, len(heights) - 1)]
        levels = heights[place] + (upper - heights[place]) * rest // sample.step_ticks
        return levels, ticks > end

    def least_along(self, segment: Segment, *, forward: bool, ticks: int) -> tuple[Ticks, Mask]:
        """The least level a ship meets in a segment that it takes ``ticks`` to pass.

        Returns:
            By tick of entering: the least known level at the ship (``HIGH_MM`` where nothing is
            judged), and whether a level that it needs is unknown.
        """
        key = (segment.id, forward, ticks)
        found = self._least.get(key)
        if found is None:
            found = self._least[key] = self._pass(segment, forward=forward, ticks=ticks)
        return found

    def _pass(self, segment: Segment, *, forward: bool, ticks: int) -> tuple[Ticks, Mask]:
        ends = (segment.from_node, segment.to_node)
        near, near_unknown = self.at_node(ends[0] if forward else ends[1])
        far, far_unknown = self.at_node(ends[1] if forward else ends[0])
        count = len(near)
        # Levels to come are repeated at the end; the axis reaches beyond every judged passage.
        pad = (0, ticks)
        near, far = np.pad(near, pad, "edge"), np.pad(far, pad, "edge")
        unknown = np.pad(near_unknown | far_unknown, pad, "edge")
        judged = np.pad(self._ticks >= 0, pad, constant_values=True)
        least = np.full(count, HIGH_MM, dtype=np.int64)
        blind = np.zeros(count, dtype=np.bool_)
        for k in range(ticks + 1):
            there = slice(k, k + count)
            if ticks:
                level = (near[there] * (ticks - k) + far[there] * k) // ticks
            else:
                level = np.minimum(near[there], far[there])
            known = judged[there] & ~unknown[there]
            np.minimum(least, np.where(known, level, HIGH_MM), out=least)
            blind |= judged[there] & unknown[there]
        return least, blind

    def highest_within(self, segment: Segment, ticks: int) -> tuple[Ticks, Mask]:
        """The highest level at a segment's nodes within ``[t, t + ticks]``, and unknown ones.

        Returns:
            By tick ``t``: the highest known level (``-HIGH_MM`` where nothing is judged), and
            whether a level in it is unknown.
        """
        key = (segment.id, ticks)
        found = self._highest.get(key)
        if found is None:
            levels, level_unknown = self.at_node(segment.from_node)
            other, other_unknown = self.at_node(segment.to_node)
            judged = self._ticks >= 0
            unknown = (level_unknown | other_unknown) & judged
            top = np.where(judged & ~unknown, np.maximum(levels, other), -HIGH_MM)
            found = self._highest[key] = (
                _slide(top, ticks + 1, np.maximum),
                _slide(unknown, ticks + 1, np.logical_or),
            )
        return found

    def least_within(self, node: str, ticks: int) -> tuple[Ticks, Mask]:
        """The least known level at a node within ``[t, t + ticks)``, and whether ``t`` is unknown.

        Returns:
            By tick ``t``: the least level among the known ones (``HIGH_MM`` where nothing is
            judged), and whether the level at ``t`` itself is unknown.
        """
        found = self._within.get((node, ticks))
        if found is None:
            levels, unknown = self.at_node(node)
            judged = self._ticks >= 0
            low = np.where(judged & ~unknown, levels, HIGH_MM)
            if ticks > 0:
                low = _slide(low, ticks, np.minimum)
            else:
                low = np.full(len(low), HIGH_MM, dtype=np.int64)
            found = self._within[node, ticks] = low, unknown & judged
        return found


def _slide(values: NDArray[Any], ticks: int, join: np.ufunc) -> NDArray[Any]:
    """Join each value with the ``ticks - 1`` that follow it, by doubling the width."""
    count, width = len(values), 1
    joined = np.pad(values, (0, ticks), "edge")
    while width * 2 <= ticks:
        joined[: len(joined) - width] = join(joined[: len(joined) - width], joined[width:])
        width *= 2
    rest = ticks - width
    return join(joined[:count], joined[rest : rest + count])
