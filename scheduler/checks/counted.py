"""Pools that are told as a number over time: never more of them at work than there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.checks.sheet import Sheet, Voyage
from scheduler.outcome import Breach
from scheduler.problem import Need, Pool


@dataclass(frozen=True, slots=True)
class Use:
    """Some of a pool, held by one voyage for ``[begin, end)``, ticks."""

    begin: int
    end: int
    need: Need
    team: tuple[str, ...]
    voyage: Voyage

    @property
    def count(self) -> int:
        """How many it takes."""
        return len(self.team)


def member_names(pool: Pool, need: Need) -> tuple[str, ...]:
    """Tell by which names a crew counts the members of a counted pool; none of any other."""
    return tuple(f"{pool.id}/{n}" for n in range(1, need.count + 1)) if pool.counts else ()


def judge_counted(sheet: Sheet, pool: Pool) -> Iterator[Breach]:
    """Report needs with another number than they ask for, and more at work than there are."""
    uses = uses_of(sheet, pool)
    for use in uses:
        if sorted(use.team) != sorted(member_names(pool, use.need)):
            yield sheet.breach(
                pool.id,
                use.voyage,
                code="count",
                need=use.need.id,
                have_count=use.count,
                need_count=use.need.count,
                limit_count=use.need.count,
            )
    yield from _judge_number(sheet, pool, uses)


def uses_of(sheet: Sheet, pool: Pool) -> list[Use]:
    """Tell what the plan takes of a counted pool."""
    uses: list[Use] = []
    for voyage in sheet.voyages.values():
        for need in voyage.movement.needs:
            duties = [duty for duty in voyage.mode.duties if duty.need == need.id]
            if need.pool == pool.id and duties:
                begin = voyage.start + min(duty.begin for duty in duties)
                end = voyage.start + max(duty.end for duty in duties)
                uses.append(Use(begin, end, need, _team(voyage, need), voyage))
    return uses


def _team(voyage: Voyage, need: Need) -> tuple[str, ...]:
    for crew in voyage.crews:
        if crew.need == need.id:
            return crew.resources
    return ()


def _judge_number(sheet: Sheet, pool: Pool, uses: list[Use]) -> Iterator[Breach]:
    # What is at work lessens what is left only when a use begins; what there is, when a span ends.
    ticks = {use.begin for use in uses} | {count.span.end for count in pool.counts}
    reported: list[Use] = []
    for tick in sorted(ticks):
        there = sum(c.count for c in pool.counts if c.span.begin <= tick < c.span.end)
        at_work = [use for use in uses if use.begin <= tick < use.end]
        # A waiver covers its own ship: the others have to do with what there is by themselves.
        told = [use for use in at_work if pool.id not in use.voyage.movement.waived]
        told = told if _number(told) > there else at_work
        if _number(told) > there and told != reported:
            reported = told
            yield sheet.breach(
                pool.id,
                *(use.voyage for use in told),
                code="number",
                tick=tick,
                have_count=there,
                need_count=_number(told),
            )


def _number(uses: Sequence[Use]) -> int:
    return sum(use.count for use in uses)
