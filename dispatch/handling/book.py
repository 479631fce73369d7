"""What one command reads and writes: the port's books with its own changes on top."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Protocol, TypeVar, cast

from dispatch.declaration import DeclarationPlan, Fault
from dispatch.entities import (
    PLAN_ID,
    Value,
    declaration_value,
    movement_value,
    movements_in_reasons,
    outage_value,
    plan_value,
    proposal_value,
    resource_value,
    restriction_value,
    service_value,
)
from dispatch.errors import NotFound
from dispatch.events import Change
from dispatch.movement import Call, Movement, Service
from dispatch.records import Declaration, PlanVersion, Proposal
from dispatch.resources import Resource
from dispatch.situation import Outage, Restriction
from dispatch.stays import stay_values
from dispatch.vessel import Vessel

Kept = Call | Declaration | Movement | Outage | Proposal | Resource | Restriction | Service
T = TypeVar("T", bound=Kept)

KINDS: tuple[type[Kept], ...] = (
    Declaration,
    Call,
    Movement,
    Service,
    Restriction,
    Outage,
    Resource,
    Proposal,
)
"""All that a book keeps by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The port's own row.

    Attributes:
        last_offset: Of the outbox.
        last_planning_offset: Of the last fact that bears on the plan.
        lease_generation: Of the solver that may publish.
    """

    plan_version: int = 0
    last_offset: int = 0
    last_planning_offset: int = 0
    lease_generation: int = 0
    lease_holder: str | None = None


LAST_PRIORITY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the port has decided about answers.

    Attributes:
        tolerance_min: How far a job (``pilotage``, ``towage``) or a cleared movement
            (``clearance``) may move before it asks to be confirmed again; half an hour either
            way where a name is missing.
        future_tolerance_min: How far ahead of the clock an actual time may lie.
        judge: Says what is wrong with a declaration (``dispatch.judging.judge`` on the port).
        priority_of: The port's own priority of a ship, where its company gives none.
    """

    tolerance_min: Mapping[str, int] = field(
        default_factory=lambda: {"pilotage": 15, "towage": 15, "clearance": 30}
    )
    future_tolerance_min: int = 5
    judge: Callable[[DeclarationPlan, datetime], tuple[Fault, ...]] | None = None
    priority_of: Callable[[Vessel], int] = lambda _: LAST_PRIORITY

    def tolerance(self, name: str) -> timedelta:
        """Return the tolerance of a service kind, or of ``clearance``."""
        return timedelta(minutes=self.tolerance_min.get(name, 30))


class Source(Protocol):
    """Where a book reads what it does not hold yet; the store, or a dictionary in a test."""

    def header(self) -> Header:
        """Return the port's row."""
        ...

    def load(self, kind: type[T], ids: Collection[str]) -> Iterable[tuple[T, bool]]:
        """Return what there is of these ids, each with whether it is on the boards."""
        ...

    def find(
        self, kind: type[T], field: str, values: Collection[str], *, held: Collection[str]
    ) -> Iterable[T]:
        """Return what is on the boards with one of these values in an indexed field.

        Those whose ids are ``held`` already are left out.
        """
        ...

    def everything(self, kind: type[T], *, held: Collection[str]) -> Iterable[T]:
        """Return all that is on the boards but what is ``held`` already."""
        ...

    def values(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Value]:
        """Return entity values as they were last told, by (type, id)."""
        ...

    def last_numbers(self) -> Mapping[str, int]:
        """Return the last number given out, by prefix; a prefix without one is left out."""
        ...

    def movement_of_event(self, event_id: str) -> str | None:
        """Return the movement that an event is of."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What a command came to. ``body`` is the answer; ``note`` goes with the fact."""

    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    planning: bool = False
    note: Mapping[str, Any] = field(default_factory=dict)


