"""Where a value of the port data comes from and how far it may be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MARKS = ("sourced", "derived", "assumed", "fictional")
"""sourced = read in the named source; derived = computed from sourced values;
assumed = invented or recalled, not verified; fictional = invented person, ship or company."""

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text in the language asked for."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Source:
    """A document that values were read in."""

    source_id: str
    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The mark of a record, the marks of fields that differ from it, and its sources."""

    mark: str
    sources: tuple[str, ...]
    field_marks: Mapping[str, str]
    note: Bilingual | None = None

    def mark_of(self, field: str) -> str:
        """Return the mark of one field of the record, as named in the port's files."""
        return self.field_marks.get(field, self.mark)
