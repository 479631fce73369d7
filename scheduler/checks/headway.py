"""Ships that go the same way pass each gate of a reach with their time between them."""

from collections.abc import Iterator

from scheduler.checks.sheet import Passage, Sheet, ceil_div
from scheduler.outcome import Breach

RULE = "headway"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report pairs that are closer than the larger headway, or than the gap of their kinds.

    In restricted visibility (either of them enters the segment in it) both are longer.
    """
    reach = longest_ticks(sheet)
    for segment in sheet.problem.segments:
        for first, second in sheet.pairs(segment, reach):
            if first.leg.forward == second.leg.forward:
                yield from _judge_pair(sheet, first, second)


def _judge_pair(sheet: Sheet, one: Passage, two: Passage) -> Iterator[Breach]:
    gap_ticks, least_ticks, gate = closer_gate(sheet, one, two)
    if gap_ticks < least_ticks:
        yield sheet.breach(
            RULE,
            one.voyage,
            two.voyage,
            segment=one.segment.id,
            gate=gate,
            need_ticks=least_ticks,
            gap_ticks=gap_ticks,
        )


def closer_gate(sheet: Sheet, one: Passage, two: Passage) -> tuple[int, int, str]:
    """Tell the time between two ships, and what has to be, where the least is to spare."""
    found: list[tuple[int, int, str]] = []
    for gate, at_one, at_two in (
        ("enter", one.enter, two.enter),
        ("leave", one.leave, two.leave),
    ):
        # Level at a gate, either may be taken for the leader: the longer time counts.
        orders = [(one, two)] * (at_one <= at_two) + [(two, one)] * (at_two <= at_one)
        found.append((abs(at_two - at_one), max(need_ticks(sheet, *o) for o in orders), gate))
    return min(found, key=lambda each: each[0] - each[1])


def longest_ticks(sheet: Sheet) -> int:
    """Tell a time that no two ships have to keep more than, whoever they are."""
    longest = max((ship.headway_ticks for ship in sheet.problem.ships), default=0)
    longest = max([longest, *(gap.ticks for gap in sheet.problem.gaps)])
    return ceil_div(longest * max(1000, sheet.problem.slow_headway_permille), 1000)


def need_ticks(sheet: Sheet, leader: Passage, follower: Passage) -> int:
    """Tell the time that lies at least between two ships at a gate, by who comes first."""
    ships = leader.voyage.ship, follower.voyage.ship
    ticks = max(ship.headway_ticks for ship in ships)
    for gap in sheet.problem.gaps:
        here = gap.segment is None or gap.segment == leader.segment.id
        if here and (gap.leader, gap.follower) == (ships[0].kind, ships[1].kind):
            ticks = max(ticks, gap.ticks)
    if sheet.is_in_fog(leader) or sheet.is_in_fog(follower):
        ticks = ceil_div(ticks * sheet.problem.slow_headway_permille, 1000)
    return ticks
