"""Questions about the plan, on a real service: what is told, to whom, and that nothing is kept."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from starlette.requests import Request

from api.problems import on_refusal
from api.routes.pages import texts
from dispatch.errors import ValueRefused
from dispatch.wishes import Wish
from tests.api.serving import START_AT, a_plan, run
from tests.api.test_declarations import ships

SHIPS = ships(700)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    running = run(tmp_path_factory.mktemp("foresight"), plans=True)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def companies(running):
    return sorted(running.service.port.companies)[:2]


@pytest.fixture(scope="module")
def berth(running):
    return next(
        k
        for k, item in running.service.port.berths.items()
        if "container" in item.vessel_types and item.max_loa_m >= 190
    )


@pytest.fixture(scope="module")
def planned(running, companies, berth):
    """Movement ids: two ships of one company and one of another, all to one berth, in order."""
    ids = []
    for number, company in enumerate((companies[0], companies[1], companies[0])):
        plan = a_plan(
            imo=next(SHIPS), ref=f"f{number}", berth=berth, start_h=6 + number, service_min=120
        )
        (movement,) = plan["calls"][0]["movements"]
        movement["latest_at"] = (START_AT + timedelta(hours=40)).isoformat()
        leaves = {
            "kind": "exit",
            "requested_at": (START_AT + timedelta(hours=10 + number)).isoformat(),
            "latest_at": (START_AT + timedelta(hours=46)).isoformat(),
            "draught_m": 9.0,
        }
        plan["calls"][0]["movements"].append(leaves)
        with running.as_(company, Prefer="wait=25") as client:
            answer = client.post("/v1/declarations", json=plan)
            assert answer.status_code == 201, answer.text
            body = answer.json()
            assert not body["pending"]
            assert all(one["planned"] for one in body["movements"]), body
            ids.append(body["movements"][0]["id"])
    return ids


def start_of(running, movement):
    with running.as_("PORT") as client:
        return client.get(f"/v1/movements/{movement}").json()["planned"]["start_at"]


def later(running, movement, minutes):
    start = datetime.fromisoformat(start_of(running, movement))
    return (start + timedelta(minutes=minutes)).isoformat()


def ask(running, account, *changes):
    with running.as_(account) as client:
        return client.post("/v1/what-if", json={"changes": list(changes)})


def test_a_late_ship_is_supposed_and_nothing_is_kept(running, planned):
    before = [start_of(running, name) for name in planned]
    late = later(running, planned[0], 200)
    answer = ask(running, "PORT", {"kind": "estimate", "movement_id": planned[0], "from_at": late})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["possible"]
    moved = {row["movement_id"]: row for row in body["moved"]}
    assert moved[planned[0]]["from_at"] == before[0]
    assert moved[planned[0]]["to_at"] >= late.replace("+00:00", "Z")
    assert body["cost"]["after"]["late_min"] > body["cost"]["before"]["late_min"]
    assert [start_of(running, name) for name in planned] == before


def test_a_company_reads_of_its_own_ships_and_how_many_others_there_are(
    running, planned, companies
):
    late = later(running, planned[0], 600)
    change = {"kind": "estimate", "movement_id": planned[0], "from_at": late}
    whole = ask(running, "PORT", change).json()
    told = ask(running, companies[0], change)
    assert told.status_code == 200, told.text
    body = told.json()
    assert {row["company"] for row in body["moved"]} == {companies[0]}
    for name in ("moved", "recrewed", "placed", "left_out"):
        assert len(body[name]) + body["others"][name] == len(whole[name])
    assert body["cost"] is None
    with running.as_("PORT") as client:
        foreign = client.get(f"/v1/movements/{planned[1]}").json()
    assert whole["plan_version"] == body["plan_version"]
    for secret in (f'"{planned[1]}"', foreign["vessel"]["name"], companies[1]):
        assert secret not in told.text


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "hold"}, 403, "not-allowed"),
        ({"kind": "closure", "segments": "all"}, 403, "not-allowed"),
        ({"kind": "one_more", "pool": "tugs"}, 403, "not-allowed"),
    ],
)
def test_a_company_asks_about_its_own_ships_only(running, planned, companies, change, status, code):
    movement = {"movement_id": planned[0]} if change["kind"] == "hold" else {}
    answer = ask(
        running, companies[0], {**change, **movement, "from_at": later(running, planned[0], 5)}
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_another_company_s_ship_is_not_there_to_ask_about(running, planned, companies):
    change = {"kind": "estimate", "from_at": later(running, planned[0], 5)}
    answer = ask(running, companies[1], {**change, "movement_id": planned[0]})
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    with running.as_(companies[1]) as client:
        for path in ("margins", "way-out"):
            assert client.get(f"/v1/plan/movements/{planned[0]}/{path}").status_code == 404


@pytest.mark.parametrize("account", ["PILOT", "MSA"])
def test_only_the_dispatch_centre_and_companies_ask_what_if(running, planned, account):
    answer = ask(running, account, {"kind": "hold", "movement_id": planned[0]})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "estimate", "movement_id": "M999"}, 404, "not-found"),
        ({"kind": "berth", "place": "nowhere"}, 404, "not-found"),
        ({"kind": "out_of_service", "resource_id": "T999"}, 404, "not-found"),
        ({"kind": "one_more", "pool": "launches"}, 404, "not-found"),
        ({"kind": "berth_closed", "place": "nowhere"}, 404, "not-found"),
        ({"kind": "closure", "segments": ["nowhere"]}, 404, "not-found"),
        ({"kind": "draught"}, 422, "value-refused"),
        ({"kind": "start"}, 422, "value-refused"),
        ({"kind": "wind"}, 422, "value-refused"),
        ({"kind": "magic"}, 422, "shape-invalid"),
    ],
)
def test_what_makes_no_sense_is_refused(running, planned, change, status, code):
    of_one = change["kind"] in {"estimate", "berth", "draught", "start"}
    movement = {"movement_id": planned[0]} if of_one else {}
    more = {**movement, "from_at": later(running, planned[0], 5), **change}
    answer = ask(running, "PORT", more)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_a_question_that_no_plan_can_be_asked_for_is_refused_where_it_is(running, planned):
    harmless = Wish(kind="priority", movement_id=planned[0], priority=1)
    # the schema keeps this out; whatever else a wish may lead to is found the same way
    flat = Wish(kind="draught", movement_id=planned[1], draught_m=1e-9)
    with pytest.raises(ValueRefused) as refused:
        running.service.foresight.what_if((harmless, flat))
    answer = asyncio.run(on_refusal(Request({"type": "http"}), refused.value))
    body = json.loads(bytes(answer.body))
    assert (answer.status_code, body["code"]) == (422, "value-refused")
    (violation,) = body["violations"]
    assert (violation["pointer"], violation["code"]) == ("/changes/1", "out-of-range")
    assert violation["params"]["path"].endswith("/draught_mm")


def test_a_draught_that_no_ship_has_is_refused(running, planned):
    answer = ask(
        running, "PORT", {"kind": "draught", "movement_id": planned[0], "draught_m": 0.0004}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "shape-invalid"), answer.text
    pointers = [one["pointer"] for one in answer.json()["violations"]]
    assert pointers == ["/changes/0/draught_m"], answer.text


@pytest.mark.parametrize(("changes", "code"), [([], "too-short"), ([{}] * 21, "too-long")])
def test_a_question_has_at_least_one_change_and_not_too_many(running, changes, code):
    with running.as_("PORT") as client:
        answer = client.post("/v1/what-if", json={"changes": changes})
    assert answer.status_code == 422
    (violation,) = answer.json()["violations"]
    assert (violation["pointer"], violation["code"]) == ("/changes", code)
    assert f"fault.{code}" in texts("zh")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "draught", "draught_m": 8.0},
        {"kind": "priority", "priority": 1},
        {"kind": "hold"},
        {"kind": "release"},
        {"kind": "one_more", "pool": "tugs"},
        {"kind": "closure", "segments": "all"},
        {"kind": "visibility", "value": 300},
        {"kind": "wind", "value": 20},
        {"kind": "out_of_service", "resource_id": ""},
    ],
    ids=lambda change: change["kind"],
)
def test_every_kind_of_question_is_answered(running, planned, change):
    change = dict(change)
    at = later(running, planned[0], -30)
    if change["kind"] in {"draught", "priority", "hold", "release"}:
        change["movement_id"] = planned[0]
    else:
        change |= {"from_at": at, "to_at": later(running, planned[0], 60)}
    if change["kind"] == "out_of_service":
        change["resource_id"] = running.service.port.towage.tugs[0].tug_id
    answer = ask(running, "PORT", change)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    changed = {row["movement_id"] for name in ("moved", "left_out") for row in body[name]}
    if change["kind"] in {"closure", "hold", "wind"}:
        assert planned[0] in changed
    if change["kind"] in {"release", "one_more"}:
        assert not changed


def test_a_start_that_is_wished_for_is_possible_or_not(running, planned):
    start, end = later(running, planned[2], 60), later(running, planned[2], 240)
    wish = {"kind": "start", "movement_id": planned[2], "from_at": start, "to_at": end}
    assert ask(running, "PORT", wish).json()["possible"]
    until = later(running, planned[2], 600)
    closed = {"kind": "closure", "segments": "all", "from_at": start, "to_at": until}
    body = ask(running, "PORT", wish, closed).json()
    assert not body["possible"]
    left_out = {row["movement_id"]: row for row in body["left_out"]}
    assert "closure" in {reason["rule"] for reason in left_out[planned[2]]["reasons"]}


def test_margins_are_told_and_foreign_neighbours_only_as_such(running, planned, companies):
    with running.as_("PORT") as client:
        answer = client.get(f"/v1/plan/movements/{planned[0]}/margins")
        assert answer.status_code == 200, answer.text
        whole = answer.json()
    rules = {row["rule"] for row in whole["margins"]}
    assert {"requested_window", "under_keel_clearance", "berth_occupancy"} <= rules
    assert all(row["margin"] >= 0 for row in whole["margins"])
    assert not any(row["hidden"] for row in whole["margins"])
    named = [row for row in whole["margins"] if row["company"] == companies[1]]
    assert named, "the next ship at the berth is another company's"
    with running.as_(companies[0]) as client:
        answer = client.get(f"/v1/plan/movements/{planned[0]}/margins")
    assert f'"{planned[1]}"' not in answer.text
    assert companies[1] not in answer.text
    told = answer.json()["margins"]
    assert sum(row["hidden"] for row in told) == len(named)
    assert [row["margin"] for row in told] == [row["margin"] for row in whole["margins"]]


def test_certainty_is_told_for_what_is_planned(running, planned, companies):
    with running.as_("PORT") as client:
        whole = client.get("/v1/plan/certainty").json()
        begun_s = time.monotonic()
        assert client.get("/v1/plan/certainty").json() == whole
        assert time.monotonic() - begun_s < 2.0
    chances = {row["movement_id"]: row for row in whole["movements"]}
    assert whole["tolerance_min"] == 15
    assert set(whole["keystones"]) <= set(chances)
    caused = [chances[name]["caused_min"] for name in whole["keystones"]]
    assert caused == sorted(caused, reverse=True)
    assert len(caused) <= 10
    assert set(planned) <= set(chances)
    assert all(0 <= row["holds"] <= 1 for row in chances.values())
    with running.as_(companies[0]) as client:
        told = client.get("/v1/plan/certainty").json()
    assert {row["company"] for row in told["movements"]} == {companies[0]}
    assert len(told["movements"]) < len(whole["movements"])
    with running.as_("PILOT") as client:
        assert client.get("/v1/plan/certainty").status_code == 403


def test_certainty_is_reckoned_once_for_all_that_ask_at_once_and_anew_for_a_new_plan(
    running, planned, companies, berth
):
    asked, foresight = [], running.service.foresight
    plain = foresight._ask

    def counted(kind, *rest):
        asked.append(kind)
        return plain(kind, *rest)

    foresight._ask, foresight._certainty = counted, None
    try:
        with ThreadPoolExecutor(3) as pool:
            versions = {
                one["plan_version"] for one in pool.map(lambda _: foresight.certainty(), "abc")
            }
        assert len(versions) == 1
        assert asked == ["certainty"]
        plan = a_plan(imo=next(SHIPS), ref="anew", berth=berth, start_h=20, service_min=60)
        with running.as_(companies[1], Prefer="wait=25") as client:
            movement = client.post("/v1/declarations", json=plan).json()["movements"][0]
        assert movement["planned"]
        newer = foresight.certainty()
        assert newer["plan_version"] > max(versions)
        assert movement["id"] in {one["movement_id"] for one in newer["movements"]}
        assert asked == ["certainty"] * 2
        # while it is reckoned anew, the last answer is told, with its version
        with foresight._reckoning:
            assert foresight.certainty() is newer
    finally:
        del foresight._ask


def test_what_has_a_time_needs_no_way_out(running, planned):
    with running.as_("PORT") as client:
        answer = client.get(f"/v1/plan/movements/{planned[0]}/way-out")
    assert (answer.status_code, answer.json()["code"]) == (409, "state-conflict")


def test_a_held_ship_s_way_out_is_its_release(running, companies, berth):
    plan = a_plan(imo=next(SHIPS), ref="held", berth=berth, start_h=30, service_min=60)
    with running.as_(companies[0], Prefer="wait=25") as client:
        movement = client.post("/v1/declarations", json=plan).json()["movements"][0]["id"]
    with running.as_("MSA") as client:
        assert client.post(
            f"/v1/movements/{movement}/hold", json={"reason": "inspection"}
        ).is_success
    with running.as_(companies[0]) as client:
        until_s = time.monotonic() + 30
        while client.get(f"/v1/movements/{movement}").json()["planned"]:
            assert time.monotonic() < until_s
            time.sleep(0.1)
        answer = client.get(f"/v1/plan/movements/{movement}/way-out")
        assert answer.status_code == 200, answer.text
        margins = client.get(f"/v1/plan/movements/{movement}/margins")
    assert answer.json()["found"]["code"] == "release"
    assert margins.status_code == 409


def test_while_a_question_is_worked_on_the_service_answers_others(running, planned):
    """The longest silence of the event loop while questions are asked."""
    gaps, ended = [], threading.Event()

    def look():
        with running.as_("PORT") as client:
            while not ended.is_set():
                begun_s = time.monotonic()
                assert client.get("/v1/plans/current").is_success
                gaps.append(time.monotonic() - begun_s)

    looking = threading.Thread(target=look)
    looking.start()
    for minutes in (30, 60, 90):
        change = {"kind": "estimate", "movement_id": planned[0]}
        answer = ask(running, "PORT", {**change, "from_at": later(running, planned[0], minutes)})
        assert answer.is_success
    ended.set()
    looking.join()
    assert len(gaps) > 10
    assert max(gaps) < 1.0


def test_ways_out_of_a_closure_are_told_with_their_figures(running, companies, berth):
    asked_at = START_AT + timedelta(hours=28)
    plan = a_plan(imo=next(SHIPS), ref="shut out", berth=berth, start_h=28, service_min=60)
    (movement,) = plan["calls"][0]["movements"]
    movement["latest_at"] = (asked_at + timedelta(hours=1)).isoformat()
    with running.as_("MSA") as client:
        order = {
            "kind": "closure",
            "segments": "all",
            "from_at": (asked_at - timedelta(hours=1)).isoformat(),
            "to_at": (asked_at + timedelta(hours=4)).isoformat(),
        }
        closed = client.post("/v1/restrictions", json=order).json()["result"]["id"]
    with running.as_(companies[0], Prefer="wait=25") as client:
        told = client.post("/v1/declarations", json=plan).json()["movements"][0]
        assert told["planned"] is None
        answer = client.get(f"/v1/plan/movements/{told['id']}/way-out")
        assert answer.status_code == 200, answer.text
    with running.as_("PORT") as client:
        whole = client.get(f"/v1/plan/movements/{told['id']}/way-out").json()
        # what is promised comes true when it is asked for
        supposed = {
            "kind": "start",
            "movement_id": told["id"],
            "from_at": whole["found"]["start_at"],
            "to_at": whole["found"]["start_at"],
        }
        placed = client.post("/v1/what-if", json={"changes": [supposed]}).json()
        client.delete(f"/v1/restrictions/{closed}")
    assert whole["found"]["code"] == "wait"
    assert whole["found"]["params"]["by_min"] > 60
    reopened = [way for way in whole["others"] if way["code"] == "reopen"]
    assert [way["params"]["closure"] for way in reopened] == [closed]
    assert placed["possible"]
    assert [row["movement_id"] for row in placed["placed"]] == [told["id"]]
    body = answer.json()
    assert [way["code"] for way in body["others"]] == [way["code"] for way in whole["others"]]
    assert all("closure" not in way["params"] for way in body["others"])
