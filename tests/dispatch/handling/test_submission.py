"""Declaring, amending, withdrawing."""

from dataclasses import replace

import pytest

from dispatch.commands import (
    Actor,
    Amend,
    ConfirmService,
    Declare,
    EstimateMovement,
    Receipt,
    SetPriority,
    Withdraw,
)
from dispatch.declaration import CallPlan, Fault
from dispatch.errors import (
    CallAlreadyDeclared,
    DeclarationFaulty,
    NotAllowed,
    NotFound,
    ReadBackMissing,
    RevisionMismatch,
    StateConflict,
)
from dispatch.events import FactKind
from dispatch.handling.book import Terms
from dispatch.lifecycle import Party
from dispatch.movement import EventKind
from dispatch.store.database import Database
from dispatch.store.reading import read_declaration
from dispatch.store.writer import Writer
from tests.dispatch import port_words as words
from tests.dispatch.books import Books
from tests.dispatch.handling.steps import clear_all, report
from tests.dispatch.port_words import a_call, a_plan, a_vessel, an_entry, an_exit, at


def test_a_declaration_becomes_a_call_with_movements_and_one_fact(books: Books) -> None:
    receipt = books.do(Declare(plan=a_plan(a_call(1), a_call(2))), words.COMPANY)
    assert receipt.body == {
        "id": "D1",
        "revision": 1,
        "movements": [
            {"id": "M1", "call_ref": "V0001", "kind": "entry", "sequence": 0},
            {"id": "M2", "call_ref": "V0001", "kind": "exit", "sequence": 1},
            {"id": "M3", "call_ref": "V0002", "kind": "entry", "sequence": 0},
            {"id": "M4", "call_ref": "V0002", "kind": "exit", "sequence": 1},
        ],
    }
    fact = books.last
    assert (fact.offset, fact.kind, fact.planning) == (receipt.offset, FactKind.DECLARED, True)
    assert fact.actor == {"account": "nsa-1", "organisation": "CO-NSA", "party": "company"}
    assert {(change.type, change.id) for change in fact.changes} == {
        ("declaration", "D1"),
        *(("movement", f"M{n}") for n in range(1, 5)),
    }
    entry = books.movement("M1")
    assert entry["state"] == "declared"
    assert entry["requested_at"] == "2026-11-24T06:00:00Z"
    assert entry["vessel"]["imo"] == "9000001"
    assert not entry["executable"]
    situation = books.situation()
    assert situation.offset == fact.offset
    assert [call.movement_ids for call in situation.calls] == [("M1", "M2"), ("M3", "M4")]
    assert situation.movements[0].asked == an_entry()


def test_a_ship_alongside_has_a_stay_until_she_leaves(books: Books) -> None:
    books.declare(a_call(1, (an_exit(),), words.lying_at()))
    stay = books.values("stay")["C1"]
    assert stay["place"] == "NS1-4"
    assert stay["stretch"] == [382.5, 642.5]
    assert (stay["to_at"], stay["estimated"]) == ("2026-11-24T20:00:00Z", True)
    books.place("M1", at(21))
    stay = books.values("stay")["C1"]
    assert (stay["to_at"], stay["estimated"]) == ("2026-11-24T21:00:00Z", False)


def test_a_company_declares_for_itself_only(books: Books) -> None:
    with pytest.raises(NotAllowed):
        books.do(Declare(plan=a_plan(company="CO-NSA")), words.RIVAL)
    with pytest.raises(NotAllowed):
        books.do(Declare(plan=a_plan(company="MSA")), words.MARITIME)
    with pytest.raises(NotAllowed):
        books.do(Declare(plan=a_plan()), words.CENTRE)


def test_the_centre_declares_for_a_company_once_it_was_read_back(books: Books) -> None:
    with pytest.raises(ReadBackMissing):
        books.do(Declare(plan=a_plan()), words.for_party(Party.COMPANY, read_back=False))
    books.do(Declare(plan=a_plan()), words.for_party(Party.COMPANY, "CO-NSA"))
    assert books.last.actor == {
        "account": "centre-1",
        "organisation": "PORT",
        "party": "dispatch",
        "on_behalf_of": "company",
        "on_behalf_organisation": "CO-NSA",
        "read_back": True,
    }
    assert books.movement("M1")["company"] == "CO-NSA"


