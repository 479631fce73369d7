"""The ways in which a rule can speak; the engines know these, never a rule by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scheduler.outcome import Params
from scheduler.problem import Movement, Need, Resource
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks


@dataclass(frozen=True, slots=True)
class Window:
    """At which ticks may a mode start?

    Attributes:
        name: The rule's name.
        allowed: Tables, mode and starts (ticks, any shape ``(n,)``) to a mask of shape ``(n,)``;
            None means that every start will do.
        figures: Tables, mode and one start to the figures that decide there, for explaining.
    """

    name: str
    allowed: Callable[[Tables, int, Ticks], Mask | None]
    figures: Callable[[Tables, int, int], Params] | None = None


class Pairs:
    """Legs of one track, each with every leg of another movement in the same segment.

    All arrays have shape ``(pairs,)``; ``a`` is the track itself, ``b`` the other one. Ticks are
    offsets from the start of each.
    """

    def __init__(self, tables: Tables, a: Ticks, b: Ticks) -> None:
        legs = tables.legs
        self.tables = tables
        self.a_leg, self.b_leg = a, b
        self.segment = legs.segment[a]
        self.a_track, self.b_track = legs.track[a], legs.track[b]
        self.a_ship = tables.track_owner[self.a_track]
        """Movement of ``a``: its ship and draught are looked up by it."""
        self.b_ship = tables.track_owner[self.b_track]
        self.a_enter, self.a_leave = legs.enter[a], legs.leave[a]
        self.b_enter, self.b_leave = legs.enter[b], legs.leave[b]
        self.same_way = legs.forward[a] == legs.forward[b]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Differences ``start of b - start of a`` that exclude each other, both ends included.

    Attributes:
        chosen: Which of the pairs are meant, shape ``(pairs,)``.
        low, high: First and last difference, ticks, shape ``(pairs,)``; empty where low > high.
    """

    chosen: Mask
    low: Ticks
    high: Ticks


@dataclass(frozen=True, slots=True)
class Separation:
    """By which start differences do two modes exclude each other?"""

    name: str
    forbidden: Callable[[Pairs], Iterator[Forbidden]]


@dataclass(frozen=True, slots=True)
class Claim:
    """A place, or a stretch of it, as a ship would hold it.

    Where ``length_mm`` is given it is *open*: so much of the stretch, where exactly is to be
    chosen.
    """

    place: str
    stretch_mm: tuple[int, int] | None = None
    length_mm: int | None = None

    def at(self, begin_mm: int) -> "Claim":
        """What an open claim is once its position is chosen."""
        return Claim(self.place, (begin_mm, begin_mm + (self.length_mm or 0)))


@dataclass(frozen=True, slots=True)
class Slots:
    """Spans of the clock that take so many starts each."""

    id: str
    slot_ticks: int
    phase_ticks: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Occupancy:
    """Which place is held, how much of it, what must lie between, and when may one not stay?

    Attributes:
        name: The rule's name.
        gap_ticks: Ticks that must lie between two stays with these claims; None: they may be there
            together.
        closed: Spans in which nobody may hold this claim.
        capacity: A counter's id and how many may hold it at once.
        slots: The slots that the start of a mode takes one place of.
        shut: Spans, in their order, in which a ship that is to leave in a mode must not lie where
            it leaves from: between its service and its start it has to pass none of them.
        figures: Tables, mode and a span of ``shut`` to the figures that decide there.
    """

    name: str
    gap_ticks: Callable[[Tables, Claim, Claim], int | None] | None = None
    closed: Callable[[Tables, Claim], tuple[tuple[int, int], ...]] | None = None
    capacity: Callable[[Tables, Claim], tuple[str, int] | None] | None = None
    slots: Callable[[Tables, int], Slots | None] | None = None
    shut: Callable[[Tables, int], tuple[tuple[int, int], ...]] | None = None
    figures: Callable[[Tables, int, tuple[int, int]], Params] | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where along a quay must a ship not begin while another one is there?

    This stands beside the five ways: it says of open claims what an ``Occupancy`` of the same name
    says of those whose position is known.

    Attributes:
        name: The rule's name.
        barred: An open claim and one with a position to the first and last begin (mm, both
            included) at which they exclude each other, and the ticks that must then lie between;
            None where they never do. Of two stretches, what it says moves with the other one.
    """

    name: str
    barred: Callable[[Tables, Claim, Claim], tuple[int, int, int] | None]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a need asks of its team.

    ``least`` to ``most`` resources with ``pull_kg`` together, one of ``first`` (None: no matter)
    and the others out of ``others``; both are masks over the pool's resources.
    """

    least: int
    most: int
    pull_kg: int
    first: tuple[bool, ...] | None
    others: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """Which people or boats, at least how many, with what sum?

    Attributes:
        name: The rule's name, which is its pool's id; empty: any pool without a rule of its own.
        demand: Movement, need, longest duty (ticks) and the pool's resources to what is asked;
            what one resource may do in a row stands in its :class:`scheduler.problem.Pool`.
    """

    name: str
    demand: Callable[[Tables, Movement, Need, int, list[Resource]], Demand]


@dataclass(frozen=True, slots=True)
class Order:
    """``after`` starts at least ``lag_ticks`` after the end of ``before``; without it, not at all.

    Movements are places in ``problem.movements``. Where ``before`` is None, ``after`` starts at
    ``lag_ticks`` at the earliest. ``same_place``: it leaves from where ``before`` has gone to, or
    from ``place``.
    """

    after: int
    before: int | None
    lag_ticks: int
    same_place: bool = False
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """What must come before what, and how far apart?"""

    name: str
    orders: Callable[[Tables], Iterator[Order]]


Rule = Window | Separation | Occupancy | Position | Team | Sequence
