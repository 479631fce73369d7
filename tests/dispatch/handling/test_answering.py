"""Pilotage and tug companies say yes or no."""

import pytest

from dispatch.commands import ConfirmService, DeclineService
from dispatch.errors import MovementChanged, NotAllowed, NotFound, PlanFaulty, StateConflict
from dispatch.events import FactKind
from dispatch.lifecycle import Party
from dispatch.movement import EventKind
from tests.dispatch import port_words as words
from tests.dispatch.books import Books
from tests.dispatch.handling.steps import clear_all, confirm_all, report
from tests.dispatch.port_words import a_call, at


@pytest.fixture
def planned(books: Books) -> Books:
    """M1 at six with pilot S1, tug S2 of TUG-A and tug S3 of TUG-B."""
    books.declare(a_call(1))
    books.place("M1", at(6), "PL001", "T01", "T05")
    return books


def test_a_confirmation_keeps_the_start_it_was_for_and_plans_nothing(planned: Books) -> None:
    planned.do(ConfirmService(service_id="S1", seen_start_at=at(6)), words.PILOTAGE)
    service = planned.service("S1")
    assert (service["status"], service["confirmed_start_at"]) == (
        "confirmed",
        "2026-11-24T06:00:00Z",
    )
    assert (planned.last.kind, planned.last.planning) == (FactKind.SERVICE_CONFIRMED, False)


def test_confirming_twice_tells_nothing(planned: Books) -> None:
    planned.do(ConfirmService(service_id="S1"), words.PILOTAGE)
    before = planned.last.offset
    planned.do(ConfirmService(service_id="S1"), words.PILOTAGE)
    assert planned.last.offset == before


def test_a_job_that_moved_since_it_was_seen_is_not_confirmed_blindly(planned: Books) -> None:
    planned.place("M1", at(6, 10), "PL001", "T01", "T05")
    with pytest.raises(MovementChanged) as refused:
        planned.do(ConfirmService(service_id="S1", seen_start_at=at(6)), words.PILOTAGE)
    assert refused.value.context["planned_start_at"] == "2026-11-24T06:10:00Z"


def test_what_was_shown_is_enough_to_confirm_although_it_is_shown_to_the_second(
    books: Books,
) -> None:
    books.declare(a_call(1))
    books.place("M1", at(6) + words.timedelta(microseconds=250_000), "PL001")
    books.do(ConfirmService(service_id="S1", seen_start_at=at(6)), words.PILOTAGE)
    assert books.service("S1")["status"] == "confirmed"


def test_a_tug_company_answers_its_own_jobs_and_does_not_see_a_rival_s(planned: Books) -> None:
    with pytest.raises(NotFound):
        planned.do(ConfirmService(service_id="S3"), words.TOWAGE)
    with pytest.raises(NotFound):
        planned.do(ConfirmService(service_id="S1"), words.TOWAGE)
    with pytest.raises(NotAllowed):
        planned.do(ConfirmService(service_id="S2"), words.MARITIME)
    with pytest.raises(NotAllowed):
        planned.do(ConfirmService(service_id="S2"), words.CENTRE)
    planned.do(ConfirmService(service_id="S3"), words.OTHER_TOWAGE)


def test_the_centre_confirms_for_the_party_that_phones(planned: Books) -> None:
    planned.do(ConfirmService(service_id="S2"), words.for_party(Party.TOWAGE))
    assert planned.service("S2")["status"] == "confirmed"
    with pytest.raises(NotAllowed):
        planned.do(ConfirmService(service_id="S1"), words.for_party(Party.TOWAGE))
    with pytest.raises(NotFound):
        planned.do(ConfirmService(service_id="S3"), words.for_party(Party.TOWAGE, "TUG-A"))


