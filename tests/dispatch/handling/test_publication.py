"""Plan versions: compare-and-set, the lease, proposals, and what housekeeping takes off."""

import pytest

from dispatch.commands import (
    PLANNER,
    Actor,
    Archive,
    ConfirmService,
    DiscardProposal,
    EstimateMovement,
    PlacedMovement,
    ProposePlan,
    PublishProposal,
    RegisterResources,
    ReportOverdue,
    Restrict,
    UnplacedMovement,
)
from dispatch.errors import NotAllowed, NotFound, PlanFaulty, PlanOutOfDate, StateConflict
from dispatch.events import FactKind
from dispatch.movement import EventKind, StandingBreach
from dispatch.store.reading import (
    last_offset,
    read_history,
    read_plan,
    read_plan_files,
    read_plans,
    read_proposal,
)
from tests.dispatch import port_words as words
from tests.dispatch.books import Books
from tests.dispatch.handling.steps import clear_all, report
from tests.dispatch.port_words import a_call, a_placement, a_publication, at


@pytest.fixture
def declared(books: Books) -> Books:
    books.declare(a_call(1), a_call(2))
    return books


def test_a_published_plan_gives_times_jobs_stays_and_a_version(declared: Books) -> None:
    receipt = declared.publish(
        a_placement("M1", at(6), "PL001", "T01"),
        unplaced=(UnplacedMovement(movement_id="M3", reasons=(words.LATE,)),),
    )
    assert receipt.body == {"version": 1}
    entry = declared.movement("M1")
    assert entry["state"] == "planned"
    assert entry["planned"]["start_at"] == "2026-11-24T06:00:00Z"
    assert [leg["segment"] for leg in entry["planned"]["passage"]] == ["S01", "S02"]
    assert entry["service_organisations"] == ["PILOT", "TUG-A"]
    assert entry["wait_reasons"][0]["rule"] == "berth_occupancy"
    assert entry["change"]["from_at"] is None
    assert declared.movement("M3")["unplaced_reasons"][0]["gain_min"] == 30
    stay = declared.values("stay")["M1"]
    assert (stay["place"], stay["from_at"], stay["company"]) == (
        "NS1-2",
        "2026-11-24T09:00:00Z",
        "CO-NSA",
    )
    plan = declared.values("plan")["plan"]
    assert (plan["version"], plan["placed"], plan["unplaced"], plan["moved"]) == (1, 1, 1, 0)
    fact = declared.last
    assert (fact.kind, fact.planning, fact.plan_version) == (FactKind.PLAN_PUBLISHED, False, 1)
    assert read_plan_files(declared.database, 1) == ('{"problem": true}', '{"outcome": true}')
    assert declared.situation().plan_version == 1


def test_a_reason_tells_whose_each_of_its_movements_is(declared: Books) -> None:
    declared.declare(a_call(3), actor=words.RIVAL)
    late = words.replace(words.LATE, movements=("M3", "M5"))
    placed = words.replace(a_placement("M1", at(6), "PL001", reasons=(late,)), wait_reasons=(late,))
    declared.publish(placed, unplaced=(UnplacedMovement(movement_id="M4", reasons=(late,)),))
    entry = declared.movement("M1")
    for reasons in (
        entry["wait_reasons"],
        entry["change"]["reasons"],
        declared.movement("M4")["unplaced_reasons"],
        read_plan(declared.database, 1).changes[0]["reasons"],
    ):
        assert reasons[0]["movements"] == ["M3", "M5"]
        assert reasons[0]["companies"] == ["CO-NSA", "AG-1"]


def test_a_version_is_kept_as_it_was_and_says_what_it_moved(declared: Books) -> None:
    declared.publish(a_placement("M1", at(6), "PL001"), a_placement("M3", at(8), "PL002"))
    declared.publish(a_placement("M1", at(7), "PL001"), a_placement("M3", at(8), "PL002"))
    first, second = read_plan(declared.database, 1), read_plan(declared.database, 2)
    assert (first.moved, second.moved) == (0, 1)
    assert [change["movement_id"] for change in second.changes] == ["M1"]
    assert second.changes[0]["from_at"] == "2026-11-24T06:00:00Z"
    assert second.changes[0]["reasons"][0]["rule"] == "berth_occupancy"
    assert second.offset == declared.last.offset
    assert [plan.version for plan in read_plans(declared.database)] == [2, 1]
    assert [plan.version for plan in read_plans(declared.database, before=2)] == [1]
    assert declared.movement("M1")["planned"]["plan_version"] == 2
    assert declared.movement("M3")["planned"]["plan_version"] == 1
    with pytest.raises(NotFound):
        read_plan(declared.database, 3)


