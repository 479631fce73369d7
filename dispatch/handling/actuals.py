"""What the events of a movement say: actual times and state, derived, never kept apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from dispatch.declaration import MovementKind
from dispatch.entities import instant
from dispatch.errors import EventOutOfOrder
from dispatch.lifecycle import EVENTS
from dispatch.movement import Event, EventKind, MovementState


@dataclass(frozen=True, slots=True, kw_only=True)
class Actuals:
    """Actual start and end, None where not reported."""

    start_at: datetime | None
    end_at: datetime | None

    def state(self, *, planned: bool) -> MovementState:
        """Return how far the movement has come."""
        if self.end_at is not None and self.start_at is not None:
            return MovementState.COMPLETED
        if self.start_at is not None:
            return MovementState.UNDER_WAY
        return MovementState.PLANNED if planned else MovementState.DECLARED


def derive(events: Iterable[Event], kind: MovementKind) -> Actuals:
    """Derive the actual times from the reports that hold.

    An end without a start is no end: the movement is still where its start says.
    """
    order = EVENTS[kind]
    holding = [event for event in events if event.holds]
    starts = [event.actual_at for event in holding if event.kind in order.starts]
    ends = [event.actual_at for event in holding if event.kind in order.ends]
    start_at = min(starts, default=None)
    return Actuals(start_at=start_at, end_at=min(ends, default=None) if starts else None)


def require_order(events: Iterable[Event], kind: MovementKind) -> None:
    """Require that the reports that hold follow each other as they can have happened.

    Equal times are in order: crews report to the minute.

    Raises:
        EventOutOfOrder: with the two events that contradict each other.
    """
    order = EVENTS[kind]
    stage_of = {event: index for index, stage in enumerate(order.stages) for event in stage}
    holding = [event for event in events if event.holds]
    staged = sorted(
        (event for event in holding if event.kind in stage_of),
        key=lambda event: (stage_of[event.kind], event.actual_at),
    )
    for earlier, later in pairwise(staged):
        if later.actual_at < earlier.actual_at:
            _refuse(earlier, later)
    for event in holding:
        if event.kind is EventKind.TUGS_DISMISSED:
            for stood_by in holding:
                if (
                    stood_by.kind is EventKind.TUGS_STAND_BY
                    and stood_by.organisation == event.organisation
                    and event.actual_at < stood_by.actual_at
                ):
                    _refuse(stood_by, event)


def _refuse(earlier: Event, later: Event) -> None:
    raise EventOutOfOrder(
        f"{later.kind} before {earlier.kind}",
        context={
            "earlier": earlier.kind.value,
            "earlier_at": instant(earlier.actual_at),
            "later": later.kind.value,
            "later_at": instant(later.actual_at),
        },
    )
