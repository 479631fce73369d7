"""What lasts: over a restart, a restore under a running service, and a hub that is behind."""

import asyncio
import threading
import time

import pytest

from agencies.client import BoardClient
from dispatch.store.reading import read_entities
from tests.api.serving import a_plan, next_frame, run, subscribed

pytestmark = pytest.mark.anyio
COMPANY = "CO-NSA"


def restrict(running):
    with running.as_("PORT") as client:
        answer = client.post(
            "/v1/restrictions",
            json={"kind": "wind", "value": 9, "from_at": "2026-03-02T00:00:00Z"},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["result"]["id"]


async def test_a_cursor_from_before_a_restart_resumes(tmp_path):
    first = await asyncio.to_thread(run, tmp_path)
    board = BoardClient()
    try:
        async with subscribed(first, COMPANY, "company") as (_, frame):
            board.receive(frame)
        missed = await asyncio.to_thread(restrict, first)
    finally:
        await asyncio.to_thread(first.stop)
    second = await asyncio.to_thread(run, tmp_path)
    try:
        async with subscribed(second, COMPANY, "company", since=board.cursor) as (socket_, frame):
            assert (frame["type"], frame["count"]) == ("resume", 1)
            assert board.receive(frame)
            assert board.receive(await next_frame(socket_))
        assert missed in board.rows["restriction"]
    finally:
        await asyncio.to_thread(second.stop)


async def test_after_a_new_epoch_everybody_takes_a_snapshot(tmp_path):
    running = await asyncio.to_thread(run, tmp_path)
    try:
        async with subscribed(running, COMPANY, "company") as (socket_, frame):
            cursor = frame["cursor"]
            await asyncio.to_thread(running.service.database.renew_epoch)
            await asyncio.to_thread(running.on_loop, running.service.tailer.load())
            told = await next_frame(socket_, "problem")
            assert told["code"] == "resync"
            async with asyncio.timeout(10):
                await socket_.wait_closed()
            assert socket_.close_code == 4409
        async with subscribed(running, COMPANY, "company", since=cursor) as (_, frame):
            assert frame["type"] == "snapshot"
    finally:
        await asyncio.to_thread(running.stop)


def test_what_is_in_memory_is_what_is_in_the_store(tmp_path):
    """Declarations, plans, answers and withdrawals of several parties at once."""
    running = run(tmp_path, plans=True)
    try:
        berths = [
            k for k, item in running.service.port.berths.items() if "container" in item.vessel_types
        ]
        ships = ["9074729", "9321483", "9176187", "9395044", "9461867", "9454436"]

        def play(company, numbers):
            with running.as_(company) as client:
                for number in numbers:
                    plan = a_plan(
                        imo=ships[number],
                        ref=f"V{number}",
                        berth=berths[number],
                        start_h=8 + number,
                    )
                    answer = client.post(
                        "/v1/declarations", json=plan, headers={"Prefer": "wait=20"}
                    )
                    assert answer.status_code == 201, answer.text
                    if number % 3 == 2:
                        gone = client.delete(
                            answer.headers["location"], headers={"If-Match": answer.headers["etag"]}
                        )
                        assert gone.status_code == 200, gone.text

        hands = [
            threading.Thread(target=play, args=(company, numbers))
            for company, numbers in (("CO-NSA", (0, 1, 2)), ("CO-NSB", (3, 4, 5)))
        ]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join(90)
        with running.as_("PILOT") as client:
            jobs = client.get("/v1/services?limit=500").json()["items"]
            assert jobs
            answers = [client.post(f"/v1/services/{j['id']}/confirm", json={}) for j in jobs]
            assert any(answer.status_code == 200 for answer in answers)
        deadline = time.monotonic() + 20
        offset, stored = read_entities(running.service.database)
        while running.service.hub.offset != offset and time.monotonic() < deadline:
            time.sleep(0.1)
            offset, stored = read_entities(running.service.database)
        told = {kind: dict(values) for kind, values in running.service.hub.entities.items()}
        assert {k: v for k, v in told.items() if v} == {k: v for k, v in stored.items() if v}
        assert sum(item["planned"] is not None for item in stored["movement"].values()) == 4
    finally:
        running.stop()


def test_what_was_accepted_while_stopping_is_kept(tmp_path):
    running = run(tmp_path)
    running.token("PORT")
    done = []

    def hammer():
        try:
            while True:
                done.append(restrict(running))
        except Exception:  # noqa: BLE001 - refused or cut off, as it may be at the end
            return

    hand = threading.Thread(target=hammer)
    hand.start()
    time.sleep(0.6)
    running.stop()
    hand.join(30)
    assert done
    again = run(tmp_path)
    try:
        kept = read_entities(again.service.database)[1]["restriction"]
        assert set(done) <= set(kept)
    finally:
        again.stop()
