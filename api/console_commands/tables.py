"""Rows as a table in the terminal, wide Chinese signs counted as two columns."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.console_commands.texts import HEADS, shared_text, text
from dispatch.provenance import Language

GAP = "  "


def width(words: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)


def padded(words: str, columns: int) -> str:
    """Return a text filled up to a number of columns."""
    return words + " " * max(0, columns - width(words))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], language: Language) -> list[str]:
    """Return the lines of a table; ``columns`` are keys of ``HEADS``."""
    heads = [HEADS[column][language] for column in columns]
    widths = [
        max(width(cells[number]) for cells in [heads, *rows]) for number in range(len(columns))
    ]
    lines = [heads, ["-" * columns_ for columns_ in widths], *rows]
    return [
        GAP.join(padded(cell, size) for cell, size in zip(cells, widths, strict=True)).rstrip()
        for cells in lines
    ]


def local(instant: str | None, zone: ZoneInfo) -> str:
    """Return an instant as the port's local day and time."""
    return (
        datetime.fromisoformat(instant).astimezone(zone).strftime("%m-%d %H:%M") if instant else ""
    )


MOVEMENT_COLUMNS = (
    "id", "vessel", "kind", "state", "requested", "planned", "end", "from", "to", "clearance",
    "crews",
)  # fmt: skip
DECLARED_COLUMNS = (
    "call", "vessel", "kind", "requested", "planned", "end", "from", "to", "why",
)  # fmt: skip
SERVICE_COLUMNS = (
    "id", "vessel", "movement", "kind", "resource", "planned", "end", "from", "to", "status",
)  # fmt: skip


def movement_lines(
    rows: Mapping[str, Mapping[str, Mapping[str, Any]]], zone: ZoneInfo, language: Language
) -> list[str]:
    """Return the movements of a board as a table, in the order of their times."""
    crews: dict[str, list[str]] = {}
    for service in rows.get("service", {}).values():
        if service["status"] not in ("denied", "cancelled"):
            mark = {"confirmed": "+"}.get(service["status"], "?")
            crews.setdefault(service["movement_id"], []).append(service["resource_id"] + mark)
    cells = [
        [
            row["id"],
            row.get("vessel", {}).get("name", ""),
            _word("kind", row["kind"], language),
            _word("state", row["state"], language),
            local(row.get("requested_at"), zone),
            local((row.get("planned") or {}).get("start_at"), zone),
            local((row.get("planned") or {}).get("end_at"), zone),
            (row.get("planned") or {}).get("from_place") or row.get("from_place") or "",
            (row.get("planned") or {}).get("to_place") or "",
            _word("approval", row.get("clearance", ""), language),
            " ".join(sorted(crews.get(row["id"], []))),
        ]
        for row in sorted(rows.get("movement", {}).values(), key=_time_of)
    ]
    return table(MOVEMENT_COLUMNS, cells, language) if cells else []


def declared_lines(
    movements: Sequence[Mapping[str, Any]],
    known: Mapping[str, Mapping[str, Any]],
    zone: ZoneInfo,
    language: Language,
) -> list[str]:
    """Return the movements of a declaration as a table.

    Args:
        movements: As the answer to the declaration has them, in the order declared.
        known: The board's movements by id.
        zone: The port's zone.
        language: Of the words.
    """
    cells: list[list[str]] = []
    for movement in movements:
        planned = movement["planned"] or {}
        row = known.get(movement["id"], {})
        reasons = movement["unplaced_reasons"] or (planned and row.get("wait_reasons")) or ()
        cells.append(
            [
                movement["call_ref"],
                row.get("vessel", {}).get("name", ""),
                _word("kind", movement["kind"], language),
                local(row.get("requested_at"), zone),
                local(planned.get("start_at"), zone) or _without_time(movement, language),
                local(planned.get("end_at"), zone),
                planned.get("from_place") or "",
                planned.get("to_place") or "",
                ", ".join(dict.fromkeys(_word("rule", item["rule"], language) for item in reasons)),
            ]
        )
    return table(DECLARED_COLUMNS, cells, language) if cells else []


def _without_time(movement: Mapping[str, Any], language: Language) -> str:
    return text("not_placed" if movement["unplaced_reasons"] else "not_yet", language)


def service_lines(
    rows: Mapping[str, Mapping[str, Mapping[str, Any]]], zone: ZoneInfo, language: Language
) -> list[str]:
    """Return the jobs of a board as a table, in the order of their times."""
    cells = [
        [
            row["id"],
            row["vessel_name"],
            f"{row['movement_id']} {_word('kind', row['movement_kind'], language)}",
            _word("service", row["kind"], language),
            row["resource_id"],
            local(row["planned_start_at"], zone),
            local(row["planned_end_at"], zone),
            row["from_place"],
            row["to_place"],
            _word("approval", row["status"], language) + ("!" if row["reconfirm"] else ""),
        ]
        for row in sorted(
            rows.get("service", {}).values(), key=lambda item: item["planned_start_at"]
        )
    ]
    return table(SERVICE_COLUMNS, cells, language) if cells else []


def _time_of(row: Mapping[str, Any]) -> str:
    return (row.get("planned") or {}).get("start_at") or row.get("requested_at") or ""


def _word(group: str, code: str, language: Language) -> str:
    return shared_text(f"{group}.{code}", language, {}, code)
