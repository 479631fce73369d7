"""Spreadsheet rows to typed cells: every cell that cannot be read becomes a located fault."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from dispatch.declaration import Fault
from dispatch.intake_columns import columns, folded, keys_by_header
from dispatch.intake_words import (
    KINDS,
    VESSEL_TYPES,
    Unreadable,
    instant,
    number,
    plain,
    whole_number,
    word,
    yes_or_no,
)

FEWEST_HEADERS = 2
"""A row with so many known headers is taken for the header row; what it lacks is then named."""
HEADER_SEARCH_ROWS = 15
"""A title or a note may stand above the headers, but not a page of them."""

Value = str | int | float | bool | datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet whose headers were found.

    Attributes:
        headers: Column key to the header as it stands in the sheet.
        rows: Row number in the sheet (from 1) and the row's cells by column key, as text.
    """

    headers: dict[str, str]
    rows: list[tuple[int, dict[str, str]]]


@dataclass(slots=True)
class Row:
    """A row as it was read; what could not be read is not in ``values`` but in the faults."""

    number: int
    values: dict[str, Value] = field(default_factory=dict[str, Value])
    unread: set[str] = field(default_factory=set[str])

    def text(self, key: str) -> str:
        """Return a text cell, empty where there is none."""
        return str(self.values.get(key, ""))

    def figure(self, key: str) -> float:
        """Return a figure, 0 where there is none."""
        value = self.values.get(key, 0.0)
        return float(value) if isinstance(value, int | float) else 0.0

    def moment(self, key: str) -> datetime | None:
        """Return a time, or None where there is none."""
        value = self.values.get(key)
        return value if isinstance(value, datetime) else None


def find_sheet(table: Sequence[Sequence[object]]) -> tuple[Sheet, list[Fault]]:
    """Find the header row and name the columns.

    Returns:
        The sheet, and what is wrong with its headers: none found, one missing, one twice.
    """
    known = keys_by_header()
    best_row, best_count = -1, 0
    for index, cells in enumerate(table[:HEADER_SEARCH_ROWS]):
        count = sum(1 for cell in cells if folded(plain(cell)) in known)
        if count > best_count:
            best_row, best_count = index, count
    if best_count < FEWEST_HEADERS:
        return Sheet({}, []), [Fault(code="headers-not-found", params={}, row=1)]
    return _named(table, best_row)


def _named(table: Sequence[Sequence[object]], at: int) -> tuple[Sheet, list[Fault]]:
    known = keys_by_header()
    headers: dict[str, str] = {}
    places: dict[int, str] = {}
    unknown: list[str] = []
    faults: list[Fault] = []
    for place, cell in enumerate(table[at]):
        header = plain(cell)
        key = known.get(folded(header))
        if key is None:
            unknown.append(header)
        elif key in headers:
            faults.append(
                Fault(code="column-twice", params={"header": header}, row=at + 1, column=header)
            )
        else:
            headers[key] = header
            places[place] = key
    for column in columns():
        if column.required and column.key not in headers:
            close = get_close_matches(column.zh, unknown, n=1) or get_close_matches(
                column.en, unknown, n=1
            )
            faults.append(
                Fault(
                    code="column-missing",
                    params={
                        "zh": column.zh,
                        "en": column.en,
                        "perhaps": close[0] if close else "",
                    },
                    row=at + 1,
                )
            )
    rows: list[tuple[int, dict[str, str]]] = []
    for index, cells in enumerate(table[at + 1 :], start=at + 2):
        texts = {key: plain(cells[place]) for place, key in places.items() if place < len(cells)}
        if any(texts.values()):
            rows.append((index, texts))
    return Sheet(headers, rows), faults


def read_rows(sheet: Sheet, zone: ZoneInfo) -> tuple[list[Row], list[Fault]]:
    """Read every cell of a sheet by what its column holds."""
    readers = _readers(zone)
    rows: list[Row] = []
    faults: list[Fault] = []
    for number_, texts in sheet.rows:
        row = Row(number_)
        for key, text in texts.items():
            if not text:
                continue
            try:
                row.values[key] = readers[key](text)
            except Unreadable as unreadable:
                row.unread.add(key)
                faults.append(
                    Fault(
                        code=unreadable.code,
                        params={"value": unreadable.value[:80], **_suggestion(key, text)},
                        row=number_,
                        column=sheet.headers[key],
                    )
                )
        rows.append(row)
    return rows, faults


def _suggestion(key: str, text: str) -> dict[str, str]:
    words = {"kind": list(KINDS), "vessel_type": list(VESSEL_TYPES)}.get(key, [])
    close = get_close_matches(text.casefold(), words, n=1, cutoff=0.5)
    return {"suggestion": close[0]} if close else {}


def _readers(zone: ZoneInfo) -> dict[str, Callable[[str], Value]]:
    by_key: dict[str, Callable[[str], Value]] = {column.key: str for column in columns()}
    for key in by_key:
        if key.endswith("_at"):
            by_key[key] = lambda text: instant(text, zone)
        elif key.endswith(("_m", "_t")) or key == "gt":
            by_key[key] = number
    by_key["service_min"] = by_key["priority"] = whole_number
    by_key["bow_thruster"] = by_key["dangerous_goods"] = by_key["pilot_required"] = yes_or_no
    by_key["kind"] = lambda text: word(text, KINDS, "kind-unknown")
    by_key["vessel_type"] = lambda text: word(text, VESSEL_TYPES, "vessel-type-unknown")
    by_key["imo"] = _imo
    by_key["flag"] = lambda text: text.upper()
    by_key["call_sign"] = lambda text: text.upper().replace(" ", "")
    return by_key


def _imo(text: str) -> str:
    return text.upper().removeprefix("IMO").strip()
