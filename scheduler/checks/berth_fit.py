"""The ship is of a size and kind that its berth, and every reach on its way, can take."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet, Voyage
from scheduler.outcome import Breach
from scheduler.problem import Berth

RULE = "berth_fit"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report ships that are too long, broad or heavy, of a kind not taken, or off the quay."""
    for voyage in sheet.voyages.values():
        berth = sheet.place_of(voyage.mode.to_place)
        if isinstance(berth, Berth):
            yield from _judge_hull(sheet, voyage, berth)
            yield from _judge_length(sheet, voyage, berth)
        for passage in sheet.passages_of(voyage):
            limit_mm = passage.segment.max_loa_mm
            if limit_mm is not None and voyage.ship.loa_mm > limit_mm:
                yield sheet.breach(
                    RULE,
                    voyage,
                    code="loa_in_segment",
                    segment=passage.segment.id,
                    have_mm=voyage.ship.loa_mm,
                    limit_mm=limit_mm,
                )


def _judge_hull(sheet: Sheet, voyage: Voyage, berth: Berth) -> Iterator[Breach]:
    ship = voyage.ship
    if berth.kinds and ship.kind not in berth.kinds:
        yield sheet.breach(RULE, voyage, code="kind", berth=berth.id, kind=ship.kind)
    if berth.max_beam_mm is not None and ship.beam_mm > berth.max_beam_mm:
        yield sheet.breach(
            RULE,
            voyage,
            code="beam",
            berth=berth.id,
            have_mm=ship.beam_mm,
            limit_mm=berth.max_beam_mm,
        )
    if berth.structural_dwt_t is not None and ship.dwt_t > berth.structural_dwt_t:
        yield sheet.breach(
            RULE,
            voyage,
            code="dwt",
            berth=berth.id,
            have_t=ship.dwt_t,
            limit_t=berth.structural_dwt_t,
        )


def _judge_length(sheet: Sheet, voyage: Voyage, berth: Berth) -> Iterator[Breach]:
    loa_mm = voyage.ship.loa_mm
    limit_mm = berth.max_loa_mm
    stretch_mm = voyage.mode.stretch_mm
    if voyage.mode.along_mm is not None:
        yield from _judge_along(sheet, voyage, berth, *voyage.mode.along_mm)
        return
    if stretch_mm is not None:
        begin_mm, end_mm = stretch_mm
        length_mm = end_mm - begin_mm
        if length_mm < loa_mm:
            yield sheet.breach(
                RULE, voyage, code="stretch", berth=berth.id, need_mm=loa_mm, have_mm=length_mm
            )
        reaches_outside = begin_mm < berth.begin_mm or end_mm > berth.end_mm
        if reaches_outside or (limit_mm is not None and length_mm > limit_mm):
            # The ship lies across berth marks: the quay rule takes the place of the berth's.
            if berth.max_loa_across_mm is not None:
                limit_mm = berth.max_loa_across_mm
            if not _quay_takes(sheet, berth, begin_mm, end_mm):
                yield sheet.breach(
                    RULE, voyage, code="quay", berth=berth.id, begin_mm=begin_mm, end_mm=end_mm
                )
    if limit_mm is not None and loa_mm > limit_mm:
        yield sheet.breach(
            RULE, voyage, code="loa", berth=berth.id, have_mm=loa_mm, limit_mm=limit_mm
        )


def _judge_along(
    sheet: Sheet, voyage: Voyage, berth: Berth, begin_mm: int, end_mm: int
) -> Iterator[Breach]:
    """Judge what a position may be chosen of: by the quay rule, wherever that is."""
    loa_mm, room_mm = voyage.ship.loa_mm, end_mm - begin_mm
    limit_mm = berth.max_loa_across_mm
    if limit_mm is None:
        limit_mm = berth.max_loa_mm
    if room_mm < loa_mm:
        yield sheet.breach(
            RULE, voyage, code="stretch", berth=berth.id, need_mm=loa_mm, have_mm=room_mm
        )
    elif not _quay_takes(sheet, berth, begin_mm, end_mm):
        yield sheet.breach(
            RULE, voyage, code="quay", berth=berth.id, begin_mm=begin_mm, end_mm=end_mm
        )
    if limit_mm is not None and loa_mm > limit_mm:
        yield sheet.breach(
            RULE, voyage, code="loa", berth=berth.id, have_mm=loa_mm, limit_mm=limit_mm
        )


def _quay_takes(sheet: Sheet, berth: Berth, begin_mm: int, end_mm: int) -> bool:
    if berth.quay is None or not sheet.quays[berth.quay].continuous:
        return False
    quay_end_mm = max(other.end_mm for other in sheet.problem.berths if other.quay == berth.quay)
    return begin_mm >= 0 and end_mm <= quay_end_mm
