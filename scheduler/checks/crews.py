"""Teams and the days of their members, for any pool of resources."""

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.checks.counted import judge_counted
from scheduler.checks.sheet import Sheet, Voyage
from scheduler.outcome import Breach
from scheduler.problem import Need, Pool, Resource


@dataclass(frozen=True, slots=True)
class Task:
    """One duty of one resource, ``[begin, end)`` in ticks; without a voyage it is a past one."""

    begin: int
    end: int
    from_place: str
    to_place: str
    need: str
    voyage: Voyage | None


def judge_pool(sheet: Sheet, pool_id: str) -> Iterator[Breach]:
    """Report what is wrong with the teams of a pool and with the days of its resources."""
    pool = sheet.pools.get(pool_id)
    if pool is None:
        return
    if pool.counts:
        yield from judge_counted(sheet, pool)
        return
    for voyage in sheet.voyages.values():
        for need, team in _teams(sheet, pool, voyage):
            yield from _judge_fixed_team(pool, voyage, need, [member.id for member in team])
            yield from _judge_team(sheet, pool, voyage, need, team)
            yield from _judge_members(sheet, pool, voyage, need, team)
    for resource, day in days(sheet, pool):
        yield from _judge_row(sheet, pool, resource, day)
        yield from _judge_off(sheet, pool, resource, day)
        yield from _judge_load(sheet, pool, resource, day)
        yield from _judge_breaks(sheet, pool, resource, day)


def days(sheet: Sheet, pool: Pool) -> Iterator[tuple[Resource, list[Task]]]:
    """Yield each resource of a pool with its duties, past and planned, in their order."""
    tasks: dict[str, list[Task]] = {
        resource.id: [
            Task(past.span.begin, past.span.end, past.to_place, past.to_place, "", None)
            for past in resource.past
        ]
        for resource in sheet.problem.resources
    }
    for voyage in sheet.voyages.values():
        for need, team in _teams(sheet, pool, voyage):
            _lay_out_tasks(voyage, need, team, tasks)
    for resource in sheet.problem.resources:
        if resource.pool == pool.id:
            yield resource, sorted(tasks[resource.id], key=lambda task: (task.begin, task.end))


def _teams(sheet: Sheet, pool: Pool, voyage: Voyage) -> Iterator[tuple[Need, list[Resource]]]:
    for need in voyage.movement.needs:
        if need.pool == pool.id and any(duty.need == need.id for duty in voyage.mode.duties):
            yield need, _team(sheet, voyage, need)


def _team(sheet: Sheet, voyage: Voyage, need: Need) -> list[Resource]:
    for crew in voyage.crews:
        if crew.need == need.id:
            return [sheet.resources[name] for name in crew.resources if name in sheet.resources]
    return []


def _lay_out_tasks(
    voyage: Voyage, need: Need, team: list[Resource], tasks: dict[str, list[Task]]
) -> None:
    for duty in voyage.mode.duties:
        if duty.need == need.id:
            for member in {member.id for member in team}:
                tasks[member].append(
                    Task(
                        voyage.start + duty.begin,
                        voyage.start + duty.end,
                        duty.from_place,
                        duty.to_place,
                        need.id,
                        voyage,
                    )
                )


def _judge_team(
    sheet: Sheet, pool: Pool, voyage: Voyage, need: Need, team: list[Resource]
) -> Iterator[Breach]:
    most = need.count if need.pull_kg == 0 else need.max_count
    if most is None:
        most = need.count + 2
    if not need.count <= len(team) <= most:
        yield sheet.breach(
            pool.id,
            voyage,
            *team,
            code="count",
            need=need.id,
            have_count=len(team),
            need_count=need.count,
            limit_count=most,
        )
    pull_kg = sum(member.pull_kg for member in team)
    if pull_kg < need.pull_kg:
        yield sheet.breach(
            pool.id,
            voyage,
            *team,
            code="pull",
            need=need.id,
            have_kg=pull_kg,
            need_kg=need.pull_kg,
        )
    longest_ticks = max(
        duty.end - duty.begin for duty in voyage.mode.duties if duty.need == need.id
    )
    limit_ticks = pool.max_duty_ticks
    if limit_ticks is not None and longest_ticks > limit_ticks and len(team) < 2:
        yield sheet.breach(
            pool.id,
            voyage,
            *team,
            code="long_duty",
            need=need.id,
            have_ticks=longest_ticks,
            limit_ticks=limit_ticks,
        )


