"""Maritime review clears, holds, rejects, adds conditions and signs waivers."""

import pytest

from dispatch.commands import (
    AddCondition,
    ClearMovement,
    HoldMovement,
    RejectMovement,
    ReleaseMovement,
    RemoveCondition,
    SignWaiver,
    UnplacedMovement,
)
from dispatch.errors import (
    MovementChanged,
    NotAllowed,
    NotFound,
    StateConflict,
    ValueRefused,
)
from dispatch.events import FactKind
from dispatch.lifecycle import Party
from tests.dispatch import port_words as words
from tests.dispatch.books import Books
from tests.dispatch.handling.steps import confirm_all
from tests.dispatch.port_words import a_call, at


@pytest.fixture
def planned(books: Books) -> Books:
    books.declare(a_call(1), a_call(2))
    books.place("M1", at(6), "PL001")
    return books


def test_a_movement_is_executable_once_it_is_confirmed_and_cleared(planned: Books) -> None:
    planned.do(ClearMovement(movement_id="M1", seen_start_at=at(6)), words.MARITIME)
    assert planned.movement("M1")["clearance"] == "confirmed"
    assert not planned.movement("M1")["executable"]
    assert (planned.last.kind, planned.last.planning) == (FactKind.CLEARED, False)
    confirm_all(planned, "M1")
    assert planned.movement("M1")["executable"]
    # the confirmation told of the movement, too: its value says executable
    assert {change.type for change in planned.last.changes} == {"service", "movement"}


def test_only_maritime_review_clears(planned: Books) -> None:
    for actor in (words.COMPANY, words.PILOTAGE, words.CENTRE):
        with pytest.raises(NotAllowed):
            planned.do(ClearMovement(movement_id="M1"), actor)
    planned.do(ClearMovement(movement_id="M1"), words.for_party(Party.MARITIME))


def test_what_moved_since_it_was_seen_is_not_cleared_blindly(planned: Books) -> None:
    with pytest.raises(MovementChanged):
        planned.do(ClearMovement(movement_id="M1", seen_start_at=at(5)), words.MARITIME)


def test_what_has_no_time_cannot_be_cleared(planned: Books) -> None:
    with pytest.raises(StateConflict) as refused:
        planned.do(ClearMovement(movement_id="M2"), words.MARITIME)
    assert refused.value.context == {
        "type": "movement",
        "id": "M2",
        "state": "declared",
        "verb": "clear",
    }


def test_a_cleared_movement_that_moves_too_far_is_reviewed_again(planned: Books) -> None:
    planned.do(ClearMovement(movement_id="M1"), words.MARITIME)
    planned.place("M1", at(6, 30), "PL001")
    assert planned.movement("M1")["clearance"] == "confirmed"
    planned.place("M1", at(6, 31), "PL001")
    entry = planned.movement("M1")
    assert (entry["clearance"], entry["clearance_reconfirm"]) == ("requested", True)
    planned.do(ClearMovement(movement_id="M1"), words.MARITIME)
    entry = planned.movement("M1")
    assert (entry["clearance"], entry["clearance_reconfirm"]) == ("confirmed", False)


def test_a_cleared_movement_to_another_berth_is_reviewed_again(planned: Books) -> None:
    planned.do(ClearMovement(movement_id="M1"), words.MARITIME)
    planned.publish(words.a_placement("M1", at(6), "PL001", to_place="NS1-3"))
    assert planned.movement("M1")["clearance"] == "requested"


def test_a_hold_bears_on_the_plan_and_so_does_its_release(planned: Books) -> None:
    planned.do(HoldMovement(movement_id="M1", reason_code="papers"), words.MARITIME)
    assert (planned.last.kind, planned.last.planning) == (FactKind.HELD, True)
    held = planned.movement("M1")
    assert (held["clearance"], held["clearance_reason"]) == ("held", "papers")
    planned.publish(unplaced=(UnplacedMovement(movement_id="M1", reasons=(words.LATE,)),))
    assert planned.movement("M1")["state"] == "declared"
    assert planned.movement("M1")["clearance"] == "held"
    assert not planned.services("M1")
    planned.do(ReleaseMovement(movement_id="M1"), words.MARITIME)
    assert (planned.last.kind, planned.last.planning) == (FactKind.RELEASED, True)
    assert planned.movement("M1")["clearance"] == "requested"
    with pytest.raises(StateConflict):
        planned.do(ReleaseMovement(movement_id="M1"), words.MARITIME)


