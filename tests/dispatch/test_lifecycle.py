"""The whole table, state by state, verb by verb, party by party; and what events come to."""

from datetime import datetime
from itertools import pairwise

import pytest

from dispatch.declaration import MovementKind
from dispatch.errors import EventOutOfOrder
from dispatch.handling.actuals import derive, require_order
from dispatch.lifecycle import (
    EVENTS,
    PARTIES,
    REPORTS,
    SERVICE_PARTY,
    STATES,
    TABLES,
    Party,
    Ruling,
    State,
    Thing,
    Verb,
    event_verb,
    judge,
)
from dispatch.movement import Approval, Event, EventKind, MovementState, ServiceKind
from tests.dispatch.lifecycle_page import PAGE, page
from tests.dispatch.port_words import at

EVERY_CASE = [
    (thing, state, verb, party)
    for thing in Thing
    for state in STATES[thing]
    for verb in Verb
    for party in Party
]


def test_the_page_in_the_docs_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_table_answers_every_case_and_allows_nothing_that_it_does_not_list() -> None:
    rulings = {case: judge(*case) for case in EVERY_CASE}
    assert len(rulings) == (5 + 4 + 4) * len(Verb) * len(Party)
    for (thing, state, verb, party), ruling in rulings.items():
        may = party in PARTIES[verb]
        leads = TABLES[thing].get(verb, {}).get(state)
        if not may:
            assert ruling is Ruling.WRONG_PARTY
        elif leads is None:
            assert ruling is Ruling.WRONG_STATE
        else:
            assert ruling in (Ruling.ALLOWED, Ruling.UNCHANGED)
            assert leads in STATES[thing]


@pytest.mark.parametrize(
    ("thing", "state"),
    [
        (Thing.MOVEMENT, MovementState.WITHDRAWN),
        (Thing.SERVICE, Approval.CANCELLED),
    ],
)
def test_nothing_follows_on_an_end(thing: Thing, state: State) -> None:
    for verb in Verb:
        for party in Party:
            assert judge(thing, state, verb, party) in (Ruling.WRONG_STATE, Ruling.WRONG_PARTY)


def test_what_has_started_is_neither_amended_nor_withdrawn_nor_held() -> None:
    for state in (MovementState.UNDER_WAY, MovementState.COMPLETED):
        for verb in (Verb.AMEND, Verb.WITHDRAW, Verb.HOLD, Verb.REJECT, Verb.LEAVE_OUT, Verb.PIN):
            for party in PARTIES[verb]:
                assert judge(Thing.MOVEMENT, state, verb, party) is Ruling.WRONG_STATE


def test_answers_are_the_party_s_own() -> None:
    assert PARTIES[Verb.CONFIRM] == PARTIES[Verb.DECLINE] == set(SERVICE_PARTY.values())
    assert set(SERVICE_PARTY) == set(ServiceKind)
    for verb in (Verb.CLEAR, Verb.HOLD, Verb.RELEASE, Verb.REJECT, Verb.WAIVE, Verb.ADD_CONDITION):
        assert PARTIES[verb] == {Party.MARITIME}
    assert PARTIES[Verb.DECLARE] == {Party.COMPANY}


def test_only_the_service_publishes_and_only_the_centre_decides_on_proposals() -> None:
    assert PARTIES[Verb.PUBLISH] == {Party.PLANNER}
    assert PARTIES[Verb.DECIDE] == {Party.DISPATCH}


def test_every_verb_has_a_party() -> None:
    assert set(PARTIES) == set(Verb)
    assert all(PARTIES.values())


def test_a_confirmed_answer_confirmed_again_is_no_change() -> None:
    confirmed = (Approval.CONFIRMED, Verb.CONFIRM, Party.TOWAGE)
    assert judge(Thing.SERVICE, *confirmed) is Ruling.UNCHANGED
    cleared = (Approval.CONFIRMED, Verb.CLEAR, Party.MARITIME)
    assert judge(Thing.CLEARANCE, *cleared) is Ruling.UNCHANGED


# -- events ------------------------------------------------------------------------------------


