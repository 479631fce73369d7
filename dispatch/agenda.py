"""What time itself brings: starts that pass unreported, movements in sight, other rules."""

import math
from datetime import datetime, timedelta

from dispatch.framing.rule_days import rule_changes
from dispatch.movement import Movement, MovementState
from dispatch.policy import Policy
from dispatch.port import Port
from dispatch.situation import Situation

IN_SIGHT = "in_sight"
RULES_CHANGED = "rules_changed"


class Agenda:
    """Knows when something falls due that no fact tells of."""

    def __init__(self, policy: Policy, port: Port) -> None:
        """Take grace and horizon from the policy, and the days of its rules from the port."""
        self._port = port
        self._days_ahead = math.ceil(policy.horizon_h / 24)
        self._grace = timedelta(minutes=policy.overdue_grace_min)
        self._ahead = timedelta(hours=policy.horizon_h)
        self._due: list[tuple[datetime, str]] = []
        self._told: set[tuple[str, datetime]] = set()

    @property
    def next_at(self) -> datetime | None:
        """When the next thing falls due."""
        return self._due[0][0] if self._due else None

    def is_due(self, now: datetime) -> bool:
        """Tell whether anything is due."""
        return bool(self._due) and self._due[0][0] <= now

    def note(self, situation: Situation) -> None:
        """Read from a situation what will fall due."""
        changes = rule_changes(self._port, situation.now, self._days_ahead)
        due = [(at, RULES_CHANGED) for at in changes]
        for movement in situation.movements:
            start_at = self._waits_from(movement)
            if start_at is not None:
                if (movement.id, start_at) not in self._told:
                    due.append((start_at + self._grace, movement.id))
            elif movement.state is MovementState.DECLARED:
                wanted_at = movement.estimated_at or movement.asked.requested_at
                if wanted_at - self._ahead > situation.now:
                    due.append((wanted_at - self._ahead, IN_SIGHT))
        self._due = sorted(due)

    def look(self, situation: Situation) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return what is due now, each only once.

        Returns:
            The movements that are overdue, and what else makes another plan necessary.
        """
        now = situation.now
        causes = {what for at, what in self._due if at <= now} & {IN_SIGHT, RULES_CHANGED}
        overdue: list[str] = []
        for movement in situation.movements:
            start_at = self._waits_from(movement)
            if start_at is None or (movement.id, start_at) in self._told:
                continue
            if start_at + self._grace <= now:
                self._told.add((movement.id, start_at))
                overdue.append(movement.id)
        self.note(situation)
        return tuple(overdue), frozenset(causes)

    @staticmethod
    def _waits_from(movement: Movement) -> datetime | None:
        """Return the planned start of a movement that has not begun."""
        if movement.state is not MovementState.PLANNED or movement.planned is None:
            return None
        return movement.planned.start_at
