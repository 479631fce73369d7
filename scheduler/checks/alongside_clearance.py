"""There is water enough under the keel at the berth or anchorage for as long as the ship works."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet, Voyage, keel_need_mm
from scheduler.outcome import Breach

RULE = "alongside_clearance"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report ships that would touch from the start of berthing to the end of their service.

    Beyond the last sample of the water level only the known part is judged, provided that the
    level is known when the ship has berthed. Ticks before 0 are past and not judged.
    """
    service_ticks = {stay.entry: stay.service_ticks for stay in sheet.problem.stays if stay.entry}
    for voyage in sheet.voyages.values():
        yield from _judge_place(sheet, voyage, service_ticks.get(voyage.id, 0))


def _judge_place(sheet: Sheet, voyage: Voyage, service_ticks: int) -> Iterator[Breach]:
    place = sheet.place_of(voyage.mode.to_place)
    if place is None or place.depth_mm is None:
        return
    begin = voyage.start + voyage.mode.arrive_at
    end = voyage.end + service_ticks
    if begin >= end:
        return
    need_mm = keel_need_mm(voyage.movement.draught_mm, place.ukc_mm, place.ukc_permille)
    if sheet.is_beyond_samples(place.node, end - 1) and sheet.is_beyond_samples(
        place.node, voyage.end
    ):
        yield sheet.breach(
            RULE,
            voyage,
            code="level_unknown",
            place=place.id,
            node=place.node,
            tick=voyage.end,
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
