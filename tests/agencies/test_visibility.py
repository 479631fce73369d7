import json

from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.feed import Feed, History, encode
from agencies.party import Board, Party, View, view_of
from tests.agencies import worlds
from tests.agencies.worlds import AT, COMPANIES, TUGS, mark

SECRET = b"s" * 32
VIEWS = [
    *(View(Board.COMPANY, company) for company in COMPANIES),
    *(View(Board.TOWAGE, company) for company in TUGS),
]


@st.composite
def items(draw):
    """Any entity of anybody: (type, id, value)."""
    owner, other = draw(st.permutations(COMPANIES))
    tugs = draw(st.sampled_from(TUGS))
    number = draw(st.integers(1, 3))
    kind = draw(st.sampled_from(
        ["movement", "service", "stay", "declaration", "resource", "outage", "pilotage"]
    ))  # fmt: skip
    match kind:
        case "movement":
            return kind, worlds.movement(owner, number, draw(st.sampled_from([None, tugs])), other)
        case "service":
            return kind, worlds.service(owner, number, tugs)
        case "pilotage":
            return "service", worlds.service(owner, number, "PILOT")
        case "stay":
            return kind, worlds.stay(owner, number)
        case "declaration":
            return kind, worlds.declaration(owner, number)
        case "resource":
            return kind, worlds.resource(tugs, number)
        case _:
            return kind, worlds.outage(tugs, number)


facts_of = st.lists(st.lists(st.tuples(items(), st.booleans()), max_size=4), max_size=6)


def frames_of(view, drawn):
    """Everything that a view is ever sent over a run of facts."""
    entities = {}
    facts = []
    frames = []
    feed = Feed(view, SECRET, "epoch", 0)
    start = feed.cursor
    for offset, changes in enumerate(drawn, start=1):
        made = []
        for (entity_type, (entity_id, value)), removed in changes:
            values = entities.setdefault(entity_type, {})
            before = values.get(entity_id)
            if removed and before is not None:
                made.append(worlds.gone(entity_type, (entity_id, before)))
                del values[entity_id]
            else:
                made.append(worlds.put(entity_type, (entity_id, value), before))
                values[entity_id] = value
        owner = COMPANIES[offset % 2]
        facts.append(worlds.fact(offset, made, organisation=owner, note={"said": mark(owner, "n")}))
        frames.append(feed.tell(facts[-1]))
    history = History("epoch", 0, facts)
    frames += [feed.snapshot(entities, AT), *(feed.resume(start, history, AT) or [])]
    page = feed.page(start, history, 100)
    return [frame for frame in [*frames, *(page[0] if page else [])] if frame]


@settings(max_examples=150)
@given(drawn=facts_of)
def test_no_frame_of_a_view_holds_anything_of_a_rival(drawn):
    for view in VIEWS:
        rivals = [name for name in (*COMPANIES, *TUGS) if name != view.organisation]
        if view.board is Board.COMPANY:
            # the tugs that serve its own ships are its business
            rivals = [name for name in rivals if name in COMPANIES]
        else:
            rivals = [name for name in rivals if name in TUGS]
        for frame in frames_of(view, drawn):
            text = encode(frame).decode()
            for rival in rivals:
                assert rival not in text, (view, frame)


@settings(max_examples=60)
@given(drawn=facts_of)
def test_tug_companies_see_ships_only_of_their_own_jobs_and_no_cargo(drawn):
    view = View(Board.TOWAGE, "TUG-A")
    for frame in frames_of(view, drawn):
        text = encode(frame).decode()
        for name in ("~cargo", "~remarks", "~reference", "~person", "~declaration_id"):
            assert name not in text
        for row in frame.get("rows", {}).get("service", []):
            assert row["organisation"] == "TUG-A"


def test_a_company_knows_that_a_berth_is_taken_but_not_by_whom():
    entity_id, value = worlds.stay("CO-B", 1)
    feed = Feed(View(Board.COMPANY, "CO-A"), SECRET, "epoch", 0)
    rows = feed.snapshot({"stay": {entity_id: value}}, AT)["rows"]["stay"]
    assert [row["place"] for row in rows] == ["B1"]
    assert set(rows[0]) == {"id", "place", "from_at", "to_at", "stretch", "estimated"}
    again = feed.snapshot({"stay": {entity_id: value}}, AT)["rows"]["stay"]
    assert rows == again, "the made-up id is stable, so that a stay can be followed"


