"""Why this time: every way asked again with one rule left out and all else as it is."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from scheduler import rules
from scheduler.draft import Draft, Place
from scheduler.outcome import Params, Reason
from scheduler.rosters import FAR
from scheduler.starts import barriers, by_cost, later_blocks, paint, with_teams
from scheduler.tides import Mask, Ticks

_SHOWN = 4
"""How many movements in the way are named."""


@dataclass(slots=True)
class _Answers:
    """What each rule, alone, rules out for one movement in one mode."""

    mode: int
    begin: int
    blocked: dict[str, Mask]
    """Starts, from ``begin`` on, that the rule does not allow; teams are asked later."""
    spans: dict[str, list[tuple[int, int, int]]]
    """First and last start (both included) and the movement in the way, by rule."""

    def open_without(self, left_out: str | None) -> Ticks:
        """Starts that all the other rules allow, ticks."""
        size = len(next(iter(self.blocked.values())))
        result = np.ones(size, dtype=np.bool_)
        for name, blocked in self.blocked.items():
            if name != left_out:
                result &= ~blocked
        return np.flatnonzero(result) + self.begin

    def opened_by(self, rule: str) -> Ticks:
        """Starts that this rule alone stands against; of a pool, those that only lack a team."""
        if rule not in self.blocked:
            return self.open_without(None)
        only = self.blocked[rule].copy()
        for name, blocked in self.blocked.items():
            if name != rule:
                only &= ~blocked
        return np.flatnonzero(only) + self.begin

    def in_the_way(self, rule: str, start: int) -> list[int]:
        """Movements that keep this one from a start by one rule."""
        found = (k for low, high, k in self.spans.get(rule, ()) if low <= start <= high and k >= 0)
        return list(dict.fromkeys(found))


def _ask(draft: Draft, movement: int, mode: int, begin: int, end: int) -> _Answers:
    size = end - begin
    blocked: dict[str, Mask] = {"": np.zeros(size, dtype=np.bool_)}
    spans: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    starts = np.arange(begin, end, dtype=np.int64)
    for name, allowed in draft.conflicts.rule_masks_over(mode, starts).items():
        blocked[name] = ~allowed
    track = draft.tables.mode_track[mode]
    for rule in rules.SEPARATIONS:
        other, low, high = draft.conflicts.rule_row(track, rule)
        placed = draft.track_start[other]
        first, last = placed - high, placed - low
        met = (placed > -FAR) & (first < end) & (last >= begin)
        if met.any():
            first, last = first[met], last[met]
            free = np.ones(size, dtype=np.bool_)
            paint(free, first - begin, last - begin)
            blocked[rule.name] = ~free
            owners = draft.tables.track_owner[other[met]]
            spans[rule.name].extend(
                zip(first.tolist(), last.tolist(), owners.tolist(), strict=True)
            )
    for barrier in barriers(draft, movement, mode):
        if barrier.low >= end or barrier.high < begin:
            continue
        mask = blocked.setdefault(barrier.rule, np.zeros(size, dtype=np.bool_))
        mask[max(barrier.low - begin, 0) : max(barrier.high + 1 - begin, 0)] = True
        for other_movement in barrier.movements or (-1,):
            spans[barrier.rule].append((barrier.low, barrier.high, other_movement))
    return _Answers(mode, begin, blocked, spans)


def _first(draft: Draft, movement: int, mode: int, ticks: Ticks, without: str | None) -> int | None:
    """The first of some starts for which there are teams, with one pool's left out."""
    for start, _ in with_teams(draft, movement, mode, ticks, without=without):
        return start
    return None


def _figures(draft: Draft, rule: str, mode: int, start: int) -> Params:
    for window in rules.WINDOWS:
        if window.name == rule and window.figures is not None:
            return dict(window.figures(draft.tables, mode, start))
    return {}


def _team_reason(draft: Draft, movement: int, mode: int, pool: str, start: int) -> Reason:
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
            movements=_names(draft, busy),
            params={
                "start_tick": start,
                "need_count": demand.least,
                "have_count": int((usable & free).sum()),
            },
        )
    return Reason(rule=pool)


def _names(draft: Draft, movements: Iterable[int]) -> tuple[str, ...]:
    return tuple(draft.problem.movements[k].id for k in list(movements)[:_SHOWN])


def _reason(
    draft: Draft, movement: int, answers: _Answers, rule: str, at: int, *, gain: int = 0
) -> Reason:
    if rule in draft.rosters and rule not in answers.blocked:
        found = _team_reason(draft, movement, answers.mode, rule, at)
        return Reason(rule=rule, movements=found.movements, params=found.params, gain_ticks=gain)
    figures = _figures(draft, rule, answers.mode, at)
    return Reason(
        rule=rule,
        movements=_names(draft, answers.in_the_way(rule, at)),
        params={"start_tick": at, **figures},
        gain_ticks=gain,
    )


