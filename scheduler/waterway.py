"""Where ships go and what the weather does: the port's part of a question.

Units and intervals are those of ``scheduler.problem``.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open span of ticks, ``begin <= t < end``."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterLevel:
    """Predicted or measured water level at a node.

    ``heights_mm[k]`` is the height above chart datum at tick ``k * step_ticks``; between samples it
    is linear, rounded down. Outside the samples it is unknown, and a passage that needs to know it
    is not allowed.
    """

    node: str
    step_ticks: int
    heights_mm: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """A fixed span over a segment.

    The height free under it is ``clearance_mm`` where ``reference_height_mm`` is None; otherwise it
    is ``clearance_mm + reference_height_mm - water level`` at the segment's nodes (the higher).
    """

    id: str
    clearance_mm: int
    margin_mm: int = 0
    reference_height_mm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneWay:
    """When opposing ships may not be in a segment together.

    A ship is *large* when it reaches any threshold that is not None. ``large_large``: two large
    ships exclude each other. ``any``: a large ship excludes every opposing ship whose length is at
    least ``exempt_below_loa_mm``.
    """

    loa_mm: int | None = None
    beam_mm: int | None = None
    draught_mm: int | None = None
    applies_to: Literal["large_large", "any"] = "any"
    exempt_below_loa_mm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WidthFormula:
    """The two-way width of a channel: ``W = A1 + A2 + b + c1 + c2`` must not pass its width.

    ``A = drift_permille/1000 * (loa * sin_gamma_ppm/1e6 + beam)``, ``b`` the larger beam, and
    ``c = bank_permille/1000 * beam``.

    Source:
        JTS 165 (2013), Design Code of General Layout for Sea Ports, two-way channel width.
    """

    drift_permille: int = 1810
    sin_gamma_ppm: int = 52336
    bank_permille: int = 750


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A reach of the channel between two nodes; *forward* is from ``from_node`` to ``to_node``."""

    id: str
    from_node: str
    to_node: str
    length_mm: int
    depth_mm: int | None = None
    width_mm: int | None = None
    ukc_permille: int = 0
    ukc_mm: int = 0
    """Under-keel clearance: at least this share of the draught, and at least this much."""
    bridges: tuple[Bridge, ...] = ()
    passing: Literal["always", "by_pair", "never"] = "always"
    """May opposing ships be in it together: always, by the three tests below, or never."""
    one_way: OneWay | None = None
    width_formula: WidthFormula | None = None
    combined_beam_mm: int | None = None
    clear_ticks: int = 0
    """What must lie between opposing ships that exclude each other at the end of the reach."""
    overtaking: bool = True
    daylight_loa_mm: int | None = None
    """Ships of at least this length only between sunrise and sunset."""
    max_loa_mm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quay:
    """A straight quay; positions on it are millimetres from its end."""

    id: str
    clearance_mm: int = 0
    continuous: bool = True
    """Whether ships may lie across berth marks; otherwise a berth takes one ship at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Berth:
    """A stretch of quay ``[begin_mm, end_mm)`` with what it can take."""

    id: str
    node: str
    quay: str | None = None
    begin_mm: int = 0
    end_mm: int = 0
    depth_mm: int | None = None
    ukc_permille: int = 0
    ukc_mm: int = 0
    max_loa_mm: int | None = None
    max_loa_across_mm: int | None = None
    """Longest ship when the quay rule is used (lying across berth marks); None: as max_loa_mm."""
    max_beam_mm: int | None = None
    structural_dwt_t: int | None = None
    kinds: tuple[str, ...] = ()
    """Ship kinds it takes; empty means any."""
    turnover_ticks: int = 0
    closed: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchorage:
    """A waiting place for ``capacity`` ships."""

    id: str
    node: str
    capacity: int
    depth_mm: int | None = None
    ukc_permille: int = 0
    ukc_mm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardingPlace:
    """Where pilots board: at most ``ships_per_slot`` starts in each ``slot_ticks`` of the clock.

    A slot begins wherever ``(tick + slot_phase_ticks) % slot_ticks == 0``.
    """

    id: str
    node: str
    slot_ticks: int
    ships_per_slot: int
    slot_phase_ticks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Visibility over a span; ``segments`` empty means everywhere. Later entries override."""

    span: Interval
    visibility_m: int
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wind:
    """Mean wind over a span, everywhere. Later entries override."""

    span: Interval
    wind_mms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Least time at a gate from a ship of one kind to one of another that follows it.

    It holds with the headways of the two: the larger one counts. ``segment`` None: everywhere.
    Of ships that are level at a gate, either may be taken for the leader.
    """

    leader: str
    follower: str
    ticks: int
    segment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Segments that nobody may be in during a span; ``segments`` empty means all of them."""

    id: str
    span: Interval
    segments: tuple[str, ...] = ()
