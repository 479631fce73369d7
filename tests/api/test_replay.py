"""Stored plans judged once more and answered anew; what was tampered with is found."""

import json
import shutil
import sqlite3
import time
import zlib
from contextlib import closing
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from api.cli import program
from api.console_commands.exits import Exit
from dispatch.replaying import kept_versions
from dispatch.store.database import Database
from tests.api.serving import START_AT, a_plan, run
from tests.api.test_declarations import ships

SHIPS = ships(880)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The data of a service that made a plan of three ships, and mended it for a late one."""
    folder = tmp_path_factory.mktemp("replay")
    running = run(folder, plans=True)
    company = sorted(running.service.port.companies)[0]
    berth = next(
        k
        for k, item in running.service.port.berths.items()
        if "container" in item.vessel_types and item.max_loa_m >= 190
    )
    with running.as_(company, Prefer="wait=25") as client:
        last = ""
        for number in range(3):
            plan = a_plan(
                imo=next(SHIPS), ref=f"r{number}", berth=berth, start_h=6 + number, service_min=120
            )
            answer = client.post("/v1/declarations", json=plan)
            assert answer.status_code == 201, answer.text
            assert not answer.json()["pending"]
            last = answer.json()["movements"][0]["id"]
        late = {"estimated_at": (START_AT + timedelta(hours=16)).isoformat()}
        told = client.post(f"/v1/movements/{last}/estimate", json=late)
        assert told.is_success, told.text
        until_s = time.monotonic() + 30
        while client.get("/v1/plans/current").json()["version"] < 4:
            assert time.monotonic() < until_s
            time.sleep(0.1)
    running.stop()
    return folder


@pytest.fixture
def data(folder, tmp_path):
    """A copy to do with as one likes."""
    return shutil.copytree(folder, tmp_path / "data")


@pytest.fixture
def replay(data, monkeypatch):
    for name in ("FAIRWAY_DATA_DIR", "FAIRWAY_DATABASE_URL", "FAIRWAY_LANG"):
        monkeypatch.delenv(name, raising=False)

    def run_it(*arguments, lang="en"):
        words = ["replay", "--data", str(data), "--lang", lang, *map(str, arguments)]
        return CliRunner().invoke(program, words)

    return run_it


def told(answer):
    return [json.loads(line) for line in answer.stdout.splitlines()]


def tamper(data, version, change):
    """Change a stored outcome; ``change`` gets its plain values."""
    with closing(sqlite3.connect(data / "fairway.db")) as books:
        query = "SELECT outcome_zlib FROM plan_versions WHERE version = ?"
        (packed,) = books.execute(query, (version,)).fetchone()
        plain = json.loads(zlib.decompress(packed))
        change(plain)
        packed = zlib.compress(json.dumps(plain).encode())
        write(books, version, packed)


def write(books, version, packed):
    books.execute("UPDATE plan_versions SET outcome_zlib = ? WHERE version = ?", (packed, version))
    books.commit()


def test_every_stored_plan_keeps_every_rule_and_says_what_made_it(replay):
    answer = replay("--json")
    assert answer.exit_code == Exit.DONE, answer.output
    versions = told(answer)
    assert [one["version"] for one in versions] == list(range(len(versions), 0, -1))
    assert len(versions) >= 4
    for one in versions:
        assert one["sound"]
        assert not one["breaches"]
        assert {"fairway", "ortools"} <= set(one["made_by"])
    assert versions[0]["placed"] == 3
    assert versions[0]["objective"]["unplaced"] == 0
    assert [one["version"] for one in told(replay("--json", 2, 1))] == [2, 1]
    assert len(told(replay("--json", "--last", 1))) == 1


def test_a_question_answered_anew_repeats_byte_for_byte(replay):
    answer = replay("--json", "--solve", "--wall", "0.2")
    assert answer.exit_code == Exit.DONE, answer.output
    for one in told(answer):
        assert one["anew"]["same"]
        assert not one["anew"]["breaches"]
        assert not one["anew"]["lost"]


def test_it_is_told_in_both_languages(replay):
    assert "0 new breaches" in replay().stdout
    chinese = replay("--solve", "--wall", "0", lang="zh")
    assert "新违反 0" in chinese.stdout
    assert "逐字节相同" in chinese.stdout


def test_an_answer_that_breaks_a_rule_is_found_and_its_rule_named(replay, data):
    def too_early(plain):
        for placement in plain["placements"]:
            placement["start"] = 1

    tamper(data, 3, too_early)
    answer = replay("--json")
    assert answer.exit_code == Exit.REFUSED, answer.output
    bad = {one["version"]: one for one in told(answer) if not one["sound"]}
    assert list(bad) == [3]
    assert bad[3]["breaches"]
    words = replay(3)
    assert words.exit_code == Exit.REFUSED
    assert "Breaks" in words.stdout
    assert f"({bad[3]['breaches'][0]['rule']})" in words.stdout
    assert "1 of 1 versions are not sound" in words.stderr
    assert "违反" in replay(3, lang="zh").stdout


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("seed", lambda plain: plain.update(seed=plain["seed"] + 1)),
        ("versions", lambda plain: plain["versions"].update(fairway="9.9")),
        ("objective", lambda plain: plain["objective"].update(late_ticks=7)),
    ],
)
def test_an_answer_that_was_booked_otherwise_is_found(replay, data, name, change):
    tamper(data, 2, change)
    answer = replay("--json", 2)
    assert answer.exit_code == Exit.REFUSED, answer.output
    assert told(answer)[0]["astray"] == [name]
    assert "Not as it was booked" in replay(2).stdout


@pytest.mark.parametrize("packed", [b"junk", zlib.compress(b"{}"), zlib.compress(b"\xff")])
def test_a_damaged_answer_is_told_and_the_others_are_still_judged(replay, data, packed):
    with closing(sqlite3.connect(data / "fairway.db")) as books:
        write(books, 2, packed)
    answer = replay("--json")
    assert answer.exit_code == Exit.REFUSED, answer.output
    damaged = [one for one in told(answer) if "damage" in one]
    assert [one["version"] for one in damaged] == [2]
    assert all(one["sound"] for one in told(answer) if "damage" not in one)


def test_a_version_that_is_not_there_is_told(replay):
    assert replay(99).exit_code == Exit.USAGE


def test_versions_are_read_page_by_page(data, monkeypatch):
    monkeypatch.setattr("dispatch.replaying.PAGE", 2)
    database = Database(f"sqlite:///{data / 'fairway.db'}", port="guangzhou")
    try:
        every = [plan.version for plan in kept_versions(database)]
        assert every == sorted(every, reverse=True)
        assert len(every) == every[0]
        assert [plan.version for plan in kept_versions(database, most=3)] == every[:3]
    finally:
        database.close()
