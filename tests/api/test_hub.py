import asyncio

import pytest

from agencies.party import Board, View
from api import hub
from api.hub import Hub, Subscriber
from tests.agencies import worlds

pytestmark = pytest.mark.anyio
VIEW = View(Board.COMPANY, "CO-A")


class Pipe:
    """A connection that takes nothing while it is stopped."""

    def __init__(self, *, reads=True):
        self.reads, self.waiting_bytes, self.is_open, self.frames = reads, 0, True, []

    def write(self, frames):
        self.frames.append(frames)
        if not self.reads:
            self.waiting_bytes += len(frames)

    def abort(self):
        self.is_open = False


def a_subscriber(pipe, account="a"):
    ending = asyncio.get_running_loop().create_future()
    return Subscriber(wire=pipe, account=account, session="s", ending=ending)


def a_hub():
    return Hub(b"s" * 32, lambda: worlds.AT)


def a_fact(offset, owner="CO-A", changes=1):
    return worlds.fact(
        offset,
        [
            worlds.put("declaration", worlds.declaration(owner, offset * 1000 + n))
            for n in range(changes)
        ],
    )


async def test_every_subscriber_of_a_view_is_sent_the_very_same_bytes():
    here = a_hub()
    await here.load("e", 0, {})
    pipes = [Pipe() for _ in range(600)]
    for pipe in pipes:
        assert here.join(VIEW, None, a_subscriber(pipe)) == "snapshot"
    await here.take(a_fact(1))
    await here.take(a_fact(2, "CO-B"))
    assert {len(pipe.frames) for pipe in pipes} == {2}
    assert len({id(pipe.frames[1]) for pipe in pipes}) == 1


async def test_who_does_not_read_is_cut_off_at_the_bound(monkeypatch):
    monkeypatch.setattr(hub, "MOST_WAITING_BYTES", 2_000)
    here = a_hub()
    await here.load("e", 0, {})
    stopped, reading = Pipe(reads=False), Pipe()
    here.join(VIEW, None, a_subscriber(stopped, "slow"))
    here.join(VIEW, None, a_subscriber(reading, "quick"))
    for offset in range(1, 40):
        await here.take(a_fact(offset))
    assert not stopped.is_open
    assert stopped.waiting_bytes < 4_000
    assert (here.subscriptions("slow"), here.subscriptions("quick")) == (0, 1)
    assert len(reading.frames) == 40


async def test_only_so_many_facts_and_changes_are_kept(monkeypatch):
    monkeypatch.setattr(hub, "FACTS_KEPT", 20)
    monkeypatch.setattr(hub, "CHANGES_KEPT", 50)
    here = a_hub()
    await here.load("e", 0, {})
    for offset in range(1, 101):
        await here.take(a_fact(offset))
        assert len(here.facts) <= 30
        assert here.history.head == offset
    await here.take(a_fact(101, changes=60))
    await here.take(a_fact(102, changes=40))
    assert [fact.offset for fact in here.facts] == [102]
    assert here.history.since(101) is not None
    assert here.history.since(100) is None


async def test_a_fact_out_of_turn_is_refused():
    here = a_hub()
    await here.load("e", 4, {})
    with pytest.raises(ValueError, match="fact 6 after 4"):
        await here.take(a_fact(6))


async def test_waiting_for_an_offset_ends_when_it_has_come():
    here = a_hub()
    await here.load("e", 0, {})
    waiting = asyncio.ensure_future(here.reached(2))
    await here.take(a_fact(1))
    await asyncio.sleep(0)
    assert not waiting.done()
    await here.take(a_fact(2))
    await asyncio.wait_for(waiting, 1)
    await asyncio.wait_for(here.reached(1), 1)
