"""For what is left out: the cheapest single thing that, given up, would place it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import MappingProxyType

from scheduler.checks import check
from scheduler.clock import Clock
from scheduler.conflicts import Conflicts
from scheduler.costs import cost
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
class Prices:
    """What each thing is taken to cost by itself, in minutes of waiting of a ship of weight 1.

    Waiting has no price here: it costs what the problem says. All others are assumptions until a
    port has set its own.

    Attributes:
        lighten_dm: Each decimetre of draught.
        other_berth: To go to a berth that was not asked for.
        one_more: One more pilot, tug or other resource, for as long as the plan goes.
        reopen_berth: A berth's closures lifted.
        reopen: A closure of the waterway lifted.
    """

    lighten_dm: int = 60
    other_berth: int = 240
    one_more: int = 480
    reopen_berth: int = 1_440
    reopen: int = 2_880


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
        price: What it costs in all, in the problem's own units: the thing by :class:`Prices`, the
            wait of the movement, and what the others come to cost more than as they were told.
    """

    code: str
    change: Change
    start: int
    price: int
    params: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """What was found, and what was tried.

    Attributes:
        found: The cheapest; None: no single thing that was tried places it.
        others: What would place it as well, the cheapest first.
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
    prices: Prices | None = None,
) -> Relaxed:
    """Try single relaxations until no other can be cheaper than what was found.

    What is held is released. Else it may wait longer, be lightened, go to another berth, have one
    more of a pool that it needs, or do without one of the closures. One counts only where nobody
    who has a time now loses it.

    Args:
        problem: With the published plan; it is not changed.
        movement: What is left out of it.
        wall_s: When to give up; it is asked before each try.
        elsewhere: The same problem with the movement to another berth, by the berth.
        most: Go on until the cheapest so many are found.
        prices: What each thing costs; None: as assumed.

    Raises:
        ChangeRefused: If there is no such movement, or it has begun.
    """
    trial = _Trial(problem, movement, monotonic() + wall_s)
    release = Hold(movement=movement, code=None)
    release.applied(problem)  # refuses what is not there, or has begun
    if trial.raw.held is not None:
        # nothing else is of any use while it is held
        found = trial.attempt("release", release, 0, hold=trial.raw.held)
        return Relaxed(found=found, tried=() if found else ("release",))
    attempts = sorted(_attempts(trial, elsewhere, prices or Prices()), key=lambda one: one[0])
    tried: list[str] = []
    those: list[Relaxation] = []
    complete = True
    for least, code, attempt in attempts:
        if len(those) >= most and least >= those[most - 1].price:
            break
        if trial.is_over():
            complete = False
            break
        one = attempt()
        if one is None:
            tried.append(code)
        else:
            those = sorted([*those, one], key=lambda found: found.price)
    return Relaxed(
        found=those[0] if those else None,
        others=tuple(those[1:most]),
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

    def start_in(self, draft: Draft) -> int:
        """Where a plan has the movement."""
        return draft.placed[draft.tables.movement_index[self.raw.id]].start

    def attempt(
        self, code: str, change: Change, own: int, **params: int | str
    ) -> Relaxation | None:
        """What a change comes to, at a price of its own; None: it does not do."""
        draft = self.draft_with(change)
        return None if draft is None else self.found(draft, code, change, own, **params)

    def found(
        self, draft: Draft, code: str, change: Change, own: int, **params: int | str
    ) -> Relaxation:
        """What a plan with a change comes to."""
        start = self.start_in(draft)
        price = own + cost(self.raw, start)
        for raw in self.problem.movements:
            if raw.published is not None and raw.fixed is None and raw.id != self.raw.id:
                # by the weights and wishes as they are, whatever the change makes of them; who is
                # better off than told pays for nobody
                now = draft.placed[draft.tables.movement_index[raw.id]].start
                price += max(0, cost(raw, now) - cost(raw, raw.published.start))
        return Relaxation(code=code, change=change, start=start, price=price, params=params)


Attempt = Callable[[], Relaxation | None]


def _attempts(
    trial: _Trial, elsewhere: Mapping[str, Problem], prices: Prices
) -> Iterator[tuple[int, str, Attempt]]:
    """Yield what may be tried: the least that it costs by itself, its code, and the try."""
    problem, raw = trial.problem, trial.raw

    def plain(code: str, change: Change, minutes: int, **about: str) -> tuple[int, str, Attempt]:
        own = _ticks(problem, minutes)
        name = ":".join((code, *about.values()))
        return own, name, lambda: trial.attempt(code, change, own, **about)

    yield 0, "wait", lambda: _wait(trial)
    own = _ticks(problem, prices.lighten_dm)
    yield own, "lighten", lambda: _lighten(trial, own)
    for place, instead in elsewhere.items():
        change = Instead(problem=instead, subjects=(raw.id,))
        yield plain("other_berth", change, prices.other_berth, place=place)
    more = _ticks(problem, prices.one_more)
    for pool in dict.fromkeys(need.pool for need in raw.needs):
        yield more, f"one_more:{pool}", lambda pool=pool: _one_more(trial, pool, more)
    places = {place for mode in raw.modes for place in (mode.from_place, mode.to_place)}
    for berth in problem.berths:
        if berth.closed and berth.id in places:
            change = Reopen(berth=berth.id)
            yield plain("reopen_berth", change, prices.reopen_berth, place=berth.id)
    for closure in problem.closures:
        change = Reopen(closure=closure.id)
        yield plain("reopen", change, prices.reopen, closure=closure.id)


def _ticks(problem: Problem, minutes: int) -> int:
    """What waiting so long costs a ship of weight 1."""
    return minutes * 60 // problem.tick_s


def _wait(trial: _Trial) -> Relaxation | None:
    """Let it start long after its window: how far it goes tells how long it has to wait."""
    raw = trial.raw
    most_ticks = MOST_WAIT_MIN * 60 // trial.problem.tick_s
    by_ticks = min(most_ticks, trial.problem.horizon - 1 - raw.latest)
    if by_ticks <= 0:
        return None
    draft = trial.draft_with(Extend(movement=raw.id, by_ticks=by_ticks))
    if draft is None:
        return None
    start = trial.start_in(draft)
    needed = max(0, start - raw.latest)
    change = Extend(movement=raw.id, by_ticks=needed or by_ticks)
    return trial.found(draft, "wait", change, 0, by_ticks=needed, start_tick=start)


def _lighten(trial: _Trial, own_dm: int) -> Relaxation | None:
    """Halve between what does not do and what does, in decimetres."""
    draught_mm = trial.raw.draught_mm
    low, high = 0, min(MOST_LIGHTER_DM, (draught_mm - 1) // MM_PER_DM)
    if high == 0:
        return None

    def lighter(by_dm: int) -> SailAt:
        return SailAt(movement=trial.raw.id, draught_mm=draught_mm - by_dm * MM_PER_DM)

    draft = trial.draft_with(lighter(high))
    if draft is None:
        return None
    while high - low > 1 and not trial.is_over():
        middle = (low + high) // 2
        at = trial.draft_with(lighter(middle))
        if at is None:
            low = middle
        else:
            high, draft = middle, at
    return trial.found(
        draft,
        "lighten",
        lighter(high),
        own_dm * high,
        by_dm=high,
        draught_mm=draught_mm - high * MM_PER_DM,
        start_tick=trial.start_in(draft),
    )


def _one_more(trial: _Trial, pool: str, own: int) -> Relaxation | None:
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
    return trial.found(
        draft,
        "one_more",
        OneMore(pool=pool),
        own,
        pool=pool,
        from_tick=from_tick,
        start_tick=start,
    )


def _named(problem: Problem, movement: str) -> Movement:
    for raw in problem.movements:
        if raw.id == movement:
            return raw
    raise ChangeRefused("unknown", type="movement", id=movement)


def _mode(problem: Problem, movement: str, mode: str) -> Mode:
    return next(one for one in _named(problem, movement).modes if one.id == mode)
