"""One line of the bench's output."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A measured value beside its baseline; ``ratio`` is value over baseline."""

    bench: str
    case: str
    value: float
    unit: str
    against: str
    baseline: float
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the line as it is printed."""
        ratio = self.value / self.baseline if self.baseline else None
        line = asdict(self) | {"ratio": None if ratio is None else round(ratio, 3)}
        return {
            key: round(item, 4) if isinstance(item, float) else item for key, item in line.items()
        }
