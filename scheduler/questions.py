"""Questions about a published plan that change nothing: what a solver's process answers besides."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from scheduler.certainty import certainty
from scheduler.margins import margins
from scheduler.outcome import Limits
from scheduler.problem import Problem
from scheduler.relaxing import cheapest_relaxation
from scheduler.what_if import published, what_if

Question = Callable[[Problem, Limits, Any], object]

QUESTIONS: Mapping[str, Question] = MappingProxyType(
    {
        "what-if": lambda problem, limits, changes: what_if(problem, changes, limits),
        "relax": lambda problem, limits, asked: cheapest_relaxation(
            problem, wall_s=limits.wall_s, **asked
        ),
        "margins": lambda problem, _, movement: margins(problem, published(problem)).get(movement),
        "certainty": lambda problem, limits, spreads: certainty(
            problem, published(problem), spreads, seed=limits.seed
        ),
    }
)
"""By kind: asked with the problem, its limits and what else the kind needs."""
