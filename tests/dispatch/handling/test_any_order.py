"""Commands in any order, by anybody: refused with a code or done whole, and the books agree."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
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

NUMBERS = st.integers(1, 6)
MOVEMENTS = NUMBERS.map(lambda number: f"M{number}")
SERVICES = st.integers(1, 9).map(lambda number: f"S{number}")
MINUTES = st.integers(0, 40 * 60)
ACTORS = st.sampled_from(
    [
        words.COMPANY,
        words.RIVAL,
        words.PILOTAGE,
        words.TOWAGE,
        words.OTHER_TOWAGE,
        words.MARITIME,
        words.CENTRE,
        words.for_party(words.Party.PILOTAGE),
        words.for_party(words.Party.MARITIME),
    ]
)
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
    st.integers(1, 4),
    st.sampled_from(["entry", "visit", "visit", "exit", "none"]),
    MINUTES,
)
COMMANDS = st.one_of(
    st.builds(ConfirmService, service_id=SERVICES),
    st.builds(DeclineService, service_id=SERVICES, reason_code=st.just("engine")),
    st.builds(ClearMovement, movement_id=MOVEMENTS),
    st.builds(HoldMovement, movement_id=MOVEMENTS, reason_code=st.just("papers")),
    st.builds(ReleaseMovement, movement_id=MOVEMENTS),
    st.builds(RejectMovement, movement_id=MOVEMENTS, reason_code=st.just("banned")),
    st.builds(AddCondition, movement_id=MOVEMENTS, kind=st.just("daylight_only")),
    st.builds(
        EstimateMovement,
        movement_id=MOVEMENTS,
        estimated_at=MINUTES.map(lambda minute: words.at(0, minute)),
    ),
    st.builds(SetPriority, movement_id=MOVEMENTS, priority=st.integers(0, 4)),
    st.builds(PinMovement, movement_id=MOVEMENTS, pinned=st.booleans()),
    st.builds(Restrict, kind=st.just("closure"), from_at=st.just(words.at(1))),
    st.builds(LiftRestriction, restriction_id=NUMBERS.map(lambda number: f"R{number}")),
    st.builds(TakeOutOfService, resource_id=st.just("T01"), from_at=st.just(words.at(1))),
    st.builds(ReturnToService, outage_id=NUMBERS.map(lambda number: f"O{number}")),
    st.builds(
        Withdraw,
        declaration_id=NUMBERS.map(lambda number: f"D{number}"),
        expected_revision=st.integers(1, 3),
    ),
    st.builds(
        ReportEvent,
        movement_id=MOVEMENTS,
        kind=st.sampled_from(EventKind),
        actual_at=MINUTES.map(lambda minute: words.at(0, minute)),
        force=st.booleans(),
        reason=st.just("seen on AIS"),
    ),
    st.builds(
        CorrectEvent, event_id=NUMBERS.map(lambda number: f"E{number}"), cancelled=st.just(True)
    ),
    st.builds(
        CorrectEvent,
        event_id=NUMBERS.map(lambda number: f"E{number}"),
        actual_at=MINUTES.map(lambda minute: words.at(0, minute)),
    ),
    st.builds(PublishProposal, proposal_id=NUMBERS.map(lambda number: f"P{number}")),
)


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

    @rule(calls=st.lists(CALLS, min_size=1, max_size=2), actor=ACTORS)
    def declare(self, calls: list[words.CallPlan], actor: Actor) -> None:
        self.give(Declare(plan=words.a_plan(*calls, company=actor.organisation)), actor)

    @rule(number=NUMBERS, revision=st.integers(1, 3), calls=st.lists(CALLS, max_size=2))
    def amend(self, number: int, revision: int, calls: list[words.CallPlan]) -> None:
        plan = words.replace(words.a_plan(words.a_call()), calls=tuple(calls))
        command = Amend(declaration_id=f"D{number}", plan=plan, expected_revision=revision)
        self.give(command, words.COMPANY)

    @rule(command=COMMANDS, actor=ACTORS)
    def act(self, command: object, actor: Actor) -> None:
        self.give(command, actor)

    @rule(
        starts=st.dictionaries(MOVEMENTS, st.tuples(MINUTES, TEAMS), max_size=4),
        left_out=st.sets(MOVEMENTS, max_size=2),
        propose=st.booleans(),
    )
    def plan(
        self, starts: dict[str, tuple[int, list[str]]], left_out: set[str], propose: bool
    ) -> None:
        """Plan what there is; a plan of something else would be refused as a whole."""
        offset, values = read_entities(self.books.database)
        known = values["movement"]
        plan = words.a_publication(
            *(
                words.a_placement(movement_id, words.at(0, minute), *team)
                for movement_id, (minute, team) in starts.items()
                if movement_id in known
            ),
            offset=offset,
            unplaced=tuple(
                UnplacedMovement(movement_id=movement_id, reasons=())
                for movement_id in left_out - starts.keys()
                if movement_id in known
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
TestAnyOrder.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
