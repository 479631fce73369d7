"""Restrictions name places that the port has."""

import pytest

from tests.api.serving import run


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    running = run(tmp_path_factory.mktemp("limits"))
    yield running
    running.stop()


def closure(*segments):
    return {
        "kind": "closure", "from_at": "2026-03-02T00:00:00Z", "to_at": "2026-03-02T06:00:00Z",
        "segments": segments,
    }  # fmt: skip


def test_a_mistyped_segment_closes_nothing(running):
    with running.as_("MSA") as client:
        answer = client.post("/v1/restrictions", json=closure("S02", "S0Z"))
        assert answer.status_code == 422
        assert answer.json()["code"] == "value-refused"
        assert answer.json()["context"] == {"field": "segments", "unknown": ["S0Z"]}
        assert client.get("/v1/restrictions").json()["items"] == []
