"""All that is known at one moment and bears on the plan: what framing reads and planning mends."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.movement import Call, Movement, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A limit on place and time that somebody set; ``to_at`` None: until it is lifted.

    ``kind``: ``closure`` (segments; empty: the whole channel), ``berth_closed`` (``place``),
    ``visibility`` (``value`` metres, segments), ``wind`` (``value`` m/s), ``water_level``
    (``place`` is the tide station, ``value`` the offset in metres against the prediction).
    """

    id: str
    kind: str
    from_at: datetime
    to_at: datetime | None
    segments: tuple[str, ...] = ()
    place: str | None = None
    value: float | None = None
    reason: str = ""
    set_by: str = ""
    on_behalf_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A tug or pilot that is out of service for a span; ``to_at`` None: until it is back."""

    id: str
    resource_id: str
    from_at: datetime
    to_at: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A consistent reading of the store.

    Attributes:
        now: When it was read, by the service's clock.
        offset: The port's outbox offset that it covers.
        plan_version: The version in force; 0 before the first.
        movements: All that are not withdrawn, the completed ones of the last two days included
            (their ships lie somewhere and their crews rest).
        services: Those of the movements, cancelled ones left out.
    """

    now: datetime
    offset: int
    plan_version: int
    calls: tuple[Call, ...]
    movements: tuple[Movement, ...]
    services: tuple[Service, ...]
    restrictions: tuple[Restriction, ...] = ()
    outages: tuple[Outage, ...] = ()
