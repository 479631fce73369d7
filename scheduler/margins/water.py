"""Water under the keel on passage and alongside, and air under the bridges."""

from collections.abc import Iterator

from scheduler.checks.sheet import Passage, Sheet, Voyage, keel_need_mm
from scheduler.checks.under_keel_clearance import level_at_ship_mm
from scheduler.margins.margin import Margin


def under_keel_clearance(sheet: Sheet) -> Iterator[Margin]:
    """Yield the water to spare in each reach at its worst tick, from tick 0 on.

    Where a level is not known, water at datum counts.
    """
    for voyage in sheet.voyages.values():
        for passage in sheet.passages_of(voyage):
            if passage.segment.depth_mm is not None:
                yield from _in_reach(sheet, passage, passage.segment.depth_mm)


def _in_reach(sheet: Sheet, passage: Passage, depth_mm: int) -> Iterator[Margin]:
    segment, movement = passage.segment, passage.voyage.movement
    need_mm = keel_need_mm(movement.draught_mm, segment.ukc_mm, segment.ukc_permille)
    spare: list[tuple[int, int]] = []
    for tick in range(max(passage.enter, 0), passage.leave + 1):
        level_mm = level_at_ship_mm(sheet, passage, tick)
        if level_mm is not None:
            spare.append((depth_mm + level_mm - need_mm, tick))
        elif need_mm > depth_mm:
            # without a level nobody can say that the tide lifts the ship over
            spare = [(depth_mm - need_mm, tick)]
            break
    if spare:
        margin_mm, tick = min(spare)
        ukc_mm = need_mm + margin_mm - movement.draught_mm
        yield _margin(
            passage.voyage,
            "under_keel_clearance",
            (margin_mm, tick),
            need_mm,
            segment=segment.id,
            ukc_mm=ukc_mm,
        )


def _margin(
    voyage: Voyage,
    rule: str,
    least: tuple[int, int],
    need_mm: int,
    *,
    code: str = "",
    **params: int | str,
) -> Margin:
    """Tell what is to spare, mm, and the tick of it."""
    margin_mm, tick = least
    figures = {"tick": tick, "need_mm": need_mm, "have_mm": need_mm + margin_mm}
    return Margin(
        movement=voyage.id,
        rule=rule,
        code=code,
        margin=margin_mm,
        unit="mm",
        params={**params, **figures},
    )


def alongside_clearance(sheet: Sheet) -> Iterator[Margin]:
    """Yield the water to spare where a ship berths and works, waits to leave, and leaves."""
    service = {stay.entry: stay.service_ticks for stay in sheet.problem.stays if stay.entry}
    for voyage in sheet.voyages.values():
        mode, start = voyage.mode, voyage.start
        until = voyage.end + service.get(voyage.id, 0)
        arrive = start + mode.arrive_at
        yield from _at_place(
            sheet, voyage, "coming", mode.to_place, (arrive, until), known=voyage.end
        )
        if mode.clear_at > 0:
            clear = start + mode.clear_at
            yield from _at_place(
                sheet, voyage, "leaving", mode.from_place, (start, clear + 1), known=clear
            )
    for hold in sheet.holds:
        if hold.exit is not None:
            entry = hold.entry
            ready = hold.stay.ready if entry is None else entry.end + hold.stay.service_ticks
            name = hold.exit.mode.from_place
            yield from _at_place(sheet, hold.exit, "waiting", name, (ready, hold.exit.start))


def _at_place(
    sheet: Sheet,
    voyage: Voyage,
    code: str,
    name: str | None,
    span: tuple[int, int],
    *,
    known: int | None = None,
) -> Iterator[Margin]:
    """Yield what is to spare over a span; its level has to be known at ``known``."""
    place = sheet.place_of(name)
    begin, end = span
    if place is None or place.depth_mm is None or begin >= end:
        return
    need_mm = keel_need_mm(voyage.movement.draught_mm, place.ukc_mm, place.ukc_permille)
    lowest = sheet.lowest_level(place.node, begin, end)
    if (
        known is not None
        and sheet.is_beyond_samples(place.node, end - 1)
        and sheet.is_beyond_samples(place.node, known)
    ):
        # never allowed, however deep the place is
        margin_mm, tick = min(-1, place.depth_mm - need_mm), known
    elif lowest is None:
        return
    else:
        margin_mm, tick = place.depth_mm + lowest[1] - need_mm, lowest[0]
    least = margin_mm, tick
    yield _margin(voyage, "alongside_clearance", least, need_mm, code=code, place=place.id)


def air_draught(sheet: Sheet) -> Iterator[Margin]:
    """Yield the air to spare under each bridge at the highest level while a ship is in its reach.

    Where a level is not known, nothing is to spare.
    """
    for voyage in sheet.voyages.values():
        if voyage.movement.air_draught_mm == 0:
            continue
        for passage in sheet.passages_of(voyage):
            for bridge in passage.segment.bridges:
                need_mm = voyage.movement.air_draught_mm + bridge.margin_mm
                spare = [(bridge.clearance_mm - need_mm, passage.enter)]
                if bridge.reference_height_mm is not None:
                    spare = []
                    at_datum_mm = bridge.clearance_mm + bridge.reference_height_mm - need_mm
                    for tick in range(max(passage.enter, 0), passage.leave + 1):
                        one_mm = sheet.level_mm(passage.segment.from_node, tick)
                        other_mm = sheet.level_mm(passage.segment.to_node, tick)
                        if one_mm is None or other_mm is None:
                            spare.append((min(-1, at_datum_mm), tick))
                        else:
                            spare.append((at_datum_mm - max(one_mm, other_mm), tick))
                if spare:
                    yield _margin(
                        voyage,
                        "air_draught",
                        min(spare),
                        need_mm,
                        segment=passage.segment.id,
                        bridge=bridge.id,
                    )