def test_what_others_did_is_not_named_where_only_occupancy_changes():
    feed = Feed(View(Board.COMPANY, "CO-A"), SECRET, "epoch", 0)
    fact = worlds.fact(1, [worlds.put("stay", worlds.stay("CO-B", 1))], organisation="CO-B")
    delta = feed.tell(fact)
    assert delta is not None
    assert delta["cause"]["kind"] == "occupancy_changed"


def test_own_reasons_keep_own_movements_and_count_the_others():
    entity_id, value = worlds.movement("CO-A", 1, "TUG-A", "CO-B")
    feed = Feed(View(Board.COMPANY, "CO-A"), SECRET, "epoch", 0)
    (row,) = feed.snapshot({"movement": {entity_id: value}}, AT)["rows"]["movement"]
    (reason,) = row["wait_reasons"]
    assert reason["movements"] == [mark("CO-A", "M")]
    assert reason["others"] == 1
    assert reason["params"] == {"berth": "B1", "need_mm": 900}
    assert row["cargo"] == mark("CO-A", "cargo")


def test_a_movement_that_no_longer_needs_a_tug_leaves_that_company_s_board():
    with_tug = worlds.movement("CO-A", 1, "TUG-A", "CO-B")
    without = worlds.movement("CO-A", 1, "TUG-B", "CO-B")
    feed = Feed(View(Board.TOWAGE, "TUG-A"), SECRET, "epoch", 0)
    delta = feed.tell(worlds.fact(1, [worlds.put("movement", without, with_tug[1])]))
    assert delta is not None
    assert delta["ops"] == [{"op": "del", "type": "movement", "id": with_tug[0]}]


def test_maritime_sees_all_but_remarks_and_proposals():
    entity_id, value = worlds.movement("CO-A", 1, "TUG-A", "CO-B")
    feed = Feed(View(Board.MARITIME, "MSA"), SECRET, "epoch", 0)
    rows = feed.snapshot({"movement": {entity_id: value}, "proposal": {"P1": {"id": "P1"}}}, AT)
    assert "proposal" not in rows["rows"]
    assert "remarks" not in rows["rows"]["movement"][0]
    assert json.dumps(rows).count("~remarks") == 0


def test_a_company_s_own_reference_of_a_call_is_for_those_who_see_its_business():
    entity_id, value = worlds.movement("CO-A", 1, "TUG-A", "CO-B")
    views = {
        View(Board.COMPANY, "CO-A"): True,
        View(Board.PORT, "PORT"): True,
        View(Board.MARITIME, "MSA"): True,
        View(Board.PILOTAGE, "PILOT"): False,
        View(Board.TOWAGE, "TUG-A"): False,
    }
    for view, told in views.items():
        feed = Feed(view, SECRET, "epoch", 0)
        (row,) = feed.snapshot({"movement": {entity_id: value}}, AT)["rows"]["movement"]
        assert row.get("call_ref") == (mark("CO-A", "call_ref") if told else None), view


def test_who_may_open_which_board():
    for party in (Party.COMPANY, Party.PILOTAGE, Party.TOWAGE, Party.MARITIME):
        for board in Board:
            view = view_of(party, "ME", board)
            assert (view is not None) == (board.value == party.value)
            assert view_of(party, "ME", board, "SOMEBODY-ELSE") is None
    assert view_of(Party.DISPATCH, "PORT", Board.PORT) == View(Board.PORT, "PORT")
    assert view_of(Party.DISPATCH, "PORT", Board.COMPANY) is None
    assert view_of(Party.DISPATCH, "PORT", Board.COMPANY, "CO-A") == VIEWS[0]
    assert view_of(Party.DISPATCH, "PORT", Board.PILOTAGE) == View(Board.PILOTAGE, "PILOT")
    assert view_of(Party.PLANNER, "PORT", Board.PORT) is None
