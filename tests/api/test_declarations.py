import uuid

import pytest

from tests.api.serving import a_plan, run

COMPANY = "CO-NSA"
OTHER = "CO-NSB"


@pytest.fixture(scope="module")
def berth(server):
    return next(
        k for k, item in server.service.port.berths.items() if "container" in item.vessel_types
    )


def ships(count):
    """IMO numbers with right check digits."""
    for number in range(912000, 912000 + count):
        digits = f"{number:06d}"
        check = (
            sum(
                int(digit) * weight
                for digit, weight in zip(digits, (7, 6, 5, 4, 3, 2), strict=True)
            )
            % 10
        )
        yield digits + str(check)


SHIPS = ships(90)


def declare(client, berth, **more):
    headers = more.pop("headers", {})
    plan = a_plan(imo=next(SHIPS), ref=str(uuid.uuid4())[:8], berth=berth, **more)
    return client.post("/v1/declarations", json=plan, headers=headers), plan


def test_a_plan_is_accepted_with_ids_and_seen_at_once(server, berth):
    with server.as_(COMPANY) as client:
        answer, plan = declare(client, berth)
        assert answer.status_code == 201
        body = answer.json()
        assert answer.headers["etag"] == '"1"'
        assert answer.headers["location"] == f"/v1/declarations/{body['id']}"
        assert [item["call_ref"] for item in body["movements"]] == [plan["calls"][0]["call_ref"]]
        movement = client.get(f"/v1/movements/{body['movements'][0]['id']}")
        assert movement.json()["cargo"] == "boxes"
        again = client.get(answer.headers["location"])
        assert again.headers["etag"] == '"1"'
        assert again.json()["calls"][0]["vessel"]["imo"] == plan["calls"][0]["vessel"]["imo"]


def test_what_is_read_can_be_sent_back(server, berth):
    with server.as_(COMPANY) as client:
        answer, _ = declare(client, berth)
        url = answer.headers["location"]
        body = client.get(url).json()
        for name in ("id", "company", "state", "revision", "movement_ids"):
            del body[name]
        same = client.put(url, json=body, headers={"If-Match": '"1"'})
        assert same.status_code == 200, same.text
        assert same.json()["revision"] == 1
        assert same.json()["movements"] == answer.json()["movements"]
        body["calls"][0]["movements"][0]["draught_m"] = 8.5
        changed = client.put(url, json=body, headers={"If-Match": '"1"'})
        assert changed.json()["revision"] == 2
        assert changed.headers["etag"] == '"2"'
        assert changed.json()["movements"][0]["id"] == answer.json()["movements"][0]["id"]


