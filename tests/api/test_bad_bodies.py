"""Two hundred faulty bodies, made from the contract itself: always a coded 4xx, never a 500."""

import json
from random import Random

import pytest

from tests.api.serving import a_plan

SEED = 20260302
ODD = [
    None, True, False, 0, -1, 1, 3, 10**6, -(10**18), 1e308, -0.0, 10**400, "", " ", "x", "\x00",
    "\ud800", "a" * 3000, "2026-13-01T00:00:00Z", "2026-01-01T00:00:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00", "1e5", [], {}, [[]], [None], {"": None}, "船", "../../etc/passwd",
    "' OR 1=1 --", float("nan"), float("inf"),
]  # fmt: skip


def resolved(schema, document):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def made(schema, document, random, depth=0):
    """A value of a schema, every now and then something else instead."""
    if depth > 8 or random.random() < 0.12:
        return random.choice(ODD)
    schema = resolved(schema, document)
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return made(random.choice(choices), document, random, depth + 1)
    if schema.get("type") == "object":
        value = {
            name: made(item, document, random, depth + 1)
            for name, item in schema.get("properties", {}).items()
            if random.random() < 0.9
        }
        return value | ({"surprise": random.choice(ODD)} if random.random() < 0.1 else {})
    if schema.get("type") == "array":
        item = schema.get("items", {"type": "string"})
        return [made(item, document, random, depth + 1) for _ in range(random.randint(0, 3))]
    return random.choice(plain_values(schema, random))


def plain_values(schema, random):
    """Some values of a schema that is neither object nor list."""
    if "const" in schema or "enum" in schema:
        return schema.get("enum") or [schema["const"]]
    if schema.get("format") == "date-time":
        return ["2026-03-02T10:00:00Z", "2026-03-01T00:00:00+08:00"]
    of_type = {
        "string": ["NS1-1", "crew-rest", "entry", "M1", "9321483"],
        "integer": [random.randint(-5, 900)],
        "number": [random.uniform(-5, 400)],
        "boolean": [True, False],
    }
    return of_type.get(schema.get("type"), ODD)


def commands(document):
    """Every operation with a JSON body: (method, path, schema)."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content and path not in ("/v1/clock", "/v1/sessions"):
                yield method.upper(), path, content["application/json"]["schema"]


@pytest.mark.parametrize("account", ["CO-NSA", "MSA", "PORT"])
def test_two_hundred_faulty_bodies_are_refused_with_a_code(server, account):
    random = Random(SEED)
    document = server.app.openapi()
    offered = list(commands(document))
    assert len(offered) > 15
    answered = set()
    with server.as_(account, **{"If-Match": '"1"'}) as client:
        for number in range(200):
            method, path, schema = offered[number % len(offered)]
            for name in ("movement_id", "service_id", "event_id", "resource_id", "declaration_id"):
                path = path.replace(f"{{{name}}}", random.choice(["M1", "S1", "E1", "T01", "D1"]))
            body = json.dumps(made(schema, document, random))
            if random.random() < 0.1:
                body = body[: random.randint(0, len(body))]
            answer = client.request(
                method, path, content=body, headers={"Content-Type": "application/json"}
            )
            answered.add(answer.status_code)
            assert answer.status_code < 500, (method, path, body, answer.text)
            if answer.status_code >= 400:
                problem = answer.json()
                assert problem["code"] in api_codes(), problem
                for violation in problem.get("violations", []):
                    pointer = violation["pointer"]
                    assert pointer == "" or pointer.startswith("/"), (body, problem)
    assert 422 in answered


def api_codes():
    from api.problems import codes

    return codes()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "shape-invalid"),
        (b"{", 400, "unreadable"),
        (b'{"calls": [}', 400, "unreadable"),
        (b"\xff\xfe", 400, "unreadable"),
        (b"[" * 100_000, 400, "unreadable"),
        (b'{"calls": NaN}', 422, "shape-invalid"),
        (b'{"reference": "\\ud800", "calls": []}', 422, "shape-invalid"),
        (b"{}", 422, "shape-invalid"),
        (b'{"calls": []}', 422, "declaration-faulty"),
    ],
)
def test_bodies_that_are_no_declaration(server, body, status, code):
    with server.as_("CO-NSA", **{"Content-Type": "application/json"}) as client:
        answer = client.post("/v1/declarations", content=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_a_wrong_value_is_located_by_a_pointer(server):
    plan = a_plan(berth="NS1-1")
    plan["calls"][0]["movements"][0]["draught_m"] = "deep"
    plan["calls"][0]["vessel"]["loa/m"] = 3
    with server.as_("CO-NSA") as client:
        found = client.post("/v1/declarations", json=plan).json()["violations"]
    assert {item["pointer"] for item in found} == {
        "/calls/0/movements/0/draught_m",
        "/calls/0/vessel/loa~1m",
    }
