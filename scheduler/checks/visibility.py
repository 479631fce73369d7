"""A ship starts in sight enough for it, and in fog sails as restricted visibility asks."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet, Voyage
from scheduler.outcome import Breach

RULE = "visibility"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report starts in too little visibility, and reaches in fog in a mode not made for it."""
    for voyage in sheet.voyages.values():
        yield from _judge_start(sheet, voyage)
        yield from _judge_regime(sheet, voyage)


def _judge_start(sheet: Sheet, voyage: Voyage) -> Iterator[Breach]:
    least_m = voyage.movement.min_visibility_m
    if least_m == 0:
        return
    legs = voyage.mode.legs
    visibility_m = sheet.visibility_m(legs[0].segment if legs else None, voyage.start)
    if visibility_m < least_m:
        yield sheet.breach(
            RULE,
            voyage,
            code="start",
            tick=voyage.start,
            need_m=least_m,
            have_m=int(visibility_m),
        )


def _judge_regime(sheet: Sheet, voyage: Voyage) -> Iterator[Breach]:
    for passage in sheet.passages_of(voyage):
        if not sheet.is_in_fog(passage):
            continue
        figures: dict[str, int | str] = {
            "segment": passage.segment.id,
            "tick": passage.enter,
            "need_m": sheet.problem.slow_visibility_m,
            "have_m": int(sheet.visibility_m(passage.segment.id, passage.enter)),
        }
        have_ticks = passage.leave - passage.enter
        if have_ticks < passage.leg.slow_ticks:
            yield sheet.breach(
                RULE,
                voyage,
                code="too_fast",
                need_ticks=passage.leg.slow_ticks,
                have_ticks=have_ticks,
                **figures,
            )
        if not voyage.mode.restricted:
            yield sheet.breach(RULE, voyage, code="not_restricted", mode=voyage.mode.id, **figures)
