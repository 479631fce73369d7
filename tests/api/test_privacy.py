"""A whole sample day of all companies: what each of them, and each tug company, is ever told."""

import json

import pytest

from dispatch.clock import SimulatedClock
from dispatch.port import load_port, sample_day
from tests.api.serving import run


def everything_told(client, board, cursor):
    """The snapshot and every delta since a cursor, as one text."""
    texts = [json.dumps(client.get(f"/v1/boards/{board}").json(), ensure_ascii=False)]
    while True:
        page = client.get(f"/v1/boards/{board}/deltas", params={"since": cursor, "limit": 500})
        assert page.status_code == 200, page.text
        body = page.json()
        texts += [json.dumps(frame, ensure_ascii=False) for frame in body["items"]]
        if not body["items"]:
            return "\n".join(texts)
        cursor = body["next"]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What each account was told, by account, and the port's own rows."""
    port = load_port("guangzhou")
    day = sample_day(port, "typical")
    running = run(
        tmp_path_factory.mktemp("day"), plans=True, clock=SimulatedClock(day.starts_at, speed=1)
    )
    boards = dict.fromkeys(day.spreadsheets, "company")
    boards |= {company.company_id: "towage" for company in port.towage.companies}
    cursors = {}
    for account, board in boards.items():
        with running.as_(account) as client:
            cursors[account] = client.get(f"/v1/boards/{board}").json()["cursor"]
    *first, last = day.spreadsheets.items()
    for company, sheet in [*first, last]:
        with running.as_(company) as client:
            wait = {"Prefer": "wait=30"} if company == last[0] else {}
            answer = client.post(
                "/v1/declarations/import",
                files={"file": (sheet.name, sheet.read_bytes())},
                headers=wait,
            )
            assert answer.status_code == 201, answer.text
    # a declined job and a late ship make plans that move others
    with running.as_("PORT") as client:
        jobs = client.get("/v1/services?limit=500").json()["items"]
        moves = client.get("/v1/movements?limit=500").json()["items"]
    tug = next(job for job in jobs if job["kind"] == "towage")
    with running.as_(tug["organisation"]) as client:
        assert client.post(
            f"/v1/services/{tug['id']}/decline", json={"reason": "crew-rest"}
        ).is_success
    texts = {}
    for account, board in boards.items():
        with running.as_(account) as client:
            texts[account] = everything_told(client, board, cursors[account])
    with running.as_("PORT") as client:
        rows = client.get("/v1/boards/port").json()["rows"]
    yield texts, boards, rows, moves
    running.stop()


def quoted(value):
    return json.dumps(value, ensure_ascii=False)


def as_id(value):
    """An id in its place: reaches of the channel are called S10, too."""
    return f'"id": {quoted(value)}'


def test_there_was_something_to_hide(told):
    texts, boards, rows, moves = told
    assert len(moves) > 100
    assert sum(bool(move["wait_reasons"]) for move in rows["movement"]) > 10
    assert len(texts) == len(boards) > 8


def test_no_company_is_told_anything_of_another_s_ships(told):
    texts, boards, rows, _ = told
    own_names = {}
    for move in rows["movement"]:
        own_names.setdefault(move["company"], set()).add(move["vessel"]["name"])
    for account, text in texts.items():
        if boards[account] != "company":
            continue
        assert quoted(account) in text, "it is told of its own"
        for move in rows["movement"]:
            if move["company"] == account:
                continue
            for name in ("id", "call_id", "declaration_id", "company"):
                assert quoted(move[name]) not in text, (account, name, move[name])
            assert quoted(move["vessel"]["imo"]) not in text, (account, move["id"])
            if move["vessel"]["name"] not in own_names[account]:
                assert move["vessel"]["name"] not in text, (account, move["id"])
        for job in rows["service"]:
            if job["company"] != account:
                assert as_id(job["id"]) not in text, (account, job["id"])


def test_a_company_reads_the_names_of_its_own_ships_in_reasons_and_the_number_of_others(told):
    texts, boards, rows, _ = told
    owners = {move["id"]: move["company"] for move in rows["movement"]}
    named = counted = 0
    for account, text in texts.items():
        if boards[account] != "company":
            continue
        for move in json.loads(text.splitlines()[0])["rows"]["movement"]:
            for reason in [*move["wait_reasons"], *move["unplaced_reasons"]]:
                assert {owners[item] for item in reason["movements"]} <= {account}
                named += len(reason["movements"])
                counted += reason["others"]
    assert named
    assert counted


def test_no_tug_company_is_told_anything_of_a_rival_s_jobs_or_boats(told):
    texts, boards, rows, _ = told
    for account, text in texts.items():
        if boards[account] != "towage":
            continue
        for row in [*rows["service"], *rows["resource"]]:
            if row["organisation"] != account:
                assert as_id(row["id"]) not in text, (account, row["id"])
                assert quoted(row.get("resource_id", "nobody")) not in text, (account, row["id"])
        for company in {move["company"] for move in rows["movement"]}:
            assert quoted(company) not in text
        rivals = {row["organisation"] for row in rows["resource"]} - {account}
        for rival in rivals:
            assert quoted(rival) not in text
