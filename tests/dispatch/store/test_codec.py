"""What is kept comes back as it was, and what is not of the shape is refused."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.commands import PublishPlan
from dispatch.declaration import DeclarationPlan
from dispatch.movement import (
    Approval,
    Condition,
    Event,
    EventKind,
    Movement,
    MovementState,
    PassageLeg,
    PlannedTime,
    Reason,
    StandingBreach,
    TimeChange,
    Waiver,
)
from dispatch.store.codec import CodecMismatch, decode, encode
from tests.dispatch import port_words as words

INSTANTS = st.datetimes(
    datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.sampled_from([UTC])
)
TEXT = st.text(max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
PARAMS = st.dictionaries(TEXT, st.integers(-9, 9) | NUMBERS | TEXT, max_size=3)
REASONS = st.builds(
    Reason,
    rule=TEXT,
    movements=st.lists(TEXT, max_size=2).map(tuple),
    resources=st.lists(TEXT, max_size=2).map(tuple),
    params=PARAMS,
    gain_min=st.integers(0, 900),
)
PLANNED = st.builds(
    PlannedTime,
    start_at=INSTANTS,
    end_at=INSTANTS,
    mode=TEXT,
    from_place=st.none() | TEXT,
    to_place=st.none() | TEXT,
    passage=st.lists(
        st.builds(PassageLeg, segment=TEXT, enter_at=INSTANTS, leave_at=INSTANTS), max_size=2
    ).map(tuple),
    crews=st.lists(st.tuples(TEXT, st.lists(TEXT, max_size=2).map(tuple)), max_size=2).map(tuple),
    plan_version=st.integers(0, 99),
    stretch=st.none() | st.builds(words.Stretch, from_m=NUMBERS, to_m=NUMBERS),
)
MOVEMENTS = st.builds(
    Movement,
    id=TEXT,
    call_id=TEXT,
    declaration_id=TEXT,
    company=TEXT,
    sequence=st.integers(0, 9),
    vessel=st.integers(1, 9).map(words.a_vessel),
    asked=st.sampled_from([words.an_entry(), words.an_exit(), words.a_shift()]),
    state=st.sampled_from(MovementState),
    estimated_at=st.none() | INSTANTS,
    clearance=st.sampled_from(Approval),
    conditions=st.lists(
        st.builds(Condition, id=TEXT, kind=TEXT, at=st.none() | INSTANTS), max_size=1
    ).map(tuple),
    waivers=st.lists(
        st.builds(
            Waiver,
            id=TEXT,
            movement_id=TEXT,
            rule=TEXT,
            reason=TEXT,
            signed_by=TEXT,
            expires_at=INSTANTS,
        ),
        max_size=1,
    ).map(tuple),
    planned=st.none() | PLANNED,
    events=st.lists(
        st.builds(
            Event,
            id=TEXT,
            movement_id=TEXT,
            kind=st.sampled_from(EventKind),
            actual_at=INSTANTS,
            reported_at=INSTANTS,
            reported_by=TEXT,
            cancelled=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    wait_reasons=st.lists(REASONS, max_size=2).map(tuple),
    change=st.none()
    | st.builds(
        TimeChange,
        from_at=st.none() | INSTANTS,
        to_at=st.none() | INSTANTS,
        reasons=st.lists(REASONS, max_size=1).map(tuple),
        plan_version=st.integers(1, 9),
    ),
    breaches=st.lists(
        st.builds(StandingBreach, rule=TEXT, status=TEXT, params=PARAMS), max_size=1
    ).map(tuple),
)


@settings(max_examples=60)
@given(MOVEMENTS)
def test_a_movement_comes_back_from_json_as_it_was(movement: Movement) -> None:
    assert decode(Movement, json.loads(json.dumps(encode(movement)))) == movement


def test_declarations_and_plans_come_back_as_they_were() -> None:
    plan = words.a_plan(words.a_call(1, alongside=words.lying_at()), words.a_call(2))
    assert decode(DeclarationPlan, json.loads(json.dumps(encode(plan)))) == plan
    publication = words.a_publication(words.a_placement("M1", words.at(7), "PL001"), offset=3)
    assert decode(PublishPlan, json.loads(json.dumps(encode(publication)))) == publication


def test_a_number_keeps_whether_it_is_whole() -> None:
    reason = Reason(rule="r", params={"whole": 2, "broken": 2.5, "text": "2"})
    params = decode(Reason, json.loads(json.dumps(encode(reason)))).params
    assert {key: type(value) for key, value in params.items()} == {
        "whole": int,
        "broken": float,
        "text": str,
    }


def test_an_instant_keeps_its_moment_whatever_its_zone() -> None:
    there = datetime(2026, 11, 24, 8, tzinfo=timezone(timedelta(hours=8)))
    condition = Condition(id="K1", kind="not_before", at=there)
    back = decode(Condition, encode(condition))
    assert back.at == there
    assert back.at is not None
    assert back.at.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(CodecMismatch):
        encode(Condition(id="K1", kind="not_before", at=datetime(2026, 11, 24)))
    with pytest.raises(CodecMismatch):
        decode(Condition, {"id": "K1", "kind": "not_before", "at": "2026-11-24T00:00:00"})


@pytest.mark.parametrize(
    "changed",
    [
        {"id": 7},
        {"id": None},
        {"gap_min": "7"},
        {"gap_min": 7.0},
        {"gap_min": True},
        {"at": "yesterday"},
        {"surprise": 1},
    ],
)
def test_what_is_not_of_the_shape_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(CodecMismatch):
        decode(Condition, {"id": "K1", "kind": "not_before", **changed})


def test_a_missing_field_takes_its_default_and_only_then() -> None:
    assert decode(Condition, {"id": "K1", "kind": "daylight_only"}).gap_min == 0
    with pytest.raises(CodecMismatch):
        decode(Condition, {"id": "K1"})


def test_words_that_are_not_of_the_list_are_refused() -> None:
    event = encode(
        Event(
            id="E1",
            movement_id="M1",
            kind=EventKind.ALL_FAST,
            actual_at=words.at(1),
            reported_at=words.at(1),
            reported_by="PILOT",
        )
    )
    with pytest.raises(CodecMismatch):
        decode(Event, {**event, "kind": "sunk"})
