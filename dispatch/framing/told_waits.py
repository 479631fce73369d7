"""Whether why a movement waits, as it was told, can be taken to stand until a ship moves."""

from dispatch.movement import Movement
from scheduler import rules

_WINDOWS = frozenset(rule.name for rule in rules.WINDOWS)
AMONG_SHIPS = (
    frozenset(rule.name for rule in (*rules.SEPARATIONS, *rules.OCCUPANCIES, *rules.SEQUENCES))
    - _WINDOWS
)
"""Rules whose word follows from where ships are. What weather, water, closures and teams have to
say may change while no ship moves."""


def waits_for(movement: Movement, waited_min: int) -> tuple[str, ...] | None:
    """Return the movements that all reasons of a wait name, or None where that is not all.

    Args:
        movement: With its published reasons.
        waited_min: From the first start that would do by now to the published one; a reason that
            promises to gain more has been overtaken by time, or by a later estimate.
    """
    reasons = movement.wait_reasons
    if not reasons or not all(
        reason.rule in AMONG_SHIPS and reason.movements and reason.gain_min <= waited_min
        for reason in reasons
    ):
        return None
    return tuple(dict.fromkeys(name for reason in reasons for name in reason.movements))
