"""The scheduler's answer: starts, modes and teams, what is left out and why, what is proved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scheduler.problem import Crew

Params = Mapping[str, int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A movement with its start (tick), mode and teams.

    ``begin_mm``: where along the quay its ship's first end lies; None unless its mode has
    ``along_mm``.
    """

    movement: str
    mode: str
    start: int
    crews: tuple[Crew, ...] = ()
    begin_mm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that binds: a rule by name, the movements or resources in the way, and figures.

    ``gain_ticks`` is how much earlier the start could be with this rule left out and everything
    else as it is (0 where that was not asked).
    """

    rule: str
    movements: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    params: Params = field(default_factory=dict)
    gain_ticks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """A movement that got no time, with the rules that stand against every start, worst first."""

    movement: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a published movement differs from what was told: None where it is not placed (now).

    ``begin_before_mm`` and ``begin_after_mm`` are positions along a quay, where they are chosen.
    """

    movement: str
    start_before: int | None
    start_after: int | None
    crews_changed: tuple[str, ...] = ()
    """Needs whose team is another."""
    reasons: tuple[Reason, ...] = ()
    begin_before_mm: int | None = None
    begin_after_mm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """The parts of the cost, added up over all movements."""

    unplaced: int = 0
    unplaced_cost: int = 0
    late_ticks: int = 0
    weighted_late: int = 0
    moved: int = 0
    recrewed: int = 0
    moved_ticks: int = 0

    @property
    def total(self) -> int:
        """Weighted lateness plus the cost of what is left out."""
        return self.weighted_late + self.unplaced_cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A rule that a plan breaks: ``new`` stops the plan; ``actual`` and ``waived`` are reported."""

    rule: str
    movements: tuple[str, ...]
    status: Literal["new", "actual", "waived"] = "new"
    resources: tuple[str, ...] = ()
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how hard to work.

    Attributes:
        wall_s: Wall-clock limit in seconds; an answer comes back soon after it in any case.
        workers: Solver threads.
        seed: Fixes every random choice.
        deterministic: With one worker, stop by work instead of by the clock, so that a run repeats.
        price_per_change: Improving keeps a change only where it saves more than this (cost units)
            for each service that it moves.
        displaced_ticks: Mending moves others a little rather than one movement by more than this
            beyond what is unavoidable.
    """

    wall_s: float = 5.0
    workers: int = 2
    seed: int = 1
    deterministic: bool = False
    price_per_change: int = 0
    displaced_ticks: int = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is known while it works: best cost so far, a bound where there is one, seconds."""

    phase: str
    incumbent: int | None
    bound: int | None
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A plan. ``status`` is ``optimal`` only where that is proved for the whole problem.

    Attributes:
        waits: For each placed movement that starts later than requested, what binds it. A mended
            plan leaves out those of which what was told before still stands: see
            ``Published.waits_for``.
        changes: Against ``Movement.published``, where the problem has any.
        proof: For a mended plan, what is proved of the smallness of its change:
            ``only-broken-moved`` (nobody moved whose own published place was still possible),
            ``neighbourhood-optimal``, or ``none``.
    """

    status: Literal["optimal", "feasible"]
    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...] = ()
    objective: Objective = field(default_factory=Objective)
    lower_bound: int | None = None
    waits: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    proof: Literal["only-broken-moved", "neighbourhood-optimal", "none"] = "none"
    seed: int = 1
    elapsed_s: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
