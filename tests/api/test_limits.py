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


@pytest.mark.parametrize("segments", [{}, {"segments": []}, {"segments": "every"}])
def test_a_closure_of_no_named_segment_is_refused_where_it_is_wrong(running, segments):
    order = {"kind": "closure", "from_at": "2026-03-02T00:00:00Z", **segments}
    with running.as_("MSA") as client:
        answer = client.post("/v1/restrictions", json=order)
        assert answer.status_code == 422
        assert [item["pointer"] for item in answer.json()["violations"]] == ["/segments"]
        assert client.get("/v1/restrictions").json()["items"] == []


def test_the_whole_channel_is_closed_by_saying_so_and_fog_needs_no_segments(running):
    with running.as_("MSA") as client:
        for order in (
            {**closure(), "segments": "all"},
            {**closure(), "kind": "visibility", "value": 500},
        ):
            answer = client.post("/v1/restrictions", json=order)
            assert answer.status_code == 201, answer.text
            (row,) = client.get("/v1/restrictions").json()["items"]
            assert row["segments"] == []
            lifted = client.delete(f"/v1/restrictions/{row['id']}")
            assert lifted.is_success


def test_a_repeat_under_the_same_key_says_that_it_is_one(running):
    key = {"Idempotency-Key": "one closure"}
    with running.as_("MSA") as client:
        first = client.post("/v1/restrictions", json=closure("S02"), headers=key)
        again = client.post("/v1/restrictions", json=closure("S02"), headers=key)
        assert again.json()["result"] == first.json()["result"]
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        assert client.delete(f"/v1/restrictions/{first.json()['result']['id']}").is_success