def why_not(draft: Draft, movement: int, mode: int, begin: int, end: int) -> tuple[Reason, ...]:
    """What keeps a movement that is not in the draft from the starts of ``[begin, end)``.

    Each rule is left out in turn: ``gain_ticks`` is how much before ``end`` the movement could
    then start. Where no single rule gains anything, the rules against ``begin`` are named.
    """
    asked, begin, end = begin, max(begin, 0), min(end, draft.conflicts.horizon)
    if begin >= end:
        return _before_now(draft, mode, asked) if asked < 0 else ()
    answers = _ask(draft, movement, mode, begin, end)
    pools = dict.fromkeys(need.pool for need in draft.problem.movements[movement].needs)
    found: list[Reason] = []
    for rule in [*answers.blocked, *pools]:
        if not rule or (rule in answers.blocked and not answers.blocked[rule].any()):
            continue
        ticks = answers.opened_by(rule)
        first = _first(draft, movement, mode, ticks, rule)
        if first is not None:
            found.append(_reason(draft, movement, answers, rule, first, gain=end - first))
    if found:
        return tuple(sorted(found, key=lambda reason: -reason.gain_ticks))
    against = [rule for rule, blocked in answers.blocked.items() if rule and blocked[0]]
    if not against:
        against = [
            pool
            for pool in pools
            if _first(draft, movement, mode, np.array([begin]), None) is None
            and _first(draft, movement, mode, np.array([begin]), pool) is not None
        ]
    return tuple(_reason(draft, movement, answers, rule, begin) for rule in against)


def _before_now(draft: Draft, mode: int, start: int) -> tuple[Reason, ...]:
    """Rules against a start that is over; where none speaks, its window begins now."""
    against = draft.conflicts.windows_against(mode, start)
    return tuple(
        Reason(rule=rule, params={"start_tick": start, **_figures(draft, rule, mode, start)})
        for rule in against
    ) or (Reason(rule="requested_window", params={"start_tick": start, "earliest_tick": 0}),)


def waits(
    draft: Draft, is_over: Callable[[], bool] = lambda: False
) -> dict[str, tuple[Reason, ...]]:
    """For each free movement that starts later than requested, what binds it.

    Those that were told another start go first. Once ``is_over`` says so, the others get the rules
    against their requested start, if any, without asking what each of them costs.
    """
    result: dict[str, tuple[Reason, ...]] = {}
    movements = draft.problem.movements

    def is_as_told(movement: int) -> bool:
        told = movements[movement].published
        return told is not None and told.start == draft.placed[movement].start

    for movement in sorted(draft.placed, key=lambda k: (is_as_told(k), k)):
        raw, place = draft.problem.movements[movement], draft.placed[movement]
        if raw.fixed is None and place.start > raw.requested:
            if is_over():
                result[raw.id] = _why_not_asked(draft, movement)
            if not result.get(raw.id):
                result[raw.id] = why_here(draft, movement, raw.requested)
    return result


def _why_not_asked(draft: Draft, movement: int) -> tuple[Reason, ...]:
    """The rules but those of teams against the requested start of a placed movement."""
    place = draft.unplace(movement)
    try:
        return _against(draft, movement, place.mode, draft.problem.movements[movement].requested)
    finally:
        draft.place(movement, place.mode, place.start, place.teams)


def why_here(draft: Draft, movement: int, begin: int) -> tuple[Reason, ...]:
    """What keeps a placed movement from the starts between ``begin`` and its own."""
    place = draft.unplace(movement)
    try:
        return why_not(draft, movement, place.mode, begin, place.start)
    finally:
        draft.place(movement, place.mode, place.start, place.teams)


def why_not_as_told(draft: Draft, movement: int) -> tuple[Reason, ...]:
    """What keeps a published movement, which is placed elsewhere, from where it was told to be.

    Of others that have moved to their place, or were moved there, it names those in the way, so
    that who moves only to make room names for whom.
    """
    raw = draft.problem.movements[movement]
    if raw.published is None:
        return ()
    ids = {draft.tables.modes[mode].id: mode for mode in draft.tables.modes_of[movement]}
    mode, told = ids.get(raw.published.mode), raw.published.start
    place = draft.unplace(movement)
    try:
        end = max(place.start, told + 1)
        if mode is None:
            return why_not(draft, movement, place.mode, told, end)
        reasons = why_not(draft, movement, mode, told, end)
        if told >= 0 and any(reason.gain_ticks == end - told for reason in reasons):
            reasons = tuple(reason for reason in reasons if reason.gain_ticks == end - told)
        else:
            reasons = _against(draft, movement, mode, told) or reasons
        # a ship that can only come later, and then still waits, is told of both
        begin = max(raw.earliest, 0)
        if told < begin < place.start:
            known = {reason.rule for reason in reasons}
            later = why_not(draft, movement, mode, begin, place.start)
            reasons += tuple(reason for reason in later if reason.rule not in known)
        return reasons
    finally:
        draft.place(movement, place.mode, place.start, place.teams)
        draft.placed[movement] = place


