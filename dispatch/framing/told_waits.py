"""Whether why a movement waits, as it was told, can be taken to stand until a ship moves."""

from dispatch.movement import Movement
from scheduler import publishing


def waits_for(movement: Movement, waited_min: int) -> tuple[str, ...] | None:
    """Return the movements that all reasons of a wait name, or None where that is not all.

    Args:
        movement: With its published reasons.
        waited_min: From the first start that would do by now to the published one; a reason that
            promises to gain more has been overtaken by time, or by a later estimate.
    """
    if any(reason.gain_min > waited_min for reason in movement.wait_reasons):
        return None
    return publishing.waits_for(movement.wait_reasons)
