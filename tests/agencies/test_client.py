import json
from pathlib import Path

import pytest

from agencies.client import STALE_AFTER_S, BoardClient

VECTORS = sorted((Path(__file__).parents[1] / "vectors" / "feed").glob("*.json"))


@pytest.mark.parametrize("path", VECTORS, ids=[path.stem for path in VECTORS])
def test_a_client_does_what_the_shared_vectors_say(path):
    client = BoardClient()
    for step in json.loads(path.read_text(encoding="utf-8"))["steps"]:
        assert client.receive(step["receive"]) is step["continues"]
        assert client.cursor == step["cursor"]
        assert {name: rows for name, rows in client.rows.items() if rows} == step["rows"]


def test_there_are_vectors():
    assert len(VECTORS) >= 8


def test_silence_and_the_service_s_own_lag_make_a_board_stale():
    client = BoardClient()
    assert client.stale_s(100.0) is None
    client.receive({"type": "snapshot", "cursor": "c", "at": "", "rows": {}}, heard_s=100.0)
    assert client.stale_s(100.0 + STALE_AFTER_S) is None
    assert client.stale_s(101.0 + STALE_AFTER_S) == STALE_AFTER_S + 1.0
    client.receive({"type": "heartbeat", "cursor": "c", "at": "", "behind_s": 60.0}, heard_s=113.0)
    assert client.stale_s(113.0) == 60.0


def test_the_subscription_asks_for_what_was_missed():
    client = BoardClient(cursor="c9")
    assert client.subscribe_frame(token="t", board="towage") == {
        "type": "subscribe", "token": "t", "board": "towage", "since": "c9",
    }  # fmt: skip
