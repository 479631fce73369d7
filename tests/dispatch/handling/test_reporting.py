"""What crews report, what it makes of the movement, and corrections."""

import pytest

from dispatch.commands import CorrectEvent, ReportEvent
from dispatch.errors import (
    EarlierMovementOpen,
    EventAlreadyReported,
    EventInFuture,
    EventNotOfMovement,
    EventOutOfOrder,
    NotAllowed,
    NotExecutable,
    NotFound,
    StateConflict,
    ValueRefused,
)
from dispatch.lifecycle import Party
from dispatch.movement import EventKind
from tests.dispatch import port_words as words
from tests.dispatch.books import Books
from tests.dispatch.handling.steps import clear_all, report
from tests.dispatch.port_words import a_call, at


@pytest.fixture
def ready(books: Books) -> Books:
    """Entry M1 at six and exit M2 at twenty, both planned and executable."""
    books.declare(a_call(1))
    books.publish(
        words.a_placement("M1", at(6), "PL001", "T01"),
        words.a_placement("M2", at(20), "PL001", "T01", to_place=None),
    )
    clear_all(books, "M1")
    clear_all(books, "M2")
    return books


def test_an_entry_runs_from_pilot_on_board_to_all_fast(ready: Books) -> None:
    receipt = report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6, 5))
    assert receipt.body == {"id": "M1", "event_id": "E1", "state": "under_way"}
    assert ready.last.planning
    assert ready.movement("M1")["actual_start_at"] == "2026-11-24T06:05:00Z"
    report(ready, "M1", EventKind.TUGS_STAND_BY, at(7), words.TOWAGE)
    assert not ready.last.planning
    report(ready, "M1", EventKind.FIRST_LINE_SECURED, at(8))
    report(ready, "M1", EventKind.ALL_FAST, at(8, 30))
    entry = ready.movement("M1")
    assert (entry["state"], entry["actual_end_at"]) == ("completed", "2026-11-24T08:30:00Z")
    assert ready.values("stay")["M1"]["from_at"] == "2026-11-24T08:30:00Z"
    report(ready, "M1", EventKind.PILOT_OFF, at(8, 45))
    report(ready, "M1", EventKind.TUGS_DISMISSED, at(8, 40), words.TOWAGE)
    assert [event["kind"] for event in ready.movement("M1")["events"]] == [
        "pilot_on_board",
        "tugs_stand_by",
        "first_line_secured",
        "all_fast",
        "pilot_off",
        "tugs_dismissed",
    ]


def test_an_exit_starts_when_the_last_line_is_released(ready: Books) -> None:
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6))
    report(ready, "M1", EventKind.ALL_FAST, at(8))
    report(ready, "M2", EventKind.PILOT_ON_BOARD, at(19, 50))
    assert ready.movement("M2")["state"] == "planned"
    report(ready, "M2", EventKind.CAST_OFF, at(20, 2))
    assert ready.movement("M2")["state"] == "under_way"
    assert ready.values("stay")["M1"]["to_at"] == "2026-11-24T20:02:00Z"
    report(ready, "M2", EventKind.ALL_CLEAR, at(20, 10))
    report(ready, "M2", EventKind.PILOT_OFF, at(23))
    assert ready.movement("M2")["state"] == "completed"


def test_a_movement_does_not_start_before_it_is_executable_unless_it_is_forced(
    books: Books,
) -> None:
    books.declare(a_call(1))
    books.place("M1", at(6), "PL001")
    with pytest.raises(NotExecutable) as refused:
        report(books, "M1", EventKind.PILOT_ON_BOARD, at(6))
    assert refused.value.context == {
        "planned": True,
        "clearance": "requested",
        "services": ["S1"],
    }
    with pytest.raises(NotAllowed):
        report(books, "M1", EventKind.PILOT_ON_BOARD, at(6), force=True, reason="he is on board")
    with pytest.raises(NotAllowed):
        phoned = words.for_party(Party.PILOTAGE)
        report(books, "M1", EventKind.PILOT_ON_BOARD, at(6), phoned, force=True, reason="x")
    with pytest.raises(ValueRefused):
        report(books, "M1", EventKind.PILOT_ON_BOARD, at(6), words.CENTRE, force=True)
    report(
        books, "M1", EventKind.PILOT_ON_BOARD, at(6), words.CENTRE, force=True, reason="seen on AIS"
    )
    assert books.movement("M1")["state"] == "under_way"
    assert books.last.note["forced"] is True
    assert books.last.note["reason"] == "seen on AIS"


def test_reality_fits_even_where_nothing_was_planned(books: Books) -> None:
    books.declare(a_call(1))
    report(books, "M1", EventKind.PILOT_ON_BOARD, at(3), words.CENTRE, force=True, reason="came in")
    assert books.movement("M1")["state"] == "under_way"
    assert books.movement("M1")["planned"] is None


def test_an_exit_does_not_start_while_the_ship_is_still_coming_in(ready: Books) -> None:
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6))
    with pytest.raises(EarlierMovementOpen):
        report(ready, "M2", EventKind.CAST_OFF, at(7))


def test_an_end_without_a_start_is_refused(ready: Books) -> None:
    with pytest.raises(StateConflict):
        report(ready, "M1", EventKind.ALL_FAST, at(8))


def test_times_in_the_future_are_refused_but_for_a_watch_that_is_fast(ready: Books) -> None:
    ready.clock.at = at(6)
    command = ReportEvent(movement_id="M1", kind=EventKind.PILOT_ON_BOARD, actual_at=at(6, 6))
    with pytest.raises(EventInFuture):
        ready.do(command, words.PILOTAGE)
    ready.do(words.replace(command, actual_at=at(6, 5)), words.PILOTAGE)


