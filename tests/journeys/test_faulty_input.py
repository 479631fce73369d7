"""Two hundred faulty declarations on the running service: each is told where, nothing is kept."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random

import httpx2
import pytest

from api.problems import codes
from dispatch.port import load_port, sample_day
from dispatch.store.reading import last_offset
from tests.api.serving import START_AT
from tests.journeys.books import facts_of, judge_plans
from tests.journeys.day import one_cause_policy
from tests.journeys.faults import cells_of, faulty_file, faulty_json, three_ships
from tests.journeys.load import ship
from tests.journeys.seats import Seat, eventually
from tests.journeys.served import Served

SEED = 20261124
FAULTY = 100
PLANNED_WITHIN_S = 60.0
DAY = sample_day(load_port("guangzhou"), "typical")
COMPANY, OTHER = "CO-NSA", "CO-NSB"

pytestmark = pytest.mark.timeout(240)


@contextmanager
def a_port(folder: Path, starts_at: datetime) -> Iterator[tuple[Served, Seat, Seat]]:
    """Run the service for two companies; nobody looks for better plans meanwhile."""
    served = Served(
        folder,
        starts_at=starts_at,
        organisations=frozenset({COMPANY, OTHER}),
        policy=one_cause_policy(folder),
    )
    seats: list[Seat] = []
    try:
        served.start()
        seats = [Seat(served, name).follow() for name in (COMPANY, OTHER)]
        yield served, seats[0], seats[1]
    finally:
        for seat in seats:
            seat.leave()
        served.close()


def send_file(seat: Seat, name: str, content: bytes, key: str) -> httpx2.Response:
    headers = {"Idempotency-Key": key}
    files = {"file": (name, content)}
    return seat.http.post("/v1/declarations/import", files=files, headers=headers)


def require_problem(answer: httpx2.Response) -> list[dict]:
    """A refusal with a code, and each violation with a code of its own; return the violations."""
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] in codes(), problem
    assert problem["status"] == answer.status_code
    violations = problem["violations"]
    assert violations, problem
    assert all(item["code"] and item["pointer"] is not None for item in violations), problem
    return violations


def require_untouched(served: Served, seat: Seat, offset: int, version: int) -> None:
    assert last_offset(served.database) == offset
    assert seat.get("/v1/plans/current")["version"] == version == judge_plans(served.database)
    log = served.log.read_text(encoding="utf-8")
    assert '"level":"error"' not in log, served.tail()


def planned(seat: Seat, movements: int) -> bool:
    rows = seat.rows("movement").values()
    return len(rows) == movements and all(row["planned"] for row in rows)


def test_a_hundred_faulty_json_plans_change_nothing(tmp_path: Path):
    chance = Random(SEED)
    told: Counter[str] = Counter()
    with a_port(tmp_path, START_AT) as (served, seat, other):
        other.done("/v1/declarations", ship(OTHER, 1))
        eventually(lambda: planned(other, 1), PLANNED_WITHIN_S, what="a plan")
        offset, version = last_offset(served.database), other.version
        for number in range(FAULTY):
            body, pointer = faulty_json(number, chance)
            answer = seat.http.post(
                "/v1/declarations",
                content=body,
                headers={"Content-Type": "application/json", "Idempotency-Key": f"k{number}"},
            )
            violations = require_problem(answer)
            told.update(item["code"] for item in violations)
            if pointer is not None:
                pointers = [item["pointer"] for item in violations]
                assert any(item.startswith(pointer) for item in pointers), (pointer, answer.text)
        require_untouched(served, other, offset, version)
        assert len(told) > 15, told
        # a refusal uses nothing up: neither the ships nor the keys
        answer = seat.done("/v1/declarations", three_ships(10_000), key="k0")
        assert len(answer["movements"]) == 3
        assert last_offset(served.database) > offset


def test_a_hundred_faulty_files_change_nothing(tmp_path: Path):
    chance = Random(SEED)
    told: Counter[str] = Counter()
    right = DAY.spreadsheets[COMPANY]
    cells = cells_of(right)
    with a_port(tmp_path, DAY.starts_at) as (served, seat, other):
        path = DAY.spreadsheets[OTHER]
        answer = send_file(other, path.name, path.read_bytes(), "first")
        assert answer.status_code == 201, answer.text
        movements = len(answer.json()["movements"])
        eventually(lambda: planned(other, movements), PLANNED_WITHIN_S, what="a plan")
        offset, version = last_offset(served.database), other.version
        for number in range(FAULTY):
            name, content, row = faulty_file(cells, number, chance)
            answer = send_file(seat, name, content, f"k{number}")
            violations = require_problem(answer)
            told.update(item["code"] for item in violations)
            if row is not None:
                assert row in {item.get("row") for item in violations}, (row, answer.text)
        require_untouched(served, other, offset, version)
        assert len(told) > 12, told
        answer = send_file(seat, right.name, right.read_bytes(), "k0")
        assert answer.status_code == 201, answer.text
        require_once(served, seat, right, answer.json()["id"])


def require_once(served: Served, seat: Seat, path: Path, declaration_id: str) -> None:
    """The same file under the same key is the same declaration; another one is refused."""
    again = send_file(seat, path.name, path.read_bytes(), "k0")
    assert (again.status_code, again.json()["id"]) == (201, declaration_id)
    other = send_file(seat, "other.xlsx", path.read_bytes(), "k0")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    facts = [fact for fact in facts_of(served.database) if fact.kind == "declared"]
    assert len(facts) == 2
