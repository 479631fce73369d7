"""The scheduler: a question in (``Problem``), an answer out (``Outcome``), integers throughout."""

from scheduler.engine import replan, solve
from scheduler.outcome import Limits, Outcome, Progress
from scheduler.problem import Problem

__all__ = ["Limits", "Outcome", "Problem", "Progress", "replan", "solve"]
