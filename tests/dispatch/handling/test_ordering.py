"""Estimates, priorities, pins, restrictions and outages."""

from datetime import timedelta

import pytest

from dispatch.commands import (
    EstimateMovement,
    LiftRestriction,
    PinMovement,
    Restrict,
    ReturnToService,
    SetPriority,
    TakeOutOfService,
)
from dispatch.errors import NotAllowed, NotFound, StateConflict, ValueRefused
from dispatch.events import FactKind
from tests.dispatch import port_words as words
from tests.dispatch.books import Books
from tests.dispatch.port_words import a_call, at


@pytest.fixture
def planned(books: Books) -> Books:
    books.declare(a_call(1))
    books.place("M1", at(6), "PL001")
    return books


@pytest.mark.parametrize("off", [timedelta(days=300), timedelta(hours=-40)])
def test_an_estimate_that_is_far_off_is_a_slip(planned: Books, off: timedelta) -> None:
    slip = EstimateMovement(movement_id="M1", estimated_at=planned.clock.at + off)
    with pytest.raises(ValueRefused):
        planned.do(slip, words.COMPANY)
    assert planned.movement("M1")["estimated_at"] is None


def test_a_late_ship_is_told_by_her_company(planned: Books) -> None:
    late = EstimateMovement(movement_id="M1", estimated_at=at(9), reason_code="engine")
    planned.do(late, words.COMPANY)
    assert planned.movement("M1")["estimated_at"] == "2026-11-24T09:00:00Z"
    assert (planned.last.kind, planned.last.planning) == (FactKind.ESTIMATED, True)
    before = planned.last.offset
    planned.do(late, words.COMPANY)
    assert planned.last.offset == before
    with pytest.raises(NotFound):
        planned.do(late, words.RIVAL)
    with pytest.raises(NotAllowed):
        planned.do(late, words.TOWAGE)


def test_priorities_and_pins_are_the_centre_s(planned: Books) -> None:
    planned.do(SetPriority(movement_id="M1", priority=1), words.CENTRE)
    planned.do(PinMovement(movement_id="M1", pinned=True), words.CENTRE)
    assert planned.last.kind is FactKind.PINNED
    entry = planned.movement("M1")
    assert (entry["priority"], entry["pinned"]) == (1, True)
    planned.do(PinMovement(movement_id="M1", pinned=False), words.CENTRE)
    assert planned.last.kind is FactKind.UNPINNED
    for command in (
        SetPriority(movement_id="M1", priority=2),
        PinMovement(movement_id="M1", pinned=True),
    ):
        with pytest.raises(NotAllowed):
            planned.do(command, words.COMPANY)
    with pytest.raises(ValueRefused):
        planned.do(SetPriority(movement_id="M1", priority=0), words.CENTRE)
    with pytest.raises(StateConflict):
        planned.do(PinMovement(movement_id="M2", pinned=True), words.CENTRE)


def test_a_restriction_is_set_and_lifted(books: Books) -> None:
    fog = Restrict(kind="visibility", from_at=at(2), to_at=at(8), value=600.0, segments=("S01",))
    receipt = books.do(fog, words.MARITIME)
    assert books.values("restriction")[receipt.body["id"]]["set_by"] == "MSA"
    assert books.last.planning
    (restriction,) = books.situation().restrictions
    assert (restriction.value, restriction.segments) == (600.0, ("S01",))
    books.clock.at = at(4)
    books.do(LiftRestriction(restriction_id="R1"), words.CENTRE)
    assert not books.values("restriction")
    assert books.situation().restrictions == ()
    with pytest.raises(StateConflict):
        books.do(LiftRestriction(restriction_id="R1"), words.CENTRE)
    with pytest.raises(NotFound):
        books.do(LiftRestriction(restriction_id="R9"), words.CENTRE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "ice"}, "kind"),
        ({"to_at": at(2)}, "to_at"),
        ({"value": None}, "value"),
        ({"value": float("nan")}, "value"),
        ({"value": -1.0}, "value"),
        ({"kind": "berth_closed"}, "place"),
    ],
)
def test_a_restriction_that_makes_no_sense_is_refused(
    books: Books, changes: dict[str, object], field: str
) -> None:
    wind = Restrict(kind="wind", from_at=at(2), to_at=at(8), value=18.0)
    with pytest.raises(ValueRefused) as refused:
        books.do(words.replace(wind, **changes), words.CENTRE)
    assert refused.value.context["field"] == field


def test_companies_set_no_restrictions(books: Books) -> None:
    with pytest.raises(NotAllowed):
        books.do(Restrict(kind="closure", from_at=at(2)), words.COMPANY)


def test_a_tug_goes_out_of_service_and_comes_back(books: Books) -> None:
    out = TakeOutOfService(resource_id="T01", from_at=at(1), reason="engine")
    books.do(out, words.TOWAGE)
    tug = books.values("resource")["T01"]
    assert (tug["out"], tug["out_from_at"], tug["reason"]) == (
        True,
        "2026-11-24T01:00:00Z",
        "engine",
    )
    assert books.values("outage")["O1"]["organisation"] == "TUG-A"
    assert books.last.planning
    (outage,) = books.situation().outages
    assert (outage.resource_id, outage.to_at) == ("T01", None)
    books.clock.at = at(3)
    with pytest.raises(NotFound):
        books.do(ReturnToService(outage_id="O1"), words.OTHER_TOWAGE)
    books.do(ReturnToService(outage_id="O1"), words.TOWAGE)
    assert books.values("resource")["T01"]["out"] is False
    assert not books.values("outage")
    with pytest.raises(StateConflict):
        books.do(ReturnToService(outage_id="O1"), words.TOWAGE)


def test_each_organisation_takes_out_its_own(books: Books) -> None:
    with pytest.raises(NotFound):
        books.do(TakeOutOfService(resource_id="T05", from_at=at(1)), words.TOWAGE)
    with pytest.raises(NotFound):
        books.do(TakeOutOfService(resource_id="T01", from_at=at(1)), words.PILOTAGE)
    with pytest.raises(NotAllowed):
        books.do(TakeOutOfService(resource_id="T01", from_at=at(1)), words.COMPANY)
    with pytest.raises(ValueRefused):
        books.do(TakeOutOfService(resource_id="T01", from_at=at(1), to_at=at(1)), words.TOWAGE)
    books.do(TakeOutOfService(resource_id="PL001", from_at=at(1)), words.PILOTAGE)
    books.do(TakeOutOfService(resource_id="T05", from_at=at(1)), words.CENTRE)
    assert {item.resource_id for item in books.situation().outages} == {"PL001", "T05"}
