"""The time that the members of a team have before and after a duty."""

from collections.abc import Iterator

from scheduler.checks.sheet import Sheet, Voyage
from scheduler.margins.margin import Margin, Side
from scheduler.problem import Duty, Pool, Resource

_Task = tuple[int, int, str, str, str, Voyage | None]
"""Begin, end, where from, where to, need; without a voyage it is a past duty."""


def crews(sheet: Sheet) -> Iterator[Margin]:
    """Yield each member's ticks to spare to its duties before and after, to home and to time off.

    Limits on counts, classes, pulls and rest are not told: they are not of one movement alone.
    """
    days = _days(sheet)
    for resource in sheet.problem.resources:
        day = days[resource.id]
        pool = sheet.pools.get(resource.pool)
        if pool is not None and not pool.counts and day:
            day.sort(key=lambda task: (task[0], task[1]))
            yield from _in_a_row(pool, resource, day)
            yield from _time_off(pool, resource, day)


def _days(sheet: Sheet) -> dict[str, list[_Task]]:
    days: dict[str, list[_Task]] = {
        resource.id: [
            (past.span.begin, past.span.end, past.to_place, past.to_place, "", None)
            for past in resource.past
        ]
        for resource in sheet.problem.resources
    }
    pools = {resource.id: resource.pool for resource in sheet.problem.resources}
    for voyage in sheet.voyages.values():
        of_need = {need.id: need.pool for need in voyage.movement.needs}
        told: set[str] = set()
        for crew in voyage.crews:
            if crew.need not in of_need or crew.need in told:
                continue
            told.add(crew.need)
            for name in dict.fromkeys(crew.resources):
                if pools.get(name) == of_need[crew.need]:
                    days[name] += [
                        _task(voyage, duty) for duty in voyage.mode.duties if duty.need == crew.need
                    ]
    return days


def _task(voyage: Voyage, duty: Duty) -> _Task:
    begin, end = voyage.start + duty.begin, voyage.start + duty.end
    return begin, end, duty.from_place, duty.to_place, duty.need, voyage


def _travel(pool: Pool, from_place: str, to_place: str) -> int:
    if not pool.places:
        return 0
    return pool.travel_ticks[pool.places.index(from_place)][pool.places.index(to_place)]


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


def _in_a_row(pool: Pool, resource: Resource, day: list[_Task]) -> Iterator[Margin]:
    """Yield the time between duties with none that counts between them, and before the first."""
    for n, (_, end, _, to_place, _, voyage) in enumerate(day):
        for m, (begin, _, from_place, _, _, later) in enumerate(day[n + 1 :], n + 1):
            if any(
                end <= middle[0] and middle[1] <= begin and not _is_waived(pool, middle)
                for middle in day[n + 1 : m]
            ):
                continue
            need = pool.debrief_ticks + _travel(pool, to_place, from_place)
            need += pool.early_ticks + pool.min_rest_ticks
            have = begin - end
            figures = {"need_ticks": need, "have_ticks": have, "tick": begin}
            if voyage is not None:
                yield _margin(
                    voyage,
                    resource,
                    "between_duties",
                    side="after",
                    margin=have - need,
                    other=later,
                    **figures,
                )
            if later is not None:
                yield _margin(
                    later,
                    resource,
                    "between_duties",
                    side="before",
                    margin=have - need,
                    other=voyage,
                    **figures,
                )
    first = day[0][5]
    if first is not None and not _on_its_way(first, day[0][4], resource.id):
        leaves_at = _leaves_at(pool, resource, day[0])
        yield _margin(
            first, resource, "first_duty", side="before", margin=leaves_at, tick=leaves_at
        )


def _is_waived(pool: Pool, task: _Task) -> bool:
    return task[5] is not None and pool.id in task[5].movement.waived


def _leaves_at(pool: Pool, resource: Resource, task: _Task) -> int:
    travel = _travel(pool, resource.home, task[2])
    return task[0] - pool.early_ticks - travel - pool.make_ready_ticks


def _on_its_way(voyage: Voyage, need: str, resource: str) -> bool:
    fixed, told = voyage.movement.fixed, voyage.movement.published
    crews = () if fixed is None else fixed.crews
    if told is not None and told.start <= voyage.start:
        crews += told.crews
    return any(crew.need == need and resource in crew.resources for crew in crews)


def _time_off(pool: Pool, resource: Resource, day: list[_Task]) -> Iterator[Margin]:
    for task in day:
        voyage = task[5]
        if voyage is None:
            continue
        home_at = task[1] + pool.debrief_ticks + _travel(pool, task[3], resource.home)
        leaves_at = _leaves_at(pool, resource, task)
        for off in resource.off:
            after, before = off.begin - home_at, leaves_at - off.end
            side: Side = "after" if after >= before else "before"
            yield _margin(
                voyage,
                resource,
                "off",
                side=side,
                margin=max(after, before),
                begin_tick=off.begin,
                end_tick=off.end,
            )
