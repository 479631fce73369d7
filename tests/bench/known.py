"""Best known costs and bounds of the harbours that are measured; they only ever improve."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scheduler.problem import Problem
from tests.bench.harbour import digest

FILE = Path(__file__).parent / "known.json"


@dataclass(frozen=True, slots=True)
class Known:
    """By a harbour's name: its digest, best total, best bound; another digest forgets the rest."""

    rows: dict[str, dict[str, Any]]
    file: Path = FILE

    @classmethod
    def read(cls, file: Path = FILE) -> "Known":
        """As they were kept last."""
        rows = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return cls(rows, file)

    def better(self, name: str, problem: Problem, *, total: int | None, bound: int | None) -> None:
        """Take what is better than what is known of an instance.

        Args:
            name: The harbour's label.
            problem: The instance itself; where the generator has changed, old rows do not count.
            total: Cost of a plan without a breach, or None.
            bound: A cost that no plan can be below, or None.
        """
        told = digest(problem)
        row = self.rows.get(name)
        if row is None or row["digest"] != told:
            row = self.rows[name] = {"digest": told, "total": None, "bound": 0}
        if total is not None and (row["total"] is None or total < row["total"]):
            row["total"] = total
        if bound is not None and bound > row["bound"]:
            row["bound"] = bound

    def total(self, name: str) -> int:
        """The best cost known of an instance."""
        return self.rows[name]["total"] or 0

    def write(self) -> None:
        """Keep them."""
        text = json.dumps(self.rows, indent=1, sort_keys=True) + "\n"
        self.file.write_text(text, encoding="utf-8")
