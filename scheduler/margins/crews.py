"""The time that members of a team have before and after a duty, or how many more are free."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from scheduler.checks.counted import uses_of
from scheduler.checks.crews import Task, days, is_on_its_way, leaves_home_at, way_ticks
from scheduler.checks.sheet import Sheet, Voyage
from scheduler.margins.margin import Margin, Side
from scheduler.problem import Pool, Resource


def crews(sheet: Sheet) -> Iterator[Margin]:
    """Yield each member's ticks to spare to its duties before and after, to home and to time off.

    Of a counted pool, how many more are free. Limits on numbers, classes, pulls and rest of named
    members are not told: they are not of one movement alone.
    """
    for pool in sheet.problem.pools:
        if pool.counts:
            yield from _counted(sheet, pool)
            continue
        for resource, day in days(sheet, pool):
            yield from _in_a_row(pool, resource, day)
            yield from _time_off(pool, resource, day)


def _counted(sheet: Sheet, pool: Pool) -> Iterator[Margin]:
    """Yield how many more of a pool are free when the fewest are, while a movement takes some."""
    uses = uses_of(sheet, pool)
    steps: dict[int, int] = defaultdict(int)
    for begin, end, count in [
        *((counted.span.begin, counted.span.end, counted.count) for counted in pool.counts),
        *((use.begin, use.end, -use.count) for use in uses),
    ]:
        steps[begin] += count
        steps[end] -= count
    ticks = sorted(steps)
    free = list(accumulate(steps[tick] for tick in ticks))
    for use in uses:
        during = range(bisect_left(ticks, use.begin), bisect_left(ticks, use.end))
        if during:
            least = min(during, key=free.__getitem__)
            yield Margin(
                movement=use.voyage.id,
                rule=pool.id,
                code="number",
                margin=free[least],
                unit="members",
                params={"need": use.need.id, "tick": ticks[least], "need_count": use.count},
            )


def _margin(
    voyage: Voyage,
    resource: Resource,
    code: str,
    *,
    side: Side,
    margin: int,
    other: Voyage | None = None,
    **params: int | str,
) -> Margin:
    return Margin(
        movement=voyage.id,
        rule=resource.pool,
        code=code,
        side=side,
        margin=margin,
        unit="ticks",
        other=None if other is None else other.id,
        resource=resource.id,
        params=params,
    )


def _in_a_row(pool: Pool, resource: Resource, day: list[Task]) -> Iterator[Margin]:
    """Yield the time between duties with none that counts between them, and before the first."""
    for n, task in enumerate(day):
        for m, later in enumerate(day[n + 1 :], n + 1):
            if any(
                task.end <= middle.begin and middle.end <= later.begin
                for middle in day[n + 1 : m]
                if not _is_waived(pool, middle)
            ):
                continue
            need = pool.debrief_ticks + way_ticks(pool, task.to_place, later.from_place)
            need += pool.early_ticks + pool.min_rest_ticks
            have = later.begin - task.end
            figures = {"need_ticks": need, "have_ticks": have, "tick": later.begin}
            sides: tuple[tuple[Task, Task, Side], ...] = (
                (task, later, "after"),
                (later, task, "before"),
            )
            for one, other, side in sides:
                if one.voyage is not None:
                    yield _margin(
                        one.voyage,
                        resource,
                        "between_duties",
                        side=side,
                        margin=have - need,
                        other=other.voyage,
                        **figures,
                    )
    if not day or day[0].voyage is None:
        return
    first = day[0].voyage
    if not is_on_its_way(first, day[0].need, resource.id):
        leaves_at = leaves_home_at(pool, resource, day[0])
        yield _margin(
            first, resource, "first_duty", side="before", margin=leaves_at, tick=leaves_at
        )


def _is_waived(pool: Pool, task: Task) -> bool:
    return task.voyage is not None and pool.id in task.voyage.movement.waived


def _time_off(pool: Pool, resource: Resource, day: list[Task]) -> Iterator[Margin]:
    for task in day:
        if task.voyage is None:
            continue
        home_at = task.end + pool.debrief_ticks + way_ticks(pool, task.to_place, resource.home)
        leaves_at = leaves_home_at(pool, resource, task)
        for off in resource.off:
            after, before = off.begin - home_at, leaves_at - off.end
            side: Side = "after" if after >= before else "before"
            yield _margin(
                task.voyage,
                resource,
                "off",
                side=side,
                margin=max(after, before),
                begin_tick=off.begin,
                end_tick=off.end,
            )
