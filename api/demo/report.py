"""What the demo prints: the plan as a table, each change with its reasons, and the last line."""

import statistics
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.demo.words import in_words, words
from api.demo.world import Row, instant

TABLE_ROWS = 30
CHANGE_ROWS = 6
DISPLACED = timedelta(hours=2)


def say(text: str = "") -> None:
    """Print a line at once, so that it is seen through a pipe, too."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def padded(text: str, width: int) -> str:
    """Return text cut or filled to a width in terminal columns (Chinese signs take two)."""
    taken, out = 0, ""
    for sign in text:
        wide = 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if taken + wide > width:
            break
        out += sign
        taken += wide
    return out + " " * (width - taken)


def right(text: str, width: int) -> str:
    """Return text filled from the left to a width in terminal columns."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return " " * (width - len(text) - wide) + text


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts for the last line."""

    declarations: int = 0
    movements: int = 0
    versions: int = 0
    checked_versions: int = 0
    violations: int = 0
    lost: int = 0
    refused: int = 0
    first_plan_s: float | None = None
    replans_s: list[float] = field(default_factory=list[float])
    seen_s: list[float] = field(default_factory=list[float])
    """From a disturbance being sent to its new plan on the port's board."""
    moved: int = 0
    """Changes of a published time, each counted."""
    displaced: int = 0
    """Of these, those to more than two hours later, or to no time at all."""

    def note_moves(self, changes: Iterable[Mapping[str, Any]]) -> None:
        """Count changes of published times."""
        for change in changes:
            self.moved += 1
            far = change["to_at"] is None or (
                instant(change["to_at"]) - instant(change["from_at"]) > DISPLACED
            )
            self.displaced += far

    def last_line(self, *, planned: int, unplaced: int) -> dict[str, Any]:
        """Return the demo's result; times in seconds, None where nothing was measured."""
        return {
            "declarations": self.declarations,
            "movements": self.movements,
            "planned": planned,
            "unplaced": unplaced,
            "versions": self.versions,
            "replans": len(self.replans_s),
            "replan_p50_s": quantile(self.replans_s, 0.5),
            "replan_p95_s": quantile(self.replans_s, 0.95),
            "seen_p50_s": quantile(self.seen_s, 0.5),
            "seen_p95_s": quantile(self.seen_s, 0.95),
            "first_plan_s": None if self.first_plan_s is None else round(self.first_plan_s, 3),
            "violations": self.violations,
            "checked_versions": self.checked_versions,
            "lost": self.lost,
            "refused": self.refused,
        }


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return a quantile rounded to milliseconds; None of nothing."""
    if not values:
        return None
    if len(values) == 1:
        return round(values[0], 3)
    return round(statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1], 3)


class Printer:
    """Prints in the port's time."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Take the port's zone."""
        self.zone = zone
        self.names: dict[str, str] = {}
        """Ships by the ids of their movements, so that reasons can name them."""

    def learn(self, movements: Iterable[Row]) -> None:
        """Remember the ships' names."""
        self.names |= {str(item["id"]): str(item["vessel"]["name"]) for item in movements}

    def clock(self, text: str | None) -> str:
        """Return an instant as the port's day and time."""
        return "--" if text is None else instant(text).astimezone(self.zone).strftime("%d %H:%M")

    def now(self, moment: datetime) -> str:
        """Return the present time of day in the port."""
        return moment.astimezone(self.zone).strftime("%H:%M")

    def table(self, movements: Sequence[Row], services: Sequence[Row]) -> None:
        """Print the plan in order of time."""
        crews: dict[str, list[str]] = {}
        for service in services:
            crews.setdefault(str(service["movement_id"]), []).append(str(service["resource_id"]))
        self.learn(movements)
        say(words("times", zone=self.zone.key))
        rows = sorted(movements, key=lambda item: (item["planned"] or {}).get("start_at") or "~")
        say(
            f"{padded(words('planned'), 9)}{padded(words('asked'), 9)}{'':<6}"
            f"{padded(words('ship'), 24)}{padded(words('from'), 8)}{padded(words('to'), 8)}"
            f"{right(words('length'), 6)} {right(words('draught'), 8)}  {words('crews')}"
        )
        for movement in rows[:TABLE_ROWS]:
            planned = movement["planned"] or {}
            say(
                f"{self.clock(planned.get('start_at')):<9}{self.clock(movement['requested_at']):<9}"
                f"{padded(in_words('kind', movement['kind']), 6)}"
                f"{padded(movement['vessel']['name'], 24)}"
                f"{padded(planned.get('from_place') or words('sea'), 8)}"
                f"{padded(planned.get('to_place') or words('sea'), 8)}"
                f"{movement['vessel']['loa_m']:>6.0f} {movement['draught_m']:>6.1f} m  "
                f"{' '.join(sorted(crews.get(str(movement['id']), [])))}"
            )
        if len(rows) > TABLE_ROWS:
            say(words("more_rows", count=len(rows) - TABLE_ROWS))
        for movement in rows:
            if movement["planned"] is None and movement["state"] == "declared":
                say(
                    words(
                        "not_placed",
                        ship=movement["vessel"]["name"],
                        kind=in_words("kind", movement["kind"]),
                        why=self.reasons(movement["unplaced_reasons"]),
                    )
                )

    def reasons(self, reasons: Sequence[Mapping[str, Any]]) -> str:
        """Return reasons in short: the rule and who is in the way."""
        told: list[str] = []
        for reason in reasons[:3]:
            ids: list[str] = [*reason.get("movements", ()), *reason.get("resources", ())]
            others = list(dict.fromkeys(self.names.get(name, name) for name in ids))
            rule = in_words("rule", reason["rule"])
            told.append(rule + (f" ({', '.join(others[:3])})" if others else ""))
        return "; ".join(dict.fromkeys(told)) or words("no_reason")

    def changes(self, changed: Sequence[Row]) -> None:
        """Print who moved, from when to when, and why."""
        for movement in changed[:CHANGE_ROWS]:
            change = movement["change"]
            say(
                f"        {padded(movement['vessel']['name'], 22)} "
                f"{padded(in_words('kind', movement['kind']), 6)}"
                f"{self.clock(change['from_at'])} → {self.clock(change['to_at'])}  "
                f"{self.reasons(change['reasons'])}"
            )
        if len(changed) > CHANGE_ROWS:
            say(f"        {words('more', count=len(changed) - CHANGE_ROWS)}")