def test_a_plan_of_an_older_situation_is_refused_and_a_mere_answer_does_not_matter(
    declared: Books,
) -> None:
    declared.place("M1", at(6), "PL001")
    framed = last_offset(declared.database)
    declared.do(ConfirmService(service_id="S1"), words.PILOTAGE)
    declared.do(a_publication(a_placement("M1", at(6, 10), "PL001"), offset=framed))
    assert declared.service("S1")["status"] == "confirmed"
    framed = last_offset(declared.database)
    declared.do(EstimateMovement(movement_id="M1", estimated_at=at(7)), words.COMPANY)
    with pytest.raises(PlanOutOfDate) as refused:
        declared.do(a_publication(a_placement("M1", at(6), "PL001"), offset=framed))
    assert refused.value.context["last_planning_offset"] == framed + 1
    assert declared.movement("M1")["planned"]["start_at"] == "2026-11-24T06:10:00Z"


def test_a_planner_that_was_replaced_is_fenced_off(declared: Books) -> None:
    assert declared.writer.acquire_lease("second") == 2
    offset = last_offset(declared.database)
    plan = a_publication(a_placement("M1", at(6), "PL001"), offset=offset)
    with pytest.raises(PlanOutOfDate):
        declared.do(plan)
    declared.do(words.replace(plan, generation=2))


@pytest.mark.parametrize("actor", [words.CENTRE, words.COMPANY, words.MARITIME])
def test_parties_do_not_publish(declared: Books, actor: Actor) -> None:
    offset = last_offset(declared.database)
    with pytest.raises(NotAllowed):
        declared.do(a_publication(a_placement("M1", at(6), "PL001"), offset=offset), actor)


def test_a_plan_that_contradicts_the_books_is_refused_as_a_whole(declared: Books) -> None:
    twice = a_placement("M1", at(6), "PL001")
    for wrong in (
        (a_placement("M99", at(6), "PL001"),),
        (twice, twice),
    ):
        with pytest.raises(PlanFaulty):
            declared.publish(a_placement("M3", at(6), "PL002"), *wrong)
    with pytest.raises(NotFound):
        declared.publish(a_placement("M3", at(6), "PL002"), a_placement("M1", at(6), "T99"))
    assert declared.movement("M3")["planned"] is None
    assert not declared.values("service")


def test_what_is_under_way_keeps_its_state_and_cannot_be_left_out(declared: Books) -> None:
    declared.place("M1", at(6), "PL001", "T01")
    clear_all(declared, "M1")
    report(declared, "M1", EventKind.PILOT_ON_BOARD, at(6))
    declared.place("M1", at(6), "PL001", "T02")
    assert declared.movement("M1")["state"] == "under_way"
    assert set(declared.services("M1")) == {"PL001", "T02"}
    assert declared.movement("M1")["clearance"] == "confirmed"
    with pytest.raises(PlanFaulty):
        declared.publish(unplaced=(UnplacedMovement(movement_id="M1", reasons=()),))
    report(declared, "M1", EventKind.ALL_FAST, at(9))
    with pytest.raises(PlanFaulty):
        declared.place("M1", at(6), "PL001")


def test_losing_the_place_cancels_the_jobs_and_the_clearance(declared: Books) -> None:
    declared.place("M1", at(6), "PL001")
    clear_all(declared, "M1")
    declared.publish(unplaced=(UnplacedMovement(movement_id="M1", reasons=(words.LATE,)),))
    entry = declared.movement("M1")
    assert (entry["state"], entry["planned"], entry["clearance"]) == ("declared", None, "requested")
    assert entry["change"]["to_at"] is None
    assert not declared.values("service")
    assert not declared.values("stay")


def test_breaches_that_stand_are_told_with_the_movement_and_counted(declared: Books) -> None:
    placement = words.replace(
        a_placement("M1", at(6), "PL001"),
        breaches=(
            StandingBreach(rule="headway", status="actual", params={"gap_min": 4}),
            StandingBreach(rule="daylight", status="waived"),
        ),
    )
    declared.publish(placement)
    assert declared.values("plan")["plan"]["breaches"] == {"actual": 1, "waived": 1}
    assert declared.movement("M1")["breaches"][0]["params"] == {"gap_min": 4}


# -- proposals ---------------------------------------------------------------------------------


def propose(books: Books, *placed: PlacedMovement) -> str:
    offset = last_offset(books.database)
    plan = a_publication(*placed, offset=offset)
    return books.do(ProposePlan(plan=plan, gain_min=55)).body["id"]


