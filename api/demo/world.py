"""What the simulated parties do next: a pure reading of the rows that they see on their boards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

Row = Mapping[str, Any]

ANSWER_AHEAD = timedelta(hours=3)
"""Parties answer what starts within this time; later jobs are still left to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One request by one party: ``POST path`` with a body; ``key`` tells it from all others."""

    party: str
    path: str
    body: dict[str, Any]
    key: str


@dataclass(slots=True)
class World:
    """Ships and crews that keep to the plan, give or take some minutes.

    ``given`` remembers what was asked for already, so that an answer which has not come back yet
    is not given twice.
    """

    random: Random
    berths: frozenset[str]
    """Places with a quay; whoever goes elsewhere anchors."""
    given: set[str] = field(default_factory=set[str])
    drift_min: dict[str, int] = field(default_factory=dict[str, int])

    def next_acts(self, now: datetime, rows: Mapping[str, Mapping[str, Row]]) -> list[Act]:
        """Return what is due now, the parties' answers first, then what happens on the water."""
        movements = rows.get("movement", {})
        acts = [
            *self._answers(now, rows.get("service", {}).values(), movements),
            *self._clearances(now, movements.values()),
            *self._happenings(now, movements, rows.get("service", {}).values()),
        ]
        fresh = [act for act in acts if act.key not in self.given]
        self.given.update(act.key for act in fresh)
        return fresh

    def forget(self, act: Act) -> None:
        """Let a refused act be tried again when things look different."""
        self.given.discard(act.key)

    def _answers(
        self, now: datetime, services: Iterable[Row], movements: Mapping[str, Row]
    ) -> Iterable[Act]:
        for service in services:
            start_at = instant(service["planned_start_at"])
            movement = movements.get(service["movement_id"])
            if movement is None or movement["state"] != "planned":
                continue
            if service["status"] == "requested" and start_at <= now + ANSWER_AHEAD:
                yield Act(
                    party=party_of(service),
                    path=f"/v1/services/{service['id']}/confirm",
                    body={"seen_start_at": service["planned_start_at"]},
                    key=f"confirm {service['id']} {service['planned_start_at']}",
                )

    def _clearances(self, now: datetime, movements: Iterable[Row]) -> Iterable[Act]:
        for movement in movements:
            planned = movement["planned"]
            if movement["state"] != "planned" or planned is None:
                continue
            soon = instant(planned["start_at"]) <= now + ANSWER_AHEAD
            if movement["clearance"] == "requested" and soon:
                yield Act(
                    party="maritime",
                    path=f"/v1/movements/{movement['id']}/clear",
                    body={"seen_start_at": planned["start_at"]},
                    key=f"clear {movement['id']} {planned['start_at']}",
                )

    def _happenings(
        self, now: datetime, movements: Mapping[str, Row], services: Iterable[Row]
    ) -> Iterable[Act]:
        piloted = {item["movement_id"] for item in services if item["kind"] == "pilotage"}
        for movement in movements.values():
            if movement["planned"] is None or movement["state"] not in {"planned", "under_way"}:
                continue
            if movement["state"] == "planned" and not movement["executable"]:
                continue
            with_pilot = movement["id"] in piloted
            reported = {
                event["kind"]
                for event in movement["events"]
                if not event["corrected_by"] and not event["cancelled"]
            }
            steps = [
                step for step in self._timetable(movement, with_pilot) if step[0] not in reported
            ]
            if steps and steps[0][1] <= now:
                yield self._report(movement, *steps[0], with_pilot=with_pilot)

    def _report(self, movement: Row, kind: str, due_at: datetime, *, with_pilot: bool) -> Act:
        # what happens next cannot lie before what was reported last
        times = [instant(event["actual_at"]) for event in movement["events"]]
        return Act(
            party="pilotage" if with_pilot else str(movement["company"]),
            path=f"/v1/movements/{movement['id']}/events",
            body={"kind": kind, "actual_at": iso(max([due_at, *times]))},
            key=f"{kind} {movement['id']}",
        )

    def _timetable(self, movement: Row, with_pilot: bool) -> list[tuple[str, datetime]]:
        """What happens in a movement and when: the plan's times with the ship's own drift."""
        planned = movement["planned"]
        drift = timedelta(minutes=self._drift(movement["id"]))
        start_at, end_at = instant(planned["start_at"]), instant(planned["end_at"])
        if movement["kind"] == "entry":
            return [
                ("pilot_on_board" if with_pilot else "passage_started", start_at),
                ("first_line_secured", end_at + drift - timedelta(minutes=15)),
                ("all_fast", end_at + drift),
            ]
        steps = [("pilot_on_board", start_at - timedelta(minutes=10))] if with_pilot else []
        steps.append(("cast_off", start_at))
        if movement["kind"] == "exit":
            return [*steps, ("pilot_off" if with_pilot else "passage_ended", end_at + drift)]
        moored = "all_fast" if planned["to_place"] in self.berths else "anchored"
        return [*steps, (moored, end_at + drift)]

    def _drift(self, movement_id: str) -> int:
        if movement_id not in self.drift_min:
            self.drift_min[movement_id] = self.random.choice([-4, -2, 0, 0, 0, 1, 3, 5])
        return self.drift_min[movement_id]


def party_of(service: Row) -> str:
    """Return who answers for a job: pilotage, or the tug's own company."""
    return "pilotage" if service["kind"] == "pilotage" else str(service["organisation"])


def instant(text: str) -> datetime:
    """Read a time as it stands in a row."""
    return datetime.fromisoformat(text)


def iso(moment: datetime) -> str:
    """Write a time as requests carry it."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
