"""The sample days as situations, as the store would read them."""

from datetime import datetime, timedelta
from functools import cache

from dispatch.declaration import DeclarationPlan
from dispatch.intake import read_plan
from dispatch.movement import Call, Movement
from dispatch.port import Port, load_port, sample_day
from dispatch.situation import Outage, Restriction, Situation


@cache
def port(name: str = "guangzhou") -> Port:
    return load_port(name)


@cache
def plans(day: str, port_name: str = "guangzhou") -> tuple[DeclarationPlan, ...]:
    of = port(port_name)
    sample = sample_day(of, day)
    return tuple(
        read_plan(path.read_bytes(), path.name, port=of, company=company, now=sample.starts_at)
        for company, path in sample.spreadsheets.items()
    )


def situation(
    day: str, *, now: datetime | None = None, before_h: float = 0.0, port_name: str = "guangzhou"
) -> Situation:
    """Return a day as nine companies have declared it, read at its midnight by default."""
    of = port(port_name)
    sample = sample_day(of, day)
    calls: list[Call] = []
    movements: list[Movement] = []
    for plan_number, plan in enumerate(plans(day, port_name), start=1):
        for call_plan in plan.calls:
            call_id = f"C{len(calls) + 1}"
            ids: list[str] = []
            for sequence, asked in enumerate(call_plan.movements):
                movement = Movement(
                    id=f"M{len(movements) + 1}",
                    call_id=call_id,
                    declaration_id=f"D{plan_number}",
                    company=plan.company,
                    sequence=sequence,
                    vessel=call_plan.vessel,
                    asked=asked,
                    priority=asked.priority or 3,
                )
                movements.append(movement)
                ids.append(movement.id)
            calls.append(
                Call(
                    id=call_id,
                    company=plan.company,
                    call_ref=call_plan.call_ref,
                    vessel=call_plan.vessel,
                    alongside=call_plan.alongside,
                    movement_ids=tuple(ids),
                )
            )
    return Situation(
        now=now or sample.starts_at - timedelta(hours=before_h),
        offset=len(plans(day, port_name)),
        plan_version=0,
        calls=tuple(calls),
        movements=tuple(movements),
        services=(),
        restrictions=tuple(_restrictions(day, port_name)),
        outages=tuple(
            Outage(
                id=f"O{number}",
                resource_id=item.resource_id,
                from_at=item.from_at,
                to_at=item.to_at,
                reason=item.reason.en,
            )
            for number, item in enumerate(sample.outages, start=1)
        ),
    )


def _restrictions(day: str, port_name: str) -> list[Restriction]:
    conditions = sample_day(port(port_name), day).conditions
    found = [("wind", item, item.wind_mps, (), None) for item in conditions.wind]
    found += [
        ("visibility", item, item.visibility_m, item.segments, None)
        for item in conditions.visibility
    ]
    found += [("closure", item, None, item.segments, None) for item in conditions.closures]
    found += [
        ("water_level", item, item.offset_m, (), item.station_id)
        for item in conditions.water_levels
    ]
    return [
        Restriction(
            id=f"R{number}",
            kind=kind,
            from_at=item.from_at,
            to_at=item.to_at,
            segments=segments,
            place=place,
            value=value,
        )
        for number, (kind, item, value, segments, place) in enumerate(found, start=1)
    ]