def test_declining_bars_the_resource_from_the_movement_for_good(planned: Books) -> None:
    planned.do(ConfirmService(service_id="S2"), words.TOWAGE)
    command = DeclineService(service_id="S2", reason_code="engine", remark="oil pressure")
    planned.do(command, words.TOWAGE)
    fact = planned.last
    assert (fact.kind, fact.planning) == (FactKind.SERVICE_DECLINED, True)
    assert fact.note["reason"] == "engine"
    assert planned.service("S2")["status"] == "denied"
    assert planned.movement("M1")["declined"] == ["T01"]
    assert planned.movement("M1")["service_organisations"] == ["PILOT", "TUG-B"]
    assert [item.id for item in planned.situation().services] == ["S1", "S3"]
    before = fact.offset
    planned.do(command, words.TOWAGE)
    assert planned.last.offset == before
    with pytest.raises(StateConflict):
        planned.do(ConfirmService(service_id="S2"), words.TOWAGE)
    with pytest.raises(PlanFaulty):
        planned.place("M1", at(6), "PL001", "T01", "T05")


def test_a_pilot_on_board_is_not_declined_but_a_tug_for_the_berth_may_be(planned: Books) -> None:
    clear_all(planned, "M1")
    report(planned, "M1", EventKind.PILOT_ON_BOARD, at(6))
    with pytest.raises(StateConflict):
        planned.do(DeclineService(service_id="S1", reason_code="fatigue"), words.PILOTAGE)
    assert planned.service("S1")["status"] == "confirmed"
    planned.do(DeclineService(service_id="S2", reason_code="engine"), words.TOWAGE)
    assert planned.service("S2")["status"] == "denied"


def test_a_declined_job_stands_open_until_a_plan_puts_another_in_its_place(
    planned: Books,
) -> None:
    planned.do(DeclineService(service_id="S2", reason_code="engine"), words.TOWAGE)
    planned.place("M1", at(6), "PL001", "T02", "T05")
    assert set(planned.services("M1")) == {"PL001", "T01", "T02", "T05"}
    assert planned.services("M1")["T02"]["id"] == "S4"
    confirm_all(planned, "M1")
    assert planned.services("M1")["T01"]["status"] == "denied"


# -- what a new plan does to answers ------------------------------------------------------------


def test_an_acceptance_survives_a_small_move_and_asks_again_beyond_the_tolerance(
    planned: Books,
) -> None:
    confirm_all(planned, "M1")
    planned.place("M1", at(6, 15), "PL001", "T01", "T05")
    assert planned.service("S1")["status"] == "confirmed"
    assert planned.service("S1")["planned_start_at"] == "2026-11-24T06:15:00Z"
    # the tolerance is from what was confirmed, so small steps do not add up unseen
    planned.place("M1", at(6, 16), "PL001", "T01", "T05")
    service = planned.service("S1")
    assert (service["status"], service["reconfirm"]) == ("requested", True)
    assert service["confirmed_start_at"] == "2026-11-24T06:00:00Z"
    planned.do(ConfirmService(service_id="S1"), words.PILOTAGE)
    service = planned.service("S1")
    assert (service["status"], service["reconfirm"]) == ("confirmed", False)
    assert service["confirmed_start_at"] == "2026-11-24T06:16:00Z"


def test_a_resource_that_keeps_the_job_keeps_its_id_and_another_gets_a_new_one(
    planned: Books,
) -> None:
    confirm_all(planned, "M1")
    planned.place("M1", at(6), "PL002", "T01")
    services = planned.services("M1")
    assert services["T01"]["id"] == "S2"
    assert services["T01"]["status"] == "confirmed"
    assert services["PL002"]["id"] == "S4"
    assert set(services) == {"PL002", "T01"}
    gone = [change for change in planned.last.changes if change.value is None]
    assert {(change.type, change.id) for change in gone} == {("service", "S1"), ("service", "S3")}
    assert all(change.before is not None for change in gone)
    with pytest.raises(StateConflict):
        planned.do(ConfirmService(service_id="S1"), words.PILOTAGE)
    # back to the first pilot: a new job, for an id is never used again
    planned.place("M1", at(6), "PL001", "T01")
    assert planned.services("M1")["PL001"]["id"] == "S5"


def test_a_job_from_another_place_asks_again(planned: Books) -> None:
    confirm_all(planned, "M1")
    placement = words.a_placement("M1", at(6), "PL001", "T01", "T05")
    jobs = [words.replace(job, to_place="NS1-3") for job in placement.services]
    planned.publish(words.replace(placement, services=tuple(jobs)))
    assert planned.service("S2")["reconfirm"] is True
