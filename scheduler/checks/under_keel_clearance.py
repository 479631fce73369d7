"""There is water enough under the keel all along the passage, at the time of passing."""

from collections.abc import Iterator

from scheduler.checks.sheet import Passage, Sheet, keel_need_mm
from scheduler.outcome import Breach

RULE = "under_keel_clearance"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report each leg in which the ship would come too near the bed, at its worst tick.

    The level at the ship runs evenly from the level at the node where it enters to the level at
    the node where it leaves. A level that is not known is a breach only where the depth at datum
    does not do. Ticks before 0 are past and not judged.
    """
    for voyage in sheet.voyages.values():
        for passage in sheet.passages_of(voyage):
            if passage.segment.depth_mm is not None:
                yield from _judge_leg(sheet, passage, passage.segment.depth_mm)


def _judge_leg(sheet: Sheet, passage: Passage, depth_mm: int) -> Iterator[Breach]:
    segment = passage.segment
    need_mm = keel_need_mm(passage.voyage.movement.draught_mm, segment.ukc_mm, segment.ukc_permille)
    if _is_never_below(sheet, passage, need_mm - depth_mm):
        return
    worst: tuple[int, int] | None = None
    for tick in range(max(passage.enter, 0), passage.leave + 1):
        level_mm = level_at_ship_mm(sheet, passage, tick)
        if level_mm is None:
            if need_mm > depth_mm:
                yield sheet.breach(
                    RULE,
                    passage.voyage,
                    code="level_unknown",
                    segment=segment.id,
                    tick=tick,
                    need_mm=need_mm,
                )
                return
        elif worst is None or level_mm < worst[0]:
            worst = (level_mm, tick)
    if worst is not None and need_mm > depth_mm + worst[0]:
        yield sheet.breach(
            RULE,
            passage.voyage,
            segment=segment.id,
            tick=worst[1],
            need_mm=need_mm,
            have_mm=depth_mm + worst[0],
            level_mm=worst[0],
        )


def _is_never_below(sheet: Sheet, passage: Passage, level_mm: int) -> bool:
    """Tell whether the levels at both nodes are high enough all the time, as most are.

    The level at the ship lies between the two: then nobody has to look at each tick.
    """
    for node in (passage.segment.from_node, passage.segment.to_node):
        lowest = sheet.lowest_level(node, passage.enter, passage.leave + 1)
        if lowest is None or lowest[1] < level_mm or sheet.is_beyond_samples(node, passage.leave):
            return False
    return True


def level_at_ship_mm(sheet: Sheet, passage: Passage, tick: int) -> int | None:
    """Tell the level at a ship in a reach; None where it is not known."""
    node_in, node_out = passage.segment.from_node, passage.segment.to_node
    if not passage.leg.forward:
        node_in, node_out = node_out, node_in
    level_in_mm = sheet.level_mm(node_in, tick)
    level_out_mm = sheet.level_mm(node_out, tick)
    if level_in_mm is None or level_out_mm is None:
        return None
    ticks = passage.leave - passage.enter
    if ticks == 0:
        return min(level_in_mm, level_out_mm)
    gone = tick - passage.enter
    return (level_in_mm * (ticks - gone) + level_out_mm * gone) // ticks