class Book:
    """The port's books as one command sees and changes them; nothing is kept until it is flushed.

    Attributes:
        now: The instant of the command.
        written: What was put, by class and id.
        off_boards: (class, id) of what was or is taken off the boards.
        numbers: Last number given out, by prefix, of those that were used.
        numbers_before: The last numbers in the store, once one was used.
        stored: (class, id) of what was read, so is in the store already.
        plan: The version that was put in force.
        lease: The new generation of the solver's lease and who holds it.
        new_events: Ids of events that were reported.
    """

    def __init__(self, source: Source, *, now: datetime, terms: Terms | None = None) -> None:
        self.now = now
        self.terms = terms or Terms()
        self.header = source.header()
        self.written: dict[type[Kept], dict[str, Kept]] = {kind: {} for kind in KINDS}
        self.off_boards: set[tuple[type[Kept], str]] = set()
        self.numbers: dict[str, int] = {}
        self.numbers_before: Mapping[str, int] | None = None
        self.plan: PlanVersion | None = None
        self.lease: tuple[int, str] | None = None
        self.new_events: set[str] = set()
        self.stored: set[tuple[type[Kept], str]] = set()
        self._source = source
        # nothing in the store can speak of an id that was just given out
        self._new_ids: set[str] = set()
        self._held: dict[type[Kept], dict[str, Kept]] = {kind: {} for kind in KINDS}

    def get(self, kind: type[T], item_id: str) -> T:
        """Return one thing.

        Raises:
            NotFound: there is none.
        """
        found = self.load(kind, (item_id,))
        if not found:
            raise NotFound(
                f"no {kind.__name__.lower()} {item_id}",
                context={"type": kind.__name__.lower(), "id": item_id},
            )
        return found[0]

    def load(self, kind: type[T], ids: Iterable[str]) -> list[T]:
        """Return what there is of these ids, in their order."""
        wanted = list(dict.fromkeys(ids))
        held = self._held[kind]
        missing = [item_id for item_id in wanted if item_id not in held]
        if missing:
            for item, on_boards in self._source.load(kind, missing):
                self._take(kind, item)
                if not on_boards:
                    self.off_boards.add((kind, item.id))
        return [cast("T", held[item_id]) for item_id in wanted if item_id in held]

    def find(self, kind: type[T], field: str, values: Collection[str]) -> list[T]:
        """Return what is on the boards with one of these values in a field, by id number.

        ``field`` may be dotted: ``vessel.imo``.
        """
        taken = set(values)
        if not taken:
            return []
        stored = sorted(taken - self._new_ids)
        if stored:
            for item in self._source.find(kind, field, stored, held=set(self._held[kind])):
                self._take(kind, item)
        held = cast("dict[str, T]", self._held[kind])
        value_of = attrgetter(field)
        found = [
            item
            for item_id, item in held.items()
            if value_of(item) in taken and (kind, item_id) not in self.off_boards
        ]
        return sorted(found, key=lambda item: (len(item.id), item.id))

    def everything(self, kind: type[T]) -> list[T]:
        """Return all that is on the boards."""
        for item in self._source.everything(kind, held=set(self._held[kind])):
            self._take(kind, item)
        held = cast("dict[str, T]", self._held[kind])
        return [item for item in held.values() if (kind, item.id) not in self.off_boards]

    def put(self, item: Kept) -> None:
        """Keep a thing, new or changed."""
        kind = type(item)
        self.written[kind][item.id] = item
        self._held[kind][item.id] = item

    def take_off(self, item: Kept) -> None:
        """Keep a thing as it is now, and take it off the boards for good."""
        self.put(item)
        self.off_boards.add((type(item), item.id))

    def new_id(self, prefix: str) -> str:
        """Return an id that was never given out."""
        if self.numbers_before is None:
            self.numbers_before = self._source.last_numbers()
        last = self.numbers.get(prefix, self.numbers_before.get(prefix, 0))
        self.numbers[prefix] = last + 1
        new_id = f"{prefix}{last + 1}"
        self._new_ids.add(new_id)
        return new_id

    def new_event_id(self) -> str:
        """Return the id of an event that is being reported."""
        event_id = self.new_id("E")
        self.new_events.add(event_id)
        return event_id

    def movement_of_event(self, event_id: str) -> Movement:
        """Return the movement that an event is of.

        Raises:
            NotFound: there is no such event.
        """
        movement_id = self._source.movement_of_event(event_id)
        if movement_id is None:
            raise NotFound(f"no event {event_id}", context={"type": "event", "id": event_id})
        return self.get(Movement, movement_id)

    def owners(self, movement_ids: Iterable[str]) -> dict[str, str]:
        """Return the company of each movement that there is."""
        return {item.id: item.company for item in self.load(Movement, movement_ids)}

    def _take(self, kind: type[Kept], item: Kept) -> None:
        self.stored.add((kind, item.id))
        self._held[kind].setdefault(item.id, item)

    # -- what to tell ----------------------------------------------------------------------

    def changes(self) -> tuple[Change, ...]:
        """Return every entity whose value is another than was last told, by type and id."""
        after = self._values_after()
        stored = [key for key in after if key[1] not in self._new_ids]
        before = self._source.values(stored) if stored else {}
        return tuple(
            Change(type=key[0], id=key[1], value=value, before=before.get(key))
            for key, value in after.items()
            if value != before.get(key)
        )

    def _on(self, item: Kept) -> bool:
        return (type(item), item.id) not in self.off_boards

    def _written(self, kind: type[T]) -> list[T]:
        return cast("list[T]", list(self.written[kind].values()))

    def _values_after(self) -> dict[tuple[str, str], Value | None]:
        after: dict[tuple[str, str], Value | None] = {}
        for declaration in self._written(Declaration):
            value = declaration_value(declaration) if self._on(declaration) else None
            after["declaration", declaration.id] = value
        after |= self._movement_values()
        after |= self._call_values()
        for restriction in self._written(Restriction):
            value = restriction_value(restriction) if self._on(restriction) else None
            after["restriction", restriction.id] = value
        after |= self._resource_values()
        for proposal in self._written(Proposal):
            after["proposal", proposal.id] = (
                proposal_value(proposal) if self._on(proposal) else None
            )
        if self.plan is not None:
            after["plan", PLAN_ID] = plan_value(self.plan)
        return after

    def _movement_values(self) -> dict[tuple[str, str], Value | None]:
        """A movement's value tells of its services, and theirs of it: both where either changed."""
        ids = [
            *self.written[Movement],
            *(service.movement_id for service in self._written(Service)),
        ]
        movements = {item.id: item for item in self.load(Movement, ids)}
        by_movement: dict[str, list[Service]] = {item_id: [] for item_id in movements}
        for service in self.find(Service, "movement_id", list(movements)):
            by_movement[service.movement_id].append(service)
        owners = self.owners(
            named for movement in movements.values() for named in movements_in_reasons(movement)
        )
        calls = self.load(Call, (movement.call_id for movement in movements.values()))
        refs = {call.id: call.call_ref for call in calls}
        after: dict[tuple[str, str], Value | None] = {}
        for movement in movements.values():
            services = by_movement[movement.id]
            after["movement", movement.id] = (
                movement_value(movement, refs[movement.call_id], services, owners)
                if self._on(movement)
                else None
            )
            for service in services:
                after["service", service.id] = service_value(service, movement)
        for service in self._written(Service):
            if not self._on(service):
                after["service", service.id] = None
        return after

    def _call_values(self) -> dict[tuple[str, str], Value | None]:
        ids = [*self.written[Call], *(item.call_id for item in self._written(Movement))]
        calls = self.load(Call, ids)
        by_call: dict[str, list[Movement]] = {call.id: [] for call in calls}
        for movement in self.find(Movement, "call_id", list(by_call)):
            by_call[movement.call_id].append(movement)
        after: dict[tuple[str, str], Value | None] = {}
        for call in calls:
            movements = sorted(by_call[call.id], key=lambda item: item.sequence)
            stays = stay_values(call, movements) if self._on(call) else {}
            told = (call.id, *call.movement_ids, *self._movements_of(call))
            for stay_id in dict.fromkeys(told):
                after["stay", stay_id] = stays.get(stay_id)
        return after

    def _movements_of(self, call: Call) -> Sequence[str]:
        return [item.id for item in self._written(Movement) if item.call_id == call.id]

    def _resource_values(self) -> dict[tuple[str, str], Value | None]:
        ids = [*self.written[Resource], *(item.resource_id for item in self._written(Outage))]
        resources = {item.id: item for item in self.load(Resource, ids)}
        by_resource: dict[str, list[Outage]] = {item_id: [] for item_id in resources}
        for outage in self.find(Outage, "resource_id", list(resources)):
            by_resource[outage.resource_id].append(outage)
        after: dict[tuple[str, str], Value | None] = {}
        for resource in resources.values():
            outages = by_resource[resource.id]
            after["resource", resource.id] = (
                resource_value(resource, outages) if self._on(resource) else None
            )
        for outage in self._written(Outage):
            after["outage", outage.id] = (
                outage_value(outage, resources[outage.resource_id]) if self._on(outage) else None
            )
        return after
