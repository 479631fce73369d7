"""What goes wrong in a published day: the problem as it is then, with one thing changed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from scheduler import publish
from scheduler.outcome import Outcome
from scheduler.problem import (
    Closure,
    Fixed,
    Interval,
    Movement,
    Problem,
    Resource,
    Stay,
    Visibility,
)
from tests.bench.harbour.passages import with_slow_modes

Change = Callable[[Problem, int, Random], Problem | None]
"""A problem at a moment (tick) to the same with one thing changed; None: nothing to change."""


def disruptions(problem: Problem, outcome: Outcome, seed: int) -> Iterator[tuple[str, Problem]]:
    """Endless single disruptions of a plan, and now and then several at once.

    The kinds take turns; the moment is anywhere in the first two thirds of the plan. What has
    begun by then is fixed as it was planned, what has not starts at that moment at the earliest.

    Args:
        problem: The problem that the plan answers.
        outcome: The plan, taken as published.
        seed: Of every random choice.

    Yields:
        A name such as ``fog@240`` and the problem as it is to be mended.
    """
    random = Random(f"disruptions {seed}")
    told = publish(problem, outcome)
    last = max((place.start for place in outcome.placements), default=1)
    kinds = list(KINDS)
    turn = 0
    while True:
        kind = kinds[turn % len(kinds)]
        turn += 1
        now = random.randrange(max(last * 2 // 3, 1))
        found = disrupted(started(told, now), kind, now, random)
        if found is not None:
            yield f"{kind}@{now}", found


def disrupted(problem: Problem, kind: str, now: int, random: Random) -> Problem | None:
    """A started problem with a disruption of one kind; None where nothing can have it."""
    return KINDS[kind](problem, now, random)


def started(problem: Problem, now: int) -> Problem:
    """A published problem at a moment: what has begun is fixed, the rest is still to come."""
    return replace(
        problem, movements=tuple(_as_at(movement, now) for movement in problem.movements)
    )


def _as_at(movement: Movement, now: int) -> Movement:
    told = movement.published
    if told is not None and told.start < now:
        fixed = Fixed(mode=told.mode, start=told.start, crews=told.crews, actual=True)
        return replace(movement, fixed=fixed)
    earliest = max(movement.earliest, now)
    return replace(movement, earliest=earliest, latest=max(movement.latest, earliest))


# ---- one movement -----------------------------------------------------------------------------


def _changed(problem: Problem, movement: Movement) -> Problem:
    return replace(
        problem,
        movements=tuple(
            movement if other.id == movement.id else other for other in problem.movements
        ),
    )


def _to_come(problem: Problem, within: int, now: int) -> list[Movement]:
    """What is published and has not begun, with a start soon enough to be of interest."""
    return [
        movement
        for movement in problem.movements
        if movement.published is not None
        and movement.fixed is None
        and movement.published.start < now + within
    ]


def _late(problem: Problem, now: int, random: Random) -> Problem | None:
    coming = _to_come(problem, 720, now)
    if not coming:
        return None
    movement = random.choice(coming)
    assert movement.published is not None
    earliest = movement.published.start + random.randrange(20, 241, 5)
    latest = max(movement.latest, earliest + 240)
    return _changed(problem, replace(movement, earliest=earliest, latest=latest))


def _early(problem: Problem, now: int, random: Random) -> Problem | None:
    coming = [m for m in _to_come(problem, 960, now) if m.earliest > now + 30]
    if not coming:
        return None
    movement = random.choice(coming)
    earliest = max(now, movement.earliest - random.randrange(30, 121, 5))
    return _changed(problem, replace(movement, earliest=earliest, requested=earliest))


def _cancelled(problem: Problem, now: int, random: Random) -> Problem | None:
    coming = _to_come(problem, 960, now)
    if not coming:
        return None
    gone = {random.choice(coming).id}
    # Whoever does not come, or does not shift, has no later movement from there either.
    for _ in problem.stays:
        more = {s.exit for s in problem.stays if s.entry in gone and s.exit is not None}
        if more <= gone:
            break
        gone |= more
    return replace(
        problem,
        movements=tuple(m for m in problem.movements if m.id not in gone),
        stays=tuple(_without(stay, gone, now) for stay in problem.stays if stay.entry not in gone),
    )


def _without(stay: Stay, gone: set[str], now: int) -> Stay:
    """A ship whose exit is cancelled stays a day longer."""
    return replace(stay, exit=None, until=now + 1_440) if stay.exit in gone else stay


def _draught(problem: Problem, now: int, random: Random) -> Problem | None:
    coming = [m for m in _to_come(problem, 960, now) if m.draught_mm > 7_000]
    if not coming:
        return None
    movement = random.choice(coming)
    deeper = movement.draught_mm + random.randrange(100, 501, 50)
    return _changed(problem, replace(movement, draught_mm=deeper))


def _declined(problem: Problem, now: int, random: Random) -> Problem | None:
    coming = [m for m in _to_come(problem, 960, now) if m.published and m.published.crews]
    if not coming:
        return None
    movement = random.choice(coming)
    assert movement.published is not None
    crew = random.choice(movement.published.crews)
    barred = (*movement.barred, random.choice(crew.resources))
    return _changed(problem, replace(movement, barred=barred))


def _overrun(problem: Problem, now: int, random: Random) -> Problem | None:
    """Cargo work takes longer: the ship is ready only some time after its published exit."""
    coming = {m.id: m for m in _to_come(problem, 960, now)}
    stays = [stay for stay in problem.stays if stay.exit in coming]
    if not stays:
        return None
    stay = random.choice(stays)
    exit_ = coming[stay.exit or ""]
    more = random.randrange(60, 301, 10)
    assert exit_.published is not None
    ready = exit_.published.start + more
    longer = replace(stay, service_ticks=stay.service_ticks + more, ready=max(stay.ready, ready))
    later = replace(exit_, earliest=ready, latest=max(exit_.latest, ready + 360))
    return replace(
        _changed(problem, later),
        stays=tuple(longer if other.id == stay.id else other for other in problem.stays),
    )


# ---- pilots, tugs, weather --------------------------------------------------------------------


def _out(pool: str, least: int, most: int) -> Change:
    def change(problem: Problem, now: int, random: Random) -> Problem | None:
        coming = _to_come(problem, 960, now)
        working = {
            name
            for movement in coming
            if movement.published is not None
            for crew in movement.published.crews
            for name in crew.resources
        }
        able = [r for r in problem.resources if r.pool == pool and r.id in working]
        if not able:
            return None
        gone = random.choice(able)
        begin = now + random.randrange(0, 240, 10)
        off = Interval(begin, begin + random.randrange(least, most, 10))
        return replace(
            problem,
            resources=tuple(
                _off(other, off) if other.id == gone.id else other for other in problem.resources
            ),
        )

    return change


def _off(resource: Resource, off: Interval) -> Resource:
    return replace(resource, off=(*resource.off, off))


def _fog(problem: Problem, now: int, random: Random) -> Problem | None:
    begin = now + random.randrange(30, 240, 10)
    span = Interval(begin, begin + random.randrange(90, 300, 10))
    seen = Visibility(span=span, visibility_m=random.choice((400, 800, 1_200, 1_500)))

    def ready(movement: Movement) -> Movement:
        if movement.fixed is not None or movement.requested > span.end + 600:
            return movement
        return replace(movement, modes=with_slow_modes(movement.modes))

    return replace(
        problem,
        visibility=(*problem.visibility, seen),
        movements=tuple(ready(movement) for movement in problem.movements),
    )


def _closure(problem: Problem, now: int, random: Random) -> Problem | None:
    begin = now + random.randrange(0, 360, 10)
    span = Interval(begin, begin + random.randrange(30, 151, 10))
    closed = Closure(id=f"closed{now}", span=span, segments=(random.choice(problem.segments).id,))
    return replace(problem, closures=(*problem.closures, closed))


def _several(problem: Problem, now: int, random: Random) -> Problem | None:
    kinds = [kind for kind in KINDS if kind != "several"]
    found: Problem | None = None
    for kind in random.sample(kinds, 3):
        found = disrupted(found or problem, kind, now, random) or found
    return found


KINDS: dict[str, Change] = {
    "late": _late,
    "tug_out": _out("tugs", 120, 720),
    "fog": _fog,
    "berth_overrun": _overrun,
    "declined": _declined,
    "pilot_sick": _out("pilots", 480, 1_440),
    "closure": _closure,
    "early": _early,
    "draught": _draught,
    "cancelled": _cancelled,
    "several": _several,
}
"""What can go wrong, by name, in the order in which they take turns."""
