"""What a company declares, as JSON."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.values import Answer, Body, Id, Instant, Line, Metres, Minutes, Text, Tonnes
from dispatch.declaration import (
    Alongside,
    CallPlan,
    DeclarationPlan,
    DraughtWater,
    MovementPlan,
    Stretch,
)
from dispatch.vessel import Vessel, VesselType

MOST_CALLS = 1_000


class StretchIn(Body):
    """A position at a quay, metres from its end."""

    from_m: Metres
    to_m: Metres

    def plan(self) -> Stretch:
        """Return the domain's value."""
        return Stretch(from_m=self.from_m, to_m=self.to_m)


class VesselIn(Body):
    """A ship's particulars."""

    name: Line
    imo: Id
    mmsi: Line = ""
    call_sign: Line = ""
    flag: Line = ""
    vessel_type: VesselType
    loa_m: Metres
    beam_m: Metres
    gt: Tonnes = 0.0
    dwt_t: Tonnes
    max_draught_m: Metres
    air_draught_m: Metres
    bow_thruster: bool = False
    dangerous_goods: bool = False

    def plan(self) -> Vessel:
        """Return the domain's value."""
        return Vessel(**{name: getattr(self, name) for name in type(self).model_fields})


class AlongsideIn(Body):
    """Where a ship lies that is in port already."""

    place: Id
    since_at: Instant
    stretch: StretchIn | None = None
    expected_departure_at: Instant | None = None

    def plan(self) -> Alongside:
        """Return the domain's value."""
        return Alongside(
            place=self.place,
            since_at=self.since_at,
            stretch=self.stretch.plan() if self.stretch else None,
            expected_departure_at=self.expected_departure_at,
        )


class MovementIn(Body):
    """One movement as it is asked for."""

    kind: Literal["entry", "exit", "shift"]
    requested_at: Instant
    latest_at: Instant
    draught_m: Metres
    draught_water: DraughtWater | None = None
    """The water that ``draught_m`` is given for; None is what the port goes by."""
    berths: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    from_place: Id | None = None
    stretch: StretchIn | None = None
    boarding_place: Id | None = None
    service_min: Minutes = 0
    cargo: Line = ""
    cargo_t: Tonnes = 0.0
    pilot_required: bool | None = None
    priority: Annotated[int, Field(ge=1, le=3)] | None = None
    remarks: Text = ""

    def plan(self, water: DraughtWater) -> MovementPlan:
        """Return the domain's value."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        values["stretch"] = self.stretch.plan() if self.stretch else None
        values["draught_water"] = self.draught_water or water
        return MovementPlan(**values)


class CallIn(Body):
    """One port call with its movements in order."""

    call_ref: Id
    vessel: VesselIn
    alongside: AlongsideIn | None = None
    movements: Annotated[tuple[MovementIn, ...], Field(max_length=50)]

    def plan(self, water: DraughtWater) -> CallPlan:
        """Return the domain's value."""
        return CallPlan(
            call_ref=self.call_ref,
            vessel=self.vessel.plan(),
            movements=tuple(movement.plan(water) for movement in self.movements),
            alongside=self.alongside.plan() if self.alongside else None,
        )


class DeclarationIn(Body):
    """All that one company declares in one go; whose it is comes from who is signed in."""

    reference: Line = ""
    calls: Annotated[tuple[CallIn, ...], Field(max_length=MOST_CALLS)]

    def plan(self, company: str, water: DraughtWater) -> DeclarationPlan:
        """Return the domain's value."""
        return DeclarationPlan(
            company=company,
            reference=self.reference,
            calls=tuple(call.plan(water) for call in self.calls),
        )


class DeclaredMovementOut(Answer):
    """A movement of a declaration, with its planned time where there is one yet."""

    id: str
    call_ref: str
    kind: str
    sequence: int
    planned: dict[str, Any] | None = None
    unplaced_reasons: list[dict[str, Any]] = Field(default_factory=list)
    """Why the plan in force leaves it out; empty where it is planned, or not dealt with yet."""


class DeclaredOut(Answer):
    """The answer to a declaration: accepted, with the ids it has from now on."""

    id: str
    revision: int
    movements: list[DeclaredMovementOut]
    pending: bool
    """Whether a plan has yet to deal with it: what is planned by now may still be from before."""
    plan_version: int
    """The version in force when this was answered."""


class JudgedOut(Answer):
    """The answer to a dry run: what would be declared."""

    calls: int
    movements: int
    declaration: dict[str, Any]
