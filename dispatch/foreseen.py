"""Answers about the plan in force as plain values: instants for ticks, names and whose they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from dispatch.entities import instant
from dispatch.framing import FramedProblem
from dispatch.framing.answers import read_params, read_reasons
from dispatch.framing.grid import TICK_S
from scheduler.certainty import Certainty, Spreads
from scheduler.margins import Margin
from scheduler.outcome import Reason, Unplaced
from scheduler.relaxing import Relaxation
from scheduler.what_if import Cost, Difference

Value = dict[str, Any]

MOST_KEYSTONES = 10
"""Nearly every delay hurts somebody; so many of the worst are told as keystones."""


def head(framed: FramedProblem) -> Value:
    """Return what an answer about the plan is about."""
    situation = framed.situation
    return {"plan_version": situation.plan_version, "at": instant(situation.now)}


def has_time(framed: FramedProblem, name: str) -> bool:
    """Tell whether a movement has a time: it was told one, or has begun."""
    movement = framed.movements[name].movement
    return movement.published is not None or movement.fixed is not None


def owners_of(framed: FramedProblem) -> dict[str, str]:
    """Return whose each movement is."""
    return {movement.id: movement.company for movement in framed.situation.movements}


def way_out_value(framed: FramedProblem, found: Relaxation) -> Value:
    """Return what would place a movement."""
    return {
        "code": found.code,
        "start_at": instant(framed.grid.instant(found.start)),
        "params": read_params(framed.grid, found.params),
    }


def margin_value(framed: FramedProblem, margin: Margin, owners: Mapping[str, str]) -> Value:
    """Return a distance to a limit; ticks are told as minutes."""
    unit, value = margin.unit, margin.margin
    if unit == "ticks":
        unit, value = "min", margin.margin * TICK_S // 60
    return {
        "rule": margin.rule,
        "code": margin.code,
        "side": margin.side,
        "margin": value,
        "unit": unit,
        "other": margin.other,
        "company": owners.get(margin.other or ""),
        "resource": margin.resource,
        "params": read_params(framed.grid, margin.params),
    }


def difference_value(framed: FramedProblem, one: Difference, owners: Mapping[str, str]) -> Value:
    """Return what would become of a movement."""

    def at(tick: int | None) -> str | None:
        return None if tick is None else instant(framed.grid.instant(tick))

    def place(mode: str | None) -> str | None:
        item = framed.movements.get(one.movement)
        variant = None if item is None or mode is None else item.variants.get(mode)
        return None if variant is None else variant.mode.to_place

    return {
        "movement_id": one.movement,
        "company": owners.get(one.movement),
        "from_at": at(one.start_before),
        "to_at": at(one.start_after),
        "from_berth": place(one.mode_before),
        "to_berth": place(one.mode_after),
        "crews_changed": list(one.crews_changed),
        "reasons": _reason_values(framed, one.reasons, owners),
    }


def left_out_value(framed: FramedProblem, one: Unplaced, owners: Mapping[str, str]) -> Value:
    """Return a movement that would have no time, and why."""
    return {
        "movement_id": one.movement,
        "company": owners.get(one.movement),
        "reasons": _reason_values(framed, one.reasons, owners),
    }


def _reason_values(
    framed: FramedProblem, reasons: Sequence[Reason], owners: Mapping[str, str]
) -> list[Value]:
    return [
        {
            "rule": reason.rule,
            "movements": list(reason.movements),
            "companies": [owners.get(name) for name in reason.movements],
            "resources": list(reason.resources),
            "params": dict(reason.params),
            "gain_min": reason.gain_min,
        }
        for reason in read_reasons(framed.grid, reasons)
    ]


def cost_value(cost: Cost) -> Value:
    """Return the price of a plan."""
    return {
        "unplaced": cost.unplaced,
        "late_min": cost.late_ticks,
        "weighted_late": cost.weighted_late,
        "total": cost.total,
    }


def certainty_value(framed: FramedProblem, answer: Certainty, spreads: Spreads) -> Value:
    """Return how certain the planned times are, with the tolerance that they were held against."""
    owners = owners_of(framed)
    return {
        **head(framed),
        "samples": answer.samples,
        "tolerance_min": spreads.tolerance_min,
        "movements": [
            {
                "movement_id": one.movement,
                "company": owners.get(one.movement),
                "holds": round(one.holds, 3),
                "delay_min": round(one.delay_min, 1),
                "late_min": round(one.late_min, 1),
                "caused_min": round(one.caused_min, 2),
            }
            for one in answer.chances
        ],
        "keystones": list(answer.keystones[:MOST_KEYSTONES]),
    }
