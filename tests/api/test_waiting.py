"""Waiting for a plan: what is answered was planned for as declared, or is said to be open."""

import threading
import time
from datetime import timedelta

import pytest

from tests.api.serving import START_AT, a_plan, run
from tests.api.test_declarations import COMPANY, ships

SHIPS = ships(90)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    running = run(tmp_path_factory.mktemp("waiting"), plans=True)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def berths(running):
    return [
        k
        for k, item in running.service.port.berths.items()
        if "container" in item.vessel_types and item.max_loa_m >= 190
    ]


@pytest.fixture(scope="module")
def berth(berths):
    return berths[-1]


def test_an_amended_plan_is_not_answered_with_the_time_it_had_before(running, berth):
    with running.as_(COMPANY, Prefer="wait=25") as client:
        plan = a_plan(imo=next(SHIPS), ref="amended", berth=berth)
        first = client.post("/v1/declarations", json=plan)
        assert not first.json()["pending"]
        later = START_AT + timedelta(hours=9)
        plan["calls"][0]["movements"][0]["requested_at"] = later.isoformat()
        url, etag = first.headers["location"], {"If-Match": first.headers["etag"]}
        answer = client.put(url, json=plan, headers=etag).json()
        assert not answer["pending"]
        assert answer["movements"][0]["planned"]["start_at"] >= "2026-03-02T01:00:00Z"
        # what changes nothing of the plan is answered as soon as the planner has seen it
        plan["calls"][0]["movements"][0]["cargo"] = "other boxes"
        etag = {"If-Match": f'"{answer["revision"]}"'}
        begun_s = time.monotonic()
        assert not client.put(url, json=plan, headers=etag).json()["pending"]
        assert time.monotonic() - begun_s < 20


def test_a_ship_that_fits_nowhere_is_answered_with_the_reasons(running, berth):
    plan = a_plan(imo=next(SHIPS), ref="late", berth=berth, service_min=60)
    (movement,) = plan["calls"][0]["movements"]
    movement["latest_at"] = movement["requested_at"]
    with running.as_("MSA") as client:
        order = {"kind": "closure", "segments": "all", "from_at": START_AT.isoformat()}
        closed = client.post("/v1/restrictions", json=order).json()["result"]["id"]
    with running.as_(COMPANY, Prefer="wait=25") as client:
        answer = client.post("/v1/declarations", json=plan).json()
    with running.as_("MSA") as client:
        assert client.delete(f"/v1/restrictions/{closed}").is_success
    (told,) = answer["movements"]
    assert not answer["pending"]
    assert told["planned"] is None
    assert "closure" in {reason["rule"] for reason in told["unplaced_reasons"]}


def test_while_answers_disturb_the_plan_a_declaration_is_answered_or_said_to_be_open(
    running, berths
):
    ids = []
    with running.as_(COMPANY, Prefer="wait=25") as client:
        for number in range(4):
            plan = a_plan(
                imo=next(SHIPS), ref=f"d{number}", berth=berths[number], start_h=8 + 2 * number
            )
            ids.append(client.post("/v1/declarations", json=plan).json()["movements"][0]["id"])
    over = threading.Event()

    def disturb():
        with running.as_("PORT", **{"Fairway-On-Behalf-Of": f"company:{COMPANY}",
                                    "Fairway-Read-Back": "true"}) as client:  # fmt: skip
            number = 0
            while not over.wait(0.15):
                number += 1
                at = START_AT + timedelta(hours=9 + number % 4, minutes=number)
                client.post(
                    f"/v1/movements/{ids[number % 4]}/estimate",
                    json={"estimated_at": at.isoformat()},
                )

    thread = threading.Thread(target=disturb)
    running.token("PORT")
    thread.start()
    try:
        with running.as_(COMPANY, Prefer="wait=6") as client:
            for number in range(3):
                plan = a_plan(
                    imo=next(SHIPS), ref=f"e{number}", berth=berths[4 + number], start_h=5 + number
                )
                begun_s = time.monotonic()
                answer = client.post("/v1/declarations", json=plan).json()
                took_s = time.monotonic() - begun_s
                (told,) = answer["movements"]
                assert took_s < 9
                answered = bool(told["planned"] or told["unplaced_reasons"])
                assert answered or answer["pending"]
    finally:
        over.set()
        thread.join(10)
