"""What the demo proves of itself: plans judged again, boards compared, promises looked up."""

import asyncio
from typing import Any

from api.demo.parties import Parties
from api.demo.report import Tally
from dispatch.store.database import Database
from dispatch.store.reading import read_plan_files
from scheduler.checks import check
from scheduler.wire import outcome_from_json, problem_from_json


class PlanJudge:
    """Judges every stored version once more, from its stored problem, beside the service."""

    def __init__(self, database: Database, tally: Tally) -> None:
        """Take the store to read from and where to count."""
        self._database = database
        self._tally = tally

    async def follow(self) -> None:
        """Judge versions as they come, until cancelled."""
        while True:
            await self.catch_up()
            await asyncio.sleep(0.5)

    async def catch_up(self) -> None:
        """Judge all versions that have not been judged."""
        while self._tally.checked_versions < self._tally.versions:
            version = self._tally.checked_versions + 1
            self._tally.violations += await asyncio.to_thread(self._judge, version)
            self._tally.checked_versions = version

    def _judge(self, version: int) -> int:
        problem_json, outcome_json = read_plan_files(self._database, version)
        problem = problem_from_json(problem_json)
        outcome = outcome_from_json(outcome_json)
        return sum(breach.status == "new" for breach in check(problem, outcome))


async def count_lost(parties: Parties) -> int:
    """Count what was promised and is not there, and rows that a board shows otherwise.

    Every board that was followed live is compared with a fresh snapshot of it.
    """
    lost = 0
    for party, seat in parties.seats.items():
        snapshot = await parties.get(party, f"/v1/boards/{seat.board}")
        fresh = {
            kind: {row["id"]: row for row in rows}
            for kind, rows in snapshot["rows"].items()
            if rows
        }
        held = {kind: dict(rows) for kind, rows in seat.rows.items() if rows}
        for kind in fresh.keys() | held.keys():
            mine, theirs = held.get(kind, {}), fresh.get(kind, {})
            lost += sum(mine.get(key) != theirs.get(key) for key in mine.keys() | theirs.keys())
    return lost + _missing(parties)


def _missing(parties: Parties) -> int:
    rows = parties.seats["dispatch"].rows
    declarations = set(rows.get("declaration", {}))
    restrictions = set(rows.get("restriction", {}))
    events = {
        event["id"]
        for movement in rows.get("movement", {}).values()
        for event in movement["events"]
    }
    kept = {"declarations": declarations, "restrictions": restrictions, "events": events}
    missing = 0
    for path, answer in parties.acknowledged:
        kind, key = _promise(path, answer)
        if kind in kept and key not in kept[kind]:
            missing += 1
    return missing


def _promise(path: str, answer: dict[str, Any]) -> tuple[str, str]:
    """Return what an answer promised to keep: its kind and id."""
    result = answer.get("result", answer)
    if path.endswith("/events"):
        return "events", str(result.get("event_id"))
    if "/declarations" in path:
        return "declarations", str(answer.get("id"))
    if path.endswith("/restrictions"):
        return "restrictions", str(result.get("id"))
    return "other", ""
