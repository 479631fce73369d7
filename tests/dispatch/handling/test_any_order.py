"""Commands in any order, by anybody: refused with a code or done whole, and the books agree."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dispatch.commands import (
    PLANNER,
    Actor,
    AddCondition,
    Amend,
    Archive,
    ClearMovement,
    ConfirmService,
    CorrectEvent,
    Declare,
    DeclineService,
    DiscardProposal,
    EstimateMovement,
    HoldMovement,
    LiftRestriction,
    PinMovement,
    ProposePlan,
    PublishProposal,
    RegisterResources,
    RejectMovement,
    ReleaseMovement,
    ReportEvent,
    Restrict,
    ReturnToService,
    SetPriority,
    TakeOutOfService,
    UnplacedMovement,
    Withdraw,
)
from dispatch.errors import CommandFailed, DispatchError, StoreUnavailable
from dispatch.movement import EventKind, MovementState
from dispatch.store.database import Database
from dispatch.store.reading import last_offset, read_entities
from dispatch.store.writer import Writer
from tests.dispatch import port_words as words
from tests.dispatch.books import Books, check_books

PICKS = st.integers(0, 30)
MINUTES = st.integers(0, 40 * 60)
INSTANTS = MINUTES.map(lambda minute: words.at(0, minute))
PARTIES = [
    words.COMPANY,
    words.RIVAL,
    words.PILOTAGE,
    words.TOWAGE,
    words.OTHER_TOWAGE,
    words.MARITIME,
    words.CENTRE,
    words.for_party(words.Party.PILOTAGE),
    words.for_party(words.Party.TOWAGE, "TUG-A"),
]
# None is whoever may: most commands are to get through, the others to be refused
ACTORS = st.none() | st.none() | st.none() | st.sampled_from(PARTIES)
TEAMS = st.lists(
    st.sampled_from([resource.id for resource in words.RESOURCES]), max_size=3, unique=True
)
CALLS = st.builds(
    lambda number, shape, minute: words.a_call(
        number,
        {
            "entry": (words.an_entry(words.at(0, minute)),),
            "visit": (words.an_entry(words.at(0, minute)), words.an_exit(words.at(15, minute))),
            "exit": (words.an_exit(words.at(0, minute)),),
            "none": (),
        }[shape],
        words.lying_at() if shape in ("exit", "none") else None,
    ),
    st.integers(1, 6),
    st.sampled_from(["entry", "visit", "visit", "exit", "none"]),
    MINUTES,
)
REVIEWS = st.sampled_from(
    [
        lambda movement: ClearMovement(movement_id=movement),
        lambda movement: ClearMovement(movement_id=movement),
        lambda movement: HoldMovement(movement_id=movement, reason_code="papers"),
        lambda movement: ReleaseMovement(movement_id=movement),
        lambda movement: RejectMovement(movement_id=movement, reason_code="banned"),
        lambda movement: AddCondition(movement_id=movement, kind="daylight_only"),
    ]
)
ORDERS = st.one_of(
    INSTANTS.map(lambda at: lambda item: EstimateMovement(movement_id=item, estimated_at=at)),
    st.integers(0, 4).map(lambda n: lambda item: SetPriority(movement_id=item, priority=n)),
    st.booleans().map(lambda pin: lambda item: PinMovement(movement_id=item, pinned=pin)),
)
LIMITS = st.sampled_from(
    [
        Restrict(kind="closure", from_at=words.at(1)),
        LiftRestriction(restriction_id="R1"),
        TakeOutOfService(resource_id="T01", from_at=words.at(1)),
        ReturnToService(outage_id="O1"),
        PublishProposal(proposal_id="P1"),
        DiscardProposal(proposal_id="P2"),
    ]
)
OWNERS = {actor.organisation: actor for actor in PARTIES if actor.on_behalf_of is None}


class AnyOrder(RuleBasedStateMachine):
    """A port on which everybody does anything."""

    @initialize()
    def open_port(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "fairway.sqlite3"
        database = Database(f"sqlite:///{path}", port="testhaven")
        database.upgrade()
        clock = words.HandClock(words.at(40))
        writer = Writer(database, clock)
        writer.start()
        self.books = Books(database=database, writer=writer, clock=clock)
        self.books.do(RegisterResources(resources=words.RESOURCES))
        writer.acquire_lease("machine")
        self.books.declare(words.a_call(1), words.a_call(2))

    def give(self, command: Any, actor: Actor = PLANNER) -> None:
        """Done, or refused for a reason that the domain knows."""
        before = last_offset(self.books.database)
        try:
            self.books.do(command, actor)
        except (CommandFailed, StoreUnavailable):
            raise
        except DispatchError:
            assert last_offset(self.books.database) == before
        else:
            assert last_offset(self.books.database) <= before + 1

    def pick(self, kind: str, number: int) -> Any:
        """One of the entities that there are, or None."""
        values = self.books.values(kind)
        return values[sorted(values)[number % len(values)]] if values else None

    @rule(calls=st.lists(CALLS, min_size=1, max_size=2))
    def declare(self, calls: list[words.CallPlan]) -> None:
        self.give(Declare(plan=words.a_plan(*calls)), words.COMPANY)

    @rule(number=PICKS, actor=ACTORS, calls=st.none() | st.lists(CALLS, max_size=2))
    def amend_or_withdraw(
        self, number: int, actor: Actor | None, calls: list[words.CallPlan] | None
    ) -> None:
        declaration = self.pick("declaration", number)
        if declaration is None:
            return
        actor, revision = actor or words.COMPANY, declaration["revision"]
        if calls is None:
            command = Withdraw(declaration_id=declaration["id"], expected_revision=revision)
            self.give(command, actor)
            return
        plan = words.replace(words.a_plan(), calls=tuple(calls))
        self.give(
            Amend(declaration_id=declaration["id"], plan=plan, expected_revision=revision), actor
        )

    @rule(number=PICKS, actor=ACTORS, yes=st.sampled_from([True, True, True, False]))
    def answer(self, number: int, actor: Actor | None, yes: bool) -> None:
        service = self.pick("service", number)
        if service is None:
            return
        command = (
            ConfirmService(service_id=service["id"])
            if yes
            else DeclineService(service_id=service["id"], reason_code="engine")
        )
        self.give(command, actor or OWNERS[service["organisation"]])

    @rule(number=PICKS, actor=ACTORS, make=REVIEWS | ORDERS)
    def review_or_order(self, number: int, actor: Actor | None, make: Any) -> None:
        movement = self.pick("movement", number)
        if movement is None:
            return
        command = make(movement["id"])
        centre = isinstance(command, SetPriority | PinMovement | EstimateMovement)
        self.give(command, actor or (words.CENTRE if centre else words.MARITIME))

    @rule(
        number=PICKS,
        actor=ACTORS,
        kind=st.sampled_from(EventKind),
        actual_at=INSTANTS,
        force=st.booleans(),
    )
    def report(
        self, number: int, actor: Actor | None, kind: EventKind, actual_at: Any, force: bool
    ) -> None:
        movement = self.pick("movement", number)
        if movement is None:
            return
        command = ReportEvent(
            movement_id=movement["id"], kind=kind, actual_at=actual_at, force=force, reason="seen"
        )
        self.give(command, actor or words.CENTRE)

    @rule(number=PICKS, actor=ACTORS, actual_at=st.none() | INSTANTS)
    def correct(self, number: int, actor: Actor | None, actual_at: Any) -> None:
        events = [
            event for item in self.books.values("movement").values() for event in item["events"]
        ]
        if not events:
            return
        event = events[number % len(events)]
        command = CorrectEvent(
            event_id=event["id"], actual_at=actual_at, cancelled=actual_at is None
        )
        self.give(command, actor or words.CENTRE)

    @rule(command=LIMITS, actor=ACTORS)
    def limit(self, command: object, actor: Actor | None) -> None:
        self.give(command, actor or words.CENTRE)

    @rule(
        starts=st.lists(st.tuples(MINUTES, TEAMS), max_size=6),
        left_out=st.integers(0, 2),
        propose=st.sampled_from([False, False, True]),
    )
    def plan(self, starts: list[tuple[int, list[str]]], left_out: int, propose: bool) -> None:
        """Plan what is open; a plan of something else would be refused as a whole."""
        offset, values = read_entities(self.books.database)
        movements = [item for item in values["movement"].values() if item["state"] != "completed"]
        placed = movements[left_out:]
        plan = words.a_publication(
            *(
                words.a_placement(
                    item["id"],
                    words.at(0, minute),
                    *(name for name in team if name not in item["declined"]),
                )
                for item, (minute, team) in zip(placed, starts, strict=False)
            ),
            offset=offset,
            unplaced=tuple(
                UnplacedMovement(movement_id=item["id"], reasons=())
                for item in movements[:left_out]
                if item["state"] != "under_way"
            ),
        )
        self.give(ProposePlan(plan=plan) if propose else plan)

    @rule(minute=MINUTES)
    def archive(self, minute: int) -> None:
        self.give(Archive(before_at=words.at(0, minute)))

    @invariant()
    def what_is_told_holds_together(self) -> None:
        if not hasattr(self, "books"):
            return
        _, values = read_entities(self.books.database)
        services = values["service"].values()
        for movement in values["movement"].values():
            own = [item for item in services if item["movement_id"] == movement["id"]]
            if movement["executable"]:
                assert movement["planned"]
                assert movement["clearance"] == "confirmed"
                assert all(item["status"] in ("confirmed", "denied") for item in own)
            for item in own:
                declined = item["resource_id"] in movement["declined"]
                assert declined == (item["status"] == "denied")
            state = movement["state"]
            assert (movement["actual_start_at"] is not None) == (
                state in (MovementState.UNDER_WAY, MovementState.COMPLETED)
            )
            assert (movement["actual_end_at"] is not None) == (state == MovementState.COMPLETED)
            if state == MovementState.PLANNED:
                assert movement["planned"]
            if state == MovementState.DECLARED:
                assert movement["planned"] is None

    def teardown(self) -> None:
        if hasattr(self, "books"):
            self.books.writer.stop()
            check_books(self.books.database)
            self.books.database.close()
            self.folder.cleanup()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=15, stateful_step_count=40)
