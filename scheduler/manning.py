"""Who serves ships: pools of pilots, tugs or whatever, what a movement asks of them, its teams.

Units and intervals are those of ``scheduler.problem``.
"""

from dataclasses import dataclass

from scheduler.waterway import Interval


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a counted pool there are over a span."""

    span: Interval
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Resources of one kind (pilots, tugs, launches ...) and what one may do in a row.

    A pool is **counted** where ``counts`` is given: there are so many of them, none with a name,
    a place or hours of its own. A need takes ``Need.count`` of them from the first begin to the
    last end of its duties; a crew names ``<pool>/1`` to ``<pool>/<count>``, and all that is judged
    of it is its number. Nothing else is told of a counted pool.

    Between two duties of one resource lie at least ``debrief + travel + early`` ticks, plus
    ``min_rest_ticks``. The first duty needs ``travel`` from home, ``early`` and ``make_ready``
    after the resource's first availability: the problem's tick 0, or the end of an ``off`` span. A
    resource that ``Published`` names for a need is on its way already: at the published start or
    later the way from home is not asked of it. Before it goes off, a resource is back home.

    Attributes:
        places: Where duties begin and end; empty: no way takes any time.
        travel_ticks: ``travel_ticks[a][b]`` from ``places[a]`` to ``places[b]``.
        counts: Of a counted pool, how many there are when; outside of these spans, none.
        max_duties: At most so many duties that begin within any ``rolling_ticks``; None: no limit.
        max_duty_ticks: Longest duty of a single resource; None: no limit.
        min_rest_rolling_ticks: Off duty at least so long within any ``rolling_ticks``.
    """

    id: str
    places: tuple[str, ...] = ()
    travel_ticks: tuple[tuple[int, ...], ...] = ()
    counts: tuple[Count, ...] = ()
    make_ready_ticks: int = 0
    early_ticks: int = 0
    debrief_ticks: int = 0
    min_rest_ticks: int = 0
    max_duties: int | None = None
    rolling_ticks: int = 1440
    max_duty_ticks: int | None = None
    min_rest_rolling_ticks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDuty:
    """A duty that is over or under way and not part of this problem's movements."""

    span: Interval
    to_place: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A planned break: ``ticks`` on end without a duty somewhere within ``span``."""

    span: Interval
    ticks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One pilot, tug or other member of a pool that is not counted.

    ``grade`` 1 is the highest. As first of a team a pilot must admit the ship: its length is below
    ``below_loa_mm`` and its kind not in ``not_kinds``.
    """

    id: str
    pool: str
    home: str = ""
    pull_kg: int = 0
    grade: int = 1
    below_loa_mm: int | None = None
    not_kinds: tuple[str, ...] = ()
    off: tuple[Interval, ...] = ()
    breaks: tuple[Break, ...] = ()
    past: tuple[PastDuty, ...] = ()
    watch: tuple[Interval, ...] = ()
    """Hours of first call: preferred, never required."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A team for one movement: how many of which pool, with what together.

    Attributes:
        pool: Whose resources.
        count: At least so many; exactly so many where ``pull_kg`` is 0.
        pull_kg: Their pulls add up to at least this.
        max_count: At most so many (None: ``count`` + 2).
        first_admits: One of them, the first, must admit the ship by its own limits.
        other_grade: The others hold at least this grade (1 highest); None: any.
    """

    id: str
    pool: str
    count: int
    pull_kg: int = 0
    max_count: int | None = None
    first_admits: bool = False
    other_grade: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """When and where a mode needs a team: offsets after the movement's start."""

    need: str
    begin: int
    end: int
    from_place: str = ""
    to_place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """The team of one need."""

    need: str
    resources: tuple[str, ...]
