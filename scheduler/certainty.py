"""How certain a plan is: the chance that each time holds, and whose delay would hurt the most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scheduler.outcome import Placement
from scheduler.problem import Kind, Problem
from scheduler.ripple import Delays, Lateness, Ripple

SAMPLES = 500
_PROBE_MIN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How much later something happens than planned, minutes.

    Attributes:
        shape: ``triangular`` between ``low_min`` and ``high_min`` with its peak at ``mode_min``, or
            ``normal`` about ``mode_min`` with nine in ten within the two.
        low_min: May be negative: early. Nobody starts before its planned time for it.
    """

    low_min: float
    mode_min: float
    high_min: float
    shape: Literal["triangular", "normal"] = "triangular"

    def sample(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Delays:
        """Draw values, minutes."""
        if self.high_min <= self.low_min:
            return np.full(shape, self.low_min)
        if self.shape == "normal":
            # nine in ten of a normal lie within 1.645 standard deviations
            return rng.normal(self.mode_min, (self.high_min - self.low_min) / 3.29, shape)
        return rng.triangular(self.low_min, self.mode_min, self.high_min, shape)


def _arrivals() -> Mapping[Kind, Spread]:
    return {
        "entry": Spread(low_min=-30, mode_min=0, high_min=60),
        "exit": Spread(low_min=-20, mode_min=0, high_min=45),
        "shift": Spread(low_min=-20, mode_min=0, high_min=30),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreads:
    """The uncertainty that is declared for a port.

    Attributes:
        arrival: Of when a ship is ready to start, by the kind of movement.
        passage_permille: Of the time under way, thousandths of it (in place of minutes).
        berthing: Of the time to berth or to leave a berth.
        shut_chance: Chance of an hour or two in which weather keeps everybody from starting.
        shut: How long that lasts.
        tolerance_min: A time holds if it is not later by more than this.
    """

    arrival: Mapping[Kind, Spread] = field(default_factory=_arrivals)
    passage_permille: Spread = field(
        default_factory=lambda: Spread(low_min=-30, mode_min=0, high_min=80)
    )
    berthing: Spread = field(default_factory=lambda: Spread(low_min=-5, mode_min=0, high_min=15))
    shut_chance: float = 0.0
    shut: Spread = field(default_factory=lambda: Spread(low_min=60, mode_min=90, high_min=180))
    tolerance_min: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """How certain one planned time is.

    Attributes:
        holds: Chance that it starts no later than planned, and the tolerance.
        delay_min: Expected delay of its start, minutes; ``late_min``: what nine in ten stay within.
        caused_min: Minutes of others' delay for each minute that this one is late.
    """

    movement: str
    holds: float
    delay_min: float
    late_min: float
    caused_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """How certain a plan is.

    Attributes:
        keystones: Those whose delay hurts others the most, worst first; only such as hurt at all.
    """

    chances: tuple[Chance, ...]
    keystones: tuple[str, ...]
    samples: int
    seed: int


def certainty(
    problem: Problem,
    placements: Sequence[Placement],
    spreads: Spreads | None = None,
    *,
    samples: int = SAMPLES,
    seed: int = 1,
) -> Certainty:
    """Sample what may happen to a plan whose order and crews are kept.

    Args:
        problem: A valid problem.
        placements: The plan.
        spreads: What is uncertain, and how much.
        samples: Days that are drawn.
        seed: The same seed gives the same answer.

    Returns:
        For each placed movement that has not begun, in the order of ``placements``.

    Raises:
        ValueError: If no day is to be drawn.
    """
    if samples < 1:
        raise ValueError(f"samples: {samples} is less than 1")
    spreads = spreads or Spreads()
    ripple = Ripple(problem, placements)
    tick_min = problem.tick_s / 60
    late = lateness(ripple, problem, spreads, samples, np.random.default_rng(seed))
    starts_min = ripple.run(late)[0] * tick_min
    caused = caused_min(ripple, problem)
    begun = {raw.id for raw in problem.movements if raw.fixed is not None and raw.fixed.actual}
    holds = (starts_min <= spreads.tolerance_min).mean(axis=1)
    chances = [
        Chance(
            movement=name,
            holds=float(holds[k]),
            delay_min=float(starts_min[k].mean()),
            late_min=float(np.quantile(starts_min[k], 0.9)),
            caused_min=float(caused[k]),
        )
        for k, name in enumerate(ripple.names)
        if name not in begun
    ]
    worst = sorted(chances, key=lambda one: -one.caused_min)
    return Certainty(
        chances=tuple(chances),
        keystones=tuple(one.movement for one in worst if one.caused_min > 0),
        samples=samples,
        seed=seed,
    )


def lateness(
    ripple: Ripple, problem: Problem, spreads: Spreads, samples: int, rng: np.random.Generator
) -> Lateness:
    """Draw what happens to each movement by itself; what has begun starts when it did.

    A ship that waits for its time anyway uses that up first.
    """
    tick_min = problem.tick_s / 60
    raw = {movement.id: movement for movement in problem.movements}
    shape = (len(ripple.names), samples)
    ready, passage = np.zeros(shape), np.zeros(shape)
    starts = {event.voyage.id: event.voyage for event in ripple.events}
    for k, name in enumerate(ripple.names):
        movement, voyage = raw[name], starts[name]
        sailing = max(0, voyage.mode.arrive_at - voyage.mode.clear_at)
        passage[k] = spreads.passage_permille.sample(rng, (samples,)) * sailing / 1000
        if movement.fixed is not None and movement.fixed.actual:
            continue
        spread = spreads.arrival.get(movement.kind)
        if spread is not None:
            waits = max(0, voyage.start - max(movement.earliest, movement.requested, 0))
            ready[k] = spread.sample(rng, (samples,)) / tick_min - waits
    shut: NDArray[np.float64] | None = None
    if spreads.shut_chance > 0:
        begin = rng.uniform(0, problem.horizon, samples)
        length = spreads.shut.sample(rng, (samples,)) / tick_min
        happens = rng.uniform(size=samples) < spreads.shut_chance
        shut = np.stack([begin, np.where(happens, begin + length, begin)])
    berthing = spreads.berthing.sample(rng, shape) / tick_min
    return Lateness(ready=ready, passage=passage, berthing=berthing, shut=shut)


def caused_min(ripple: Ripple, problem: Problem, probe_min: float = _PROBE_MIN) -> Delays:
    """Tell how many minutes others are late for each minute that a movement is, alone late.

    Args:
        ripple: The plan.
        problem: Its problem.
        probe_min: How late each of them is made in turn.

    Returns:
        Shape ``(movements,)``.
    """
    count = len(ripple.names)
    probe = probe_min * 60 / problem.tick_s
    nothing = np.zeros((count, count))
    starts, _ = ripple.run(Lateness(ready=np.eye(count) * probe, passage=nothing, berthing=nothing))
    own = np.diagonal(starts)
    return (starts.sum(axis=0) - own) / np.maximum(own, 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Promises of about the same chance, and how often they came true."""

    promised: float
    came_true: float
    count: int


def reliability(
    promised: Sequence[float], came_true: Sequence[bool], bins: int = 10
) -> tuple[Bin, ...]:
    """Compare promised chances with what happened, in bins of equal width that are not empty.

    Args:
        promised: Chances, 0 to 1.
        came_true: Whether each came true.
        bins: How many.
    """
    chances = np.asarray(promised, dtype=np.float64)
    happened = np.asarray(came_true, dtype=np.float64)
    place = np.minimum((chances * bins).astype(np.int64), bins - 1)
    return tuple(
        Bin(
            promised=float(chances[place == k].mean()),
            came_true=float(happened[place == k].mean()),
            count=int((place == k).sum()),
        )
        for k in range(bins)
        if (place == k).any()
    )
