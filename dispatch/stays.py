"""Where the ships of a call lie, and when, as entity values."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dispatch.entities import Value, instant, stretch_m
from dispatch.movement import Call, Movement


def _start_of(movement: Movement) -> tuple[datetime, bool]:
    """When a ship leaves where it is for a movement, and whether that is only an estimate."""
    if movement.actual_start_at is not None:
        return movement.actual_start_at, False
    if movement.planned is not None:
        return movement.planned.start_at, False
    asked_at = movement.asked.requested_at
    return max(asked_at, movement.estimated_at or asked_at), True


def stay_values(call: Call, movements: Sequence[Movement]) -> dict[str, Value]:
    """Return where the ship of a call lies and when, by stay id.

    A stay's id is that of the movement that brings the ship, or of the call where she lay when it
    was declared. It ends when the next movement starts; where none is asked for, it is estimated
    from the service time or the company's estimate (``to_at`` null where there is neither).

    Args:
        call: The call.
        movements: Its movements that are not withdrawn, in order.
    """
    stays: dict[str, Value] = {}
    if call.alongside is not None:
        lying = call.alongside
        stays[call.id] = {
            "place": lying.place,
            "from_at": instant(lying.since_at),
            "to_at": instant(lying.expected_departure_at),
            "stretch": stretch_m(lying.stretch),
            "estimated": True,
        }
    open_id = call.id if stays else None
    for movement in movements:
        start_at, estimated = _start_of(movement)
        if open_id is not None:
            stays[open_id] |= {"to_at": instant(start_at), "estimated": estimated}
        open_id = None
        planned = movement.planned
        if planned is None or planned.to_place is None or movement.asked.kind == "exit":
            continue
        from_at = movement.actual_end_at or planned.end_at
        leaves_at = from_at + timedelta(minutes=movement.asked.service_min)
        stays[movement.id] = {
            "place": planned.to_place,
            "from_at": instant(from_at),
            "to_at": instant(leaves_at) if movement.asked.service_min else None,
            "stretch": stretch_m(planned.stretch),
            "estimated": True,
        }
        open_id = movement.id
    told = {"company": call.company, "call_id": call.id, "vessel_name": call.vessel.name}
    return {stay_id: {"id": stay_id, **stay, **told} for stay_id, stay in stays.items()}