def test_reports_that_contradict_each_other_are_refused(ready: Books) -> None:
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6))
    with pytest.raises(EventOutOfOrder) as refused:
        report(ready, "M1", EventKind.ALL_FAST, at(5))
    assert refused.value.context["earlier"] == "pilot_on_board"
    report(ready, "M1", EventKind.ALL_FAST, at(8))
    with pytest.raises(EventOutOfOrder):
        report(ready, "M2", EventKind.CAST_OFF, at(7))


def test_the_same_report_again_tells_nothing_and_another_time_is_a_correction(
    ready: Books,
) -> None:
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6))
    before = ready.last.offset
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6))
    assert ready.last.offset == before
    with pytest.raises(EventAlreadyReported) as refused:
        report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6, 10))
    assert refused.value.context["event_id"] == "E1"


def test_each_tug_company_stands_by_for_itself(books: Books) -> None:
    books.declare(a_call(1))
    books.place("M1", at(6), "PL001", "T01", "T05")
    report(books, "M1", EventKind.TUGS_STAND_BY, at(5), words.TOWAGE)
    report(books, "M1", EventKind.TUGS_STAND_BY, at(5, 30), words.OTHER_TOWAGE)
    assert len(books.movement("M1")["events"]) == 2


def test_who_may_report_what(ready: Books) -> None:
    with pytest.raises(NotFound):
        report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6), words.RIVAL)
    with pytest.raises(NotFound):
        report(ready, "M1", EventKind.TUGS_STAND_BY, at(6), words.OTHER_TOWAGE)
    for actor, kind in (
        (words.COMPANY, EventKind.PILOT_ON_BOARD),
        (words.TOWAGE, EventKind.ALL_FAST),
        (words.MARITIME, EventKind.ALL_FAST),
    ):
        with pytest.raises(NotAllowed):
            report(ready, "M1", kind, at(6), actor)
    with pytest.raises(EventNotOfMovement):
        report(ready, "M1", EventKind.CAST_OFF, at(6))


# -- corrections -------------------------------------------------------------------------------


def test_a_corrected_time_takes_the_place_of_the_wrong_one(ready: Books) -> None:
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6))
    report(ready, "M1", EventKind.ALL_FAST, at(8))
    receipt = ready.do(CorrectEvent(event_id="E2", actual_at=at(7, 50)), words.PILOTAGE)
    assert receipt.body == {"id": "M1", "event_id": "E3", "state": "completed"}
    assert ready.last.planning
    entry = ready.movement("M1")
    assert entry["actual_end_at"] == "2026-11-24T07:50:00Z"
    assert [event["corrected_by"] for event in entry["events"]] == [None, "E3", None]
    with pytest.raises(StateConflict):
        ready.do(CorrectEvent(event_id="E2", actual_at=at(7)), words.PILOTAGE)
    before = ready.last.offset
    ready.do(CorrectEvent(event_id="E3", actual_at=at(7, 50)), words.PILOTAGE)
    assert ready.last.offset == before


def test_a_start_that_never_was_takes_the_movement_back(ready: Books) -> None:
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6))
    ready.do(CorrectEvent(event_id="E1", cancelled=True), words.PILOTAGE)
    entry = ready.movement("M1")
    assert (entry["state"], entry["actual_start_at"]) == ("planned", None)
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(7))
    assert ready.movement("M1")["state"] == "under_way"


def test_an_end_is_not_taken_back_once_the_next_movement_has_started(ready: Books) -> None:
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6))
    report(ready, "M1", EventKind.ALL_FAST, at(8))
    report(ready, "M2", EventKind.CAST_OFF, at(20))
    with pytest.raises(EarlierMovementOpen):
        ready.do(CorrectEvent(event_id="E2", cancelled=True), words.PILOTAGE)
    with pytest.raises(EventOutOfOrder):
        ready.clock.at = at(22)
        ready.do(CorrectEvent(event_id="E2", actual_at=at(21)), words.PILOTAGE)


def test_a_report_is_corrected_by_its_own_party_or_the_centre(ready: Books) -> None:
    report(ready, "M1", EventKind.PILOT_ON_BOARD, at(6))
    with pytest.raises(NotAllowed):
        ready.do(CorrectEvent(event_id="E1", actual_at=at(5)), words.COMPANY)
    with pytest.raises(ValueRefused):
        ready.do(CorrectEvent(event_id="E1"), words.PILOTAGE)
    with pytest.raises(ValueRefused):
        ready.do(CorrectEvent(event_id="E1", actual_at=at(5), cancelled=True), words.PILOTAGE)
    with pytest.raises(NotFound):
        ready.do(CorrectEvent(event_id="E99", actual_at=at(5)), words.PILOTAGE)
    ready.do(CorrectEvent(event_id="E1", actual_at=at(5)), words.CENTRE)
    event = ready.movement("M1")["events"][1]
    assert (event["organisation"], event["reported_by"], event["on_behalf_of"]) == (
        "PILOT",
        "PORT",
        None,
    )


def test_what_the_centre_enters_for_a_tug_company_is_that_company_s_report(ready: Books) -> None:
    report(ready, "M1", EventKind.TUGS_STAND_BY, at(5), words.for_party(Party.TOWAGE))
    event = ready.movement("M1")["events"][0]
    assert (event["organisation"], event["reported_by"], event["on_behalf_of"]) == (
        "TUG-A",
        "PORT",
        "towage",
    )
    ready.do(
        CorrectEvent(event_id="E1", actual_at=at(5) - words.timedelta(minutes=5)), words.TOWAGE
    )
