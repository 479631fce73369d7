"""States, verbs and who may do what: one table, pure; ``docs/lifecycle.md`` is printed from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.declaration import MovementKind
from dispatch.movement import Approval, EventKind, MovementState, ServiceKind


class Party(StrEnum):
    """Parties to the plan; a person's role is the name of the party. ``PLANNER`` is the service."""

    COMPANY = "company"
    PILOTAGE = "pilotage"
    TOWAGE = "towage"
    MARITIME = "maritime"
    DISPATCH = "dispatch"
    PLANNER = "planner"


class Verb(StrEnum):
    """What can be done to a movement, its clearance or one of its services."""

    AMEND = "amend"
    WITHDRAW = "withdraw"
    ESTIMATE = "estimate"
    PRIORITISE = "prioritise"
    PIN = "pin"
    UNPIN = "unpin"
    PLACE = "place"
    LEAVE_OUT = "leave_out"
    START = "start"
    FINISH = "finish"
    NOTE = "note"
    CORRECT = "correct"
    CLEAR = "clear"
    HOLD = "hold"
    RELEASE = "release"
    REJECT = "reject"
    ADD_CONDITION = "add_condition"
    REMOVE_CONDITION = "remove_condition"
    WAIVE = "waive"
    ASK_AGAIN = "ask_again"
    CONFIRM = "confirm"
    DECLINE = "decline"
    CANCEL = "cancel"
    DECLARE = "declare"
    RESTRICT = "restrict"
    LIFT = "lift"
    TAKE_OUT = "take_out"
    RETURN = "return"
    PUBLISH = "publish"
    PROPOSE = "propose"
    DECIDE = "decide"
    KEEP_HOUSE = "keep_house"


class Thing(StrEnum):
    """What has states."""

    MOVEMENT = "movement"
    CLEARANCE = "clearance"
    SERVICE = "service"


class Ruling(StrEnum):
    """The table's answer."""

    ALLOWED = "allowed"
    UNCHANGED = "unchanged"
    WRONG_STATE = "wrong_state"
    WRONG_PARTY = "wrong_party"


State = MovementState | Approval
_Next = Mapping[State, State]

_DECLARED, _PLANNED = MovementState.DECLARED, MovementState.PLANNED
_UNDER_WAY, _COMPLETED = MovementState.UNDER_WAY, MovementState.COMPLETED
_WITHDRAWN = MovementState.WITHDRAWN
_REQUESTED, _CONFIRMED = Approval.REQUESTED, Approval.CONFIRMED
_HELD, _DENIED, _CANCELLED = Approval.HELD, Approval.DENIED, Approval.CANCELLED


def _stay(*states: State) -> _Next:
    return {state: state for state in states}


_BEFORE_START = _stay(_DECLARED, _PLANNED)

MOVEMENT: Mapping[Verb, _Next] = {
    Verb.AMEND: _BEFORE_START,
    Verb.WITHDRAW: {_DECLARED: _WITHDRAWN, _PLANNED: _WITHDRAWN},
    Verb.ESTIMATE: _BEFORE_START,
    Verb.PRIORITISE: _BEFORE_START,
    Verb.PIN: _stay(_PLANNED),
    Verb.UNPIN: _BEFORE_START,
    Verb.PLACE: {_DECLARED: _PLANNED, _PLANNED: _PLANNED, _UNDER_WAY: _UNDER_WAY},
    Verb.LEAVE_OUT: {_DECLARED: _DECLARED, _PLANNED: _DECLARED},
    # a movement that was never planned can only be started by force (dispatch.handling.reporting)
    Verb.START: {_DECLARED: _UNDER_WAY, _PLANNED: _UNDER_WAY},
    Verb.FINISH: {_UNDER_WAY: _COMPLETED},
    Verb.NOTE: _stay(_DECLARED, _PLANNED, _UNDER_WAY, _COMPLETED),
    # where a correction leads is derived from the events that are left
    Verb.CORRECT: _stay(_DECLARED, _PLANNED, _UNDER_WAY, _COMPLETED),
    Verb.CLEAR: _stay(_PLANNED, _UNDER_WAY),
    Verb.HOLD: _BEFORE_START,
    Verb.RELEASE: _BEFORE_START,
    Verb.REJECT: _BEFORE_START,
    Verb.ADD_CONDITION: _BEFORE_START,
    Verb.REMOVE_CONDITION: _BEFORE_START,
    Verb.WAIVE: _stay(_DECLARED, _PLANNED, _UNDER_WAY),
    Verb.CONFIRM: _stay(_PLANNED, _UNDER_WAY),
    Verb.DECLINE: _stay(_PLANNED, _UNDER_WAY),
}
"""Movement: the state each verb leads to; a verb on a service or the clearance keeps it."""