def _judge_members(
    sheet: Sheet, pool: Pool, voyage: Voyage, need: Need, team: list[Resource]
) -> Iterator[Breach]:
    for n, member in enumerate(team):
        if member in team[:n]:
            yield sheet.breach(pool.id, voyage, member, code="twice_in_team", need=need.id)
        if member.id in voyage.movement.barred:
            yield sheet.breach(pool.id, voyage, member, code="barred", need=need.id)
        if member.pool != need.pool:
            yield sheet.breach(
                pool.id, voyage, member, code="other_pool", need=need.id, pool=member.pool
            )
    if team and not any(_may_be_first(voyage, need, team, first) for first in range(len(team))):
        yield sheet.breach(pool.id, voyage, *team, code="class", need=need.id)


def _judge_fixed_team(pool: Pool, voyage: Voyage, need: Need, names: list[str]) -> Iterator[Breach]:
    """Report another team than the fixed one; that it has happened is no excuse (see frozen)."""
    fixed = voyage.movement.fixed
    for crew in fixed.crews if fixed is not None else ():
        if crew.need == need.id and set(crew.resources) != set(names):
            waived = pool.id in voyage.movement.waived and not voyage.actual
            yield Breach(
                rule=pool.id,
                movements=(voyage.id,),
                status="waived" if waived else "new",
                resources=tuple(sorted(set(names) ^ set(crew.resources))),
                params={"code": "fixed_team", "need": need.id},
            )


def _may_be_first(voyage: Voyage, need: Need, team: list[Resource], first: int) -> bool:
    member = team[first]
    ship = voyage.ship
    admits = ship.kind not in member.not_kinds and (
        member.below_loa_mm is None or ship.loa_mm < member.below_loa_mm
    )
    if need.first_admits and not admits:
        return False
    others = team[:first] + team[first + 1 :]
    return need.other_grade is None or all(other.grade <= need.other_grade for other in others)


def way_ticks(pool: Pool, from_place: str, to_place: str) -> int:
    """Tell the time from one of a pool's places to another."""
    if not pool.places:
        return 0
    return pool.travel_ticks[pool.places.index(from_place)][pool.places.index(to_place)]


def leaves_home_at(pool: Pool, resource: Resource, task: Task) -> int:
    """Tell the tick at which a resource leaves home for a duty."""
    travel_ticks = way_ticks(pool, resource.home, task.from_place)
    return task.begin - pool.early_ticks - travel_ticks - pool.make_ready_ticks


def _judge_row(sheet: Sheet, pool: Pool, resource: Resource, day: list[Task]) -> Iterator[Breach]:
    """Report duties without the time between them, and a first one too soon after tick 0."""
    for n, task in enumerate(day):
        for m, later in enumerate(day[n + 1 :], n + 1):
            lies_between = any(
                task.end <= middle.begin and middle.end <= later.begin
                for middle in _unwaived(pool, day[n + 1 : m])
            )
            if lies_between or (task.voyage is None and later.voyage is None):
                continue
            travel_ticks = way_ticks(pool, task.to_place, later.from_place)
            need_ticks = pool.debrief_ticks + travel_ticks + pool.early_ticks + pool.min_rest_ticks
            gap_ticks = later.begin - task.end
            if gap_ticks < need_ticks:
                voyages = [each.voyage for each in (task, later) if each.voyage is not None]
                yield sheet.breach(
                    pool.id,
                    *voyages,
                    resource,
                    code="between_duties",
                    need_ticks=need_ticks,
                    gap_ticks=gap_ticks,
                    travel_ticks=travel_ticks,
                )
    if day and day[0].voyage is not None:
        leaves_at = leaves_home_at(pool, resource, day[0])
        if leaves_at < 0 and not is_on_its_way(day[0].voyage, day[0].need, resource.id):
            yield sheet.breach(
                pool.id,
                day[0].voyage,
                resource,
                code="first_duty",
                need_ticks=day[0].begin - leaves_at,
                have_ticks=day[0].begin,
            )


def is_on_its_way(voyage: Voyage, need: str, resource: str) -> bool:
    """Tell whether the resource is fixed to the need, or was told of it for no later a start."""
    fixed, published = voyage.movement.fixed, voyage.movement.published
    crews = list(fixed.crews) if fixed is not None else []
    if published is not None and published.start <= voyage.start:
        crews += published.crews
    return any(crew.need == need and resource in crew.resources for crew in crews)


