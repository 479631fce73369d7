"""What goes wrong on the demo day, and when: a decline, a late ship, fog, a tug that drops out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from api.demo.world import Act, Row, instant, iso, party_of

Rows = Mapping[str, Mapping[str, Row]]
Choose = Callable[[datetime, Rows, Random], Act | None]

SOON = timedelta(minutes=40)
LATER = timedelta(hours=8)
REPEAT = timedelta(minutes=35)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """One thing that goes wrong: ``after`` the day's start, with words for the terminal."""

    name: str
    after: timedelta
    choose: Choose


def ahead(now: datetime, movements: Iterable[Row], soonest: timedelta = SOON) -> list[Row]:
    """Return planned movements that start between ``soonest`` and some hours from now, in order."""
    found = [
        movement
        for movement in movements
        if movement["state"] == "planned"
        and movement["planned"] is not None
        and now + soonest <= instant(movement["planned"]["start_at"]) <= now + LATER
    ]
    return sorted(found, key=lambda movement: (movement["planned"]["start_at"], movement["id"]))


def tug_declines(now: datetime, rows: Rows, random: Random) -> Act | None:
    """A tug company says no to one job."""
    movements = {item["id"]: item for item in ahead(now, rows.get("movement", {}).values())}
    jobs = [
        service
        for service in rows.get("service", {}).values()
        if service["kind"] == "towage"
        and service["movement_id"] in movements
        and service["status"] in {"requested", "confirmed"}
    ]
    if not jobs:
        return None
    job = random.choice(sorted(jobs, key=lambda item: str(item["id"]))[:12])
    return Act(
        party=party_of(job),
        path=f"/v1/services/{job['id']}/decline",
        body={"reason": "crew_rest"},
        key=f"decline {job['id']}",
    )


def ship_runs_late(now: datetime, rows: Rows, random: Random) -> Act | None:
    """A ship on its way in tells that it will be late."""
    ships = [
        item for item in ahead(now, rows.get("movement", {}).values()) if item["kind"] == "entry"
    ]
    if not ships:
        return None
    ship = random.choice(ships[:5])
    estimate = instant(ship["planned"]["start_at"]) + timedelta(minutes=random.randrange(35, 95, 5))
    return Act(
        party=str(ship["company"]),
        path=f"/v1/movements/{ship['id']}/estimate",
        body={"estimated_at": iso(estimate), "reason": "late_from_sea"},
        key=f"late {ship['id']} {iso(estimate)}",
    )


def fog_closes(segments: tuple[str, ...]) -> Choose:
    """Fog closes one of the named segments for an hour and a half, from half an hour ahead."""

    def choose(now: datetime, _rows: Rows, random: Random) -> Act | None:
        from_at = now + timedelta(minutes=30)
        return Act(
            party="dispatch",
            path="/v1/restrictions",
            body={
                "kind": "closure",
                "segments": [random.choice(segments)],
                "from_at": iso(from_at),
                "to_at": iso(from_at + timedelta(minutes=90)),
                "reason": "雾 fog",
            },
            key=f"fog {iso(from_at)}",
        )

    return choose


def tug_drops_out(now: datetime, rows: Rows, random: Random) -> Act | None:
    """A tug with work ahead of it breaks down for six hours."""
    planned = {item["id"] for item in ahead(now, rows.get("movement", {}).values())}
    busy = sorted(
        {
            (str(item["resource_id"]), str(item["organisation"]))
            for item in rows.get("service", {}).values()
            if item["kind"] == "towage" and item["movement_id"] in planned
        }
    )
    out = {str(item["id"]) for item in rows.get("resource", {}).values() if item["out"]}
    busy = [item for item in busy if item[0] not in out]
    if not busy:
        return None
    tug, company = random.choice(busy)
    body: dict[str, Any] = {
        "from_at": iso(now),
        "to_at": iso(now + timedelta(hours=6)),
        "reason": "engine",
    }
    return Act(
        party=company, path=f"/v1/resources/{tug}/outages", body=body, key=f"out {tug} {iso(now)}"
    )


def by_chance(segments: tuple[str, ...], *, random: Random, within: timedelta) -> list[Disturbance]:
    """Return disturbances that come by chance; the same ``random`` gives the same ones.

    Args:
        segments: Those that fog may close.
        random: Seeded by whoever wants the same day again.
        within: How long after the day's start something may go wrong.
    """
    kinds: list[tuple[str, float, Choose]] = [
        ("ship-late", 1.5, ship_runs_late),
        ("tug-declines", 2.0, tug_declines),
        ("tug-out", 6.0, tug_drops_out),
        ("fog", 10.0, fog_closes(segments)),
    ]
    found: list[Disturbance] = []
    for name, every_h, choose in kinds:
        after = timedelta(hours=random.expovariate(1 / every_h))
        while after < within:
            found.append(Disturbance(name=name, after=after, choose=choose))
            after += timedelta(hours=random.expovariate(1 / every_h))
    return sorted(found, key=lambda item: item.after)


def programme(segments: tuple[str, ...]) -> list[Disturbance]:
    """Return a day's disturbances in order of time; the first four fall in the first hour."""
    first = [
        ("tug-declines", 8, tug_declines),
        ("ship-late", 18, ship_runs_late),
        ("fog", 30, fog_closes(segments)),
        ("tug-out", 45, tug_drops_out),
    ]
    day: list[Disturbance] = []
    for turn in range(16):
        for name, minutes, choose in first:
            if turn and name == "fog" and turn % 4:
                continue
            after = timedelta(minutes=minutes) + turn * 2.5 * REPEAT
            day.append(Disturbance(name=name, after=after, choose=choose))
    return sorted(day, key=lambda item: item.after)
