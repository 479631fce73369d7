"""A movement that follows another starts after that one has ended."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach

RULE = "follows"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report starts too soon after the other's end, or though the other is left out."""
    for voyage in sheet.voyages.values():
        for link in voyage.movement.follows:
            other = sheet.voyages.get(link.movement)
            if other is None:
                yield sheet.breach(
                    RULE,
                    voyage,
                    sheet.movements[link.movement],
                    code="other_left_out",
                    other=link.movement,
                )
            elif voyage.start < other.end + link.gap_ticks:
                yield sheet.breach(
                    RULE,
                    other,
                    voyage,
                    code="too_soon",
                    need_ticks=link.gap_ticks,
                    gap_ticks=voyage.start - other.end,
                )
