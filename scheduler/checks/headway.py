"""Ships that go the same way pass each gate of a reach with their time between them."""

from collections.abc import Iterator

from scheduler.checks.sheet import Passage, Sheet, ceil_div
from scheduler.outcome import Breach

RULE = "headway"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report pairs that are closer than the larger headway, or than the gap of their kinds.

    In restricted visibility (either of them enters the segment in it) both are longer.
    """
    longest = max((ship.headway_ticks for ship in sheet.problem.ships), default=0)
    longest = max([longest, *(gap.ticks for gap in sheet.problem.gaps)])
    reach = ceil_div(longest * max(1000, sheet.problem.slow_headway_permille), 1000)
    for segment in sheet.problem.segments:
        for first, second in sheet.pairs(segment, reach):
            if first.leg.forward == second.leg.forward:
                yield from _judge_pair(sheet, first, second)


def _judge_pair(sheet: Sheet, one: Passage, two: Passage) -> Iterator[Breach]:
    worst: tuple[int, int, int, str] | None = None
    for gate, at_one, at_two in (
        ("enter", one.enter, two.enter),
        ("leave", one.leave, two.leave),
    ):
        # Level at a gate, either may be taken for the leader: the longer time counts.
        orders = [(one, two)] * (at_one <= at_two) + [(two, one)] * (at_two <= at_one)
        need_ticks = max(_need_ticks(sheet, *order) for order in orders)
        gap_ticks = abs(at_two - at_one)
        lack = (need_ticks - gap_ticks, need_ticks, gap_ticks, gate)
        if worst is None or lack[0] > worst[0]:
            worst = lack
    if worst is not None and worst[0] > 0:
        yield sheet.breach(
            RULE,
            one.voyage,
            two.voyage,
            segment=one.segment.id,
            gate=worst[3],
            need_ticks=worst[1],
            gap_ticks=worst[2],
        )


def _need_ticks(sheet: Sheet, leader: Passage, follower: Passage) -> int:
    """Tell the time that lies at least between two ships at a gate, by who comes first."""
    ships = leader.voyage.ship, follower.voyage.ship
    need_ticks = max(ship.headway_ticks for ship in ships)
    for gap in sheet.problem.gaps:
        here = gap.segment is None or gap.segment == leader.segment.id
        if here and (gap.leader, gap.follower) == (ships[0].kind, ships[1].kind):
            need_ticks = max(need_ticks, gap.ticks)
    if sheet.is_in_fog(leader) or sheet.is_in_fog(follower):
        need_ticks = ceil_div(need_ticks * sheet.problem.slow_headway_permille, 1000)
    return need_ticks
