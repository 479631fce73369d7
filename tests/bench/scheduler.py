"""The scheduler on made-up harbours: waiting, seconds, re-plans, breaches, proofs, memory.

*Waiting* is measured twice. As **cost**: what the scheduler itself makes small, weighted minutes
after the requested start of what is placed and the unplaced cost of what is not. As **hours**: the
plain sum of the minutes after the requested start of what is placed. ``waiting_saved`` is by cost
(what leaves a ship out saves no waiting with it); its note tells the hours.

Options by environment: ``SIZES=50,100``, ``SEEDS=1,2,3``, ``LOAD=1.3``, ``PARTS=waiting,replans``,
``QUICK=1`` for two minutes of it.
"""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scheduler import Limits, Outcome, Problem, first_come_first_served, replan, solve
from scheduler.answer import objective
from scheduler.checks import check
from scheduler.conflicts import Conflicts
from scheduler.construct import by_request, construct
from scheduler.outcome import Objective, Progress
from tests.bench import scheduler_proved
from tests.bench.harbour import KINDS, disruptions, harbour
from tests.bench.known import Known
from tests.bench.line import Line
from tests.bench.pooled import Pooled, pooled

WALL_S = {25: 5.0, 50: 10.0, 100: 20.0, 200: 30.0, 400: 45.0, 1000: 60.0}
CHANNELS = {1000: 3}
WEEK = 823
"""Movements of seven usual days in one channel."""
DISRUPTED = (100, 400)
DISRUPTIONS = 64
REPLAN_S = 2.0
SERVED = "first come, first served, back-filled"
PARTS = ("waiting", "replans", "pooled", "proved", "memory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is measured."""

    sizes: tuple[int, ...] = (50, 100, 200, 400, WEEK, 1000)
    seeds: tuple[int, ...] = ()
    """Empty: five up to 100 movements, three above."""
    load: float = 1.0
    parts: tuple[str, ...] = PARTS
    quick: bool = False

    def seeds_of(self, size: int) -> tuple[int, ...]:
        """The seeds of a size."""
        if self.seeds:
            return self.seeds
        if self.quick:
            return (1,)
        return (1, 2, 3, 4, 5) if size <= 100 else (1, 2, 3)

    def wall_s(self, size: int) -> float:
        """The time that a size gets."""
        given = [WALL_S[known] for known in sorted(WALL_S) if known >= size]
        return (given or [max(WALL_S.values())])[0] / (2.0 if self.quick else 1.0)


def options() -> Options:
    """As the environment has them."""
    quick = bool(os.environ.get("QUICK"))
    default = Options(sizes=(50, 100), quick=True) if quick else Options()
    sizes = _numbers("SIZES") or default.sizes
    parts = tuple(p for p in os.environ.get("PARTS", "").split(",") if p) or default.parts
    return Options(
        sizes=sizes,
        seeds=_numbers("SEEDS"),
        load=float(os.environ.get("LOAD", "1")),
        parts=parts,
        quick=quick,
    )


def _numbers(name: str) -> tuple[int, ...]:
    return tuple(int(part) for part in os.environ.get(name, "").split(",") if part)


@dataclass(slots=True)
class Run:
    """One harbour, planned."""

    problem: Problem
    name: str
    outcome: Outcome
    served: Objective
    first_s: float
    """Seconds to the first valid plan, the question being built."""
    built_s: float
    """The same with building it."""
    gain_s: float
    breaches: int
    pooled: Pooled | None = None


@dataclass(slots=True)
class Replans:
    """All disruptions of one size."""

    seconds: list[float] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    fog_left_out: list[int] = field(default_factory=list)
    fog_served_left_out: list[int] = field(default_factory=list)


def run(keep: bool) -> Iterator[Line]:
    """Measure; with ``keep`` the best known values are kept where they got better."""
    chosen = options()
    known = Known.read()
    invalid = plans = 0
    for size in chosen.sizes:
        runs: list[Run] = []
        if {"waiting", "pooled", "replans"} & set(chosen.parts):
            seeds = chosen.seeds_of(size)
            runs = [plan(size, seed, chosen) for seed in seeds]
            invalid += sum(one.breaches for one in runs)
            plans += len(runs)
            yield from _plan_lines(size, runs, known)
        if "pooled" in chosen.parts:
            yield _pooled_line(size, runs, known)
        if "replans" in chosen.parts and size in DISRUPTED:
            found = disturb(runs, 16 if chosen.quick else DISRUPTIONS)
            invalid += len(found.breaches)
            plans += len(found.seconds)
            yield from _replan_lines(size, found, runs)
    if plans:
        yield Line(
            bench="scheduler.invalid",
            case="all plans",
            value=invalid,
            unit="plans",
            against="plans judged by scheduler.checks",
            baseline=plans,
            note="plans and re-plans with a new breach",
        )
    if "proved" in chosen.parts:
        yield from scheduler_proved.lines(chosen.seeds, quick=chosen.quick)
    if "memory" in chosen.parts:
        yield _memory_line(max(chosen.sizes), chosen)
    if keep:
        known.write()


# ---- plans ------------------------------------------------------------------------------------


def plan(size: int, seed: int, chosen: Options) -> Run:
    """Plan one harbour, with everything that is measured of it."""
    problem = harbour(size, seed, chosen.load, CHANNELS.get(size, 1))
    wall_s = chosen.wall_s(size)
    begun_s = time.perf_counter()
    conflicts = Conflicts(problem)
    order = by_request(conflicts)
    construct(conflicts, order)
    built_s = time.perf_counter() - begun_s
    # Once asked, the question is kept: the same plan again is the time without building it.
    begun_s = time.perf_counter()
    construct(conflicts, order)
    first_s = time.perf_counter() - begun_s
    seen: list[tuple[float, int]] = []
    begun_s = time.perf_counter()

    def listen(progress: Progress) -> None:
        if progress.incumbent is not None:
            seen.append((time.perf_counter() - begun_s, progress.incumbent))

    outcome = solve(problem, Limits(wall_s=wall_s, seed=seed), progress=listen)
    return Run(
        problem=problem,
        name=problem.label,
        outcome=outcome,
        served=objective(first_come_first_served(problem)),
        first_s=first_s,
        built_s=built_s,
        gain_s=_gain_s(seen, outcome.objective.total),
        breaches=int(_is_broken(problem, outcome)),
        pooled=pooled(problem, wall_s, seed=seed) if "pooled" in chosen.parts else None,
    )


def _gain_s(seen: Sequence[tuple[float, int]], last: int) -> float:
    """Seconds until nine tenths of what the first plan could still gain were gained."""
    if not seen:
        return 0.0
    first = seen[0][1]
    wanted = first - 0.9 * (first - last)
    return next((at_s for at_s, cost in seen if cost <= wanted), seen[-1][0])


def _is_broken(problem: Problem, outcome: Outcome) -> bool:
    return any(breach.status == "new" for breach in check(problem, outcome))


def _case(size: int) -> str:
    return f"{size}/7d" if size == WEEK else str(size)


def _plan_lines(size: int, runs: list[Run], known: Known) -> Iterator[Line]:
    mine = [one.outcome.objective for one in runs]
    saved = [
        100 * (1 - ours.total / one.served.total) if one.served.total else 0.0
        for ours, one in zip(mine, runs, strict=True)
    ]
    for one in runs:
        known.better(
            one.name,
            one.problem,
            total=None if one.breaches else one.outcome.objective.total,
            bound=one.outcome.lower_bound,
        )
    hours, served_h = (
        statistics.mean(part.late_ticks for part in parts) * runs[0].problem.tick_s / 3600
        for parts in (mine, [one.served for one in runs])
    )
    best = [known.total(one.name) for one in runs]
    yield Line(
        bench="scheduler.waiting_saved",
        case=_case(size),
        value=statistics.median(saved),
        unit="%",
        against=SERVED,
        baseline=0.0,
        note=f"median of {len(runs)} by cost, {min(saved):.1f} to {max(saved):.1f}; mean cost "
        f"{_mean(p.total for p in mine):.0f} for {_mean(r.served.total for r in runs):.0f} "
        f"(best known {_mean(best):.0f}), hours {hours:.0f} for {served_h:.0f}, "
        f"unplaced {sum(p.unplaced for p in mine)} for {sum(r.served.unplaced for r in runs)}",
    )
    yield Line(
        bench="scheduler.unplaced",
        case=_case(size),
        value=sum(part.unplaced for part in mine),
        unit="movements",
        against=SERVED,
        baseline=sum(one.served.unplaced for one in runs),
    )
    yield _seconds("time_to_gain", size, [one.gain_s for one in runs], "90 % of the gain")
    yield _seconds("first_plan", size, [one.first_s for one in runs], "without the question built")
    yield _seconds("first_plan_built", size, [one.built_s for one in runs], "with it built")
    late = [p for one in runs for p in _late(one.problem, one.outcome)]
    told = [name for one in runs for name, reasons in one.outcome.waits.items() if reasons]
    yield Line(
        bench="scheduler.explained",
        case=_case(size),
        value=100 * len(told) / len(late) if late else 100.0,
        unit="%",
        against="movements that start later than requested",
        baseline=len(late),
        note="those with a cause",
    )


def _mean(numbers: Iterable[float]) -> float:
    return statistics.mean(numbers)


def _late(problem: Problem, outcome: Outcome) -> list[str]:
    requested = {movement.id: movement.requested for movement in problem.movements}
    return [p.movement for p in outcome.placements if p.start > max(requested[p.movement], 0)]


def _seconds(name: str, size: int, seconds: list[float], note: str) -> Line:
    return Line(
        bench=f"scheduler.{name}",
        case=_case(size),
        value=statistics.median(seconds),
        unit="s",
        against="the slowest seed",
        baseline=max(seconds),
        note=note,
    )


def _pooled_line(size: int, runs: list[Run], known: Known) -> Line:
    found = [(one, one.pooled) for one in runs if one.pooled is not None]
    for one, bound in found:
        known.better(one.name, one.problem, total=None, bound=bound.bound)
    ours = _mean(one.outcome.objective.total for one, _ in found)
    totals = [other.total for _, other in found if other.total is not None]
    return Line(
        bench="scheduler.pooled",
        case=str(size),
        value=ours,
        unit="cost",
        against="one CP-SAT model, pilots and tugs pooled: promises, no plan",
        baseline=_mean(totals) if totals else 0.0,
        note=f"same wall time; {len(totals)} of {len(found)} with an answer, "
        f"unplaced {sum(other.unplaced for _, other in found)}; mean bound "
        f"{_mean(other.bound for _, other in found):.0f}",
    )


# ---- re-plans ---------------------------------------------------------------------------------


def disturb(runs: list[Run], count: int) -> Replans:
    """Disrupt the plans in turn, ``count`` times in all."""
    found = Replans()
    sources = [disruptions(one.problem, one.outcome, k) for k, one in enumerate(runs)]
    for turn in range(count):
        # Each plan has all kinds in turn before the next one.
        name, problem = next(sources[turn // len(KINDS) % len(sources)])
        begun_s = time.perf_counter()
        outcome = replan(problem, Limits(wall_s=REPLAN_S))
        found.seconds.append(time.perf_counter() - begun_s)
        if _is_broken(problem, outcome):
            found.breaches.append(f"{name} of {problem.label}")
        if name.startswith("fog"):
            found.fog_left_out.append(len(outcome.unplaced))
            served = objective(first_come_first_served(problem))
            found.fog_served_left_out.append(served.unplaced)
    return found


def _replan_lines(size: int, found: Replans, runs: list[Run]) -> Iterator[Line]:
    ordered = sorted(found.seconds)
    first_s = statistics.median(one.built_s for one in runs)
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        yield Line(
            bench=f"scheduler.replan_{name}",
            case=str(size),
            value=ordered[min(int(share * len(ordered)), len(ordered) - 1)],
            unit="s",
            against="a first plan of the heuristic",
            baseline=first_s,
            note=f"{len(ordered)} disruptions of {len(KINDS)} kinds, slowest {ordered[-1]:.2f}; "
            f"broken: {', '.join(found.breaches) or 'none'}",
        )
    if found.fog_left_out:
        yield Line(
            bench="scheduler.fog_unplaced",
            case=str(size),
            value=_mean(found.fog_left_out),
            unit="movements",
            against="the heuristic alone: " + SERVED,
            baseline=_mean(found.fog_served_left_out),
            note=f"mean of {len(found.fog_left_out)} fogs, with what was unplaced before",
        )


# ---- memory -----------------------------------------------------------------------------------


def _memory_line(size: int, chosen: Options) -> Line:
    """Peak memory of a fresh process that plans the largest harbour, and of one that makes it."""
    wall_s = min(chosen.wall_s(size), 20.0)
    arguments = [str(size), str(CHANNELS.get(size, 1))]
    peaks = [
        float(
            subprocess.run(
                [sys.executable, "-m", "tests.bench.scheduler", *arguments, str(seconds)],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for seconds in (wall_s, 0.0)
    ]
    return Line(
        bench="scheduler.memory",
        case=str(size),
        value=peaks[0],
        unit="MiB",
        against="the same process with the question alone",
        baseline=peaks[1],
        note=f"peak of a fresh process, {wall_s:.0f} s of planning",
    )


def _plan_in_this_process(size: int, channels: int, wall_s: float) -> float:
    problem = harbour(size, 1, 1.0, channels)
    if wall_s:
        solve(problem, Limits(wall_s=wall_s))
    # Not what ``getrusage`` tells: at first that is the peak of the process that started this one.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert peak is not None
    return int(peak[1]) / 1024


if __name__ == "__main__":
    size, channels, wall_s = sys.argv[1:]
    sys.stdout.write(f"{_plan_in_this_process(int(size), int(channels), float(wall_s))}\n")
