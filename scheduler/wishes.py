"""Small changes to a problem: what somebody might wish for, or fear."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Protocol, TypeVar

from scheduler.problem import (
    Berth,
    Closure,
    Count,
    Interval,
    Mode,
    Movement,
    Pool,
    Problem,
    Resource,
)

_FAR = 10**9
"""Before every tick of any problem, with its sign turned."""

_T = TypeVar("_T", Movement, Berth, Pool, Resource)


class ChangeRefused(ValueError):
    """A change that makes no sense: ``code`` is ``unknown``, ``happened`` or ``no_such_way``."""

    def __init__(self, code: str, **params: str) -> None:
        """Keep the code and what it is about."""
        self.code = code
        self.params: Mapping[str, str] = params
        super().__init__(f"{code}: {params}")


class Change(Protocol):
    """One change: it makes a new problem, and may ask that movements have a time."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """The movements that are to have a time after it."""
        ...

    def applied(self, problem: Problem) -> Problem:
        """Return the problem with the change."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfOne:
    """About one movement."""

    movement: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """Its movement."""
        return (self.movement,)


class _OfNone:
    """About nobody's time."""

    __slots__ = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """Nobody."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """Another problem altogether, of the same movements; what it was made from was changed."""

    problem: Problem
    subjects: tuple[str, ...] = ()

    def applied(self, problem: Problem) -> Problem:
        """Return the other problem, if it is of the same ticks."""
        if (problem.horizon, problem.tick_s) != (self.problem.horizon, self.problem.tick_s):
            raise ChangeRefused("other_ticks")
        return self.problem


@dataclass(frozen=True, slots=True, kw_only=True)
class StartWithin(_OfOne):
    """A movement starts at ``earliest`` or later, and not after ``latest``.

    Attributes:
        latest: None: as much room after ``earliest`` as it has now.
        requested: Its wanted start; None: as it is, but within the new window.
    """

    earliest: int
    latest: int | None = None
    requested: int | None = None

    def applied(self, problem: Problem) -> Problem:
        """Move its window; where that is later, so do the windows of what its ship does next."""
        raw = _free(problem, self.movement)
        later = max(0, self.earliest - max(raw.earliest, 0))
        latest = raw.latest + later if self.latest is None else self.latest
        wanted = raw.requested if self.requested is None else self.requested
        changed = _with_movement(
            problem,
            self.movement,
            lambda one: replace(
                one,
                earliest=self.earliest,
                latest=latest,
                requested=max(self.earliest, min(wanted, latest)),
                fixed=None,
                pinned=False,
            ),
        )
        return _later(changed, self.movement, max(0, latest - raw.latest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(_OfOne):
    """A movement, and what its ship does next, may start later by so many ticks."""

    by_ticks: int

    def applied(self, problem: Problem) -> Problem:
        """Extend the windows at their ends."""
        raw = _free(problem, self.movement)
        changed = _with_movement(
            problem, raw.id, lambda one: replace(one, latest=one.latest + self.by_ticks)
        )
        return _later(changed, raw.id, self.by_ticks)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoTo(_OfOne):
    """A movement goes to this place, in a mode that it has or in one of ``modes``."""

    place: str
    modes: tuple[Mode, ...] = ()

    def applied(self, problem: Problem) -> Problem:
        """Keep only the modes that go there."""
        raw = _free(problem, self.movement)
        ways = tuple(mode for mode in (*raw.modes, *self.modes) if mode.to_place == self.place)
        if not ways:
            raise ChangeRefused("no_such_way", movement=self.movement, place=self.place)
        return _with_movement(
            problem, self.movement, lambda one: replace(one, modes=ways, fixed=None, pinned=False)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SailAt(_OfOne):
    """A movement has another draught."""

    draught_mm: int

    def applied(self, problem: Problem) -> Problem:
        """Change the draught."""
        _free(problem, self.movement)
        return _with_movement(
            problem, self.movement, lambda one: replace(one, draught_mm=self.draught_mm)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMore(_OfNone):
    """One resource more in a pool, like the strongest or highest that there is, from a tick on."""

    pool: str
    from_tick: int = 0

    def applied(self, problem: Problem) -> Problem:
        """Add a resource without a past, which nobody has barred; of a counted pool, count it."""
        counted = next((pool for pool in problem.pools if pool.id == self.pool), None)
        if counted is not None and counted.counts:
            more = replace(counted, counts=_one_more(counted.counts, self.from_tick))
            return replace(problem, pools=_with(problem.pools, self.pool, lambda _: more))
        pattern = best_of(problem, self.pool)
        name = _fresh(self.pool, {resource.id for resource in problem.resources})
        off = (Interval(-_FAR, self.from_tick),) if self.from_tick > 0 else ()
        more = replace(pattern, id=name, off=off, past=(), watch=())
        return replace(problem, resources=(*problem.resources, more))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfService(_OfNone):
    """A resource is off duty over a span."""

    resource: str
    span: Interval

    def applied(self, problem: Problem) -> Problem:
        """Add the span."""
        if self.resource not in {resource.id for resource in problem.resources}:
            raise ChangeRefused("unknown", type="resource", id=self.resource)
        resources = _with(
            problem.resources, self.resource, lambda one: replace(one, off=(*one.off, self.span))
        )
        return replace(problem, resources=resources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(_OfNone):
    """Nobody is in the segments over a span; no segments: all of them.

    Where there is a closure of that ``id`` already, it gets another one.
    """

    span: Interval
    segments: tuple[str, ...] = ()
    id: str = "what-if"

    def applied(self, problem: Problem) -> Problem:
        """Add the closure."""
        known = {segment.id for segment in problem.segments}
        for segment in self.segments:
            if segment not in known:
                raise ChangeRefused("unknown", type="segment", id=segment)
        taken = {closure.id for closure in problem.closures}
        name = _fresh(self.id, taken) if self.id in taken else self.id
        closure = Closure(id=name, span=self.span, segments=self.segments)
        return replace(problem, closures=(*problem.closures, closure))


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseBerth(_OfNone):
    """A berth is closed over a span."""

    berth: str
    span: Interval

    def applied(self, problem: Problem) -> Problem:
        """Add the span."""
        return _with_berth(
            problem, self.berth, lambda one: replace(one, closed=(*one.closed, self.span))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(_OfNone):
    """A closure, or all closures of a berth, are lifted."""

    closure: str | None = None
    berth: str | None = None

    def applied(self, problem: Problem) -> Problem:
        """Leave them out."""
        if self.berth is not None:
            problem = _with_berth(problem, self.berth, lambda one: replace(one, closed=()))
        if self.closure is None:
            return problem
        if self.closure not in {closure.id for closure in problem.closures}:
            raise ChangeRefused("unknown", type="closure", id=self.closure)
        kept = tuple(one for one in problem.closures if one.id != self.closure)
        return replace(problem, closures=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A movement may not be placed, or, without a code, may be placed again."""

    movement: str
    code: str | None = "what-if"

    @property
    def subjects(self) -> tuple[str, ...]:
        """Its movement where it is released."""
        return () if self.code is not None else (self.movement,)

    def applied(self, problem: Problem) -> Problem:
        """Hold or release it."""
        _free(problem, self.movement)
        return _with_movement(
            problem, self.movement, lambda one: replace(one, held=self.code, fixed=None)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weigh(_OfOne):
    """What a late minute of a movement costs, and what leaving it out does."""

    late_weight: int
    unplaced_cost: int | None = field(default=None)

    def applied(self, problem: Problem) -> Problem:
        """Change the weights."""
        _movement(problem, self.movement)

        def weighed(one: Movement) -> Movement:
            left_out = one.unplaced_cost if self.unplaced_cost is None else self.unplaced_cost
            return replace(one, late_weight=self.late_weight, unplaced_cost=left_out)

        return _with_movement(problem, self.movement, weighed)


def best_of(problem: Problem, pool: str) -> Resource:
    """Return the strongest resource of a pool, of pilots the one of the highest class."""
    those = [resource for resource in problem.resources if resource.pool == pool]
    if not those:
        raise ChangeRefused("unknown", type="pool", id=pool)
    return min(
        those,
        key=lambda one: (
            -one.pull_kg,
            one.below_loa_mm is not None,
            -(one.below_loa_mm or 0),
            len(one.not_kinds),
            one.grade,
            one.id,
        ),
    )


def _one_more(counts: tuple[Count, ...], from_tick: int) -> tuple[Count, ...]:
    """Count one more in each span, from a tick on."""
    found: list[Count] = []
    for one in counts:
        begin, end = one.span.begin, one.span.end
        middle = min(max(begin, from_tick), end)
        if begin < middle:
            found.append(replace(one, span=Interval(begin, middle)))
        if middle < end:
            found.append(Count(Interval(middle, end), one.count + 1))
    return tuple(found)


def _movement(problem: Problem, name: str) -> Movement:
    for movement in problem.movements:
        if movement.id == name:
            return movement
    raise ChangeRefused("unknown", type="movement", id=name)


def _free(problem: Problem, name: str) -> Movement:
    """Return a movement that has not begun; a start that is only fixed gives way to a wish."""
    movement = _movement(problem, name)
    if movement.fixed is not None and movement.fixed.actual:
        raise ChangeRefused("happened", movement=name)
    return movement


def _fresh(name: str, taken: Container[str]) -> str:
    """Return a name like another one that nothing has yet."""
    return next(one for n in count(1) if (one := f"{name}+{n}") not in taken)


def _with(those: tuple[_T, ...], name: str, change: Callable[[_T], _T]) -> tuple[_T, ...]:
    return tuple(change(one) if one.id == name else one for one in those)


def _with_movement(problem: Problem, name: str, change: Callable[[Movement], Movement]) -> Problem:
    return replace(problem, movements=_with(problem.movements, name, change))


def _with_berth(problem: Problem, name: str, change: Callable[[Berth], Berth]) -> Problem:
    if name not in {berth.id for berth in problem.berths}:
        raise ChangeRefused("unknown", type="berth", id=name)
    return replace(problem, berths=_with(problem.berths, name, change))


def _later(problem: Problem, name: str, by_ticks: int) -> Problem:
    """Let what a ship does after a movement start later by as much."""
    for after in _next_of(problem, name):
        problem = _with_movement(
            problem, after, lambda one: replace(one, latest=one.latest + by_ticks)
        )
    return problem


def _next_of(problem: Problem, name: str) -> list[str]:
    """Name what a ship does after a movement, in order."""
    exits = {stay.entry: stay.exit for stay in problem.stays if stay.entry is not None}
    found: list[str] = []
    at = exits.get(name)
    while at is not None and at not in found:
        found.append(at)
        at = exits.get(at)
    return found