def _against(draft: Draft, movement: int, mode: int, start: int) -> tuple[Reason, ...]:
    """Every rule that does not allow one start."""
    if not 0 <= start < draft.conflicts.horizon:
        rules_against = draft.conflicts.windows_against(mode, start)
        return tuple(Reason(rule=rule) for rule in rules_against or ("requested_window",))
    answers = _ask(draft, movement, mode, start, start + 1)
    return tuple(
        _reason(draft, movement, answers, rule, start)
        for rule, blocked in answers.blocked.items()
        if rule and blocked[0]
    )


def why_left_out(draft: Draft, movement: int) -> tuple[Reason, ...]:
    """The rules that stand against every start of a movement, worst first.

    First those that alone leave no start in any mode, then those without which there would be one,
    or else, where only all of them together leave none, those that rule out the most.
    """
    raw = draft.problem.movements[movement]
    begin, end = max(raw.earliest, 0), min(raw.latest + 1, draft.conflicts.horizon)
    if raw.fixed is not None:
        begin, end = max(raw.fixed.start, 0), max(raw.fixed.start, 0) + 1
    modes = draft.tables.modes_of[movement]
    if not modes or begin >= end:
        return (Reason(rule="requested_window", params={"latest_tick": raw.latest}),)
    asked = [_ask(draft, movement, mode, begin, end) for mode in modes]
    alone = _alone(draft, movement, asked, begin, end)
    opening = _opening(draft, movement, asked)
    if alone or opening:
        return tuple(
            {reason.rule: reason for reason in [*opening, *alone]}[name]
            for name in dict.fromkeys(r.rule for r in [*alone, *opening])
        )
    unclosed = _unclosed(draft, movement, asked)
    if unclosed:
        return unclosed
    counts: dict[str, int] = defaultdict(int)
    for answers in asked:
        for rule, blocked in answers.blocked.items():
            counts[rule] += int(blocked.sum())
    at = begin if raw.requested < begin else min(raw.requested, end - 1)
    most = sorted((r for r in counts if r and counts[r]), key=lambda r: -counts[r])[:3]
    reasons = [_reason(draft, movement, asked[0], rule, at) for rule in most]
    return tuple(reasons) or tuple(
        _team_reason(draft, movement, asked[0].mode, pool, at)
        for pool in dict.fromkeys(need.pool for need in raw.needs)
    )


def _alone(
    draft: Draft, movement: int, asked: list[_Answers], begin: int, end: int
) -> list[Reason]:
    names = dict.fromkeys(rule for answers in asked for rule in answers.blocked if rule)
    at = min(max(draft.problem.movements[movement].requested, begin), end - 1)
    return [
        _reason(draft, movement, asked[0], rule, at)
        for rule in names
        if all(rule in a.blocked and a.blocked[rule].all() for a in asked)
    ]


def _opening(draft: Draft, movement: int, asked: list[_Answers]) -> list[Reason]:
    """Rules without which there would be a start."""
    found: dict[str, tuple[int, Reason]] = {}
    pools = dict.fromkeys(need.pool for need in draft.problem.movements[movement].needs)
    for answers in asked:
        for rule in [*answers.blocked, *pools]:
            ticks = answers.opened_by(rule)
            if not rule or not len(ticks):
                continue
            ticks = by_cost(draft, movement, ticks)
            first = _first(draft, movement, answers.mode, ticks, rule)
            if first is not None:
                cost = draft.cost(movement, first)
                if rule not in found or cost < found[rule][0]:
                    found[rule] = cost, _reason(draft, movement, answers, rule, first)
    return [reason for _, reason in sorted(found.values(), key=lambda pair: pair[0])]


def _unclosed(draft: Draft, movement: int, asked: list[_Answers]) -> tuple[Reason, ...]:
    """Where there is a start, but the ship could not leave again before the next one comes."""
    for answers in asked:
        ticks = answers.open_without(None)
        for start, teams in with_teams(draft, movement, answers.mode, ticks):
            place = Place(answers.mode, start, teams)
            draft.place(movement, place.mode, place.start, place.teams)
            blocks = later_blocks(draft, movement, place)
            draft.unplace(movement)
            stays = [draft.problem.stays[k] for block in blocks[:1] for k in block.stays]
            comers = tuple(stay.entry for stay in stays if stay.entry is not None)
            if blocks:
                return (
                    Reason(rule=blocks[0].rule, movements=comers, params={"start_tick": start}),
                )
            break
    return ()