def test_a_proposal_waits_for_the_centre(declared: Books) -> None:
    declared.place("M1", at(6), "PL001")
    proposal = propose(declared, a_placement("M1", at(5), "PL001"))
    value = declared.values("proposal")[proposal]
    assert (value["based_on_version"], value["gain_min"], value["state"]) == (1, 55, "open")
    assert value["changes"][0]["to_at"] == "2026-11-24T05:00:00Z"
    assert declared.movement("M1")["planned"]["start_at"] == "2026-11-24T06:00:00Z"
    with pytest.raises(NotAllowed):
        declared.do(PublishProposal(proposal_id=proposal), PLANNER)
    declared.do(PublishProposal(proposal_id=proposal), words.CENTRE)
    assert declared.movement("M1")["planned"]["start_at"] == "2026-11-24T05:00:00Z"
    assert declared.values("plan")["plan"]["proposal"] is True
    assert not declared.values("proposal")
    assert read_proposal(declared.database, proposal).state == "published"
    with pytest.raises(StateConflict):
        declared.do(DiscardProposal(proposal_id=proposal), words.CENTRE)


def test_a_proposal_is_out_of_date_once_the_situation_has_changed(declared: Books) -> None:
    proposal = propose(declared, a_placement("M1", at(5), "PL001"))
    declared.do(Restrict(kind="closure", from_at=at(4), to_at=at(6)), words.CENTRE)
    with pytest.raises(PlanOutOfDate):
        declared.do(PublishProposal(proposal_id=proposal), words.CENTRE)
    assert declared.values("proposal")[proposal]["state"] == "open"


def test_a_new_plan_or_proposal_puts_the_old_proposal_aside(declared: Books) -> None:
    first = propose(declared, a_placement("M1", at(5), "PL001"))
    second = propose(declared, a_placement("M1", at(5, 5), "PL001"))
    assert set(declared.values("proposal")) == {second}
    declared.place("M1", at(6), "PL001")
    assert not declared.values("proposal")
    states = {item: read_proposal(declared.database, item).state for item in (first, second)}
    assert states == {first: "outdated", second: "outdated"}


def test_a_discarded_proposal_changes_nothing(declared: Books) -> None:
    proposal = propose(declared, a_placement("M1", at(5), "PL001"))
    declared.do(DiscardProposal(proposal_id=proposal), words.CENTRE)
    assert declared.last.kind is FactKind.PROPOSAL_DISCARDED
    assert declared.movement("M1")["planned"] is None


# -- housekeeping ------------------------------------------------------------------------------


def test_finished_calls_leave_the_boards_and_keep_their_history(declared: Books) -> None:
    declared.publish(
        a_placement("M1", at(6), "PL001"), a_placement("M2", at(20), "PL001", to_place=None)
    )
    for movement, start, end in (
        ("M1", EventKind.PILOT_ON_BOARD, EventKind.ALL_FAST),
        ("M2", EventKind.CAST_OFF, EventKind.PILOT_OFF),
    ):
        clear_all(declared, movement)
        hour = 6 if movement == "M1" else 20
        report(declared, movement, start, at(hour))
        report(declared, movement, end, at(hour + 2))
    declared.do(Restrict(kind="closure", from_at=at(4), to_at=at(6)), words.CENTRE)
    declared.do(Archive(before_at=at(22)))
    assert "M1" in declared.values("movement")
    declared.do(Archive(before_at=at(22, 1)))
    assert declared.last.kind is FactKind.ARCHIVED
    assert set(declared.values("movement")) == {"M3", "M4"}
    assert not declared.values("restriction")
    assert not declared.last.planning
    assert set(declared.values("declaration")) == {"D1"}
    kinds = [fact.kind for fact in read_history(declared.database, "movement", "M1")]
    assert kinds[0] == "archived"
    assert kinds[-1] == "declared"
    before = declared.last.offset
    declared.do(Archive(before_at=at(22, 1)))
    assert declared.last.offset == before


def test_overdue_movements_are_told_once_they_are(declared: Books) -> None:
    declared.place("M1", at(6), "PL001")
    before = declared.last.offset
    declared.do(ReportOverdue(movement_ids=("M1", "M3")))
    assert declared.last.offset == before
    declared.clock.at = at(6, 20)
    declared.do(ReportOverdue(movement_ids=("M1", "M3")))
    assert (declared.last.kind, declared.last.planning) == (FactKind.OVERDUE, True)
    assert declared.last.note == {"movement_ids": ["M1"]}


def test_the_roster_is_told_only_where_it_changes(books: Books) -> None:
    before = books.last.offset
    books.do(RegisterResources(resources=words.RESOURCES))
    assert books.last.offset == before
    books.do(RegisterResources(resources=words.RESOURCES[1:]))
    assert "PL001" not in books.values("resource")
    books.do(RegisterResources(resources=words.RESOURCES))
    assert "PL001" in books.values("resource")
