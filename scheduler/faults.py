"""One fault of a problem, and what every number and every name is judged by."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from types import MappingProxyType
from typing import Any

from scheduler.problem import Interval

SIGNED = frozenset(
    {
        *("begin", "end", "start", "tick", "requested", "earliest", "latest", "until", "ready"),
        *("heights_mm", "depth_mm", "clearance_mm", "reference_height_mm", "slot_phase_ticks"),
        "stretch_mm",
    }
)
"""Fields that may be negative; all other numbers are counts, sizes, offsets or spans of time."""

POSITIVE = frozenset(
    {
        *("horizon", "tick_s", "step_ticks", "slot_ticks", "rolling_ticks", "length_mm"),
        *(
            "loa_mm",
            "beam_mm",
            "draught_mm",
            "end_at",
            "boarding_wind_mms",
            "berthing_wind_mms",
            "grade",
            "capacity",
            "ships_per_slot",
        ),
    }
)
"""Fields that are at least 1 (where they are given)."""

LARGEST = 10**9
"""No number is further from 0, so that no sum or product of the engines overflows."""

BOUNDS = MappingProxyType(
    {
        # What a table over time is as long as.
        **dict.fromkeys(
            (
                *("horizon", "service_ticks", "clear_at", "arrive_at", "end_at", "start"),
                *("enter", "leave", "slow_ticks", "Duty.begin", "Duty.end"),
            ),
            10**6,
        ),
        **dict.fromkeys(("late_weight", "early_weight", "sin_gamma_ppm"), 10**6),
        **dict.fromkeys(("unplaced_cost", "cost_points"), 10**12),
        # Factors of a product.
        **dict.fromkeys(("drift_permille", "bank_permille", "ukc_permille"), 10**4),
        "slow_headway_permille": 10**5,
        **dict.fromkeys(("loa_mm", "beam_mm"), 10**7),
        **dict.fromkeys(
            (
                *("heights_mm", "depth_mm", "clearance_mm", "reference_height_mm", "margin_mm"),
                *("draught_mm", "air_draught_mm", "ukc_mm", "width_mm", "combined_beam_mm"),
                *("zone_ahead_mm", "zone_astern_mm", "zone_abeam_mm"),
            ),
            10**8,
        ),
        "Need.count": 1000,
    }
)
"""Fields (of any class, or of one) that are kept to less than :data:`LARGEST`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a problem.

    Attributes:
        path: JSON pointer to the place, such as ``/movements/3/modes/0/legs/1/leave``.
        code: What is wrong, such as ``unknown_reference``; ``docs/rules.md`` lists them.
        params: The figures and names that the text for people is made of.
    """

    path: str
    code: str
    params: Mapping[str, int | str] = field(default_factory=dict)


def figures(item: Any, path: str) -> Iterator[Fault]:
    """Judge every number and span of a dataclass, by the name of its field."""
    if isinstance(item, Interval) and not item.begin < item.end:
        yield Fault(path, "end_not_after_begin", {"begin": item.begin, "end": item.end})
    for part in fields(item):
        value = getattr(item, part.name)
        most = BOUNDS.get(f"{type(item).__name__}.{part.name}", BOUNDS.get(part.name, LARGEST))
        if part.name == "cost_points":
            for n, (tick, cost) in enumerate(value):
                yield from _figure(tick, f"{path}/cost_points/{n}/0", "tick", LARGEST)
                yield from _figure(cost, f"{path}/cost_points/{n}/1", "cost", most)
        else:
            yield from _figure(value, f"{path}/{part.name}", part.name, most)


def _figure(value: Any, path: str, name: str, most: int) -> Iterator[Fault]:
    if isinstance(value, tuple):
        for n, element in enumerate(value):
            yield from _figure(element, f"{path}/{n}", name, most)
    elif is_dataclass(value):
        yield from figures(value, path)
    elif isinstance(value, float):
        yield Fault(path, "not_an_integer", {"value": str(value)})
    elif isinstance(value, int) and not isinstance(value, bool):
        least = 0
        if name in SIGNED:
            least = -most
        elif name in POSITIVE:
            least = 1
        if not least <= value <= most:
            told = {"value": str(value), "least": least, "most": most}
            yield Fault(path, "out_of_range", told)


def unique(items: Iterable[Any], path: str, taken: Iterable[str] = ()) -> Iterator[Fault]:
    """Report ids that are missing or taken."""
    seen = set(taken)
    for n, item in enumerate(items):
        if not item.id:
            yield Fault(f"{path}/{n}/id", "empty_id")
        elif item.id in seen:
            yield Fault(f"{path}/{n}/id", "duplicate_id", {"id": item.id})
        seen.add(item.id)


def known(path: str, name: str | None, kind: str, among: Container[str]) -> Iterator[Fault]:
    """Report a name that is given and not there."""
    if name is not None and name not in among:
        yield Fault(path, "unknown_reference", {"kind": kind, "id": name})


def all_known(path: str, names: Iterable[str], kind: str, among: Container[str]) -> Iterator[Fault]:
    """Report each name that is not there."""
    for n, name in enumerate(names):
        yield from known(f"{path}/{n}", name, kind, among)
