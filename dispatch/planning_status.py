"""How planning is doing, for whoever watches the service."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningStatus:
    """How planning is doing, for whoever watches the service.

    ``offset``: every fact up to it has been planned for, as far as it bears on the plan.
    ``published_offset``: of the fact that put this planner's last plan in force.
    ``fault`` is empty while all is well, else ``refused`` (an answer broke rules), ``solver``
    (no answer), ``store`` (the books did not take it), ``fenced`` (another planner publishes) or
    ``error``.
    """

    offset: int = 0
    published_offset: int = 0
    generation: int = 0
    plan_version: int = 0
    busy: bool = False
    fault: str = ""
    detail: str = ""
    last_solve_ms: int | None = None
    last_frame_ms: int | None = None
    last_plan_at: datetime | None = None