def test_nobody_else_acts_on_behalf_of_another(books: Books) -> None:
    actor = replace(words.MARITIME, on_behalf_of=Party.COMPANY, read_back=True)
    with pytest.raises(NotAllowed):
        books.do(Declare(plan=a_plan()), actor)
    with pytest.raises(NotAllowed):
        books.do(Declare(plan=a_plan()), words.for_party(Party.PLANNER))


def test_a_faulty_declaration_leaves_nothing(database: Database) -> None:
    faults = (Fault(code="place-unknown", params={"place": "X"}, pointer="/calls/0"),)
    terms = Terms(judge=lambda plan, now: faults if plan.reference == "bad" else ())
    with Writer(database, words.HandClock(), terms=terms) as writer:
        bad = replace(a_plan(), reference="bad")
        with pytest.raises(DeclarationFaulty) as refused:
            writer.submit(Declare(plan=bad), words.COMPANY).result(10)
        assert refused.value.faults == faults
        receipt = writer.submit(Declare(plan=a_plan()), words.COMPANY).result(10)
        assert (receipt.offset, receipt.body["id"]) == (1, "D1")


def test_another_company_cannot_declare_the_same_call_and_is_not_told_whose_it_is(
    books: Books,
) -> None:
    books.declare(a_call(1))
    same = replace(a_call(1), call_ref="OTHER")
    with pytest.raises(CallAlreadyDeclared) as refused:
        books.declare(same, actor=words.RIVAL)
    assert refused.value.context["own"] is False
    assert "company" not in refused.value.context
    assert "declaration_id" not in refused.value.context
    with pytest.raises(CallAlreadyDeclared) as seen:
        plan = a_plan(same, company="AG-1")
        books.do(Declare(plan=plan), words.for_party(Party.COMPANY, "AG-1"))
    assert seen.value.context["company"] == "CO-NSA"
    assert seen.value.context["declaration_id"] == "D1"
    by_mmsi = replace(same, vessel=replace(same.vessel, imo=""))
    with pytest.raises(CallAlreadyDeclared):
        books.declare(by_mmsi, actor=words.RIVAL)


def test_the_same_ship_may_come_again_later(books: Books) -> None:
    books.declare(a_call(1))
    later = replace(a_call(1, (an_entry(at(48)), an_exit(at(60)))), call_ref="V0001-B")
    assert books.declare(later, actor=words.RIVAL) == ["M3", "M4"]


def test_a_company_is_told_to_amend_instead_of_declaring_again(books: Books) -> None:
    books.declare(a_call(1))
    with pytest.raises(CallAlreadyDeclared) as refused:
        books.declare(a_call(1, (an_entry(at(72)),)))
    assert refused.value.context["declaration_id"] == "D1"


def test_the_conflict_is_settled_once_one_of_the_two_is_withdrawn(books: Books) -> None:
    books.declare(a_call(1))
    books.do(Withdraw(declaration_id="D1", expected_revision=1, reason="twice"), words.CENTRE)
    assert books.declare(a_call(1), actor=words.RIVAL) == ["M3", "M4"]


# -- amending ----------------------------------------------------------------------------------


def amend(
    books: Books, *calls: CallPlan, revision: int = 1, actor: Actor = words.COMPANY
) -> Receipt:
    plan = a_plan(*calls)
    return books.do(Amend(declaration_id="D1", plan=plan, expected_revision=revision), actor)