def _judge_off(sheet: Sheet, pool: Pool, resource: Resource, day: list[Task]) -> Iterator[Breach]:
    """Report duties from which the resource is not home, or for which it leaves, while off."""
    for task in day:
        if task.voyage is None:
            continue
        leaves_at = leaves_home_at(pool, resource, task)
        travel_ticks = way_ticks(pool, task.to_place, resource.home)
        home_at = task.end + pool.debrief_ticks + travel_ticks
        for off in resource.off:
            if home_at > off.begin and leaves_at < off.end:
                yield sheet.breach(
                    pool.id,
                    task.voyage,
                    resource,
                    code="off",
                    leaves_tick=leaves_at,
                    home_tick=home_at,
                    begin_tick=off.begin,
                    end_tick=off.end,
                )


def _judge_load(sheet: Sheet, pool: Pool, resource: Resource, day: list[Task]) -> Iterator[Breach]:
    """Report too many duties, and too little rest, within any rolling span."""
    if pool.max_duties is not None:
        for first in day:
            until = first.begin + pool.rolling_ticks
            begun = [task for task in day if first.begin <= task.begin < until]
            # A waiver covers its own ship: the others have to keep the limit by themselves.
            told = _unwaived(pool, begun)
            told = told if len(told) > pool.max_duties else begun
            if _is_planned(told) and len(told) > pool.max_duties:
                yield sheet.breach(
                    pool.id,
                    *(task.voyage for task in told if task.voyage is not None),
                    resource,
                    code="duties",
                    have_count=len(told),
                    limit_count=pool.max_duties,
                    begin_tick=first.begin,
                )
    if pool.min_rest_rolling_ticks > 0:
        yield from _judge_rest(sheet, pool, resource, day)


def _judge_rest(sheet: Sheet, pool: Pool, resource: Resource, day: list[Task]) -> Iterator[Breach]:
    # The time on duty in a sliding span is greatest where the span begins with a duty or ends
    # with one: in between, moving it one way or the other does not lessen it.
    limit_ticks = pool.rolling_ticks - pool.min_rest_rolling_ticks
    begins = {task.begin for task in day} | {task.end - pool.rolling_ticks for task in day}
    for begin in sorted(begins):
        end = begin + pool.rolling_ticks
        on_duty = [task for task in day if task.begin < end and begin < task.end]
        told = _unwaived(pool, on_duty)
        told = told if _ticks_within(told, begin, end) > limit_ticks else on_duty
        ticks = _ticks_within(told, begin, end)
        if _is_planned(told) and ticks > limit_ticks:
            yield sheet.breach(
                pool.id,
                *(task.voyage for task in told if task.voyage is not None),
                resource,
                code="rest",
                have_ticks=ticks,
                limit_ticks=limit_ticks,
                begin_tick=begin,
            )


def _judge_breaks(
    sheet: Sheet, pool: Pool, resource: Resource, day: list[Task]
) -> Iterator[Breach]:
    """Report planned breaks for which duties leave no time on end."""
    for pause in resource.breaks:
        begin, end = pause.span.begin, pause.span.end
        within = [task for task in day if task.begin < end and begin < task.end]
        told = _unwaived(pool, within)
        told = told if _longest_free(told, begin, end) < pause.ticks else within
        longest_ticks = _longest_free(told, begin, end)
        if _is_planned(told) and longest_ticks < pause.ticks:
            yield sheet.breach(
                pool.id,
                *(task.voyage for task in told if task.voyage is not None),
                resource,
                code="break",
                need_ticks=pause.ticks,
                have_ticks=longest_ticks,
                begin_tick=begin,
                end_tick=end,
            )


def _longest_free(tasks: list[Task], begin: int, end: int) -> int:
    # A free stretch begins with the span or with the end of a task that no other one covers.
    stretches = [0]
    for tick in [begin, *(task.end for task in tasks)]:
        if tick < end and not any(task.begin <= tick < task.end for task in tasks):
            following = [task.begin for task in tasks if task.begin > tick]
            stretches.append(min([end, *following]) - tick)
    return max(stretches)


def _ticks_within(tasks: list[Task], begin: int, end: int) -> int:
    return sum(min(task.end, end) - max(task.begin, begin) for task in tasks)


def _unwaived(pool: Pool, tasks: list[Task]) -> list[Task]:
    return [
        task for task in tasks if task.voyage is None or pool.id not in task.voyage.movement.waived
    ]


def _is_planned(tasks: list[Task]) -> bool:
    """Tell whether the plan has a part in it, and not only what was before."""
    return any(task.voyage is not None for task in tasks)
