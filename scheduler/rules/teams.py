"""What a need asks of a team, whatever its pool."""

from scheduler.problem import Movement, Need, Resource, Ship
from scheduler.tables import Tables
from scheduler.ways import Demand


def admits(resource: Resource, ship: Ship) -> bool:
    """Whether a resource may be first of the team on a ship."""
    short_enough = resource.below_loa_mm is None or ship.loa_mm < resource.below_loa_mm
    return short_enough and ship.kind not in resource.not_kinds


def demand(
    tables: Tables, movement: Movement, need: Need, duty_ticks: int, resources: list[Resource]
) -> Demand:
    """Number, pull and qualifications; a duty too long for one is shared by two."""
    pool = tables.pools[need.pool]
    if pool.counts:
        return Demand(need.count, need.count, 0, None, (True,) * len(resources))
    shared = pool.max_duty_ticks is not None and duty_ticks > pool.max_duty_ticks
    least = max(need.count, 2) if shared else need.count
    most = need.count
    if need.pull_kg:
        most = need.count + 2 if need.max_count is None else need.max_count
    free = [resource.id not in movement.barred for resource in resources]
    ship = tables.problem.ships[tables.ship_index[movement.ship]]
    first = None
    if need.first_admits or need.other_grade is not None:
        first = tuple(
            ok and (not need.first_admits or admits(resource, ship))
            for ok, resource in zip(free, resources, strict=True)
        )
    others = tuple(
        ok and (need.other_grade is None or resource.grade <= need.other_grade)
        for ok, resource in zip(free, resources, strict=True)
    )
    return Demand(least, most, need.pull_kg, first, others)
