"""Who may do what, over HTTP: every command as every party."""

import json

import pytest

from tests.api.serving import a_plan, run

COMPANY, OTHER = "CO-NSA", "CO-NSB"
TIME = "2026-03-02T00:00:00Z"

COMMANDS = {
    "clear": ("POST", "/v1/movements/{movement}/clear", {}, {"MSA"}),
    "hold": ("POST", "/v1/movements/{movement}/hold", {"reason": "inspection"}, {"MSA"}),
    "release": ("POST", "/v1/movements/{movement}/release", None, {"MSA"}),
    "reject": ("POST", "/v1/movements/{movement}/reject", {"reason": "documents"}, {"MSA"}),
    "condition": (
        "POST", "/v1/movements/{movement}/conditions", {"kind": "daylight_only"}, {"MSA"},
    ),
    "waiver": (
        "POST", "/v1/movements/{movement}/waivers",
        {"rule": "headway", "reason": "escort", "expires_at": "2026-03-04T00:00:00Z"}, {"MSA"},
    ),
    "priority": ("POST", "/v1/movements/{movement}/priority", {"priority": 1}, {"PORT"}),
    "pin": ("POST", "/v1/movements/{movement}/pin", {"pinned": True}, {"PORT"}),
    "estimate": (
        "POST", "/v1/movements/{movement}/estimate", {"estimated_at": "2026-03-02T02:00:00Z"},
        {COMPANY, "PILOT", "MSA", "PORT"},
    ),
    "restrict": (
        "POST", "/v1/restrictions",
        {"kind": "wind", "value": 20, "from_at": TIME, "to_at": "2026-03-02T01:00:00Z"},
        {"MSA", "PORT"},
    ),
    "pilot out": ("POST", "/v1/resources/{pilot}/outages", {"from_at": TIME}, {"PILOT", "PORT"}),
    "tug out": ("POST", "/v1/resources/{tug}/outages", {"from_at": TIME}, {"{tugs}", "PORT"}),
}  # fmt: skip
REFUSED = {403, 404}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A service that plans, with two movements of one company; commands go to the last one."""
    running = run(tmp_path_factory.mktemp("access"), plans=True)
    port = running.service.port
    berth, second = [k for k, item in port.berths.items() if "container" in item.vessel_types][:2]
    with running.as_(COMPANY) as client:
        client.post(
            "/v1/declarations",
            json=a_plan(imo="9074729", ref="V2", berth=second, start_h=9),
        )
        answer = client.post(
            "/v1/declarations",
            json=a_plan(berth=berth, start_h=10),
            headers={"Prefer": "wait=30"},
        ).json()
    tug = port.towage.tugs[0]
    names = {
        "movement": answer["movements"][0]["id"],
        "tug": tug.tug_id,
        "tugs": tug.company_id,
        "pilot": port.pilotage.pilots[0].pilot_id,
    }
    rival = next(c.company_id for c in port.towage.companies if c.company_id != tug.company_id)
    yield running, names, [COMPANY, OTHER, "PILOT", "MSA", "PORT", tug.company_id, rival]
    running.stop()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_for_its_own_parties(world, name):
    running, names, accounts = world
    method, path, body, allowed = COMMANDS[name]
    allowed = {account.format(**names) for account in allowed}
    for account in accounts:
        with running.as_(account) as client:
            answer = client.request(method, path.format(**names), json=body)
        told = (name, account, answer.status_code, answer.text)
        if account in allowed:
            # allowed as a party; the state may still say no
            assert answer.status_code not in REFUSED | {401, 422, 500}, told
        else:
            assert answer.status_code in REFUSED, told


@pytest.mark.parametrize("name", COMMANDS)
def test_nobody_does_anything_without_a_token(world, name):
    running, names, _ = world
    import httpx2

    method, path, body, _ = COMMANDS[name]
    answer = httpx2.request(method, running.url + path.format(**names), json=body)
    assert answer.status_code == 401


def test_jobs_are_answered_by_those_whose_they_are(world):
    running, _, accounts = world
    with running.as_("PORT") as client:
        jobs = client.get("/v1/services?limit=500").json()["items"]
    assert {job["kind"] for job in jobs} == {"pilotage", "towage"}
    for job in jobs:
        for account in accounts:
            if account == job["organisation"]:
                continue
            with running.as_(account) as client:
                answer = client.post(f"/v1/services/{job['id']}/confirm", json={})
                assert answer.status_code in REFUSED, (account, job["id"], answer.text)
        with running.as_(job["organisation"]) as client:
            seen = {item["id"] for item in client.get("/v1/services?limit=500").json()["items"]}
            assert job["id"] in seen


def test_what_is_not_one_s_own_is_not_even_there(world):
    running, names, _ = world
    with running.as_(OTHER) as client:
        assert client.get(f"/v1/movements/{names['movement']}").status_code == 404
        assert client.get("/v1/movements").json()["items"] == []
        assert client.get("/v1/proposals").status_code == 403
        board = client.get("/v1/boards/company").text
    for told in (names["movement"], f'"{COMPANY}"', "SHIP V1", "9321483"):
        assert told not in board
    stays = [row["place"] for row in json.loads(board)["rows"].get("stay", [])]
    assert stays, "the berth is seen to be taken"


def test_an_answer_to_a_time_that_has_moved_is_refused(world):
    running, names, _ = world
    with running.as_("MSA") as client:
        answer = client.post(
            f"/v1/movements/{names['movement']}/clear", json={"seen_start_at": TIME}
        )
    assert answer.status_code == 409
    assert answer.json()["code"] in ("movement-changed", "state-conflict")


def test_me_says_what_an_account_is(world):
    running, _, _ = world
    with running.as_("MSA") as client:
        told = client.get("/v1/me").json()
    assert (told["party"], told["board"], told["organisation"]) == ("maritime", "maritime", "MSA")
    assert "clear" in told["verbs"]
    assert told["organisation_name"]["zh"]
