"""There is water enough under the keel at a berth or anchorage: to berth, to work, to leave."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet, Voyage, keel_need_mm
from scheduler.outcome import Breach

RULE = "alongside_clearance"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report ships that would touch while they berth and work, or while they leave.

    A ship is judged where it goes to from the start of berthing to the end of its service, and
    where it comes from, from its start until it is clear, that tick included. Beyond the last
    sample of the water level only the known part is judged, provided that the level is known when
    the movement is through with the place. Ticks before 0 are past and not judged.
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