CLEARANCE: Mapping[Verb, _Next] = {
    Verb.CLEAR: {
        _REQUESTED: _CONFIRMED,
        _CONFIRMED: _CONFIRMED,
        _HELD: _CONFIRMED,
        _DENIED: _CONFIRMED,
    },
    Verb.HOLD: {_REQUESTED: _HELD, _CONFIRMED: _HELD, _HELD: _HELD},
    Verb.RELEASE: {_HELD: _REQUESTED, _DENIED: _REQUESTED},
    Verb.REJECT: {
        _REQUESTED: _DENIED,
        _CONFIRMED: _DENIED,
        _HELD: _DENIED,
        _DENIED: _DENIED,
    },
    # by a plan that moves it too far, or by a company that changes what was reviewed
    Verb.ASK_AGAIN: {_REQUESTED: _REQUESTED, _CONFIRMED: _REQUESTED, _DENIED: _REQUESTED},
}
"""Maritime review's answer to a movement."""

SERVICE: Mapping[Verb, _Next] = {
    Verb.CONFIRM: {_REQUESTED: _CONFIRMED, _CONFIRMED: _CONFIRMED},
    Verb.DECLINE: {_REQUESTED: _DENIED, _CONFIRMED: _DENIED, _DENIED: _DENIED},
    Verb.ASK_AGAIN: {_REQUESTED: _REQUESTED, _CONFIRMED: _REQUESTED},
    Verb.CANCEL: {_REQUESTED: _CANCELLED, _CONFIRMED: _CANCELLED, _DENIED: _CANCELLED},
}
"""One job of a pilot or tug."""

TABLES: Mapping[Thing, Mapping[Verb, _Next]] = {
    Thing.MOVEMENT: MOVEMENT,
    Thing.CLEARANCE: CLEARANCE,
    Thing.SERVICE: SERVICE,
}

STATES: Mapping[Thing, tuple[State, ...]] = {
    Thing.MOVEMENT: tuple(MovementState),
    Thing.CLEARANCE: (_REQUESTED, _CONFIRMED, _HELD, _DENIED),
    Thing.SERVICE: (_REQUESTED, _CONFIRMED, _DENIED, _CANCELLED),
}

_REPORTERS = frozenset(Party) - {Party.PLANNER}

PARTIES: Mapping[Verb, frozenset[Party]] = {
    Verb.AMEND: frozenset({Party.COMPANY}),
    Verb.WITHDRAW: frozenset({Party.COMPANY, Party.DISPATCH}),
    Verb.ESTIMATE: frozenset({Party.COMPANY, Party.PILOTAGE, Party.MARITIME, Party.DISPATCH}),
    Verb.PRIORITISE: frozenset({Party.DISPATCH}),
    Verb.PIN: frozenset({Party.DISPATCH}),
    Verb.UNPIN: frozenset({Party.DISPATCH}),
    Verb.PLACE: frozenset({Party.PLANNER, Party.DISPATCH}),
    Verb.LEAVE_OUT: frozenset({Party.PLANNER, Party.DISPATCH}),
    Verb.START: frozenset({Party.COMPANY, Party.PILOTAGE, Party.MARITIME, Party.DISPATCH}),
    Verb.FINISH: frozenset({Party.COMPANY, Party.PILOTAGE, Party.MARITIME, Party.DISPATCH}),
    Verb.NOTE: _REPORTERS,
    Verb.CORRECT: _REPORTERS,
    Verb.CLEAR: frozenset({Party.MARITIME}),
    Verb.HOLD: frozenset({Party.MARITIME}),
    Verb.RELEASE: frozenset({Party.MARITIME}),
    Verb.REJECT: frozenset({Party.MARITIME}),
    Verb.ADD_CONDITION: frozenset({Party.MARITIME}),
    Verb.REMOVE_CONDITION: frozenset({Party.MARITIME}),
    Verb.WAIVE: frozenset({Party.MARITIME}),
    Verb.ASK_AGAIN: frozenset({Party.PLANNER, Party.COMPANY, Party.DISPATCH}),
    Verb.CONFIRM: frozenset({Party.PILOTAGE, Party.TOWAGE}),
    Verb.DECLINE: frozenset({Party.PILOTAGE, Party.TOWAGE}),
    Verb.CANCEL: frozenset({Party.PLANNER, Party.COMPANY, Party.DISPATCH}),
    # verbs that are not done to one movement, so that only the party decides
    Verb.DECLARE: frozenset({Party.COMPANY}),
    Verb.RESTRICT: frozenset({Party.MARITIME, Party.DISPATCH}),
    Verb.LIFT: frozenset({Party.MARITIME, Party.DISPATCH}),
    Verb.TAKE_OUT: frozenset({Party.PILOTAGE, Party.TOWAGE, Party.DISPATCH}),
    Verb.RETURN: frozenset({Party.PILOTAGE, Party.TOWAGE, Party.DISPATCH}),
    Verb.PUBLISH: frozenset({Party.PLANNER}),
    Verb.PROPOSE: frozenset({Party.PLANNER}),
    Verb.DECIDE: frozenset({Party.DISPATCH}),
    Verb.KEEP_HOUSE: frozenset({Party.PLANNER}),
}
"""Who has a verb; the dispatch centre has another party's verbs only on its behalf."""

