"""A ship leaves only when its service is done, from where it is, and only if it has come."""

from collections.abc import Iterator

from scheduler.checks.sheet import Hold, Sheet, Voyage
from scheduler.outcome import Breach

RULE = "service_time"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report exits before the end of service, from another place, or of ships that never came."""
    holds = {hold.stay.id: hold for hold in sheet.holds}
    for stay in sheet.problem.stays:
        leaving = sheet.voyages.get(stay.exit) if stay.exit is not None else None
        if leaving is None:
            continue
        hold = holds.get(stay.id)
        if hold is None:
            if stay.entry is not None:
                yield sheet.breach(
                    RULE,
                    leaving,
                    *sheet.movements_of(stay),
                    code="never_came",
                    stay=stay.id,
                    entry=stay.entry,
                )
            continue
        yield from _judge_exit(sheet, hold, leaving)


def _judge_exit(sheet: Sheet, hold: Hold, leaving: Voyage) -> Iterator[Breach]:
    entry = hold.entry
    voyages = (leaving,) if entry is None else (entry, leaving)
    ready = hold.stay.ready if entry is None else entry.end + hold.stay.service_ticks
    if leaving.start < ready:
        yield sheet.breach(
            RULE,
            *voyages,
            code="not_ready",
            stay=hold.stay.id,
            start_tick=leaving.start,
            ready_tick=ready,
        )
    if leaving.mode.from_place != hold.place:
        yield sheet.breach(
            RULE,
            *voyages,
            code="other_place",
            stay=hold.stay.id,
            place=hold.place,
            from_place=leaving.mode.from_place or "",
        )
