"""There is water enough under the keel at a berth or anchorage, until the ship is clear of it."""

from collections.abc import Iterator

from scheduler.checks.sheet import Hold, Sheet, Voyage, keel_need_mm
from scheduler.outcome import Breach

RULE = "alongside_clearance"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report ships that would touch while they berth and work, wait to leave, or leave.

    A ship is judged where it goes to from the start of berthing to the end of its service, and
    where it comes from, from its start until it is clear, that tick included. Beyond the last
    sample of the water level only the known part is judged, provided that the level is known when
    the movement is through with the place. Ticks before 0 are past and not judged.

    In between, from the end of service to the start of its exit, a ship waits with the draught that
    it leaves with. One that is there already waits from ``Stay.ready`` on. A ship without an exit,
    or whose exit is left out, is not judged: nobody tells the draught that it lies there with. Of
    the wait, too, only the known part counts.
    """
    service_ticks = {stay.entry: stay.service_ticks for stay in sheet.problem.stays if stay.entry}
    for voyage in sheet.voyages.values():
        mode, start = voyage.mode, voyage.start
        until = voyage.end + service_ticks.get(voyage.id, 0)
        yield from _judge_place(
            sheet, voyage, mode.to_place, (start + mode.arrive_at, until), voyage.end
        )
        if mode.clear_at > 0:
            clear = start + mode.clear_at
            yield from _judge_place(sheet, voyage, mode.from_place, (start, clear + 1), clear)
    for hold in sheet.holds:
        if hold.exit is not None:
            yield from _judge_wait(sheet, hold, hold.exit)


def _judge_wait(sheet: Sheet, hold: Hold, leaving: Voyage) -> Iterator[Breach]:
    """Report each low water from the end of service, included, to the exit's start.

    A ship whose coming is settled (it is there, or its entry has happened) has no part in a low
    water that begins before it could have been clear of the place, had it left when it was ready
    and its exit was wanted.
    """
    entry, stay = hold.entry, hold.stay
    place = sheet.place_of(leaving.mode.from_place)
    if place is None or place.depth_mm is None:
        return
    ready = stay.ready if entry is None else entry.end + stay.service_ticks
    need_mm = keel_need_mm(leaving.movement.draught_mm, place.ukc_mm, place.ukc_permille)
    settled = entry is None or entry.actual
    gone = max(ready, leaving.movement.earliest, 0) + leaving.mode.clear_at
    for begin, lowest in _low_waters(
        sheet, place.node, (ready, leaving.start), need_mm - place.depth_mm
    ):
        answerable = (entry,) if settled and begin <= gone else (entry, leaving)
        yield sheet.breach(
            RULE,
            *(voyage for voyage in answerable if voyage),
            *sheet.movements_of(stay),
            code="waiting",
            stay=stay.id,
            place=place.id,
            tick=lowest[0],
            need_mm=need_mm,
            have_mm=place.depth_mm + lowest[1],
            level_mm=lowest[1],
        )


def _low_waters(
    sheet: Sheet, node: str, span: tuple[int, int], need_level_mm: int
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield each time below a level: its first tick within the span, lowest tick and level."""
    lowest = sheet.lowest_level(node, *span)
    if lowest is None or lowest[1] >= need_level_mm:
        return
    begin: int | None = None
    for tick in range(max(span[0], 0), span[1] + 1):
        level_mm = sheet.level_mm(node, tick) if tick < span[1] else None
        low = level_mm is not None and level_mm < need_level_mm
        if low and begin is None:
            begin = tick
        elif not low and begin is not None:
            deepest = sheet.lowest_level(node, begin, tick)
            if deepest is not None:
                yield begin, deepest
            begin = None


def _judge_place(
    sheet: Sheet, voyage: Voyage, name: str | None, span: tuple[int, int], known: int
) -> Iterator[Breach]:
    place = sheet.place_of(name)
    if place is None or place.depth_mm is None:
        return
    begin, end = span
    if begin >= end:
        return
    need_mm = keel_need_mm(voyage.movement.draught_mm, place.ukc_mm, place.ukc_permille)
    if sheet.is_beyond_samples(place.node, end - 1) and sheet.is_beyond_samples(place.node, known):
        yield sheet.breach(
            RULE,
            voyage,
            code="level_unknown",
            place=place.id,
            node=place.node,
            tick=known,
            need_mm=need_mm,
        )
        return
    lowest = sheet.lowest_level(place.node, begin, end)
    if lowest is not None and need_mm > place.depth_mm + lowest[1]:
        yield sheet.breach(
            RULE,
            voyage,
            place=place.id,
            tick=lowest[0],
            need_mm=need_mm,
            have_mm=place.depth_mm + lowest[1],
            level_mm=lowest[1],
        )
