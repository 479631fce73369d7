"""What is wrong with a port's data, and where."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import ClassVar

from dispatch.errors import DispatchError
from dispatch.provenance import Bilingual


@cache
def fault_texts() -> Mapping[str, Bilingual]:
    """Return what each code of a fault means; there are no other codes."""
    text = Path(__file__).with_name("fault_texts.json").read_text(encoding="utf-8")
    return {code: Bilingual(item["zh"], item["en"]) for code, item in json.loads(text).items()}


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a port's files.

    The code is stable and one of ``fault_texts``.
    """

    file: str
    record: str
    field: str
    code: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict[str, object])

    def __str__(self) -> str:
        """Give file, record, field, code and parameters in one line."""
        params = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.file}: {self.record}: {self.field}: {self.code}" + (
            f" ({params})" if params else ""
        )


class PortDataInvalid(DispatchError):
    """The port's files hold faults; all of them are listed."""

    code: ClassVar[str] = "port-data-invalid"
    title: ClassVar[str] = "The data of the port are not valid"

    def __init__(self, port: str, faults: Sequence[Fault]) -> None:
        """Keep the port's name and every fault found."""
        self.port = port
        self.faults = tuple(faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(
            f"port {port}: {len(self.faults)} faults\n{lines}",
            context={"port": port, "faults": [str(fault) for fault in self.faults]},
        )
