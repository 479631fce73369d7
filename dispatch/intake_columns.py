"""The columns of a declaration spreadsheet, from ``intake_columns.json``."""

import json
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its key, its headers, what it holds. ``unit`` is empty where there is none."""

    key: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    unit: str
    required: bool
    example: str
    help_zh: str
    help_en: str


@cache
def columns() -> tuple[Column, ...]:
    """Return the columns in their order in the template."""
    text = Path(__file__).with_name("intake_columns.json").read_text(encoding="utf-8")
    return tuple(
        Column(
            key=item["key"],
            zh=item["zh"],
            en=item["en"],
            aliases=tuple(item["aliases"]),
            unit=item["unit"] or "",
            required=bool(item["required"]),
            example=str(item["example"]),
            help_zh=item["help_zh"],
            help_en=item["help_en"],
        )
        for item in json.loads(text)
    )


def folded(header: str) -> str:
    """Return a header without case, blanks, brackets' kind or width, so that spellings meet."""
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(sign for sign in text if sign.isalnum())


@cache
def keys_by_header() -> dict[str, str]:
    """Return the column key of every known header, folded."""
    known: dict[str, str] = {}
    for column in columns():
        for header in (column.key, column.zh, column.en, *column.aliases):
            known.setdefault(folded(header), column.key)
    return known