def test_an_amendment_keeps_the_ids_of_what_matches_and_never_uses_one_again(
    books: Books,
) -> None:
    books.declare(a_call(1), a_call(2))
    shifted = a_call(1, (an_entry(at(7)), words.a_shift(), an_exit()))
    receipt = amend(books, shifted, a_call(3))
    assert [(item["id"], item["kind"]) for item in receipt.body["movements"]] == [
        ("M1", "entry"),
        ("M5", "shift"),
        ("M2", "exit"),
        ("M6", "entry"),
        ("M7", "exit"),
    ]
    assert books.movement("M1")["requested_at"] == "2026-11-24T07:00:00Z"
    assert (books.movement("M1")["revision"], books.movement("M2")["revision"]) == (2, 2)
    assert books.movement("M2")["sequence"] == 2
    assert not {"M3", "M4"} & books.values("movement").keys()
    assert books.values("declaration")["D1"]["revision"] == 2
    assert read_declaration(books.database, "D1").plan == a_plan(shifted, a_call(3))
    assert [item.id for item in books.situation().movements] == ["M1", "M2", "M5", "M6", "M7"]


def test_an_amendment_of_another_revision_is_refused(books: Books) -> None:
    books.declare(a_call(1))
    amend(books, a_call(1, (an_entry(at(7)), an_exit())))
    with pytest.raises(RevisionMismatch) as refused:
        amend(books, a_call(1))
    assert refused.value.context == {"revision": 2, "expected_revision": 1}


def test_an_amendment_without_a_change_tells_nothing(books: Books) -> None:
    books.declare(a_call(1))
    receipt = amend(books, a_call(1))
    assert receipt.body == {"unchanged": True}
    assert receipt.offset == books.last.offset
    assert books.last.kind is FactKind.DECLARED


def test_another_company_s_declaration_is_as_if_it_were_not_there(books: Books) -> None:
    books.declare(a_call(1))
    with pytest.raises(NotFound):
        amend(books, a_call(1, (an_entry(at(9)),)), actor=words.RIVAL)
    with pytest.raises(NotFound):
        books.do(Withdraw(declaration_id="D1", expected_revision=1), words.RIVAL)


def test_what_was_cleared_is_reviewed_again_once_it_is_amended(books: Books) -> None:
    books.declare(a_call(1))
    books.place("M1", at(6), "PL001")
    clear_all(books, "M1")
    amend(books, a_call(1, (an_entry(draught_m=12.0), an_exit())))
    entry = books.movement("M1")
    assert (entry["clearance"], entry["clearance_reconfirm"]) == ("requested", True)
    assert not entry["executable"]


def test_a_new_request_makes_an_old_estimate_void(books: Books) -> None:
    books.declare(a_call(1))
    books.do(EstimateMovement(movement_id="M1", estimated_at=at(9)), words.COMPANY)
    amend(books, a_call(1, (an_entry(at(10)), an_exit())))
    assert books.movement("M1")["estimated_at"] is None


def test_the_port_gives_a_priority_where_the_company_gives_none(database: Database) -> None:
    terms = Terms(priority_of=lambda vessel: 1 if vessel.loa_m >= 300.0 else 2)
    with Writer(database, words.HandClock(), terms=terms) as writer:
        books = Books(database, writer, words.HandClock())
        books.declare(a_call(1, (an_entry(), an_exit(priority=3))))
        assert [books.movement(name)["priority"] for name in ("M1", "M2")] == [2, 3]
        longer = replace(a_call(1), vessel=replace(a_vessel(1), loa_m=320.0))
        amend(books, longer)
        assert [books.movement(name)["priority"] for name in ("M1", "M2")] == [1, 1]
        books.do(SetPriority(movement_id="M1", priority=3), words.CENTRE)
        amend(books, replace(longer, movements=(an_entry(at(7)), an_exit())), revision=2)
        # what the dispatch centre has set stays, until the company's own changes
        assert [books.movement(name)["priority"] for name in ("M1", "M2")] == [3, 1]
        asked = (an_entry(at(7), priority=2), an_exit())
        amend(books, replace(longer, movements=asked), revision=3)
        assert books.movement("M1")["priority"] == 2


