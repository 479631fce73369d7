import json

import pytest
from pydantic import TypeAdapter

from agencies.feed import Feed, History
from agencies.party import Board, View
from api.contracts import FOLDER, contracts, written
from api.schemas.frames import Delta, Heartbeat, Resume, Snapshot
from dispatch.entities import TYPES
from tests.agencies import worlds

CONTRACTS = contracts()


@pytest.mark.parametrize("name", ["openapi.json", "asyncapi.json"])
def test_the_committed_contract_is_what_the_service_offers(name):
    """``python -m api.contracts`` writes it anew."""
    assert (FOLDER / name).read_text(encoding="utf-8") == written(CONTRACTS[name])


def test_every_operation_says_how_it_may_refuse():
    problem = {"$ref": "#/components/schemas/Problem"}
    for path, operations in CONTRACTS["openapi.json"]["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary") or operation.get("description"), (method, path)
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    content = answer["content"]
                    assert list(content) == ["application/problem+json"], (method, path, status)
                    assert content["application/problem+json"]["schema"] == problem
    assert "HTTPValidationError" not in json.dumps(CONTRACTS["openapi.json"])


def test_creating_posts_take_an_idempotency_key():
    for path, operations in CONTRACTS["openapi.json"]["paths"].items():
        post = operations.get("post")
        # a question keeps nothing, so that a repeat of it does no harm
        if post and path not in {"/v1/sessions", "/v1/what-if"}:
            names = {item["name"] for item in post.get("parameters", [])}
            assert "idempotency-key" in names, path


def test_whatever_takes_an_idempotency_key_tells_of_a_repeat():
    keyed = [
        (method, path, operation)
        for path, operations in CONTRACTS["openapi.json"]["paths"].items()
        for method, operation in operations.items()
        if any(item["name"] == "idempotency-key" for item in operation.get("parameters", []))
    ]
    assert len(keyed) > 15
    for method, path, operation in keyed:
        done = [code for code in operation["responses"] if code.startswith("2")]
        assert done
        for code in done:
            headers = operation["responses"][code]["headers"]
            assert "Idempotency-Replayed" in headers, (method, path, code)


def test_frames_are_as_published():
    feed = Feed(View(Board.COMPANY, "CO-A"), b"s" * 32, "epoch", 0)
    start = feed.cursor
    fact = worlds.fact(1, [worlds.put("declaration", worlds.declaration("CO-A", 1))])
    delta = feed.tell(fact)
    Delta.model_validate(delta)
    entities = {"declaration": dict([worlds.declaration("CO-A", 1)])}
    Snapshot.model_validate(feed.snapshot(entities, worlds.AT))
    frames = feed.resume(start, History("epoch", 0, [fact]), worlds.AT)
    assert frames is not None
    resume, again = frames
    Resume.model_validate(resume)
    assert TypeAdapter(Delta).validate_python(again).ops
    Heartbeat.model_validate(feed.heartbeat(3, worlds.AT, 0.0))


def test_the_feed_tells_of_every_type_of_entity():
    schemas = CONTRACTS["asyncapi.json"]["components"]["schemas"]
    assert schemas["Put"]["properties"]["type"]["enum"] == list(TYPES)
