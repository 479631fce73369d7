"""How soon small questions are answered with proof: seconds until the plan is ``optimal``."""

import statistics
import time
from collections.abc import Iterator, Sequence

from scheduler import Limits, Outcome, solve
from tests.bench.line import Line
from tests.bench.small import KINDS, Small, small

PROVED_S = 10.0
_WALL_S = 20.0
"""A whole question has six tenths of the time to be proved: twelve seconds."""
_SEEDS = (1, 2, 3, 4, 5)
_QUICK_SEEDS = (1, 2, 3)
_QUICK_WALL_S = 10.0


def lines(seeds: Sequence[int], *, quick: bool) -> Iterator[Line]:
    """Put small questions of each kind; no seeds: those of the bench."""
    chosen = tuple(seeds) or (_QUICK_SEEDS if quick else _SEEDS)
    wall_s = _QUICK_WALL_S if quick else _WALL_S
    for kind in KINDS:
        yield _line(kind, [_put(kind, seed, wall_s) for seed in chosen], wall_s)


def _put(kind: Small, seed: int, wall_s: float) -> tuple[float, Outcome]:
    problem = small(kind, seed)
    begun_s = time.perf_counter()
    outcome = solve(problem, Limits(wall_s=wall_s, workers=2, seed=seed))
    return time.perf_counter() - begun_s, outcome


def _line(kind: Small, answers: list[tuple[float, Outcome]], wall_s: float) -> Line:
    seconds = [took_s for took_s, _ in answers]
    proved = [took_s for took_s, outcome in answers if outcome.status == "optimal"]
    soon = sum(took_s <= PROVED_S for took_s in proved)
    gaps = [_gap(outcome) for _, outcome in answers if outcome.status != "optimal"]
    return Line(
        bench="scheduler.proved",
        case=kind,
        value=statistics.median(seconds),
        unit="s",
        against="the slowest seed",
        baseline=max(seconds),
        note=f"until proved, or given up at {wall_s:.0f} s; {soon} of {len(answers)} proved within "
        f"{PROVED_S:.0f} s, {len(proved)} in all; seconds {', '.join(f'{s:.2f}' for s in seconds)}"
        + (f"; open by {', '.join(f'{gap:.0f} %' for gap in gaps)}" if gaps else ""),
    )


def _gap(outcome: Outcome) -> float:
    """How much of the cost no bound accounts for, percent."""
    total = outcome.objective.total
    return 100 * (1 - (outcome.lower_bound or 0) / total) if total else 0.0
