"""What the framing of every movement shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from dispatch.framing.grid import Grid, minutes, up
from dispatch.framing.modes import ModeMaker
from dispatch.framing.passages import Sailing, sailing_times
from dispatch.framing.rule_days import RuleDays
from dispatch.framing.visibility import VisibilityAt
from dispatch.framing.waterways import slow_rule
from dispatch.movement import Movement, Service, ServiceKind
from dispatch.policy import Policy
from dispatch.port import Port
from dispatch.situation import Situation
from scheduler import problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A situation, looked up in every way that framing asks.

    Attributes:
        days: The port's own days, by the rules in force on them.
        ruled: Further days whose rules some movements keep to; see ``frame``.
        visibility: As the scheduler is told of it, from now on.
        seen: The same with what is past.
        out: When each resource on duty is out of service.
        freed: Movements whose start has just passed and which are planned anew all the same.
        yielding: Departures from berths that a ship under way is bound for; see ``frame``.
    """

    port: Port
    policy: Policy
    grid: Grid
    days: RuleDays
    visibility: VisibilityAt
    seen: VisibilityAt
    slow_visibility_m: int
    by_id: Mapping[str, Movement]
    services_of: Mapping[str, tuple[Service, ...]]
    out: Mapping[str, tuple[problem.Interval, ...]] = field(default_factory=dict)
    freed: frozenset[str] = frozenset()
    yielding: frozenset[str] = frozenset()
    ruled: Mapping[str, frozenset[date]] = field(default_factory=dict)
    _sailing: dict[tuple[str, frozenset[date]], Sailing] = field(
        default_factory=dict[tuple[str, frozenset[date]], Sailing]
    )

    def days_of(self, movement: Movement) -> frozenset[date]:
        """Return the days whose rules a movement keeps to."""
        return self.days.of(movement) | self.ruled.get(movement.id, frozenset())

    def maker(self, movement: Movement, from_places: Sequence[str]) -> ModeMaker:
        """Return the maker of a movement's modes; see ``ModeMaker``."""
        days = self.days_of(movement)
        key = self.port.ship_class(movement.vessel.vessel_type), days
        sailing = self._sailing.get(key)
        if sailing is None:
            sailing = sailing_times(self.port, *key)
            self._sailing[key] = sailing
        return ModeMaker(self.port, movement, days, sailing, from_places)

    def known(self, resources: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of some resources that the port still has on duty."""
        return tuple(resource for resource in resources if resource in self.out)

    def is_out(self, resource: str, begin: int, end: int) -> bool:
        """Tell whether a resource is out of service in any tick of ``[begin, end)``."""
        spans = self.out.get(resource, ())
        return any(span.begin < end and begin < span.end for span in spans)

    def sets_out(self, service: Service, begin: int) -> int:
        """Return the tick at which a crew leaves home for a job that begins at a tick."""
        port = self.port
        if service.kind is ServiceKind.PILOTAGE:
            stations = {item.pilot_id: item.station_id for item in port.pilotage.pilots}
            home = stations.get(service.resource_id)
            if home is None or service.from_place not in port.pilotage.transfer_min[home]:
                return begin
            return begin - up(port.pilot_transfer_min(home, service.from_place))
        bases = {item.base_id: item.node_id for item in port.towage.bases}
        homes = {item.tug_id: bases[item.base_id] for item in port.towage.tugs}
        home = homes.get(service.resource_id)
        if home is None or service.from_place not in port.nodes:
            return begin
        ready = minutes(port.service_times.tug_early_min + port.service_times.tug_make_ready_min)
        return begin - port.tug_running_min(home, service.from_place) - ready


def make_context(
    situation: Situation,
    port: Port,
    policy: Policy,
    *,
    visibility: tuple[problem.Visibility, ...],
    seen: tuple[problem.Visibility, ...],
    resources: tuple[problem.Resource, ...],
    grid: Grid,
    freed: frozenset[str],
    yielding: frozenset[str],
    ruled: Mapping[str, frozenset[date]],
) -> Context:
    """Look a situation up."""
    days = RuleDays(port, grid)
    rule = slow_rule(port, days.all)
    slow_m = 0 if rule is None else round(rule.number("visibility_below_m"))
    services_of: dict[str, tuple[Service, ...]] = {}
    for service in situation.services:
        services_of[service.movement_id] = (*services_of.get(service.movement_id, ()), service)
    return Context(
        port=port,
        policy=policy,
        grid=grid,
        days=days,
        visibility=VisibilityAt(visibility, slow_m),
        seen=VisibilityAt(seen, slow_m),
        slow_visibility_m=slow_m,
        by_id={movement.id: movement for movement in situation.movements},
        services_of=services_of,
        out={item.id: item.off for item in resources},
        freed=freed,
        yielding=yielding,
        ruled=ruled,
    )
