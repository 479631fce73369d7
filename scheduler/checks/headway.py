"""Ships that go the same way pass each gate of a reach with their headway between them."""

from collections.abc import Iterator

from scheduler.checks.sheet import Passage, Sheet, ceil_div
from scheduler.outcome import Breach

RULE = "headway"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report pairs that are closer than the larger headway of the two, at the closer gate.

    In restricted visibility (either of them enters the segment in it) the headway is longer.
    """
    longest = max((ship.headway_ticks for ship in sheet.problem.ships), default=0)
    reach = ceil_div(longest * max(1000, sheet.problem.slow_headway_permille), 1000)
    for segment in sheet.problem.segments:
        for first, second in sheet.pairs(segment, reach):
            if first.leg.forward == second.leg.forward:
                yield from _judge_pair(sheet, first, second)


def _judge_pair(sheet: Sheet, first: Passage, second: Passage) -> Iterator[Breach]:
    need_ticks = max(first.voyage.ship.headway_ticks, second.voyage.ship.headway_ticks)
    if sheet.is_in_fog(first) or sheet.is_in_fog(second):
        need_ticks = ceil_div(need_ticks * sheet.problem.slow_headway_permille, 1000)
    at_enter = abs(second.enter - first.enter)
    at_leave = abs(second.leave - first.leave)
    gap_ticks = min(at_enter, at_leave)
    if gap_ticks < need_ticks:
        yield sheet.breach(
            RULE,
            first.voyage,
            second.voyage,
            segment=first.segment.id,
            gate="enter" if at_enter <= at_leave else "leave",
            need_ticks=need_ticks,
            gap_ticks=gap_ticks,
        )