def test_what_has_started_cannot_be_amended_but_what_follows_it_can(books: Books) -> None:
    books.declare(a_call(1))
    books.place("M1", at(0), "PL001")
    clear_all(books, "M1")
    report(books, "M1", EventKind.PILOT_ON_BOARD, at(0))
    with pytest.raises(StateConflict):
        amend(books, a_call(1, (an_entry(at(9)), an_exit())))
    with pytest.raises(StateConflict):
        amend(books, a_call(1, (an_exit(),)))
    with pytest.raises(StateConflict):
        books.do(Withdraw(declaration_id="D1", expected_revision=1), words.COMPANY)
    amend(books, a_call(1, (an_entry(), an_exit(at(22)))))
    assert books.movement("M2")["requested_at"] == "2026-11-24T22:00:00Z"


# -- withdrawing -------------------------------------------------------------------------------


def test_withdrawing_takes_everything_off_the_boards(books: Books) -> None:
    books.declare(a_call(1), a_call(2, (an_exit(),), words.lying_at()))
    books.place("M1", at(6), "PL001", "T01")
    books.do(ConfirmService(service_id="S1"), words.PILOTAGE)
    books.do(Withdraw(declaration_id="D1", expected_revision=1, reason="no cargo"), words.COMPANY)
    assert books.last.planning
    assert books.last.note["reason"] == "no cargo"
    for kind in ("movement", "service", "stay"):
        assert not books.values(kind)
    assert books.values("declaration")["D1"]["state"] == "withdrawn"
    situation = books.situation()
    assert (situation.calls, situation.movements, situation.services) == ((), (), ())
    with pytest.raises(StateConflict):
        books.do(Withdraw(declaration_id="D1", expected_revision=2), words.COMPANY)


# -- ships that lie here and ask for nothing ----------------------------------------------------


def test_a_ship_that_asks_for_nothing_has_her_stay_and_her_call(books: Books) -> None:
    assert books.declare(a_call(1, (), words.lying_at())) == []
    stay = books.values("stay")["C1"]
    assert (stay["place"], stay["to_at"], stay["estimated"]) == (
        "NS1-4",
        "2026-11-25T06:00:00Z",
        True,
    )
    (call,) = books.situation().calls
    assert (call.declaration_id, call.movement_ids) == ("D1", ())
    with pytest.raises(CallAlreadyDeclared) as refused:
        books.declare(replace(a_call(1), call_ref="OTHER"))
    assert refused.value.context["declaration_id"] == "D1"
    amend(books, a_call(1, (an_exit(),), words.lying_at()))
    assert books.movement("M1")["kind"] == "exit"
    amend(books, a_call(1, (), words.lying_at()), revision=2)
    assert not books.values("movement")
    books.do(Withdraw(declaration_id="D1", expected_revision=3), words.COMPANY)
    assert not books.values("stay")


def test_a_ship_without_a_departure_stays_for_good(books: Books) -> None:
    books.declare(a_call(1, (), replace(words.lying_at(), expected_departure_at=None)))
    assert books.values("stay")["C1"]["to_at"] is None
    with pytest.raises(CallAlreadyDeclared) as refused:
        books.declare(replace(a_call(1, (an_entry(at(900)),)), call_ref="X"), actor=words.RIVAL)
    assert refused.value.context["to_at"] is None


def test_one_ship_twice_in_one_declaration_is_refused(books: Books) -> None:
    with pytest.raises(CallAlreadyDeclared):
        books.declare(a_call(1), replace(a_call(1), call_ref="AGAIN"))
    assert not books.values("declaration")


def test_a_call_is_not_amended_into_another_company_s_call(books: Books) -> None:
    books.declare(a_call(1))
    later = replace(a_call(1, (an_entry(at(48)), an_exit(at(60)))), call_ref="X")
    books.declare(later, actor=words.RIVAL)
    with pytest.raises(CallAlreadyDeclared):
        amend(books, a_call(1, (an_entry(at(50)), an_exit(at(58)))))
    amend(books, a_call(1, (an_entry(at(7)), an_exit(at(21)))))
