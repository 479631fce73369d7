"""What each rule alone says of one movement's starts, and that as a reason."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler import rules
from scheduler.crewing import with_teams
from scheduler.draft import Barrier, Draft
from scheduler.encounters import Encounters
from scheduler.outcome import Params, Reason
from scheduler.starts import barriers
from scheduler.tides import Mask, Ticks

SHOWN = 4
"""How many movements in the way are named."""


@dataclass(slots=True)
class Answers:
    """What each rule, alone, rules out for one movement in one mode."""

    mode: int
    begin: int
    blocked: dict[str, Mask]
    """Starts, from ``begin`` on, that the rule does not allow; teams are asked later."""
    spans: dict[str, list[tuple[int, int, int]]]
    """First and last start (both included) and the movement in the way, by rule."""
    shut: list[Barrier]
    """Starts for which a ship would wait through a span that is shut to it."""
    against: NDArray[np.uint8]
    """How many rules stand against each start."""

    def open(self) -> Ticks:
        """Starts that no rule stands against, ticks."""
        return np.flatnonzero(self.against == 0) + self.begin

    def opened_by(self, rule: str) -> Ticks:
        """Starts that this rule alone stands against; of a pool, those that only lack a team."""
        if rule not in self.blocked:
            return self.open()
        return np.flatnonzero(self.blocked[rule] & (self.against == 1)) + self.begin

    def in_the_way(self, rule: str, start: int) -> list[int]:
        """Movements that keep this one from a start by one rule."""
        found = (k for low, high, k in self.spans.get(rule, ()) if low <= start <= high and k >= 0)
        return list(dict.fromkeys(found))


def ask(
    draft: Draft,
    movement: int,
    mode: int,
    begin: int,
    end: int,
    *,
    begin_mm: int | None = None,
    met: Encounters | None = None,
) -> Answers:
    """Ask every rule but those of teams for the starts ``[begin, end)`` of an unplaced movement.

    ``begin_mm``: at this position along the quay; None: at any. ``met``: what separations say,
    where more than one movement is asked about.
    """
    size = end - begin
    blocked: dict[str, Mask] = {"": np.zeros(size, dtype=np.bool_)}
    spans: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    starts = np.arange(begin, end, dtype=np.int64)
    for name, allowed in draft.conflicts.rule_masks_over(mode, starts).items():
        blocked[name] = ~allowed
    for name, told in (met or Encounters(draft)).spans(mode, begin, end).items():
        mask = blocked[name] = np.zeros(size, dtype=np.bool_)
        for low, high, _ in told:
            mask[max(low - begin, 0) : high + 1 - begin] = True
        spans[name].extend(told)
    shut: list[Barrier] = []
    for barrier in barriers(draft, movement, mode, begin_mm):
        if barrier.low >= end or barrier.high < begin:
            continue
        if barrier.shut is not None:
            shut.append(barrier)
        mask = blocked.setdefault(barrier.rule, np.zeros(size, dtype=np.bool_))
        mask[max(barrier.low - begin, 0) : max(barrier.high + 1 - begin, 0)] = True
        for other_movement in barrier.movements or (-1,):
            spans[barrier.rule].append((barrier.low, barrier.high, other_movement))
    against = np.stack(list(blocked.values())).sum(axis=0, dtype=np.uint8)
    return Answers(mode, begin, blocked, spans, shut, against)


def first_crewed(
    draft: Draft, movement: int, mode: int, ticks: Ticks, without: str | None
) -> int | None:
    """The first of some starts for which there are teams, with one pool's left out."""
    for start, _ in with_teams(draft, movement, mode, ticks, without=without):
        return start
    return None


def figures(draft: Draft, rule: str, mode: int, start: int, shut: Iterable[Barrier] = ()) -> Params:
    """What a window rule measures of a start, or of the span of ``shut`` that it meets."""
    for barrier in shut:
        if barrier.rule == rule and barrier.low <= start <= barrier.high and barrier.shut:
            leaving, begin, end = barrier.shut
            for occupancy in rules.OCCUPANCIES:
                if occupancy.name == rule and occupancy.figures is not None:
                    return dict(occupancy.figures(draft.tables, leaving, (begin, end)))
    for window in rules.WINDOWS:
        if window.name == rule and window.figures is not None:
            return dict(window.figures(draft.tables, mode, start))
    return {}


def team_reason(draft: Draft, movement: int, mode: int, pool: str, start: int) -> Reason:
    """How many of a pool could do it at a start, and what the others are doing then."""
    raw = draft.problem.movements[movement]
    roster = draft.rosters[pool]
    for k, need in enumerate(raw.needs):
        demand = draft.conflicts.demand(mode, k)
        if need.pool != pool or demand is None:
            continue
        duties = draft.need_duties(mode, need.id)
        free = roster.free_at(roster.busy(duties, draft.told(movement, k)), start)
        usable = np.array(demand.others, dtype=np.bool_)
        if demand.first is not None:
            usable |= np.array(demand.first, dtype=np.bool_)
        begin, end = start + duties[0].begin, start + duties[0].end
        busy = roster.holders(np.flatnonzero(usable & ~free), begin, end)
        return Reason(
            rule=pool,
            movements=names_of(draft, busy),
            params={
                "start_tick": start,
                "need_count": demand.least,
                "have_count": int((usable & free).sum()),
            },
        )
    return Reason(rule=pool)


def names_of(draft: Draft, movements: Iterable[int]) -> tuple[str, ...]:
    """The names of the first few movements."""
    return tuple(draft.problem.movements[k].id for k in list(movements)[:SHOWN])


def reason_at(
    draft: Draft, movement: int, answers: Answers, rule: str, at: int, *, gain: int = 0
) -> Reason:
    """What a rule, or a pool, says against one start."""
    if rule in draft.rosters and rule not in answers.blocked:
        found = team_reason(draft, movement, answers.mode, rule, at)
        return Reason(rule=rule, movements=found.movements, params=found.params, gain_ticks=gain)
    told = figures(draft, rule, answers.mode, at, answers.shut)
    return Reason(
        rule=rule,
        movements=names_of(draft, answers.in_the_way(rule, at)),
        params={"start_tick": at, **told},
        gain_ticks=gain,
    )
