"""A typical day of the port on the real service, with every party at its desk."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from dispatch.events import Fact
from dispatch.policy import DEFAULT_POLICY
from dispatch.port import SampleDay, load_port, sample_day
from dispatch.store.reading import read_history, read_outbox
from tests.journeys.seats import Row, Seat, eventually
from tests.journeys.served import Served

COMPANIES = ("CO-NSA", "CO-RO", "AG-1")
TUG_COMPANIES = ("TUG-A", "TUG-B", "TUG-C")
OFFICES = ("PILOT", "MSA", "PORT")
PLAN_WITHIN_S = 60.0
SHOWN_WITHIN_S = 15.0


@dataclass
class Day:
    """The service, the seats by organisation, and how many movements were declared."""

    served: Served
    sample: SampleDay
    seats: dict[str, Seat] = field(default_factory=dict)
    movements: int = 0

    @property
    def centre(self) -> Seat:
        return self.seats["PORT"]

    def desk_of(self, service: Row) -> Seat:
        """Who answers for a job."""
        return self.seats[service["organisation"]]

    def services_of(self, movement_id: str) -> list[Row]:
        """The jobs of a movement that stand."""
        rows = self.centre.rows("service").values()
        return [
            row for row in rows if row["movement_id"] == movement_id and row["status"] != "denied"
        ]

    def planned(self, *, kind: str | None = None, company: str | None = None) -> list[Row]:
        """Movements that wait to start, the soonest first."""
        rows = [
            row
            for row in self.centre.rows("movement").values()
            if row["state"] == "planned"
            and row["clearance"] in {"requested", "confirmed"}
            and kind in {None, row["kind"]}
            and company in {None, row["company"]}
        ]
        return sorted(rows, key=lambda row: (row["planned"]["start_at"], row["id"]))

    def starts(self) -> dict[str, str | None]:
        """The planned start of every movement."""
        rows = self.centre.rows("movement").values()
        return {row["id"]: row["planned"] and row["planned"]["start_at"] for row in rows}

    def crews(self) -> set[tuple[str, str, str]]:
        """Who does what for whom: (movement, need, resource) of the jobs that stand."""
        return {
            (row["movement_id"], row["need"], row["resource_id"])
            for row in self.centre.rows("service").values()
            if row["status"] != "denied"
        }

    @contextmanager
    def next_plan(self, cause: str) -> Iterator[dict[str, Any]]:
        """Do something, then wait until its plan is on the centre's board.

        Yields:
            What is filled in afterwards: ``version``, ``moved`` (planned starts before and after,
            by movement), ``recrewed`` (movements whose jobs changed hands).
        """
        version, starts, crews = self.centre.version, self.starts(), self.crews()
        told: dict[str, Any] = {}
        yield told

        def planned() -> bool:
            plan = self.centre.rows("plan")["plan"]
            return plan["version"] > version and cause in plan["cause"]

        eventually(planned, PLAN_WITHIN_S, what=f"a plan for {cause}")
        after = self.starts()
        told["version"] = self.centre.version
        told["moved"] = {
            name: (start, after.get(name))
            for name, start in starts.items()
            if after.get(name) != start
        }
        told["recrewed"] = {item[0] for item in crews ^ self.crews()}

    def fact_of(self, kind: str, row_id: str, fact_kind: str) -> Fact:
        """The last fact of a kind about an entity."""
        facts = read_history(self.served.database, kind, row_id)
        return next(fact for fact in facts if fact.kind == fact_kind)

    def kinds_after(self, offset: int) -> set[str]:
        return {str(fact.kind) for fact in read_outbox(self.served.database, offset)}

    def confirm_all(self, movement_id: str) -> None:
        """Have every crew of a movement say yes to what it sees."""
        for service in self.services_of(movement_id):
            body = {"seen_start_at": service["planned_start_at"]}
            self.desk_of(service).done(f"/v1/services/{service['id']}/confirm", body)

    def shows(self, movement_id: str, **values: Any) -> Row:
        """Wait until the centre's board shows a movement with these values."""

        def found() -> Row | None:
            row = self.centre.row("movement", movement_id)
            return row if all(row[name] == value for name, value in values.items()) else None

        row = eventually(found, SHOWN_WITHIN_S, what=f"{movement_id} with {values}")
        assert row is not None
        return row


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def later(text: str, minutes: float) -> str:
    """Return an instant of a row so many minutes later, as requests carry it."""
    moment = instant(text) + timedelta(minutes=minutes)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def one_cause_policy(folder: Path) -> Path:
    """Write a policy with which nobody looks for better plans, so that each has one cause."""
    policy = json.loads(DEFAULT_POLICY.read_text(encoding="utf-8"))
    policy["improving"]["on"] = False
    path = folder / "policy.json"
    path.write_text(json.dumps(policy), encoding="utf-8")
    return path


@contextmanager
def a_day(folder: Path) -> Iterator[Day]:
    """Run the service with every party at its desk."""
    sample = sample_day(load_port("guangzhou"), "typical")
    names = frozenset((*COMPANIES, *TUG_COMPANIES, *OFFICES))
    policy = one_cause_policy(folder)
    served = Served(folder, starts_at=sample.starts_at, organisations=names, policy=policy)
    day = Day(served, sample)
    try:
        served.start()
        for name in sorted(names):
            day.seats[name] = Seat(served, name).follow()
        yield day
    finally:
        for seat in day.seats.values():
            seat.leave()
        served.close()
