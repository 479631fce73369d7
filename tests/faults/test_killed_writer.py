"""The writing process is killed under load: whatever it acknowledged is there, whole and once."""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from dispatch.store.database import Database
from dispatch.store.reading import read_entities, read_outbox, read_plans
from dispatch.store.writer import Writer
from tests.dispatch import port_words as words
from tests.dispatch.books import check_books
from tests.faults.declaring import PORT, command_of

pytestmark = pytest.mark.faults

REPOSITORY = Path(__file__).parents[2]


def run_and_kill(url: str, first: int, after_s: float) -> list[list[str]]:
    """Let a process write for some time, kill it, and return what it told."""
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.declaring", url, str(first)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(after_s)
        process.kill()
        lines = process.stdout.read()
        complaints.seek(0)
        assert complaints.read() == ""
    # a line that the kill cut in two was no acknowledgement
    return [line.split() for line in lines.split("\n")[:-1]]


def check_round(database: Database, told: list[list[str]]) -> None:
    """Everything that was acknowledged is in the outbox at its offset; then settle the rest."""
    facts = {fact.offset: fact for fact in read_outbox(database, 0, 1_000_000)}
    kinds = {"declared": "declared", "estimated": "estimated", "published": "plan_published"}
    tried = {int(parts[1]) for parts in told if parts[0] == "try"}
    acknowledged = [parts for parts in told if parts[0] in kinds]
    for kind, _, offset, subject in acknowledged:
        fact = facts[int(offset)]
        assert fact.kind == kinds[kind]
        assert subject in {change.id for change in fact.changes}
    ids = {int(parts[1]): parts[3] for parts in acknowledged if parts[0] == "declared"}
    with Writer(database, words.HandClock()) as writer:
        for number in sorted(tried):
            receipt = writer.submit(command_of(number), words.COMPANY, key=f"k{number}").result(10)
            if number in ids:
                assert receipt.replayed
                assert receipt.body["id"] == ids[number]


def kill_rounds(tmp_path: Path, rounds: int, seed: int) -> None:
    """Kill the writer again and again on one file; each round goes on where the last one ended."""
    chance = random.Random(seed)
    database = Database(f"sqlite:///{tmp_path}/fairway.sqlite3", port=PORT)
    declared = 0
    for number in range(rounds):
        told = run_and_kill(database.url, 1 + 10_000 * number, chance.uniform(0.02, 0.5))
        check_round(database, told)
        declared += len({parts[1] for parts in told if parts[0] == "try"})
        _, values = read_entities(database)
        assert len(values["declaration"]) == declared
    check_books(database)
    assert declared > rounds
    versions = [plan.version for plan in read_plans(database, limit=100_000)]
    assert versions == list(range(len(versions), 0, -1))
    assert versions
    database.close()


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    kill_rounds(tmp_path, rounds=3, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_was_acknowledged_survives_fifty_kills(tmp_path: Path) -> None:
    kill_rounds(tmp_path, rounds=50, seed=2)
