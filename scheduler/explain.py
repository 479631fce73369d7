"""Why this time: every way asked again with one rule left out and all else as it is."""

from collections.abc import Callable

import numpy as np

from scheduler.asking import ask, figures, first_crewed, reason_at
from scheduler.draft import Draft
from scheduler.encounters import Encounters, Question
from scheduler.outcome import Reason


def why_not(
    draft: Draft,
    movement: int,
    mode: int,
    begin: int,
    end: int,
    *,
    begin_mm: int | None = None,
    met: Encounters | None = None,
) -> tuple[Reason, ...]:
    """What keeps a movement that is not in the draft from the starts of ``[begin, end)``.

    Each rule is left out in turn: ``gain_ticks`` is how much before ``end`` the movement could
    then start. Where no single rule gains anything, the rules against ``begin`` are named.
    ``begin_mm``: at this position along the quay; None: at any. ``met``: see
    :func:`scheduler.asking.ask`.
    """
    asked, begin, end = begin, max(begin, 0), min(end, draft.conflicts.horizon)
    if begin >= end:
        return _before_now(draft, mode, asked) if asked < 0 else ()
    answers = ask(draft, movement, mode, begin, end, begin_mm=begin_mm, met=met)
    pools = dict.fromkeys(need.pool for need in draft.problem.movements[movement].needs)
    found: list[Reason] = []
    for rule in [*answers.blocked, *pools]:
        first = first_crewed(draft, movement, mode, answers.opened_by(rule), rule)
        if first is not None:
            found.append(reason_at(draft, movement, answers, rule, first, gain=end - first))
    if found:
        return tuple(sorted(found, key=lambda reason: -reason.gain_ticks))
    against = [rule for rule, blocked in answers.blocked.items() if rule and blocked[0]]
    if not against:
        against = [
            pool
            for pool in pools
            if first_crewed(draft, movement, mode, np.array([begin]), None) is None
            and first_crewed(draft, movement, mode, np.array([begin]), pool) is not None
        ]
    return tuple(reason_at(draft, movement, answers, rule, begin) for rule in against)


def _before_now(draft: Draft, mode: int, start: int) -> tuple[Reason, ...]:
    """Rules against a start that is over; where none speaks, its window begins now."""
    against = draft.conflicts.windows_against(mode, start)
    return tuple(
        Reason(rule=rule, params={"start_tick": start, **figures(draft, rule, mode, start)})
        for rule in against
    ) or (Reason(rule="requested_window", params={"start_tick": start, "earliest_tick": 0}),)


def waits(
    draft: Draft,
    is_over: Callable[[], bool] = lambda: False,
    unsaid: frozenset[int] = frozenset(),
) -> dict[str, tuple[Reason, ...]]:
    """For each free movement that starts later than requested, what binds it.

    Those that were told another start go first. Once ``is_over`` says so, the others get the rules
    against their requested start, if any, without asking what each of them costs. Those of
    ``unsaid`` are left out: what was told of them still stands.
    """
    result: dict[str, tuple[Reason, ...]] = {}
    movements = draft.problem.movements

    def is_as_told(movement: int) -> bool:
        told = movements[movement].published
        return told is not None and told.start == draft.placed[movement].start

    late = [
        movement
        for movement, place in draft.placed.items()
        if movements[movement].fixed is None
        and place.start > movements[movement].requested
        and movement not in unsaid
    ]
    met = Encounters(draft, (_question(draft, movement) for movement in late))
    for movement in sorted(late, key=lambda k: (is_as_told(k), k)):
        raw = movements[movement]
        if is_over():
            result[raw.id] = _why_not_asked(draft, movement)
        if not result.get(raw.id):
            result[raw.id] = why_here(draft, movement, raw.requested, met)
    return result


def _question(draft: Draft, movement: int) -> Question:
    place = draft.placed[movement]
    return place.mode, max(draft.problem.movements[movement].requested, 0), place.start


def _why_not_asked(draft: Draft, movement: int) -> tuple[Reason, ...]:
    """The rules but those of teams against the requested start of a placed movement."""
    place = draft.unplace(movement)
    try:
        return _against(draft, movement, place.mode, draft.problem.movements[movement].requested)
    finally:
        draft.put(movement, place)


def why_here(
    draft: Draft, movement: int, begin: int, met: Encounters | None = None
) -> tuple[Reason, ...]:
    """What keeps a placed movement from the starts between ``begin`` and its own."""
    place = draft.unplace(movement)
    try:
        return why_not(draft, movement, place.mode, begin, place.start, met=met)
    finally:
        draft.put(movement, place)


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
        begin_mm = raw.published.begin_mm
        reasons = why_not(draft, movement, mode, told, end, begin_mm=begin_mm)
        if told >= 0 and any(reason.gain_ticks == end - told for reason in reasons):
            reasons = tuple(reason for reason in reasons if reason.gain_ticks == end - told)
        else:
            reasons = _against(draft, movement, mode, told, begin_mm) or reasons
        # a ship that can only come later, and then still waits, is told of both
        begin = max(raw.earliest, 0)
        if told < begin < place.start:
            known = {reason.rule for reason in reasons}
            later = why_not(draft, movement, mode, begin, place.start)
            reasons += tuple(reason for reason in later if reason.rule not in known)
        return reasons
    finally:
        draft.put(movement, place)


def _against(
    draft: Draft, movement: int, mode: int, start: int, begin_mm: int | None = None
) -> tuple[Reason, ...]:
    """Every rule that does not allow one start."""
    if not 0 <= start < draft.conflicts.horizon:
        rules_against = draft.conflicts.windows_against(mode, start)
        return tuple(Reason(rule=rule) for rule in rules_against or ("requested_window",))
    answers = ask(draft, movement, mode, start, start + 1, begin_mm=begin_mm)
    return tuple(
        reason_at(draft, movement, answers, rule, start)
        for rule, blocked in answers.blocked.items()
        if rule and blocked[0]
    )
