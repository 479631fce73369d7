import json

import pytest

import api.app
import api.problems
from api.problems import BARE, LIVE, STATUS, STATUS_OF_REQUESTS, codes, status_of
from api.routes.pages import texts
from dispatch.errors import DispatchError


def subclasses(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from subclasses(sub)


def test_every_refusal_has_a_status():
    """Collected after the application was imported, so that every module's own are there."""
    assert api.app

    ours = [kind for kind in subclasses(DispatchError) if not kind.__module__.startswith("tests.")]
    assert len(ours) > 25
    missing = [kind.__name__ for kind in ours if kind not in {**STATUS, **STATUS_OF_REQUESTS}]
    assert missing == []
    for kind in ours:
        error = kind.__new__(kind)
        assert 400 <= status_of(error) < 600


def test_codes_are_unique():
    own = [kind.code for kind in {**STATUS, **STATUS_OF_REQUESTS}]
    assert len(own) == len(set(own))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_has_a_text_in_both_languages(language):
    assert [code for code in codes() if f"error.{code}" not in texts(language)] == []


@pytest.mark.parametrize("code", sorted({"not-found", "declaration-faulty", *LIVE}))
def test_every_code_has_a_page_for_people_and_programs(server, code):
    import httpx2

    page = httpx2.get(f"{server.url}/problems/{code}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert code in page.text
    assert texts("zh")[f"error.{code}"].split("{")[0] in page.text
    told = httpx2.get(f"{server.url}/problems/{code}").json()
    assert told["code"] == code
    assert told["en"]
    assert httpx2.get(f"{server.url}/problems/no-such-code").status_code == 404


def test_a_refusal_is_a_problem_document_that_names_its_request(server):
    with server.as_("CO-NSA", **{"X-Request-ID": "my-request-0001"}) as client:
        answer = client.get("/v1/movements/M999999")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == "my-request-0001"
    body = answer.json()
    assert body["type"] == "/problems/not-found"
    assert body["instance"] == "urn:uuid:my-request-0001"
    assert body["context"] == {"type": "movement", "id": "M999999"}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/no-such-thing", 404, "not-found"),
        ("PATCH", "/v1/movements", 405, "method-not-allowed"),
        ("GET", "/no/such/page", 404, "not-found"),
        ("GET", "/../../etc/passwd", 404, "not-found"),
        ("GET", "/%2e%2e/%2e%2e/pyproject.toml", 404, "not-found"),
        ("GET", "/v1/movements", 401, "session-expired"),
    ],
)
def test_what_the_framework_refuses_is_a_problem_document_too(server, method, path, status, code):
    import httpx2

    answer = httpx2.request(method, server.url + path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_too_long_is_refused_before_it_is_read(server):
    with server.as_("CO-NSA") as client:
        told = client.post("/v1/declarations", content=b"x" * 2_100_000)
        assert (told.status_code, told.json()["code"]) == (413, "body-too-long")

        def untold():
            for _ in range(40):
                yield b"[" * 65_536

        answer = client.post("/v1/declarations", content=untold())
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-long")


def test_wrong_passwords_are_refused_alike_and_then_made_to_wait(server):
    import httpx2

    url = f"{server.url}/v1/sessions"
    server.token("CO-NSB")
    unknown = httpx2.post(url, json={"account": "nobody", "password": "x" * 12})
    known = httpx2.post(url, json={"account": "CO-NSB", "password": "x" * 12})
    assert unknown.status_code == known.status_code == 401
    assert unknown.headers["www-authenticate"] == "Bearer"
    same = [{**answer.json(), "instance": ""} for answer in (unknown, known)]
    assert same[0] == same[1]
    for _ in range(7):
        httpx2.post(url, json={"account": "nobody", "password": "x" * 12})
    last = httpx2.post(url, json={"account": "nobody", "password": "x" * 12})
    assert (last.status_code, last.json()["code"]) == (429, "sign-in-throttled")
    assert int(last.headers["retry-after"]) >= 1


def test_a_fault_of_the_service_tells_nothing_of_itself(server, monkeypatch):
    def broken(*_):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(server.service.hub, "rows", broken)
    with server.as_("CO-NSA") as client:
        answer = client.get("/v1/movements")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal-error")
    assert "secret" not in answer.text


def test_answers_carry_the_headers_that_browsers_heed(server):
    import httpx2

    for path in ("/", "/v1/health", "/problems/not-found", "/v1/movements"):
        headers = httpx2.get(server.url + path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_bare_codes_do_not_contradict_the_named_ones():
    named = {kind.code: status for kind, status in {**STATUS, **STATUS_OF_REQUESTS}.items()}
    for status, (code, _) in BARE.items():
        assert named.get(code, status) == status
    assert json.dumps(sorted(codes()))
    assert api.problems.MEDIA_TYPE == "application/problem+json"
