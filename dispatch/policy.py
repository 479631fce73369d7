"""What the port has decided about planning: one table, read from a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

DEFAULT_POLICY = Path(__file__).parent / "policy.json"
"""The policy that ships with the project; every figure in it is a choice, not a rule."""

PRIORITIES = (1, 2, 3)


class PolicyInvalid(Exception):
    """A policy file holds an unknown name or a value out of bounds; ``where`` names it."""

    def __init__(self, where: str, reason: str) -> None:
        """Keep the name of the value and what is wrong with it."""
        self.where = where
        self.reason = reason
        super().__init__(f"policy: {where}: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPolicy:
    """Which mended plans go out by themselves.

    Attributes:
        mode: ``auto``, or ``ask``: every plan that moves a published movement waits for the
            dispatch centre.
        ask_moved, ask_moved_min: With ``auto``, a plan waits when more than ``ask_moved``
            published movements move by more than ``ask_moved_min`` minutes, or lose their place.
    """

    mode: Literal["auto", "ask"] = "auto"
    ask_moved: int = 40
    ask_moved_min: int = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovingPolicy:
    """What the background improver may do.

    Attributes:
        after_idle_s: Quiet seconds, with nothing new to plan, before it begins.
        budget_s: Wall seconds of one round.
        pause_s: Wall seconds between two rounds over the same plan.
        announced_after_min: Minutes after a movement's first publication during which it counts
            as not yet announced, so that the improver may still move it by itself.
        publish: ``ask`` makes a proposal of what it finds; ``auto`` publishes it where the price
            is met.
    """

    on: bool = True
    after_idle_s: float = 5.0
    budget_s: float = 20.0
    pause_s: float = 60.0
    announced_after_min: int = 0
    publish: Literal["auto", "ask"] = "ask"


def _by_priority(first: int, second: int, third: int) -> Mapping[int, int]:
    return {1: first, 2: second, 3: third}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """All that the planning loop is told instead of deciding by itself.

    Attributes:
        gather_ms: How long facts that arrive together are gathered into one plan.
        overtake_ms: How long after the first fact a plan in the making is begun anew when more
            come; after that it is finished first.
        horizon_h: Starts are chosen this far ahead; a movement asked for later waits.
        beyond_horizon_h: Tide, light and weather are known this much further, for the passages
            and stays that begin before the horizon.
        water_level_step_min: Distance of the water-level samples.
        freeze_min: A published start this close is moved only where it has itself become
            impossible.
        overdue_grace_min: A planned start may be this long past without a report before the
            movement is overdue and planned anew.
        latest_extension_min: How much later than its last wanted start a movement may be planned
            that leaves a berth, was published, or whose vessel is late; a passed ``latest_at``
            alone never takes a ship's place away.
        restricted_boundaries: Nodes of a passage at which a ship may change to or from slow
            steaming when visibility falls or lifts on the way.
        first_plan_s, replan_s: Wall limits of the solver.
        answer_within_s: Wall seconds after which a solver that has not answered is ended.
        workers: Solver threads.
        seed: Fixes the solver's random choices.
        price_per_change: What one moved service must at least save (weighted minutes).
        late_weight: Cost of a minute's lateness, by priority.
        unplaced_cost: Cost of leaving a movement out, by priority.
        tolerance_min: How far a confirmed job (``pilotage``, ``towage``) or a cleared movement
            (``clearance``) may move before it asks to be confirmed again.
    """

    gather_ms: int = 200
    overtake_ms: int = 3000
    horizon_h: int = 48
    beyond_horizon_h: int = 24
    water_level_step_min: int = 5
    freeze_min: int = 120
    overdue_grace_min: int = 15
    latest_extension_min: int = 1440
    restricted_boundaries: int = 3
    first_plan_s: float = 4.0
    replan_s: float = 4.0
    answer_within_s: float = 15.0
    workers: int = 2
    seed: int = 1
    price_per_change: int = 60
    late_weight: Mapping[int, int] = field(default_factory=lambda: _by_priority(8, 3, 1))
    unplaced_cost: Mapping[int, int] = field(
        default_factory=lambda: _by_priority(400_000, 200_000, 100_000)
    )
    tolerance_min: Mapping[str, int] = field(
        default_factory=lambda: {"pilotage": 15, "towage": 15, "clearance": 30}
    )
    publish: PublishPolicy = field(default_factory=PublishPolicy)
    improving: ImprovingPolicy = field(default_factory=ImprovingPolicy)


def load_policy(path: Path = DEFAULT_POLICY) -> Policy:
    """Read a policy; what the file leaves out keeps its default.

    Args:
        path: A JSON object with the names of ``Policy``.

    Raises:
        PolicyInvalid: a name that is not known, or a value that is not of its kind.
        OSError: the file cannot be read.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PolicyInvalid(path.name, f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise PolicyInvalid(path.name, "not an object")
    return read_policy(content)


def read_policy(content: Mapping[str, Any]) -> Policy:
    """Return the policy of an object with the names of ``Policy``; see ``load_policy``."""
    values: dict[str, Any] = {}
    for name, value in content.items():
        if name == "publish":
            values[name] = PublishPolicy(**_values(PublishPolicy, name, value))
        elif name == "improving":
            values[name] = ImprovingPolicy(**_values(ImprovingPolicy, name, value))
        elif name in ("late_weight", "unplaced_cost"):
            values[name] = _priority_table(name, value)
        elif name == "tolerance_min":
            values[name] = _tolerances(name, value)
        else:
            values |= _values(Policy, "", {name: value})
    return Policy(**values)


def _values(of: type, where: str, content: object) -> dict[str, Any]:
    if not isinstance(content, Mapping):
        raise PolicyInvalid(where, "not an object")
    default = of()
    known = {item.name for item in fields(of)}
    values: dict[str, Any] = {}
    for name, value in content.items():
        path = f"{where}.{name}" if where else str(name)
        if name not in known:
            raise PolicyInvalid(path, "no such value")
        values[str(name)] = _checked(path, value, getattr(default, str(name)))
    return values


def _checked(path: str, value: object, default: object) -> object:
    if isinstance(default, bool):
        holds = isinstance(value, bool)
    elif isinstance(default, str):
        holds = value in ("auto", "ask")
    elif isinstance(default, int):
        holds = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    else:
        holds = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if path in ("horizon_h", "water_level_step_min", "workers", "answer_within_s"):
        holds = holds and bool(value)
    if not holds:
        raise PolicyInvalid(path, f"cannot be {value!r}")
    return value


def _priority_table(name: str, value: object) -> Mapping[int, int]:
    if not isinstance(value, Mapping) or {str(key) for key in value} != {"1", "2", "3"}:
        raise PolicyInvalid(name, "one number for each of the priorities 1, 2 and 3")
    return {int(key): int(_as_count(f"{name}.{key}", number)) for key, number in value.items()}


def _tolerances(name: str, value: object) -> Mapping[str, int]:
    if not isinstance(value, Mapping) or set(value) != {"pilotage", "towage", "clearance"}:
        raise PolicyInvalid(name, "one number each for pilotage, towage and clearance")
    return {str(key): _as_count(f"{name}.{key}", number) for key, number in value.items()}


def _as_count(path: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise PolicyInvalid(path, f"cannot be {value!r}")
    return value
