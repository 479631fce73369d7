import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.client import BoardClient
from agencies.cursor import CursorSeal
from agencies.feed import Feed, History
from agencies.party import Board, View
from tests.agencies import worlds
from tests.agencies.worlds import AT

SECRET = b"s" * 32
VIEW = View(Board.COMPANY, "CO-A")


def a_feed(told=0, epoch="one"):
    return Feed(VIEW, SECRET, epoch, told)


def a_fact(offset, owner="CO-A", number=1):
    return worlds.fact(offset, [worlds.put("declaration", worlds.declaration(owner, number))])


def test_a_fact_of_others_sends_nothing_and_keeps_the_cursor():
    feed = a_feed()
    cursor = feed.cursor
    assert feed.tell(a_fact(1, "CO-B")) is None
    assert feed.cursor == cursor


def test_deltas_chain_over_facts_that_are_not_told():
    feed = a_feed()
    first = feed.tell(a_fact(1))
    assert feed.tell(a_fact(2, "CO-B")) is None
    second = feed.tell(a_fact(3, number=2))
    assert first is not None
    assert second is not None
    assert second["prev"] == first["cursor"]
    assert second["cursor"] == feed.cursor


def test_a_cursor_of_another_epoch_view_or_secret_is_not_taken():
    cursor = a_feed(5).cursor
    history = History("one", 0, [a_fact(offset) for offset in range(1, 9)])
    assert a_feed(8).resume(cursor, history, AT) is not None
    assert a_feed(8, epoch="two").resume(cursor, history, AT) is None
    assert Feed(View(Board.COMPANY, "CO-B"), SECRET, "one", 8).resume(cursor, history, AT) is None
    assert Feed(VIEW, b"t" * 32, "one", 8).resume(cursor, history, AT) is None


@pytest.mark.parametrize("cursor", ["", "x", "a" * 22, "é" * 22, "A" * 21 + "=", "..//" * 6])
def test_a_made_up_cursor_is_not_taken(cursor):
    assert a_feed(8).resume(cursor, History("one", 0, []), AT) is None


def test_a_cursor_older_than_the_history_is_not_taken():
    history = History("one", 3, [a_fact(4), a_fact(5)])
    assert a_feed(5).resume(a_feed(2).cursor, history, AT) is None
    assert a_feed(5).resume(a_feed(3).cursor, history, AT) is not None
    assert a_feed(5).page(a_feed(2).cursor, history, 10) is None


@given(offset=st.integers(0, 2**63), epoch=st.text(max_size=8))
def test_a_cursor_opens_to_what_was_sealed(offset, epoch):
    seal = CursorSeal(SECRET, "company:CO-A")
    cursor = seal.seal(epoch, offset)
    assert len(cursor) == 22
    assert seal.open(epoch, cursor) == offset
    assert seal.open(epoch + "!", cursor) is None


def test_neighbouring_cursors_have_nothing_in_common():
    seal = CursorSeal(SECRET, "company:CO-A")
    texts = [seal.seal("e", offset) for offset in range(200)]
    assert len({text[:4] for text in texts}) > 190
    assert len({text[-6:-2] for text in texts}) > 190


steps = st.lists(
    st.one_of(
        st.tuples(st.just("fact"), st.sampled_from(worlds.COMPANIES), st.integers(1, 3)),
        st.tuples(st.just("heartbeat")),
        st.tuples(st.just("leave")),
        st.tuples(st.just("come")),
    ),
    max_size=30,
)


@settings(max_examples=200)
@given(drawn=steps, keep=st.integers(0, 40))
def test_whoever_leaves_and_comes_again_has_what_those_who_stayed_have(drawn, keep):
    """Any order of facts, heartbeats, leavings and returns; ``keep`` facts are at hand."""
    feed, facts, entities = a_feed(), [], {}
    stayed, wanderer, present = BoardClient(), BoardClient(), True
    assert stayed.receive(feed.snapshot(entities, AT))
    assert wanderer.receive(feed.snapshot(entities, AT))

    def all_hear(frame):
        assert stayed.receive(frame)
        if present:
            assert wanderer.receive(frame)

    for step in drawn:
        if step[0] == "fact":
            entity_id, value = worlds.declaration(step[1], step[2])
            value = {**value, "revision": len(facts)}
            before = entities.setdefault("declaration", {}).get(entity_id)
            change = worlds.put("declaration", (entity_id, value), before)
            entities["declaration"][entity_id] = value
            facts.append(worlds.fact(len(facts) + 1, [change]))
            frame = feed.tell(facts[-1])
            if frame:
                all_hear(frame)
        elif step[0] == "heartbeat":
            all_hear(feed.heartbeat(len(facts), AT, 0.0))
        elif step[0] == "leave":
            present = False
        elif not present:
            present = True
            after = max(0, len(facts) - keep)
            history = History("one", after, facts[after:])
            frames = feed.resume(wanderer.cursor or "", history, AT) or [
                feed.snapshot(entities, AT)
            ]
            assert all(wanderer.receive(frame) for frame in frames)
            assert wanderer.rows.get("declaration", {}) == stayed.rows.get("declaration", {})
        assert stayed.cursor == feed.cursor
        if present:
            assert wanderer.cursor == feed.cursor


def test_pages_cover_all_deltas_once():
    facts = [a_fact(offset, worlds.COMPANIES[offset % 2], offset) for offset in range(1, 12)]
    history = History("one", 0, facts)
    feed = a_feed(11)
    cursor, seen = a_feed(0).cursor, []
    while True:
        page = feed.page(cursor, history, 2)
        assert page is not None
        frames, following = page
        for frame in frames:
            assert frame["prev"] == cursor
            cursor = frame["cursor"]
            seen.append(frame["ops"][0]["row"]["revision"])
        cursor = following
        if not frames:
            break
    assert seen == [2, 4, 6, 8, 10]
