"""A first plan of a long question: two days at a time, the second of them planned anew later."""

from collections.abc import Callable, Iterable

from scheduler.adopt import take_out_blocked
from scheduler.conflicts import Conflicts
from scheduler.construct import Placer, by_request, fill, fixed_first
from scheduler.draft import Draft, Place
from scheduler.neighbourhoods import closed_visits, is_fixed
from scheduler.problem import Problem

_DAY_S = 86_400
_WINDOW_DAYS, _LONG_DAYS = 2, 4
"""How long a window is, of which a day stands; and from how many days of requests on to roll."""
_FORWARD = 25
"""Places in the order that a movement gains each time it is left out."""
_PATIENCE = 7
"""Rounds of a window without a gain after which its best plan stands."""
_ROUNDS = 24


def is_long(problem: Problem) -> bool:
    """Whether requests lie so far apart that rolling may find what one order for all does not."""
    asked = [max(raw.requested, 0) for raw in problem.movements if raw.fixed is None]
    return bool(asked) and max(asked) - min(asked) > _LONG_DAYS * _DAY_S // problem.tick_s


def rolled_plan(
    conflicts: Conflicts, is_over: Callable[[float], bool], window_ticks: int | None = None
) -> Draft:
    """Plan window by window; what starts in a window's first half stands in the next one.

    A visit is never cut: with an entry that is planned anew goes its exit, and an exit stands as
    long as an entry that stands may count on it. What found no place is tried again in the next
    window, and at the end.

    Args:
        conflicts: The problem.
        is_over: Asked between rounds with the share of the movements that are planned when a
            window is: whether that much of the time is over. Every window gets one round.
        window_ticks: Length of a window; None: two days.
    """
    movements = conflicts.problem.movements
    draft = Draft(conflicts)
    fixed_first(draft, Placer(draft))
    window = window_ticks or _WINDOW_DAYS * _DAY_S // conflicts.problem.tick_s
    order = by_request(conflicts)
    begin, last = (max(movements[k].requested, 0) for k in (order[0], order[-1]))
    while begin + window <= last:
        edge = begin + window // 2
        standing = draft.snapshot()
        share = sum(movements[k].requested < edge for k in order) / len(order)
        plan_window(
            draft, _asked_before(draft, order, begin + window), lambda share=share: is_over(share)
        )
        _open_again(draft, standing, edge)
        begin = edge
    plan_window(draft, _asked_before(draft, order, last + 1), lambda: is_over(1.0))
    take_out_blocked(draft, [k for k in draft.placed if not is_fixed(draft, k)])
    fill(draft, Placer(draft), order)
    return draft


def _asked_before(draft: Draft, order: Iterable[int], end: int) -> list[int]:
    movements = draft.problem.movements
    return [k for k in order if k not in draft.placed and movements[k].requested < end]


def plan_window(draft: Draft, free: list[int], is_over: Callable[[], bool]) -> None:
    """Place movements in the best of some orders; what is left out goes earlier, round by round.

    Args:
        draft: The plan; what is in it stays where it is.
        free: What to place, by request.
        is_over: Asked after each round.
    """
    base, kept = draft.snapshot(), draft.snapshot()
    best: tuple[int, int] | None = None
    blame, idle = dict.fromkeys(free, 0), 0
    rank = {k: place for place, k in enumerate(free)}
    for _ in range(_ROUNDS):
        fill(draft, Placer(draft), sorted(free, key=lambda k: rank[k] - _FORWARD * blame[k]))
        missing = [k for k in free if k not in draft.placed]
        worth = len(missing), draft.total()
        idle += 1
        if best is None or worth < best:
            best, kept, idle = worth, draft.snapshot(), 0
        draft.restore(base)
        if not missing or idle >= _PATIENCE or is_over():
            break
        for k in missing:
            blame[k] += 1
    draft.restore(kept)


def _open_again(draft: Draft, standing: dict[int, Place], edge: int) -> None:
    """Take out what starts from an edge on, but for exits that who comes before it counts on."""
    tables = draft.tables
    longest = max((mode.arrive_at for mode in tables.modes), default=0)
    after = [
        k
        for k, place in draft.placed.items()
        if k not in standing
        and place.start >= edge + (longest if k in tables.exit_stay else 0)
        and not is_fixed(draft, k)
    ]
    for k in closed_visits(draft, after):
        if k in draft.placed and k not in standing:
            draft.unplace(k)
