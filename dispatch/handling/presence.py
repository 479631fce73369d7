"""When a ship is in the port, by what is asked for and by what is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.declaration import CallPlan
from dispatch.movement import Call, Movement, finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """``[from_at, to_at)``; None is open: she was always here, or stays for good."""

    from_at: datetime | None
    to_at: datetime | None

    def overlaps(self, other: "Span") -> bool:
        """Tell whether there is a time that is in both."""
        return _before(self.from_at, other.to_at) and _before(other.from_at, self.to_at)


def _before(from_at: datetime | None, to_at: datetime | None) -> bool:
    return from_at is None or to_at is None or from_at < to_at


def same_ship(call: Call | CallPlan, other: Call | CallPlan) -> bool:
    """Tell whether two calls are of one ship: by IMO number, else by MMSI."""
    if call.vessel.imo and other.vessel.imo:
        return call.vessel.imo == other.vessel.imo
    return bool(call.vessel.mmsi) and call.vessel.mmsi == other.vessel.mmsi


def span_asked(call: CallPlan) -> Span:
    """Return when a ship is here by what is asked for."""
    starts = [item.requested_at for item in call.movements[:1]]
    ends = [
        last.requested_at + timedelta(minutes=0 if last.kind == "exit" else last.service_min)
        for last in call.movements[-1:]
    ]
    return _with_alongside(call, starts, ends)


def span_of(call: Call, movements: Sequence[Movement]) -> Span:
    """Return when a ship is here by what is known of its call."""
    starts = [first.actual_start_at or first.asked.requested_at for first in movements[:1]]
    ends: list[datetime] = []
    for last in movements[-1:]:
        planned_at = last.planned.end_at if last.planned else last.asked.requested_at
        stays = timedelta(minutes=0 if last.asked.kind == "exit" else last.asked.service_min)
        ends.append((last.actual_end_at or planned_at) + stays)
    over = any(finished(last) for last in movements[-1:])
    return _with_alongside(call, starts, ends, estimate=not over)


def _with_alongside(
    call: Call | CallPlan, starts: list[datetime], ends: list[datetime], *, estimate: bool = True
) -> Span:
    """Widen a span by where the ship lay, and until when her company thinks she will."""
    lying = call.alongside
    if lying is not None:
        starts = [*starts, lying.since_at]
        if estimate and lying.expected_departure_at is not None:
            ends = [*ends, lying.expected_departure_at]
    return Span(from_at=min(starts, default=None), to_at=max(ends, default=None))