def test_holding_again_for_the_same_reason_tells_nothing(planned: Books) -> None:
    planned.do(HoldMovement(movement_id="M1", reason_code="papers"), words.MARITIME)
    before = planned.last.offset
    planned.do(HoldMovement(movement_id="M1", reason_code="papers"), words.MARITIME)
    assert planned.last.offset == before
    planned.do(HoldMovement(movement_id="M1", reason_code="weather"), words.MARITIME)
    assert planned.movement("M1")["clearance_reason"] == "weather"


def test_a_rejection_stands_until_it_is_taken_back(planned: Books) -> None:
    planned.do(RejectMovement(movement_id="M1", reason_code="banned"), words.MARITIME)
    assert planned.movement("M1")["clearance"] == "denied"
    assert planned.last.planning
    with pytest.raises(StateConflict):
        planned.do(HoldMovement(movement_id="M1", reason_code="papers"), words.MARITIME)
    planned.do(ClearMovement(movement_id="M1"), words.MARITIME)
    assert planned.last.planning
    assert planned.movement("M1")["clearance"] == "confirmed"


def test_conditions_come_and_go(planned: Books) -> None:
    added = AddCondition(movement_id="M1", kind="after_movement", after_movement_id="M3", gap_min=9)
    receipt = planned.do(added, words.MARITIME)
    assert receipt.body["condition_id"] == "K1"
    assert planned.last.planning
    assert planned.movement("M1")["conditions"] == [
        {
            "id": "K1",
            "kind": "after_movement",
            "at": None,
            "movement_id": "M3",
            "gap_min": 9,
            "count": 0,
        }
    ]
    planned.do(RemoveCondition(movement_id="M1", condition_id="K1"), words.MARITIME)
    assert planned.movement("M1")["conditions"] == []
    with pytest.raises(NotFound):
        planned.do(RemoveCondition(movement_id="M1", condition_id="K1"), words.MARITIME)


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (AddCondition(movement_id="M1", kind="sunny"), "kind"),
        (AddCondition(movement_id="M1", kind="not_before"), "at"),
        (AddCondition(movement_id="M1", kind="extra_tug"), "count"),
        (AddCondition(movement_id="M1", kind="after_movement"), "movement_id"),
        (
            AddCondition(movement_id="M1", kind="after_movement", after_movement_id="M1"),
            "movement_id",
        ),
        (
            AddCondition(
                movement_id="M1", kind="after_movement", after_movement_id="M3", gap_min=-1
            ),
            "gap_min",
        ),
        (SignWaiver(movement_id="M1", rule=" ", reason="x", expires_at=at(9)), "rule"),
        (SignWaiver(movement_id="M1", rule="of_thumb", reason="x", expires_at=at(9)), "rule"),
        (SignWaiver(movement_id="M1", rule="wind", reason="", expires_at=at(9)), "reason"),
        (SignWaiver(movement_id="M1", rule="wind", reason="x", expires_at=at(0)), "expires_at"),
    ],
)
def test_a_condition_or_waiver_that_makes_no_sense_is_refused(
    planned: Books, command: object, field: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        planned.do(command, words.MARITIME)
    assert refused.value.context["field"] == field


def test_no_two_movements_wait_for_each_other(planned: Books) -> None:
    """M2 leaves after M1 has come, M3 is another ship's."""

    def after(movement_id: str, other: str) -> AddCondition:
        return AddCondition(movement_id=movement_id, kind="after_movement", after_movement_id=other)

    planned.do(after("M3", "M2"), words.MARITIME)
    for movement_id, other in (("M1", "M2"), ("M1", "M3"), ("M2", "M3")):
        with pytest.raises(ValueRefused) as refused:
            planned.do(after(movement_id, other), words.MARITIME)
        assert refused.value.context["field"] == "movement_id"
    planned.do(after("M3", "M1"), words.MARITIME)


def test_a_waiver_bears_the_name_of_who_signed_it(planned: Books) -> None:
    waiver = SignWaiver(movement_id="M1", rule="daylight", reason="pilots agree", expires_at=at(9))
    planned.do(waiver, words.MARITIME)
    assert planned.movement("M1")["waivers"] == [
        {
            "id": "W1",
            "rule": "daylight",
            "reason": "pilots agree",
            "signed_by": "msa-1",
            "expires_at": "2026-11-24T09:00:00Z",
        }
    ]
