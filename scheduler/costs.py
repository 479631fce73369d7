"""What a start costs: by the minute late or early, or by a table over time."""

from bisect import bisect_right

import numpy as np

from scheduler.problem import Movement
from scheduler.tides import Ticks


def cost(movement: Movement, start: int) -> int:
    """What a movement costs at one start (tick), cost units."""
    points = movement.cost_points
    if not points:
        late = start - movement.requested
        return late * movement.late_weight if late > 0 else -late * movement.early_weight
    after = bisect_right(points, start, key=lambda point: point[0])
    if after == 0 or after == len(points):
        return points[min(after, len(points) - 1)][1]
    (tick, low), (end, high) = points[after - 1], points[after]
    return low + (high - low) * (start - tick) // (end - tick)


def costs(movement: Movement, starts: Ticks) -> Ticks:
    """As :func:`cost`, of many starts at once, shape ``(starts,)``."""
    if not movement.cost_points:
        late = starts - movement.requested
        return np.where(late > 0, late * movement.late_weight, -late * movement.early_weight)
    table = np.array(movement.cost_points, dtype=np.int64)
    ticks, values = table[:, 0], table[:, 1]
    after = np.searchsorted(ticks, starts, side="right")
    one = np.clip(after - 1, 0, len(ticks) - 1)
    two = np.clip(after, 0, len(ticks) - 1)
    width = np.maximum(ticks[two] - ticks[one], 1)
    return values[one] + (values[two] - values[one]) * (starts - ticks[one]) // width
