"""The scheduler: a question in (``Problem``), an answer out (``Outcome``), integers throughout."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from scheduler.outcome import Limits, Outcome, Progress
from scheduler.problem import Problem
from scheduler.publishing import publish

if TYPE_CHECKING:
    from scheduler.construct import first_come_first_served
    from scheduler.engine import replan, solve

__all__ = [
    "Limits",
    "Outcome",
    "Problem",
    "Progress",
    "first_come_first_served",
    "publish",
    "replan",
    "solve",
]

# The engine brings OR-Tools with it, half a second and much memory; who only frames questions or
# judges answers does without.
_ENGINE = {
    "first_come_first_served": "scheduler.construct",
    "replan": "scheduler.engine",
    "solve": "scheduler.engine",
}


def __getattr__(name: str) -> Any:
    """Import the engine when it is first asked for."""
    if name not in _ENGINE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ENGINE[name]), name)
