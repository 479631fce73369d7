"""Visibility by segment and tick, and what rules ask of it at a start."""

from collections.abc import Sequence
from itertools import pairwise

from dispatch.movement import Movement
from dispatch.port import Days, Port, RuleKind
from scheduler import problem


class VisibilityAt:
    """Visibility by segment and tick, as the scheduler reads its spans: the last one counts."""

    def __init__(self, spans: Sequence[problem.Visibility], slow_m: int) -> None:
        """Keep the spans; ``slow_m`` is the visibility below which ships go slowly (0: never)."""
        self._spans = tuple(spans)
        self._slow_m = slow_m

    def value_m(self, segment: str | None, tick: int) -> int | None:
        """Return the visibility; None is unlimited."""
        for item in reversed(self._spans):
            in_span = item.span.begin <= tick < item.span.end
            if in_span and (not item.segments or segment in item.segments):
                return item.visibility_m
        return None

    def ever_below(self, below_m: int) -> bool:
        """Tell whether any span is below a limit."""
        return any(item.visibility_m < below_m for item in self._spans)

    def is_slow(self, segment: str, tick: int) -> bool:
        """Tell whether a segment entered at a tick is sailed slowly."""
        value_m = self.value_m(segment, tick)
        return value_m is not None and value_m < self._slow_m

    def breaks(self, segment: str | None, below_m: int) -> list[tuple[int, int]]:
        """Return the spans of ticks in which visibility in a segment is below a limit."""
        spans = [s for s in self._spans if not s.segments or segment in s.segments]
        ticks = sorted({tick for s in spans for tick in (s.span.begin, s.span.end)})
        found: list[tuple[int, int]] = []
        for begin, end in pairwise(ticks):
            value_m = self.value_m(segment, begin)
            if value_m is not None and value_m < below_m:
                if found and found[-1][1] == begin:
                    found[-1] = (found[-1][0], end)
                else:
                    found.append((begin, end))
        return found


def least_visibility_m(port: Port, movement: Movement, days: Days, *, leaves: bool) -> int:
    """Return the visibility that a movement needs at its start; 0 where no rule asks any."""
    vessel = movement.vessel
    limits = [0.0]
    if leaves:
        for rule in port.rules_in_force(RuleKind.VISIBILITY_DEPARTURE, days):
            gt_ge, gt_lt = rule.optional_number("gt_ge"), rule.optional_number("gt_lt")
            if (gt_ge is None or vessel.gt >= gt_ge) and (gt_lt is None or vessel.gt < gt_lt):
                limits.append(rule.number("visibility_below_m"))
    limits += [
        rule.number("visibility_below_m")
        for rule in port.rules_in_force(RuleKind.VISIBILITY_MOVEMENT, days)
        if rule.takes(loa_m=vessel.loa_m, vessel_type=vessel.vessel_type)
    ]
    return round(max(limits))
