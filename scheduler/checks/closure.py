"""Nobody is in a segment while it is closed."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach

RULE = "closure"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report passages that overlap a closure of their segment."""
    for voyage in sheet.voyages.values():
        for passage in sheet.passages_of(voyage):
            for closure in sheet.problem.closures:
                if closure.segments and passage.segment.id not in closure.segments:
                    continue
                if passage.enter < closure.span.end and closure.span.begin < passage.leave:
                    yield sheet.breach(
                        RULE,
                        voyage,
                        closure=closure.id,
                        segment=passage.segment.id,
                        enter_tick=passage.enter,
                        leave_tick=passage.leave,
                        begin_tick=closure.span.begin,
                        end_tick=closure.span.end,
                    )
