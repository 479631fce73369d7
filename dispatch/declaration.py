"""What a company declares: one plan with its calls and all their movements, as it was asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from dispatch.vessel import Vessel

MovementKind = Literal["entry", "exit", "shift"]
DraughtWater = Literal["local", "sea"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A position at a quay, metres from its end: ``[from_m, to_m)``."""

    from_m: float
    to_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alongside:
    """A ship that is at a berth (or anchorage) already when it is declared.

    ``expected_departure_at`` is the company's estimate where no exit is asked for yet.
    """

    place: str
    since_at: datetime
    stretch: Stretch | None = None
    expected_departure_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementPlan:
    """One movement as it is asked for.

    Attributes:
        requested_at: Wanted start: pilot on board (entry), or leaving the berth (exit, shift).
        latest_at: Last start that will do.
        draught_m: Deepest static draught, metres, in the water that ``draught_water`` names:
            ``local`` (the channel's own water, fresh water already allowed for) or ``sea``.
        berths: Acceptable places to go to, best first (entry, shift); empty for an exit.
        from_place: Where a shift or exit leaves from, where the call does not tell.
        stretch: Wanted position at the first of ``berths``.
        boarding_place: Where the pilot boards (entry) or leaves (exit).
        service_min: Least time alongside after it, minutes (entry, shift to a berth).
        pilot_required: None leaves it to the port's rules.
        priority: 1 (first) to 3; None leaves it to the port's rules.
    """

    kind: MovementKind
    requested_at: datetime
    latest_at: datetime
    draught_m: float
    draught_water: DraughtWater = "local"
    berths: tuple[str, ...] = ()
    from_place: str | None = None
    stretch: Stretch | None = None
    boarding_place: str | None = None
    service_min: int = 0
    cargo: str = ""
    cargo_t: float = 0.0
    pilot_required: bool | None = None
    priority: int | None = None
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan:
    """One port call: a ship, where it is now (if it is here), and its movements in order."""

    call_ref: str
    vessel: Vessel
    movements: tuple[MovementPlan, ...]
    alongside: Alongside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationPlan:
    """All that one company declares in one go."""

    company: str
    reference: str
    calls: tuple[CallPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a declaration, located; the text is made at the edge from ``code``.

    ``pointer`` is a JSON pointer into the declaration. From a spreadsheet, ``row`` is the sheet's
    own row number (headers are row 1) and ``column`` the header as it stands there.
    """

    code: str
    params: dict[str, str | int | float]
    pointer: str = ""
    row: int | None = None
    column: str | None = None