def test_a_change_needs_the_revision_that_was_read(server, berth):
    with server.as_(COMPANY) as client:
        answer, plan = declare(client, berth)
        url = answer.headers["location"]
        missing = client.put(url, json=plan)
        assert (missing.status_code, missing.json()["code"]) == (428, "precondition-missing")
        stale = client.put(url, json=plan, headers={"If-Match": '"7"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "revision-mismatch")
        odd = client.delete(url, headers={"If-Match": "x"})
        assert (odd.status_code, odd.json()["code"]) == (400, "header-invalid")
        assert client.delete(url, headers={"If-Match": '"1"'}).status_code == 200
        gone = client.delete(url, headers={"If-Match": '"2"'})
        assert (gone.status_code, gone.json()["code"]) == (409, "state-conflict")


def test_a_repeat_under_the_same_key_declares_nothing_twice(server, berth):
    with server.as_(COMPANY) as client:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        first, plan = declare(client, berth, headers=key)
        second = client.post("/v1/declarations", json=plan, headers=key)
        assert second.json()["id"] == first.json()["id"]
        assert second.headers["idempotency-replayed"] == "true"
        other = a_plan(imo=next(SHIPS), ref="other", berth=berth)
        reused = client.post("/v1/declarations", json=other, headers=key)
        assert (reused.status_code, reused.json()["code"]) == (422, "idempotency-key-reused")


def test_all_faults_come_at_once_with_their_places_and_nothing_is_kept(server, berth):
    with server.as_(COMPANY) as client:
        before = len(client.get("/v1/declarations?limit=500").json()["items"])
        plan = a_plan(imo="1234568", ref="bad", berth="NO-SUCH-BERTH")
        answer = client.post("/v1/declarations", json=plan)
        assert (answer.status_code, answer.json()["code"]) == (422, "declaration-faulty")
        found = {(item["code"], item["pointer"]) for item in answer.json()["violations"]}
        assert ("imo-invalid", "/calls/0/vessel/imo") in found
        assert any(pointer.startswith("/calls/0/movements/0/berths") for _, pointer in found)
        assert answer.headers["content-type"] == "application/problem+json"
        assert len(client.get("/v1/declarations?limit=500").json()["items"]) == before


def test_another_company_sees_nothing_of_it_and_cannot_declare_the_same_call(server, berth):
    with server.as_(COMPANY) as client:
        answer, plan = declare(client, berth)
    with server.as_(OTHER) as client:
        url = answer.headers["location"]
        assert client.get(url).status_code == 404
        assert client.delete(url, headers={"If-Match": '"1"'}).status_code == 404
        movement = answer.json()["movements"][0]["id"]
        assert client.get(f"/v1/movements/{movement}").status_code == 404
        assert client.get(f"/v1/movements/{movement}/history").status_code == 404
        twice = client.post("/v1/declarations", json=plan)
        assert (twice.status_code, twice.json()["code"]) == (409, "call-already-declared")
        assert COMPANY not in twice.text
        assert answer.json()["id"] not in client.get("/v1/declarations?limit=500").text


def test_the_dispatch_centre_declares_for_a_company_once_it_was_read_back(server, berth):
    behalf = {"Fairway-On-Behalf-Of": f"company:{OTHER}"}
    with server.as_("PORT") as client:
        plan = a_plan(imo=next(SHIPS), ref="phoned", berth=berth)
        unread = client.post("/v1/declarations", json=plan, headers=behalf)
        assert (unread.status_code, unread.json()["code"]) == (403, "read-back-missing")
        done = client.post(
            "/v1/declarations", json=plan, headers={**behalf, "Fairway-Read-Back": "true"}
        )
        assert done.status_code == 201, done.text
        nobody = client.post("/v1/declarations", json=plan)
        assert (nobody.status_code, nobody.json()["code"]) == (403, "not-allowed")
    with server.as_(OTHER) as client:
        assert client.get(done.headers["location"]).json()["company"] == OTHER
    with server.as_(COMPANY) as client:
        forged = client.post("/v1/declarations", json=plan, headers=behalf)
        assert (forged.status_code, forged.json()["code"]) == (403, "not-allowed")


def test_a_spreadsheet_is_declared_and_its_faults_name_rows_and_columns(server):
    with server.as_(COMPANY) as client:
        blank = client.get("/v1/declarations/template.xlsx?lang=en")
        assert blank.status_code == 200
        assert blank.content[:2] == b"PK"
        sample = client.get(f"/v1/samples/typical/{COMPANY}.xlsx")
        assert sample.status_code == 200
        assert client.get(f"/v1/samples/typical/{OTHER}.xlsx").status_code == 404
        file = {"file": ("plan.xlsx", sample.content)}
        read = client.post("/v1/declarations/import?dry_run=true", files=file)
        assert read.status_code in (200, 422), read.text
        broken = {"file": ("plan.csv", "船名,动态类型\n甲,进港\n".encode())}
        refused = client.post("/v1/declarations/import", files=broken)
        assert (refused.status_code, refused.json()["code"]) == (422, "declaration-faulty")
        assert all(item["row"] >= 1 for item in refused.json()["violations"])


def test_lists_are_paged_to_the_end_without_a_repeat(server, berth):
    with server.as_(COMPANY) as client:
        for _ in range(5):
            declare(client, berth)
        seen, cursor = [], None
        while True:
            params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            page = client.get("/v1/declarations", params=params).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        whole = [item["id"] for item in client.get("/v1/declarations?limit=500").json()["items"]]
        assert seen == whole
        assert len(set(seen)) == len(seen) >= 5
        odd = client.get("/v1/declarations?cursor=nonsense")
        assert (odd.status_code, odd.json()["code"]) == (400, "cursor-invalid")


def test_waiting_gives_the_planned_times(tmp_path):
    running = run(tmp_path, plans=True)
    try:
        berth = next(
            k for k, item in running.service.port.berths.items() if "container" in item.vessel_types
        )
        with running.as_(COMPANY) as client:
            answer, _ = declare(client, berth, headers={"Prefer": "wait=25"})
            body = answer.json()
            assert answer.headers["preference-applied"] == "wait=25"
            assert body["plan_version"] >= 1
            assert body["movements"][0]["planned"]["start_at"] >= "2026-03-01T22:00:00Z"
            movement = body["movements"][0]["id"]
            told = client.get(f"/v1/movements/{movement}/history").json()["items"]
            assert [item["kind"] for item in told][:2] == ["declared", "plan_published"]
            plan = client.get("/v1/plans/current").json()
            assert set(plan) == {"id", "version", "published_at"}
            assert client.get("/v1/plans").json()["items"][0] == plan
            assert client.get("/v1/plans/1/changes").status_code == 200
            assert client.get("/v1/plans/99").status_code == 404
    finally:
        running.stop()