SERVICE_PARTY: Mapping[ServiceKind, Party] = {
    ServiceKind.PILOTAGE: Party.PILOTAGE,
    ServiceKind.TOWAGE: Party.TOWAGE,
}
"""Who answers for a kind of service."""


def judge(thing: Thing, state: State, verb: Verb, party: Party) -> Ruling:
    """Tell whether a party may do a verb to a thing in a state.

    ``UNCHANGED`` is a verb whose result is there already, like confirming what is confirmed; a
    movement's own verbs that keep its state are ``ALLOWED``.
    """
    if party not in PARTIES[verb]:
        return Ruling.WRONG_PARTY
    follows = TABLES[thing].get(verb, {}).get(state)
    if follows is None:
        return Ruling.WRONG_STATE
    if thing is not Thing.MOVEMENT and follows is state:
        return Ruling.UNCHANGED
    return Ruling.ALLOWED


def follows(thing: Thing, state: State, verb: Verb) -> State:
    """Return the state that a verb leads to.

    Raises:
        KeyError: the verb is not possible in the state.
    """
    return TABLES[thing][verb][state]


# -- events ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOrder:
    """Which events a kind of movement has, in the order of time.

    Attributes:
        stages: Each stage is not before the one above it.
        starts: The first of these is the actual start.
        ends: The first of these is the actual end.
        guarded: Not before the movement is executable.
    """

    stages: tuple[frozenset[EventKind], ...]
    starts: frozenset[EventKind]
    ends: frozenset[EventKind]
    guarded: frozenset[EventKind]

    @property
    def kinds(self) -> frozenset[EventKind]:
        """Return every event of such a movement, the tugs' among them."""
        return frozenset().union(*self.stages) | TUG_EVENTS


TUG_EVENTS = frozenset({EventKind.TUGS_STAND_BY, EventKind.TUGS_DISMISSED})
"""Reported once by each tug company; dismissed is not before standing by."""

_BERTHED = frozenset({EventKind.ALL_FAST, EventKind.ANCHORED})
_LEFT = frozenset({EventKind.CAST_OFF, EventKind.PASSAGE_STARTED})
_BOARDED = frozenset({EventKind.PILOT_ON_BOARD})
_BEGUN = frozenset({EventKind.PILOT_ON_BOARD, EventKind.PASSAGE_STARTED})
_GONE = frozenset({EventKind.PILOT_OFF, EventKind.PASSAGE_ENDED})

EVENTS: Mapping[MovementKind, EventOrder] = {
    "entry": EventOrder(
        stages=(
            _BEGUN,
            frozenset({EventKind.FIRST_LINE_SECURED}),
            _BERTHED,
            frozenset({EventKind.PILOT_OFF}),
        ),
        starts=_BEGUN,
        ends=_BERTHED,
        guarded=_BEGUN,
    ),
    "exit": EventOrder(
        stages=(_BOARDED, _LEFT, frozenset({EventKind.ALL_CLEAR}), _GONE),
        starts=_LEFT,
        ends=_GONE,
        guarded=_BOARDED | _LEFT,
    ),
    "shift": EventOrder(
        stages=(
            _BOARDED,
            _LEFT,
            frozenset({EventKind.ALL_CLEAR}),
            frozenset({EventKind.FIRST_LINE_SECURED}),
            _BERTHED,
            frozenset({EventKind.PILOT_OFF}),
        ),
        starts=_LEFT,
        ends=_BERTHED,
        guarded=_BOARDED | _LEFT,
    ),
}
"""Events by kind of movement.

An entry starts with the pilot on board (or its passage, without one) and ends all fast or
anchored. An exit or shift starts when the last line is released; an exit ends when the pilot is
off (or its passage is over), a shift all fast or anchored.

Source: terms of the International Taskforce Port Call Optimization (NPIS).
"""

_ALL_EVENTS = frozenset(EventKind)
REPORTS: Mapping[Party, frozenset[EventKind]] = {
    Party.DISPATCH: _ALL_EVENTS,
    Party.PILOTAGE: _ALL_EVENTS - TUG_EVENTS - {EventKind.PASSAGE_STARTED, EventKind.PASSAGE_ENDED},
    Party.TOWAGE: TUG_EVENTS,
    Party.COMPANY: _ALL_EVENTS - TUG_EVENTS - {EventKind.PILOT_ON_BOARD, EventKind.PILOT_OFF},
    Party.MARITIME: frozenset(
        {EventKind.PASSAGE_STARTED, EventKind.PASSAGE_ENDED, EventKind.ANCHORED}
    ),
    Party.PLANNER: frozenset(),
}
"""Which events each party reports, of movements that are its own or that it serves."""


def event_verb(kind: MovementKind, event: EventKind) -> Verb:
    """Return the verb that reporting an event is."""
    order = EVENTS[kind]
    if event in order.starts:
        return Verb.START
    return Verb.FINISH if event in order.ends else Verb.NOTE
