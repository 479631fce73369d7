"""What is wrong with pools, resources, needs and fixed teams."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import fields

from scheduler.checks.counted import member_names
from scheduler.faults import Fault, all_known, known
from scheduler.problem import Crew, Mode, Movement, Need, Pool, Problem, Resource


def judge_resources(problem: Problem) -> Iterator[Fault]:
    """Judge the pools of a problem and who is in them."""
    pools = {pool.id: pool for pool in problem.pools}
    for n, pool in enumerate(problem.pools):
        yield from _pool(pool, f"/pools/{n}")
        yield from _counts(pool, f"/pools/{n}")
    for n, resource in enumerate(problem.resources):
        path = f"/resources/{n}"
        yield from known(f"{path}/pool", resource.pool, "pool", pools)
        pool = pools.get(resource.pool)
        if pool is not None:
            yield from _resource(pool, resource, path)


def _resource(pool: Pool, resource: Resource, path: str) -> Iterator[Fault]:
    if pool.counts:
        yield Fault(f"{path}/pool", "counted_pool", {"id": pool.id})
    elif pool.places:
        yield from known(f"{path}/home", resource.home, "place", pool.places)
        for k, past in enumerate(resource.past):
            yield from known(f"{path}/past/{k}/to_place", past.to_place, "place", pool.places)
    for k, pause in enumerate(resource.breaks):
        if pause.ticks > pause.span.end - pause.span.begin:
            told = {"ticks": pause.ticks, "span": pause.span.end - pause.span.begin}
            yield Fault(f"{path}/breaks/{k}/ticks", "break_longer_than_span", told)


def _counts(pool: Pool, path: str) -> Iterator[Fault]:
    """Judge a counted pool: its spans lie apart, and nothing is told of its members."""
    if not pool.counts:
        return
    plain = Pool(id=pool.id, counts=pool.counts)
    for part in fields(Pool):
        if getattr(pool, part.name) != getattr(plain, part.name):
            yield Fault(f"{path}/{part.name}", "counted_pool", {"id": pool.id})
    until: int | None = None
    for n, count in enumerate(pool.counts):
        if until is not None and count.span.begin < until:
            told = {"begin": count.span.begin, "end_before": until}
            yield Fault(f"{path}/counts/{n}/span/begin", "overlaps", told)
        until = count.span.end


def _pool(pool: Pool, path: str) -> Iterator[Fault]:
    size = len(pool.places)
    if len(set(pool.places)) != size:
        yield Fault(f"{path}/places", "duplicate_id")
    if len(pool.travel_ticks) != size:
        told = {"rows": len(pool.travel_ticks), "places": size}
        yield Fault(f"{path}/travel_ticks", "matrix_not_square", told)
    for n, row in enumerate(pool.travel_ticks):
        if len(row) != size:
            told = {"columns": len(row), "places": size}
            yield Fault(f"{path}/travel_ticks/{n}", "matrix_not_square", told)
    if pool.min_rest_rolling_ticks > pool.rolling_ticks:
        told = {"rest": pool.min_rest_rolling_ticks, "rolling": pool.rolling_ticks}
        yield Fault(f"{path}/min_rest_rolling_ticks", "rest_longer_than_span", told)


def judge_needs(movement: Movement, path: str, pools: Mapping[str, Pool]) -> Iterator[Fault]:
    """Judge what a movement asks of the pools."""
    counted: set[str] = set()
    for k, need in enumerate(movement.needs):
        yield from known(f"{path}/needs/{k}/pool", need.pool, "pool", pools)
        if need.max_count is not None and need.max_count < need.count:
            told = {"count": need.count, "max_count": need.max_count}
            yield Fault(f"{path}/needs/{k}/max_count", "fewer_than_count", told)
        if need.pool not in pools or not pools[need.pool].counts:
            continue
        if need.pool in counted:
            yield Fault(f"{path}/needs/{k}/pool", "counted_twice", {"id": need.pool})
        counted.add(need.pool)
        plain = Need(id=need.id, pool=need.pool, count=need.count)
        for part in fields(Need):
            if getattr(need, part.name) != getattr(plain, part.name):
                yield Fault(f"{path}/needs/{k}/{part.name}", "counted_pool", {"id": need.pool})


def judge_crews(
    movement: Movement,
    crews: Sequence[Crew],
    path: str,
    resources: Container[str],
    pools: Mapping[str, Pool],
) -> Iterator[Fault]:
    """Judge the teams that are fixed for a movement."""
    needs = {need.id: need for need in movement.needs}
    seen: set[str] = set()
    for n, crew in enumerate(crews):
        yield from known(f"{path}/{n}/need", crew.need, "need", needs)
        need = needs.get(crew.need)
        if need is not None and need.pool in pools and pools[need.pool].counts:
            names = member_names(pools[need.pool], need)
            if sorted(crew.resources) != sorted(names):
                told = {"count": need.count, "first": f"{need.pool}/1"}
                yield Fault(f"{path}/{n}/resources", "not_its_number", told)
        else:
            yield from all_known(f"{path}/{n}/resources", crew.resources, "resource", resources)
        if crew.need in seen:
            yield Fault(f"{path}/{n}/need", "duplicate_id", {"id": crew.need})
        seen.add(crew.need)


def judge_row(
    movement: Movement, mode: Mode, path: str, pools: Mapping[str, Pool]
) -> Iterator[Fault]:
    """Judge whether one team can do all duties of a need: they lie as they lie in the mode."""
    needs = {need.id: need.pool for need in movement.needs}
    for n, duty in enumerate(mode.duties):
        pool = pools.get(needs.get(duty.need, ""))
        if pool is None or pool.counts or pool.id in movement.waived:
            continue
        for other in mode.duties[:n]:
            if other.need == duty.need:
                first, then = sorted((other, duty), key=lambda each: (each.begin, each.end))
                travel_ticks = _travel_ticks(pool, first.to_place, then.from_place)
                if travel_ticks is None:
                    continue  # a place that is not known is told of by itself
                need_ticks = pool.debrief_ticks + travel_ticks + pool.early_ticks
                need_ticks += pool.min_rest_ticks
                if then.begin - first.end < need_ticks:
                    told = {"gap": then.begin - first.end, "need": need_ticks}
                    yield Fault(f"{path}/duties/{n}", "duties_too_close", told)


def _travel_ticks(pool: Pool, from_place: str, to_place: str) -> int | None:
    if not pool.places:
        return 0
    if from_place not in pool.places or to_place not in pool.places:
        return None
    row, column = pool.places.index(from_place), pool.places.index(to_place)
    known_row = pool.travel_ticks[row] if row < len(pool.travel_ticks) else ()
    return known_row[column] if column < len(known_row) else None
