"""One margin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["mm", "ticks", "ships", "members"]
Side = Literal["", "before", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """How far a movement is from one limit at its planned start.

    Attributes:
        movement: Whose.
        rule: The rule whose limit it is.
        code: Which of the limits of the rule; empty where it has one.
        side: ``before``: towards an earlier time or the neighbour ahead; ``after``: towards a later
            time or the neighbour behind; empty where there are no sides.
        margin: In ``unit``; negative where the limit is broken.
        other: The movement on the other side, if there is one.
        resource: Whose time it is, of crews.
        params: ``need_*``, ``have_*``, ``tick``, ``segment``, ``place`` and the like.
    """

    movement: str
    rule: str
    margin: int
    unit: Unit
    code: str = ""
    side: Side = ""
    other: str | None = None
    resource: str | None = None
    params: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def kind(self) -> tuple[str, str, str]:
        """What tells it from the other margins of its movement."""
        return self.rule, self.code, self.side
