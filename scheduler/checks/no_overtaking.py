"""Where overtaking is not allowed, ships leave a reach in the order in which they entered it."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach

RULE = "no_overtaking"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report pairs whose order changes, or that are level at a gate."""
    for segment in sheet.problem.segments:
        if segment.overtaking:
            continue
        for first, second in sheet.pairs(segment, 0):
            if first.leg.forward != second.leg.forward:
                continue
            if not (first.enter < second.enter and first.leave < second.leave):
                yield sheet.breach(
                    RULE,
                    first.voyage,
                    second.voyage,
                    segment=segment.id,
                    enter_gap_ticks=second.enter - first.enter,
                    leave_gap_ticks=second.leave - first.leave,
                )
