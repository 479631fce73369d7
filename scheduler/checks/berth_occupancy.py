"""A berth, or a stretch of quay, is held by one ship at a time, and by none while it is closed."""

from collections.abc import Iterator
from math import inf

from scheduler.checks.sheet import Hold, Sheet, Voyage
from scheduler.outcome import Breach
from scheduler.problem import Berth

RULE = "berth_occupancy"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report stays that want the same water at the same time, and stays at a closed berth.

    Between two stays that exclude each other in space lies the longer turnover of their berths.
    """
    by_quay: dict[tuple[str, str], list[tuple[Hold, Berth]]] = {}
    for hold in sheet.holds:
        berth = sheet.berths.get(hold.place)
        if berth is not None:
            yield from _judge_closed(sheet, hold, berth)
            key = ("berth", berth.id) if berth.quay is None else ("quay", berth.quay)
            by_quay.setdefault(key, []).append((hold, berth))
    for held in by_quay.values():
        held.sort(key=lambda pair: pair[0].begin)
        for n, (earlier, berth) in enumerate(held):
            for later, other_berth in held[n + 1 :]:
                if same_water(sheet, earlier, berth, later, other_berth):
                    turnover_ticks = max(berth.turnover_ticks, other_berth.turnover_ticks)
                    yield from _judge_pair(sheet, earlier, later, turnover_ticks)


def same_water(sheet: Sheet, one: Hold, berth: Berth, other: Hold, other_berth: Berth) -> bool:
    """Tell whether two stays exclude each other in space, by their berths or their stretches."""
    if berth.quay is None or berth.quay != other_berth.quay:
        return berth.id == other_berth.id
    quay = sheet.quays[berth.quay]
    both_own = one.stretch_mm is not None and other.stretch_mm is not None
    if berth.id == other_berth.id and not (quay.continuous and both_own):
        return True
    begin_mm, end_mm = one.stretch_mm or (berth.begin_mm, berth.end_mm)
    other_begin_mm, other_end_mm = other.stretch_mm or (other_berth.begin_mm, other_berth.end_mm)
    gap_mm = max(other_begin_mm - end_mm, begin_mm - other_end_mm)
    return gap_mm < (quay.clearance_mm if both_own else 0)


def _judge_pair(sheet: Sheet, earlier: Hold, later: Hold, turnover_ticks: int) -> Iterator[Breach]:
    if later.begin >= earlier.end + turnover_ticks or earlier.begin >= later.end + turnover_ticks:
        return
    # Answerable are those who could have been elsewhere: both that come, and the first to leave,
    # unless it would have had to be gone before the plan begins.
    answerable: list[Voyage | None] = [earlier.entry, later.entry]
    if later.begin - turnover_ticks >= 0:
        answerable.append(earlier.exit)
    figures: dict[str, int | str] = {
        "place": later.place,
        "stay": earlier.stay.id,
        "other_stay": later.stay.id,
        "need_ticks": turnover_ticks,
    }
    if earlier.end == inf:
        figures["code"] = "never_left"
    elif later.begin > -inf:
        figures["gap_ticks"] = int(later.begin - earlier.end)
    waivers = sheet.movements_of(earlier.stay) + sheet.movements_of(later.stay)
    yield sheet.breach(RULE, *(voyage for voyage in answerable if voyage), *waivers, **figures)


def _judge_closed(sheet: Sheet, hold: Hold, berth: Berth) -> Iterator[Breach]:
    for span in berth.closed:
        if hold.begin < span.end and span.begin < hold.end:
            answerable = [hold.entry]
            # The ship could have left before the closure, had that not begun before it came, or
            # before the plan begins.
            if span.begin >= max(hold.begin, 0):
                answerable.append(hold.exit)
            yield sheet.breach(
                RULE,
                *(voyage for voyage in answerable if voyage),
                *sheet.movements_of(hold.stay),
                code="closed",
                place=berth.id,
                stay=hold.stay.id,
                begin_tick=span.begin,
                end_tick=span.end,
            )
