"""For what is left out: the first single thing that, given up, would place it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import MappingProxyType

from scheduler.checks import check
from scheduler.clock import Clock
from scheduler.conflicts import Conflicts
from scheduler.draft import Draft
from scheduler.mend import Mender
from scheduler.outcome import Limits
from scheduler.problem import Mode, Movement, Problem
from scheduler.wishes import (
    Change,
    ChangeRefused,
    Extend,
    Hold,
    Instead,
    OneMore,
    Reopen,
    SailAt,
)

MOST_WAIT_MIN = 1440
MOST_LIGHTER_DM = 20
MM_PER_DM = 100
_TRY = Limits(wall_s=0.15, workers=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """One thing that would place a movement.

    Attributes:
        code: ``release``, ``wait``, ``lighten``, ``one_more``, ``other_berth``, ``reopen`` or
            ``reopen_berth``.
        params: Its figures: ``by_ticks``, ``by_dm``, ``pool`` and ``from_tick``, ``place``,
            ``closure``.
        change: The same as a change that ``what_if`` takes.
        start: Where the movement would start.
    """

    code: str
    change: Change
    start: int
    params: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """What was found, and what was tried.

    Attributes:
        found: The cheapest; None: no single thing that was tried places it.
        others: What would place it as well, in the order of trying.
        tried: Codes of what does not, in order.
        complete: All that was asked for was tried; False where the time was over before.
    """

    found: Relaxation | None
    others: tuple[Relaxation, ...] = ()
    tried: tuple[str, ...] = ()
    complete: bool = True


def cheapest_relaxation(
    problem: Problem,
    movement: str,
    *,
    wall_s: float = 3.0,
    elsewhere: Mapping[str, Problem] = MappingProxyType({}),
    most: int = 1,
) -> Relaxed:
    """Try single relaxations, the cheapest first, until one places what is left out.

    In this order: release it, wait longer, lighten the ship, one more of each pool that it needs,
    another berth, without one of the closures. One counts only where nobody who has a time now
    loses it.

    Args:
        problem: With the published plan; it is not changed.
        movement: What is left out of it.
        wall_s: When to give up; it is asked before each try.
        elsewhere: The same problem with the movement to another berth, by the berth.
        most: Go on until so many are found.

    Raises:
        ChangeRefused: If there is no such movement, or it has begun.
    """
    trial = _Trial(problem, movement, monotonic() + wall_s)
    Hold(movement=movement, code=None).applied(problem)
    if trial.raw.held is not None:
        # nothing else is of any use while it is held
        start = trial.start_with(release := Hold(movement=movement, code=None))
        found = (
            None
            if start is None
            else Relaxation(
                code="release", change=release, start=start, params={"hold": trial.raw.held}
            )
        )
        return Relaxed(found=found, tried=() if found else ("release",))
    tried: list[str] = []
    those: list[Relaxation] = []
    complete = True
    for code, attempt in _attempts(trial, elsewhere):
        if len(those) >= most:
            break
        if trial.is_over():
            complete = False
            break
        one = attempt()
        if one is None:
            tried.append(code)
        else:
            those.append(one)
    return Relaxed(
        found=those[0] if those else None,
        others=tuple(those[1:]),
        tried=tuple(tried),
        complete=complete,
    )


class _Trial:
    """Mends the plan on changed copies, as long as there is time."""

    def __init__(self, problem: Problem, movement: str, until_s: float) -> None:
        self.problem = problem
        self.raw = _named(problem, movement)
        self._until_s = until_s
        self._told = {raw.id for raw in problem.movements if raw.published is not None}

    def is_over(self) -> bool:
        """Whether there is no time for another try."""
        return monotonic() >= self._until_s

    def draft_with(self, change: Change) -> Draft | None:
        """Return a plan that has the movement and all that have a time now; None: none found."""
        changed = change.applied(self.problem)
        draft = Mender(Conflicts(changed), Clock(_TRY, None)).run().draft
        index = draft.tables.movement_index
        if any(index[name] not in draft.placed for name in (*self._told, self.raw.id)):
            return None
        # what is promised here is judged as a plan is
        breaches = check(changed, draft.placements())
        return None if any(breach.status == "new" for breach in breaches) else draft

    def start_with(self, change: Change) -> int | None:
        """Where the movement would start with a change; None: still nowhere."""
        draft = self.draft_with(change)
        return None if draft is None else self.start_in(draft)

    def start_in(self, draft: Draft) -> int:
        """Where a plan has the movement."""
        return draft.placed[draft.tables.movement_index[self.raw.id]].start


Attempt = Callable[[], Relaxation | None]


def _attempts(trial: _Trial, elsewhere: Mapping[str, Problem]) -> Iterator[tuple[str, Attempt]]:
    """Yield what may be tried, in order, each with its code."""
    problem, raw = trial.problem, trial.raw
    yield "wait", lambda: _wait(trial)
    yield "lighten", lambda: _lighten(trial)
    for pool in dict.fromkeys(need.pool for need in raw.needs):
        yield f"one_more:{pool}", lambda pool=pool: _one_more(trial, pool)
    for place, instead in elsewhere.items():
        change = Instead(problem=instead, subjects=(raw.id,))
        yield (
            f"other_berth:{place}",
            lambda change=change, place=place: _plain(trial, "other_berth", change, place=place),
        )
    for closure in problem.closures:
        change = Reopen(closure=closure.id)
        yield (
            f"reopen:{closure.id}",
            lambda change=change, name=closure.id: _plain(trial, "reopen", change, closure=name),
        )
    places = {place for mode in raw.modes for place in (mode.from_place, mode.to_place)}
    for berth in problem.berths:
        if berth.closed and berth.id in places:
            change = Reopen(berth=berth.id)
            yield (
                f"reopen_berth:{berth.id}",
                lambda change=change, name=berth.id: _plain(
                    trial, "reopen_berth", change, place=name
                ),
            )


def _plain(trial: _Trial, code: str, change: Change, **params: int | str) -> Relaxation | None:
    start = trial.start_with(change)
    if start is None:
        return None
    return Relaxation(code=code, change=change, start=start, params=params)


def _wait(trial: _Trial) -> Relaxation | None:
    """Let it start long after its window: how far it goes tells how long it has to wait."""
    raw = trial.raw
    most_ticks = MOST_WAIT_MIN * 60 // trial.problem.tick_s
    by_ticks = min(most_ticks, trial.problem.horizon - 1 - raw.latest)
    if by_ticks <= 0:
        return None
    start = trial.start_with(Extend(movement=raw.id, by_ticks=by_ticks))
    if start is None:
        return None
    needed = max(0, start - raw.latest)
    return Relaxation(
        code="wait",
        change=Extend(movement=raw.id, by_ticks=needed or by_ticks),
        start=start,
        params={"by_ticks": needed, "start_tick": start},
    )


def _lighten(trial: _Trial) -> Relaxation | None:
    """Halve between what does not do and what does, in decimetres."""
    draught_mm = trial.raw.draught_mm
    low, high = 0, min(MOST_LIGHTER_DM, (draught_mm - 1) // MM_PER_DM)
    if high == 0:
        return None

    def lighter(by_dm: int) -> SailAt:
        return SailAt(movement=trial.raw.id, draught_mm=draught_mm - by_dm * MM_PER_DM)

    start = trial.start_with(lighter(high))
    if start is None:
        return None
    while high - low > 1 and not trial.is_over():
        middle = (low + high) // 2
        at = trial.start_with(lighter(middle))
        if at is None:
            low = middle
        else:
            high, start = middle, at
    return Relaxation(
        code="lighten",
        change=lighter(high),
        start=start,
        params={"by_dm": high, "draught_mm": draught_mm - high * MM_PER_DM, "start_tick": start},
    )


def _one_more(trial: _Trial, pool: str) -> Relaxation | None:
    """Add one from the beginning on, and tell from when on it would be needed."""
    try:
        draft = trial.draft_with(OneMore(pool=pool))
    except ChangeRefused:
        # there is none to take as a pattern
        return None
    if draft is None:
        return None
    start = trial.start_in(draft)
    known = {resource.id for resource in trial.problem.resources}
    begins: list[int] = []
    for placement in draft.placements():
        new = {
            crew.need
            for crew in placement.crews
            if any(name not in known for name in crew.resources)
        }
        mode = _mode(trial.problem, placement.movement, placement.mode)
        begins += [placement.start + duty.begin for duty in mode.duties if duty.need in new]
    from_tick = min(begins, default=start)
    return Relaxation(
        code="one_more",
        change=OneMore(pool=pool),
        start=start,
        params={"pool": pool, "from_tick": from_tick, "start_tick": start},
    )


def _named(problem: Problem, movement: str) -> Movement:
    for raw in problem.movements:
        if raw.id == movement:
            return raw
    raise ChangeRefused("unknown", type="movement", id=movement)


def _mode(problem: Problem, movement: str, mode: str) -> Mode:
    return next(one for one in _named(problem, movement).modes if one.id == mode)
