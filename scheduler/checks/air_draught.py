"""The ship passes under every bridge on its way."""

from collections.abc import Iterator

from scheduler.checks.sheet import Passage, Sheet
from scheduler.outcome import Breach
from scheduler.problem import Bridge

RULE = "air_draught"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report bridges that are too low for the ship at the highest level while it is in the reach.

    An air draught of 0 is unknown and not judged; ticks before 0 are past and not judged.
    """
    for voyage in sheet.voyages.values():
        if voyage.movement.air_draught_mm == 0:
            continue
        for passage in sheet.passages_of(voyage):
            for bridge in passage.segment.bridges:
                yield from _judge_bridge(sheet, passage, bridge)


def _judge_bridge(sheet: Sheet, passage: Passage, bridge: Bridge) -> Iterator[Breach]:
    need_mm = passage.voyage.movement.air_draught_mm + bridge.margin_mm
    if bridge.reference_height_mm is None:
        if need_mm > bridge.clearance_mm:
            yield sheet.breach(
                RULE,
                passage.voyage,
                segment=passage.segment.id,
                bridge=bridge.id,
                need_mm=need_mm,
                have_mm=bridge.clearance_mm,
            )
        return
    lowest: tuple[int, int] | None = None
    for tick in range(max(passage.enter, 0), passage.leave + 1):
        level_from_mm = sheet.level_mm(passage.segment.from_node, tick)
        level_to_mm = sheet.level_mm(passage.segment.to_node, tick)
        if level_from_mm is None or level_to_mm is None:
            yield sheet.breach(
                RULE,
                passage.voyage,
                code="level_unknown",
                segment=passage.segment.id,
                bridge=bridge.id,
                tick=tick,
                need_mm=need_mm,
            )
            return
        free_mm = bridge.clearance_mm + bridge.reference_height_mm
        free_mm -= max(level_from_mm, level_to_mm)
        if lowest is None or free_mm < lowest[0]:
            lowest = (free_mm, tick)
    if lowest is not None and need_mm > lowest[0]:
        yield sheet.breach(
            RULE,
            passage.voyage,
            segment=passage.segment.id,
            bridge=bridge.id,
            tick=lowest[1],
            need_mm=need_mm,
            have_mm=lowest[0],
        )
