"""Seeded questions of one long quay: positions chosen, or berths with marks, for the same ships."""

import random
from dataclasses import replace

from scheduler.problem import Berth, Mode, Movement, Problem, Quay, Ship, Stay

QUAY_MM = 1_500_000
CLEARANCE_MM = 20_000
TURNOVER = 30
_BERTHING, _UNBERTHING = 60, 30
_LENGTHS_M = ((90, 140), (140, 200), (200, 300))
"""Feeders, coasters and ocean-going ships."""


def quay(ships: int, seed: int, load: float = 0.9) -> Problem:
    """Ships that come to one continuous quay; each may lie anywhere on it.

    Args:
        ships: How many.
        seed: Fixes everything.
        load: Share of the quay's length that they ask for on average while they come.
    """
    chance = random.Random(seed)
    calls = []
    for _ in range(ships):
        shortest, longest = _LENGTHS_M[chance.choices((0, 1, 2), (3, 4, 3))[0]]
        length_m = chance.randint(shortest, longest)
        calls.append((1000 * length_m, round(length_m * chance.uniform(2, 5))))
    area = sum((length + CLEARANCE_MM) * (service + 90) for length, service in calls)
    span = round(area / (load * QUAY_MM))
    came = sorted(chance.randrange(span) for _ in calls)
    weights = [chance.choice((1, 1, 2)) for _ in calls]
    horizon = 3 * span + 1440
    into = Mode(
        id="in", legs=(), to_place="Q", along_mm=(0, QUAY_MM), arrive_at=40, end_at=_BERTHING
    )
    out = Mode(id="out", legs=(), from_place="Q", clear_at=20, end_at=_UNBERTHING)
    movements: list[Movement] = []
    for k, (at, weight) in enumerate(zip(came, weights, strict=True)):
        entry = Movement(
            id=f"{k}-in",
            ship=f"{k}",
            kind="entry",
            draught_mm=9_000,
            modes=(into,),
            requested=at,
            earliest=at,
            latest=horizon,
            late_weight=weight,
        )
        ready = at + _BERTHING + calls[k][1]
        leaving = replace(
            entry, id=f"{k}-out", kind="exit", modes=(out,), requested=ready, earliest=ready
        )
        movements += [entry, leaving]
    return Problem(
        horizon=horizon,
        ships=tuple(
            Ship(id=f"{k}", kind="box", loa_mm=length, beam_mm=30_000)
            for k, (length, _) in enumerate(calls)
        ),
        quays=(Quay(id="Q", clearance_mm=CLEARANCE_MM),),
        berths=(
            Berth(
                id="Q", node="port", quay="Q", begin_mm=0, end_mm=QUAY_MM, turnover_ticks=TURNOVER
            ),
        ),
        movements=tuple(movements),
        stays=tuple(
            Stay(id=f"{k}", ship=f"{k}", entry=f"{k}-in", exit=f"{k}-out", service_ticks=service)
            for k, (_, service) in enumerate(calls)
        ),
        label=f"quay {ships}/{seed}",
    )


def with_marks(problem: Problem, berths: int = 5) -> Problem:
    """The same ships at a quay with marks: any berth takes any of them, one at a time."""
    each_mm = QUAY_MM // berths
    modes = {
        "entry": [
            Mode(id=f"in{k}", legs=(), to_place=f"Q{k}", arrive_at=40, end_at=_BERTHING)
            for k in range(berths)
        ],
        "exit": [
            Mode(id=f"out{k}", legs=(), from_place=f"Q{k}", clear_at=20, end_at=_UNBERTHING)
            for k in range(berths)
        ],
    }
    return replace(
        problem,
        quays=(Quay(id="Q", clearance_mm=CLEARANCE_MM, continuous=False),),
        berths=tuple(
            Berth(
                id=f"Q{k}",
                node="port",
                quay="Q",
                begin_mm=k * each_mm,
                end_mm=(k + 1) * each_mm,
                turnover_ticks=TURNOVER,
            )
            for k in range(berths)
        ),
        movements=tuple(replace(m, modes=tuple(modes[m.kind])) for m in problem.movements),
    )