def an_event(kind: EventKind, at_: datetime, number: int = 1, **changes: object) -> Event:
    fields = {
        "id": f"E{number}",
        "movement_id": "M1",
        "kind": kind,
        "actual_at": at_,
        "reported_at": at_,
        "reported_by": "PILOT",
        "organisation": "PILOT",
        **changes,
    }
    return Event(**fields)


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("entry", EventKind.PILOT_ON_BOARD, EventKind.ALL_FAST),
        ("entry", EventKind.PASSAGE_STARTED, EventKind.ANCHORED),
        ("exit", EventKind.CAST_OFF, EventKind.PILOT_OFF),
        ("exit", EventKind.PASSAGE_STARTED, EventKind.PASSAGE_ENDED),
        ("shift", EventKind.CAST_OFF, EventKind.ALL_FAST),
        ("shift", EventKind.CAST_OFF, EventKind.ANCHORED),
    ],
)
def test_actual_times_and_state_come_from_the_events(
    kind: MovementKind, start: EventKind, end: EventKind
) -> None:
    nothing = derive((), kind)
    assert nothing.state(planned=True) is MovementState.PLANNED
    assert nothing.state(planned=False) is MovementState.DECLARED
    begun = derive([an_event(start, at(6))], kind)
    assert (begun.start_at, begun.end_at) == (at(6), None)
    assert begun.state(planned=True) is MovementState.UNDER_WAY
    done = derive([an_event(start, at(6)), an_event(end, at(9))], kind)
    assert (done.start_at, done.end_at) == (at(6), at(9))
    assert done.state(planned=True) is MovementState.COMPLETED


def test_the_pilot_on_board_does_not_yet_move_a_ship_off_her_berth() -> None:
    boarded = derive([an_event(EventKind.PILOT_ON_BOARD, at(6))], "exit")
    assert boarded.state(planned=True) is MovementState.PLANNED


def test_replaced_and_cancelled_reports_do_not_count() -> None:
    events = [
        an_event(EventKind.PILOT_ON_BOARD, at(6), 1, corrected_by="E2"),
        an_event(EventKind.PILOT_ON_BOARD, at(7), 2),
        an_event(EventKind.ALL_FAST, at(9), 3, corrected_by="E4"),
        an_event(EventKind.ALL_FAST, at(9), 4, cancelled=True),
    ]
    actuals = derive(events, "entry")
    assert (actuals.start_at, actuals.end_at) == (at(7), None)


@pytest.mark.parametrize("kind", list(EVENTS))
def test_events_in_the_order_of_the_table_are_in_order_and_the_other_way_round_not(
    kind: MovementKind,
) -> None:
    chain = [sorted(stage)[0] for stage in EVENTS[kind].stages]
    require_order([an_event(event, at(n)) for n, event in enumerate(chain)], kind)
    require_order([an_event(event, at(1)) for event in chain], kind)
    for earlier, later in pairwise(chain):
        with pytest.raises(EventOutOfOrder):
            require_order([an_event(earlier, at(2)), an_event(later, at(1))], kind)


def test_tugs_are_not_dismissed_before_they_stand_by_each_company_for_itself() -> None:
    stand_by = an_event(EventKind.TUGS_STAND_BY, at(5), 1, organisation="TUG-A")
    dismissed = an_event(EventKind.TUGS_DISMISSED, at(4), 2, organisation="TUG-B")
    require_order([stand_by, dismissed], "entry")
    with pytest.raises(EventOutOfOrder):
        require_order(
            [stand_by, an_event(EventKind.TUGS_DISMISSED, at(4), 3, organisation="TUG-A")], "entry"
        )


def test_every_event_of_every_movement_can_be_reported_by_somebody_else_than_the_centre() -> None:
    others = frozenset().union(*(REPORTS[party] for party in Party if party != Party.DISPATCH))
    for kind, order in EVENTS.items():
        assert order.kinds <= others
        assert order.kinds <= REPORTS[Party.DISPATCH]
        for event in order.starts:
            assert event_verb(kind, event) is Verb.START
        for event in order.ends:
            assert event_verb(kind, event) is Verb.FINISH
