"""Reading the JSON files of a port, with every fault located."""

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar

from dispatch.port.faults import Fault, fault_texts
from dispatch.provenance import MARKS, Bilingual, Provenance

Word = TypeVar("Word", bound=str)

_PROVENANCE_FIELDS = ("mark", "marks", "src", "note")


class Faults:
    """Collects faults; a field is told of once, by its first fault."""

    def __init__(self) -> None:
        """Start without faults."""
        self.found: list[Fault] = []
        self._told: set[tuple[str, str, str]] = set()

    def add(self, file: str, record: str, field: str, code: str, **params: object) -> None:
        """Keep a fault unless the field already has one.

        Raises:
            KeyError: a code without a text.
        """
        if code not in fault_texts():
            raise KeyError(code)
        if (file, record, field) not in self._told:
            self._told.add((file, record, field))
            self.found.append(Fault(file, record, field, code, params))


class Record:
    """One JSON object being read; a bad value is kept as a fault and read as a harmless one."""

    def __init__(
        self,
        faults: Faults,
        file: str,
        record_id: str,
        content: Mapping[str, Any],
        *,
        sources: Collection[str] = (),
        defaults: Mapping[str, Any] | None = None,
    ) -> None:
        """Read ``content``; ``defaults`` holds mark, marks and src of the whole list."""
        self.faults = faults
        self.file = file
        self.record_id = record_id
        self._content = content
        self._sources = sources
        self._defaults = defaults or {}
        self._read: set[str] = set()

    def fault(self, field: str, code: str, **params: object) -> None:
        """Keep a fault of one of the record's fields."""
        self.faults.add(self.file, self.record_id, field, code, **params)

    def _take(self, field: str) -> Any:
        self._read.add(field)
        if field not in self._content:
            self.fault(field, "field_missing")
            return None
        return self._content[field]

    def has(self, field: str) -> bool:
        """Tell whether the record holds a field that is not null."""
        self._read.add(field)
        return self._content.get(field) is not None

    def text(self, field: str) -> str:
        """Read a text that is not empty."""
        value = self._take(field)
        if isinstance(value, str) and value:
            return value
        if field in self._content:
            self.fault(field, "not_a_text")
        return ""

    def optional_text(self, field: str) -> str | None:
        """Read a text or null."""
        return self.text(field) if self.has(field) else None

    def bilingual(self, field: str) -> Bilingual:
        """Read a text in both languages."""
        value = self._take(field)
        if isinstance(value, dict) and all(
            isinstance(value.get(language), str) and value[language] for language in ("zh", "en")
        ):
            return Bilingual(value["zh"], value["en"])
        if field in self._content:
            self.fault(field, "not_bilingual")
        return Bilingual("", "")

    def number(
        self, field: str, *, at_least: float | None = 0.0, more_than: float | None = None
    ) -> float:
        """Read a finite number inside the bounds; ``at_least=None`` allows any."""
        value = self._take(field)
        lowest = more_than if more_than is not None else (at_least if at_least is not None else 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
            if field in self._content:
                self.fault(field, "not_a_number")
            return lowest + 1.0
        if more_than is not None and value <= more_than:
            self.fault(field, "not_more_than", limit=more_than, value=value)
            return lowest + 1.0
        if at_least is not None and value < at_least:
            self.fault(field, "below_limit", limit=at_least, value=value)
            return lowest
        return float(value)

    def optional_number(self, field: str, *, more_than: float | None = 0.0) -> float | None:
        """Read a number or null."""
        return self.number(field, more_than=more_than) if self.has(field) else None

    def whole(self, field: str, *, at_least: int = 0) -> int:
        """Read a whole number."""
        value = self.number(field, at_least=float(at_least))
        if value != int(value):
            self.fault(field, "not_whole", value=value)
        return int(value)

    def optional_whole(self, field: str) -> int | None:
        """Read a whole number or null."""
        return self.whole(field) if self.has(field) else None

    def flag(self, field: str) -> bool:
        """Read true or false."""
        value = self._take(field)
        if isinstance(value, bool):
            return value
        if field in self._content:
            self.fault(field, "not_true_or_false")
        return False

    def optional_flag(self, field: str) -> bool | None:
        """Read true, false or null."""
        return self.flag(field) if self.has(field) else None

    def choice(self, field: str, choices: Sequence[Word]) -> Word:
        """Read one of a few words."""
        value = self._take(field)
        for word in choices:
            if word == value:
                return word
        if field in self._content:
            self.fault(field, "not_one_of", choices=list(choices), value=value)
        return choices[0]

    def names(self, field: str) -> tuple[str, ...]:
        """Read a list of names, each at most once."""
        value = self._take(field)
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            if field in self._content:
                self.fault(field, "not_a_list_of_names")
            return ()
        if len(set(value)) < len(value):
            self.fault(field, "name_twice")
        return tuple(value)

    def chosen_names(self, field: str, choices: Collection[str]) -> tuple[str, ...]:
        """Read a list of names out of ``choices``."""
        names = self.names(field)
        for name in names:
            if name not in choices:
                self.fault(field, "unknown_reference", value=name)
        return names

    def reference(self, field: str, known: Collection[str]) -> str:
        """Read a name that has to be known."""
        name = self.text(field)
        if name and name not in known:
            self.fault(field, "unknown_reference", value=name)
        return name

    def shares(self, field: str) -> Mapping[str, float]:
        """Read an object of non-negative numbers."""
        value = self._take(field)
        if isinstance(value, dict) and all(
            isinstance(share, int | float) and not isinstance(share, bool) and share >= 0
            for share in value.values()
        ):
            return {str(name): float(share) for name, share in value.items()}
        if field in self._content:
            self.fault(field, "not_numbers_by_name")
        return {}

    def day(self, field: str) -> date | None:
        """Read a day as ``YYYY-MM-DD``, or null."""
        if not self.has(field):
            return None
        try:
            return date.fromisoformat(self.text(field))
        except ValueError:
            self.fault(field, "not_a_day", value=self._content[field])
            return None

    def clock_times(self, field: str) -> tuple[tuple[time, time], ...]:
        """Read a list of ``["HH:MM", "HH:MM"]``."""
        value = self._take(field)
        try:
            return tuple(
                (time.fromisoformat(start), time.fromisoformat(end)) for start, end in value
            )
        except (TypeError, ValueError):
            self.fault(field, "not_clock_times", value=value)
            return ()

    def points(self, field: str) -> tuple[tuple[float, float], ...]:
        """Read a list of ``[lat, lon]`` in degrees."""
        value = self._take(field)
        try:
            points = tuple((float(lat), float(lon)) for lat, lon in value)
        except (TypeError, ValueError):
            self.fault(field, "not_positions")
            return ()
        if not points or any(abs(lat) > 90 or abs(lon) > 180 for lat, lon in points):
            self.fault(field, "not_positions")
        return points

    def raw(self, field: str) -> Any:
        """Read a value whose form the caller checks."""
        return self._take(field)

    def child(self, field: str) -> "Record":
        """Read a nested object, faults of which carry the field's name before their own."""
        value = self._take(field)
        if not isinstance(value, dict):
            if field in self._content:
                self.fault(field, "not_an_object")
            value = {}
        return Record(
            self.faults,
            self.file,
            f"{self.record_id}.{field}",
            value,
            sources=self._sources,
            defaults=self._inherited(),
        )

    def children(self, field: str, id_field: str = "id") -> Iterator["Record"]:
        """Read a list of objects."""
        value = self._take(field)
        if not isinstance(value, list):
            if field in self._content:
                self.fault(field, "not_a_list")
            return
        for number, item in enumerate(value, start=1):
            label = f"{self.record_id}.{field}[{number}]"
            if not isinstance(item, dict):
                self.faults.add(self.file, label, field, "not_an_object")
                continue
            name = item.get(id_field, number)
            yield Record(
                self.faults,
                self.file,
                f"{self.record_id}.{field}.{name}",
                item,
                sources=self._sources,
                defaults=self._inherited(),
            )

    def _inherited(self) -> Mapping[str, Any]:
        """Return mark and sources for nested objects; marks name the record's own fields only."""
        merged = {**self._defaults, **self._content}
        return {key: merged[key] for key in ("mark", "src") if key in merged}

    def provenance(self) -> Provenance:
        """Read mark, marks of single fields, sources and note of the record or its list."""
        self._read.update(_PROVENANCE_FIELDS)
        mark = self._content.get("mark", self._defaults.get("mark"))
        if mark is None:
            self.fault("mark", "mark_missing")
        elif mark not in MARKS:
            self.fault("mark", "not_one_of", choices=list(MARKS), value=mark)
        marks = {**self._defaults.get("marks", {}), **self._content.get("marks", {})}
        for field, field_mark in marks.items():
            if field_mark not in MARKS:
                self.fault(f"marks.{field}", "not_one_of", choices=list(MARKS), value=field_mark)
        for field in self._content.get("marks", {}):
            if field not in self._content:
                self.fault(f"marks.{field}", "mark_of_no_field")
        sources = self._content.get("src", self._defaults.get("src", []))
        for source in sources:
            if source not in self._sources:
                self.fault("src", "unknown_source", value=source)
        if not sources and (mark == "sourced" or "sourced" in marks.values()):
            self.fault("src", "source_missing")
        note = self.bilingual("note") if "note" in self._content else None
        return Provenance(mark=str(mark), sources=tuple(sources), field_marks=marks, note=note)

    def close(self) -> None:
        """Tell of every field that nothing has read."""
        for field in self._content:
            if field not in self._read:
                self.fault(field, "unknown_field")


class PortFile:
    """One JSON file of a port: an object of single objects and of lists of records."""

    def __init__(self, folder: Path, name: str, faults: Faults, sources: Collection[str]) -> None:
        """Read the file; one that is missing or unreadable is a fault and reads as empty."""
        self.name = name
        self._faults = faults
        self._sources = sources
        self._read: set[str] = set()
        self._content: Mapping[str, Any] = _read_json(folder / name, name, faults)
        self._there = bool(self._content)

    def single(self, key: str) -> Record | None:
        """Return a single object, or None and a fault when the file has none."""
        self._read.add(key)
        value = self._content.get(key)
        if isinstance(value, dict):
            return Record(self._faults, self.name, key, value, sources=self._sources)
        if self._there:
            self._faults.add(self.name, key, "", "section_missing")
        return None

    def records(self, key: str) -> Iterator[Record]:
        """Yield the records of a list, each with an id of its own."""
        self._read.add(key)
        section = self._content.get(key)
        if not isinstance(section, dict) or not isinstance(section.get("records"), list):
            if self._there:
                self._faults.add(self.name, key, "", "section_missing")
            return
        seen: set[str] = set()
        for number, item in enumerate(section["records"], start=1):
            label = f"{key}[{number}]"
            if not isinstance(item, dict):
                self._faults.add(self.name, label, "", "not_an_object")
                continue
            record_id = item.get("id")
            if not isinstance(record_id, str) or not record_id:
                self._faults.add(self.name, label, "id", "id_missing")
                continue
            if record_id in seen:
                self._faults.add(self.name, record_id, "id", "id_twice")
                continue
            seen.add(record_id)
            record = Record(
                self._faults, self.name, record_id, item, sources=self._sources, defaults=section
            )
            record.text("id")
            yield record

    def close(self) -> None:
        """Tell of every section that nothing has read."""
        for key in self._content:
            if key not in self._read:
                self._faults.add(self.name, key, "", "unknown_field")


class _KeyTwice(ValueError):
    """A JSON object holds a key twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _KeyTwice(next(key for key in keys if keys.count(key) > 1))
    return found


def _read_json(path: Path, name: str, faults: Faults) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_object)
    except FileNotFoundError:
        faults.add(name, "", "", "file_missing")
        return {}
    except json.JSONDecodeError as error:
        faults.add(name, "", "", "not_json", line=error.lineno, column=error.colno)
        return {}
    except UnicodeDecodeError:
        faults.add(name, "", "", "not_utf8")
        return {}
    except _KeyTwice as error:
        faults.add(name, "", str(error), "key_twice")
        return {}
    if not isinstance(content, dict):
        faults.add(name, "", "", "not_an_object")
        return {}
    return content
