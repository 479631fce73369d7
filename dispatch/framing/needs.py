"""Which pilots and tugs a movement takes, from when to when, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.framing.grid import minutes
from dispatch.framing.passages import Timing
from dispatch.movement import Movement, ServiceKind
from dispatch.port import Port, TugOperation, TugRequirement
from scheduler.problem import Duty, Need

PILOTS = "pilots"
TUGS = "tugs"

BERTHING = {False: "tugs-berthing", True: "tugs-anchoring"}
"""Need at the place where it ends, by whether that is an anchorage."""
UNBERTHING = {False: "tugs-unberthing", True: "tugs-weighing"}
"""Need at the place that it leaves, by whether that is an anchorage."""
ESCORT = "tugs-escort"

SERVICE_KINDS = {PILOTS: ServiceKind.PILOTAGE, TUGS: ServiceKind.TOWAGE}
"""The kind of service that a pool gives."""


@dataclass(frozen=True, slots=True)
class Work:
    """The needs that one way of making a movement has, each with its duty."""

    needs: tuple[Need, ...]
    duties: tuple[Duty, ...]


class Services:
    """Needs and duties of one movement."""

    def __init__(self, port: Port, movement: Movement, *, draught_m: float, piloted: bool) -> None:
        """Take the movement with its draught in the port's own water."""
        self._port = port
        self._vessel = movement.vessel
        self._draught_m = draught_m
        self._piloted = piloted
        self._more_tugs = sum(
            condition.count for condition in movement.conditions if condition.kind == "extra_tug"
        )

    def work(self, timing: Timing) -> Work:
        """Return what a passage with these times needs."""
        pairs: list[tuple[Need, Duty]] = []
        if self._piloted:
            pairs.append(self._pilotage(timing))
        pairs += self._towage(timing)
        return Work(tuple(need for need, _ in pairs), tuple(duty for _, duty in pairs))

    def _pilotage(self, timing: Timing) -> tuple[Need, Duty]:
        """Return the pilots: they board before a ship leaves a place, and first thing at sea."""
        boarding = minutes(self._port.service_times.pilot_boarding_min)
        begin = 0 if timing.route.from_place is None else -boarding
        # all the time on board counts: the scheduler lets no single pilot do more than the limit
        requirement = self._port.pilot_requirement(self._vessel, (timing.end - begin) / 60.0)
        ranks = {item.class_id: item.rank for item in self._port.pilotage.classes}
        own_limits = [
            item.class_id
            for item in self._port.pilotage.classes
            if item.admits(loa_m=self._vessel.loa_m, vessel_type=self._vessel.vessel_type)
        ]
        other_grade = max((ranks[item] for item in requirement.second_classes), default=None)
        if len(requirement.first_classes) < len(own_limits):
            # the rule asks more of the first pilot than his own limits do; asked of the others
            # too, it holds for whoever goes first
            other_grade = max((ranks[item] for item in requirement.first_classes), default=1)
        count = requirement.count
        need = Need(
            id=PILOTS if count == 1 else f"{PILOTS}-{count}",
            pool=PILOTS,
            count=count,
            first_admits=True,
            other_grade=other_grade,
        )
        duty = Duty(
            need=need.id,
            begin=begin,
            end=timing.end,
            from_place=timing.route.from_node,
            to_place=timing.route.to_node,
        )
        return need, duty

    def _towage(self, timing: Timing) -> list[tuple[Need, Duty]]:
        route = timing.route
        pairs: list[tuple[Need, Duty]] = []
        escorts: list[TugRequirement] = []
        if route.from_place is not None:
            anchored = route.from_place in self._port.anchorages
            asked = self._tugs(TugOperation.WEIGH if anchored else TugOperation.UNBERTH)
            escorts.append(asked)
            pairs += self._at(UNBERTHING[anchored], asked, 0, timing.clear, route.from_node)
        if route.to_place is not None:
            anchored = route.to_place in self._port.anchorages
            asked = self._tugs(TugOperation.ANCHOR if anchored else TugOperation.BERTH)
            escorts.append(asked)
            pairs += self._at(BERTHING[anchored], asked, timing.arrive, timing.end, route.to_node)
        return pairs + self._escort(timing, escorts)

    def _tugs(self, operation: TugOperation) -> TugRequirement:
        return self._port.tug_requirement(operation, self._vessel, self._draught_m)

    def _at(
        self, need_id: str, asked: TugRequirement, begin: int, end: int, node: str
    ) -> list[tuple[Need, Duty]]:
        count = asked.count + self._more_tugs
        if count == 0:
            return []
        need = Need(
            id=need_id,
            pool=TUGS,
            count=count,
            pull_kg=round(asked.min_total_pull_t * 1000),
        )
        return [(need, Duty(need=need_id, begin=begin, end=end, from_place=node, to_place=node))]

    def _escort(self, timing: Timing, asked: Sequence[TugRequirement]) -> list[tuple[Need, Duty]]:
        """Return the escort: alongside from the first to the last of its segments."""
        count = max((item.escort_count for item in asked), default=0)
        segments = {name for item in asked for name in item.escort_segments}
        reach = [
            (leg, way)
            for leg, way in zip(timing.legs, timing.route.legs, strict=True)
            if leg.segment in segments
        ]
        if count == 0 or not reach:
            return []
        (first, way_in), (last, way_out) = reach[0], reach[-1]
        duty = Duty(
            need=ESCORT,
            begin=first.enter,
            end=last.leave,
            from_place=way_in.enters_at,
            to_place=way_out.leaves_at,
        )
        return [(Need(id=ESCORT, pool=TUGS, count=count), duty)]
