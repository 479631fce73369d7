"""Why not at all: what stands against every start of a movement that was left out."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scheduler import rules
from scheduler.asking import SHOWN, Answers, ask, figures, first_crewed, names_of, reason_at
from scheduler.asking import team_reason as team_reason_at
from scheduler.crewing import with_teams
from scheduler.draft import Draft, Place
from scheduler.encounters import Encounters, Question
from scheduler.outcome import Reason
from scheduler.purpose import by_cost
from scheduler.starts import later_blocks, positioned
from scheduler.tides import Mask, Ticks

_WINDOWS = frozenset(rule.name for rule in rules.WINDOWS)
_GIVEN = _WINDOWS | {rule.name for rule in rules.SEQUENCES}
"""Rules whose word on a start does not change where others in the channel give way."""
_PART = 4
"""Of the starts asked for, a window rule that shuts this part of them is told of in any case."""
_MOST = 3
"""How many rules are told where only all of them together leave no start."""


def why_all_left_out(
    draft: Draft, hurries: Callable[[], bool] = lambda: False
) -> dict[int, tuple[Reason, ...]]:
    """For each movement that has no place, what stands against it, in the order of movements.

    Those that were told a start go first. Once ``hurries`` says so, the others are told what stands
    against their first mode, without asking what each rule costs.
    """
    movements = draft.problem.movements
    missing = [k for k in range(len(movements)) if k not in draft.placed]
    found: dict[int, tuple[Reason, ...]] = {}
    met = Encounters(draft, _questions(draft, missing))
    for movement in sorted(missing, key=lambda k: movements[k].published is None):
        found[movement] = why_left_out(draft, movement, in_brief=hurries(), met=met)
    return {movement: found[movement] for movement in missing}


def _questions(draft: Draft, missing: list[int]) -> Iterator[Question]:
    for movement in missing:
        begin, end = _asked_for(draft, movement)
        yield from ((mode, begin, end) for mode in draft.tables.modes_of[movement])


def _asked_for(draft: Draft, movement: int) -> tuple[int, int]:
    """The starts ``[begin, end)`` that would do."""
    raw = draft.problem.movements[movement]
    if raw.fixed is not None:
        return max(raw.fixed.start, 0), max(raw.fixed.start, 0) + 1
    return max(raw.earliest, 0), min(raw.latest + 1, draft.conflicts.horizon)


def why_left_out(
    draft: Draft, movement: int, *, in_brief: bool = False, met: Encounters | None = None
) -> tuple[Reason, ...]:
    """The rules that stand against every start of a movement, worst first.

    First those that alone leave no start in any mode, then those without which there would be one,
    or else, where only all of them together leave none, those that rule out the most of the starts
    that the windows leave. Then the window rules that shut a good part of what was asked for, each
    with its longest span ``[from_tick, to_tick)``.

    Where others are in the way all over, those are named first that rule out the most of the starts
    that the windows leave, which lie within ``[from_tick, to_tick)``; ``count`` is how many there
    are where not all are named. ``met``: what separations say, where more than one is asked about.

    In brief, it is what stands against the first mode: the rules that alone leave it no start, or
    else those that rule out the most, or the pools that lack a team.
    """
    raw = draft.problem.movements[movement]
    begin, end = _asked_for(draft, movement)
    modes = draft.tables.modes_of[movement]
    if not modes or begin >= end:
        return (Reason(rule="requested_window", params={"latest_tick": raw.latest}),)
    met = met or Encounters(draft, ((mode, begin, end) for mode in modes))
    chosen = modes[: 1 if in_brief else None]
    asked = [ask(draft, movement, mode, begin, end, met=met) for mode in chosen]
    inquiry = _Inquiry(draft, movement, asked, begin, end)
    return inquiry.in_brief() if in_brief else inquiry.reasons()


@dataclass
class _Inquiry:
    """All modes of one movement, asked for all starts that would do."""

    draft: Draft
    movement: int
    asked: list[Answers]
    begin: int
    end: int

    def reasons(self) -> tuple[Reason, ...]:
        alone, opening = self._alone(), self._opening()
        known = {reason.rule: reason for reason in [*opening, *alone]}
        told = [known[name] for name in dict.fromkeys(r.rule for r in [*alone, *opening])]
        told = told or self._unclosed() or self._uncrewed() or self._together()
        return (*told, *self._shutting({reason.rule for reason in told}))

    def in_brief(self) -> tuple[Reason, ...]:
        """What can be told of one mode without looking for a team, start by start."""
        ticks = self.asked[0].open()
        if len(ticks):
            pools = self._pools(self.asked[0], self._nearest_of(ticks))
            lacking = [one for one in pools if _lacks(one)]
            told = lacking or pools or self._unclosed()
        else:
            told = self._alone() or self._together()
        return (*told, *self._shutting({reason.rule for reason in told}))

    # ---- starts -------------------------------------------------------------------------------

    @cached_property
    def wanted(self) -> int:
        """The start asked for, or the nearest to it that would do."""
        return min(
            max(self.draft.problem.movements[self.movement].requested, self.begin), self.end - 1
        )

    def nearest(self, mask: Mask) -> int:
        """The tick nearest to the wanted one of those that a mask from ``begin`` on holds at."""
        return self._nearest_of(np.flatnonzero(mask) + self.begin)

    def _nearest_of(self, ticks: Ticks) -> int:
        return int(ticks[np.argmin(np.abs(ticks - self.wanted))])

    @cached_property
    def left(self) -> list[Mask]:
        """By mode, starts that are there if only others give way."""
        found: list[Mask] = []
        for answers in self.asked:
            mask = np.ones(self.end - self.begin, dtype=np.bool_)
            for rule, blocked in answers.blocked.items():
                if rule in _GIVEN:
                    mask &= ~blocked
            found.append(mask)
        return found

    def _everywhere(self, rule: str) -> Mask:
        """Starts that a rule rules out in all modes."""
        mask = np.ones(self.end - self.begin, dtype=np.bool_)
        for answers in self.asked:
            mask &= answers.blocked.get(rule, False)
        return mask

    # ---- the rules that bind ------------------------------------------------------------------

    def _names(self) -> list[str]:
        return list(dict.fromkeys(r for answers in self.asked for r in answers.blocked if r))

    def _alone(self) -> list[Reason]:
        """Rules that alone leave no start in any mode."""
        return [
            reason_at(self.draft, self.movement, self.asked[0], rule, self.wanted)
            if rule in _GIVEN
            else self._competing(rule)
            for rule in self._names()
            if self._everywhere(rule).all()
        ]

    def _opening(self) -> list[Reason]:
        """Rules without which there would be a start."""
        draft, movement = self.draft, self.movement
        found: dict[str, tuple[int, Reason]] = {}
        pools = dict.fromkeys(need.pool for need in draft.problem.movements[movement].needs)
        for answers in self.asked:
            for rule in [*answers.blocked, *pools]:
                ticks = answers.opened_by(rule)
                if not rule or not len(ticks):
                    continue
                ticks = by_cost(draft, movement, ticks)
                first = first_crewed(draft, movement, answers.mode, ticks, rule)
                if first is not None:
                    cost = draft.cost(movement, first)
                    if rule not in found or cost < found[rule][0]:
                        found[rule] = cost, self._opened(answers, rule, first)
        return [reason for _, reason in sorted(found.values(), key=lambda pair: pair[0])]

    def _opened(self, answers: Answers, rule: str, start: int) -> Reason:
        """What a rule says against one start that it alone stands against."""
        reason = reason_at(self.draft, self.movement, answers, rule, start)
        met = answers.in_the_way(rule, start)
        if rule in _WINDOWS:
            span = _run(answers.blocked[rule], start - self.begin)
            return replace(reason, params={**reason.params, **self._span(*span)})
        if len(met) > SHOWN:
            return replace(reason, params={**reason.params, "count": len(met)})
        return reason

    def _unclosed(self) -> list[Reason]:
        """Where there is a start, but the ship could not leave again before the next one comes."""
        draft, movement = self.draft, self.movement
        for answers in self.asked:
            ticks = answers.open()
            for start, teams in with_teams(draft, movement, answers.mode, ticks):
                place = positioned(draft, movement, Place(answers.mode, start, teams))
                draft.put(movement, place)
                blocks = later_blocks(draft, movement, place)
                draft.unplace(movement)
                stays = [draft.problem.stays[k] for block in blocks[:1] for k in block.stays]
                comers = tuple(stay.entry for stay in stays if stay.entry is not None)
                if blocks:
                    params = {"start_tick": start}
                    return [Reason(rule=blocks[0].rule, movements=comers, params=params)]
                break
        return []

    def _uncrewed(self) -> list[Reason]:
        """Where all but the teams allow a start, and more than one pool lacks them."""
        for answers in self.asked:
            ticks = answers.open()
            if (
                len(ticks)
                and first_crewed(self.draft, self.movement, answers.mode, ticks, None) is None
            ):
                return self._pools(answers, self._nearest_of(ticks))
        return []

    def _pools(self, answers: Answers, at: int) -> list[Reason]:
        needs = self.draft.problem.movements[self.movement].needs
        return [
            team_reason_at(self.draft, self.movement, answers.mode, pool, at)
            for pool in dict.fromkeys(need.pool for need in needs)
        ]

    def _together(self) -> list[Reason]:
        """Rules of which only all together leave no start: the windows, or else who competes."""
        competes = any(mask.any() for mask in self.left)
        counts: dict[str, int] = defaultdict(int)
        for answers, left in zip(self.asked, self.left, strict=True):
            for rule, blocked in answers.blocked.items():
                if rule and (rule in _GIVEN) != competes:
                    counts[rule] += int((blocked & left).sum() if competes else blocked.sum())
        most = sorted((r for r in counts if counts[r]), key=lambda r: -counts[r])[:_MOST]
        if competes:
            return [self._competing(rule) for rule in most] or self._pools(
                self.asked[0], self.wanted
            )
        return [self._shut(rule) for rule in most]

    # ---- how they are told --------------------------------------------------------------------

    def _competing(self, rule: str) -> Reason:
        """Who keeps the movement by one rule from the starts that the windows leave."""
        if any(mask.any() for mask in self.left):
            lefts = self.left
        else:
            lefts = [np.ones_like(mask) for mask in self.left]
        met: dict[int, int] = defaultdict(int)
        ruled_out = np.zeros(self.end - self.begin, dtype=np.bool_)
        for answers, left in zip(self.asked, lefts, strict=True):
            ruled_out |= left & answers.blocked.get(rule, False)
            sums = np.concatenate(([0], np.cumsum(left)))
            for low, high, k in answers.spans.get(rule, ()):
                first = min(max(low - self.begin, 0), len(left))
                last = min(max(high + 1 - self.begin, 0), len(left))
                if k >= 0:
                    met[k] += int(sums[last] - sums[first])
        order = sorted((k for k in met if met[k]), key=lambda k: (-met[k], k))
        ticks = np.flatnonzero(ruled_out)
        if not order or not len(ticks):
            return reason_at(self.draft, self.movement, self.asked[0], rule, self.wanted)
        params = self._span(int(ticks[0]), int(ticks[-1]) + 1)
        if len(order) > SHOWN:
            params["count"] = len(order)
        return Reason(rule=rule, movements=names_of(self.draft, order), params=params)

    def _shutting(self, told: set[str]) -> list[Reason]:
        """Window rules that shut a good part of the starts asked for, in all modes."""
        sizes = {rule: int(self._everywhere(rule).sum()) for rule in self._names()}
        found = [
            rule
            for rule, size in sizes.items()
            if rule in _WINDOWS and rule not in told and _PART * size >= self.end - self.begin
        ]
        return [self._shut(rule) for rule in sorted(found, key=lambda r: -sizes[r])]

    def _shut(self, rule: str) -> Reason:
        """What a rule of windows says: figures at the nearest start, and its longest span."""
        mask, answers = self._everywhere(rule), self.asked[0]
        if not mask.any():
            answers = max(self.asked, key=lambda a: int(np.sum(a.blocked.get(rule, 0))))
            mask = answers.blocked[rule]
        at = self.nearest(mask)
        told = figures(self.draft, rule, answers.mode, at, answers.shut)
        return Reason(
            rule=rule,
            movements=names_of(self.draft, answers.in_the_way(rule, at)),
            params={"start_tick": at, **told, **self._span(*_longest(mask))},
        )

    def _span(self, first: int, end: int) -> dict[str, int]:
        return {"from_tick": first + self.begin, "to_tick": end + self.begin}


def _lacks(reason: Reason) -> bool:
    """Whether fewer of a pool are free than are needed."""
    have, need = (reason.params.get(name, 0) for name in ("have_count", "need_count"))
    return int(have) < int(need)


def _runs(mask: Mask) -> tuple[Ticks, Ticks]:
    """Where a mask holds without a break: first places and ends, each of shape ``(runs,)``."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return edges[::2], edges[1::2]


def _run(mask: Mask, at: int) -> tuple[int, int]:
    """The run of a mask that holds at a place."""
    first, end = _runs(mask)
    k = int(np.searchsorted(first, at, side="right")) - 1
    return int(first[k]), int(end[k])


def _longest(mask: Mask) -> tuple[int, int]:
    first, end = _runs(mask)
    k = int(np.argmax(end - first))
    return int(first[k]), int(end[k])
