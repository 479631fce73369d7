"""The scheduler: a question in (``Problem``), an answer out (``Outcome``), integers throughout."""

from scheduler.construct import first_come_first_served
from scheduler.engine import replan, solve
from scheduler.outcome import Limits, Outcome, Progress
from scheduler.problem import Problem
from scheduler.worker import (
    PlanBreached,
    SolverCrashed,
    SolverFailed,
    SolverOutOfMemory,
    SolverProcess,
    SolverStopped,
    SolverStuck,
)

__all__ = [
    "Limits",
    "Outcome",
    "PlanBreached",
    "Problem",
    "Progress",
    "SolverCrashed",
    "SolverFailed",
    "SolverOutOfMemory",
    "SolverProcess",
    "SolverStopped",
    "SolverStuck",
    "first_come_first_served",
    "replan",
    "solve",
]
