"""What a search is after: cheaper plans, or plans closer to what was published."""

from abc import ABC, abstractmethod

import numpy as np

from scheduler.costs import costs as costs_of
from scheduler.crewing import named_teams
from scheduler.displacement import HOUR_WORTH, Displacement
from scheduler.draft import Draft, Place, Teams
from scheduler.positions import Lean
from scheduler.tides import Ticks


class Purpose(ABC):
    """A value for each movement as it is placed, or left out; the sum is to be small.

    Args:
        draft: The plan that is worked on.
    """

    cap: int
    """A movement is not likelier to be looked at for being worth more than this above its best."""
    slack: int = 0
    """How much worse in total a plan may be that a stricter order still calls better."""
    lean: Lean = "ends"
    """Which position along a quay is taken of those that do equally well."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._homes: dict[int, Place | None] = {}

    @abstractmethod
    def value(self, movement: int, place: Place | None) -> int:
        """What a place is worth, or being left out; the less the better."""

    @abstractmethod
    def least(self, movement: int, start: int) -> int:
        """A value that no place at this start, away from home, is below."""

    @abstractmethod
    def order(self, movement: int, ticks: Ticks) -> Ticks:
        """Starts (ascending, shape ``(n,)``) from the best on."""

    @abstractmethod
    def wanted(self, movement: int) -> int:
        """The start (tick) that a movement should be near."""

    @property
    def keeps(self) -> bool:
        """Whether what was published is worth keeping for its own sake."""
        return True

    def home(self, movement: int) -> Place | None:
        """Where a movement is published, if it is and if that is worth anything."""
        if not self.keeps:
            return None
        if movement not in self._homes:
            self._homes[movement] = published_place(self.draft, movement)
        return self._homes[movement]

    def prefer(self, movement: int) -> Teams | None:
        """The teams to keep where they can be kept."""
        home = self.home(movement)
        return None if home is None else home.teams

    def total(self) -> int:
        """The sum over all movements."""
        placed = self.draft.placed
        return sum(self.value(k, placed.get(k)) for k in range(len(self.draft.problem.movements)))


def published_place(draft: Draft, movement: int) -> Place | None:
    """Where a movement is published, by places of the problem; None: nowhere (any more)."""
    told = draft.problem.movements[movement].published
    if told is None:
        return None
    for mode in draft.tables.modes_of[movement]:
        if draft.tables.modes[mode].id == told.mode:
            if not draft.conflicts.may_begin(mode, told.begin_mm):
                return None
            return Place(mode, told.start, named_teams(draft, movement, told.crews), told.begin_mm)
    return None


def recrewed_needs(home: Place, place: Place) -> int:
    """How many needs have another team than at home."""
    return sum(
        frozenset(place.teams.get(need, ())) != frozenset(team) for need, team in home.teams.items()
    )


def _is_there(home: Place, place: Place) -> bool:
    """Whether a place is at home, with whatever teams."""
    told = (home.start, home.mode, home.begin_mm)
    return (place.start, place.mode, place.begin_mm) == told


class Cheaper(Purpose):
    """Weighted lateness and earliness, and a price for each service that is not as it was told.

    Args:
        draft: The plan that is worked on.
        price: Cost units for each such service; 0 where nobody minds a change.
    """

    cap = 5_000

    def __init__(self, draft: Draft, price: int = 0) -> None:
        super().__init__(draft)
        self._price = price
        self._services = [max(1, len(raw.needs)) for raw in draft.problem.movements]

    @property
    def keeps(self) -> bool:
        """Whether changes have a price."""
        return self._price > 0

    def value(self, movement: int, place: Place | None) -> int:
        """Cost with the price of what is changed."""
        raw, home = self.draft.problem.movements[movement], self.home(movement)
        if place is None:
            changed = self._services[movement] if self._price and raw.published else 0
            return raw.unplaced_cost + self._price * changed
        cost = self.draft.cost(movement, place.start)
        if not self._price or raw.published is None:
            return cost
        if home is None or not _is_there(home, place):
            return cost + self._price * self._services[movement]
        return cost + self._price * recrewed_needs(home, place)

    def least(self, movement: int, start: int) -> int:
        """Cost with the price of a move."""
        cost = self.draft.cost(movement, start)
        if self._price and self.draft.problem.movements[movement].published is not None:
            cost += self._price * self._services[movement]
        return cost

    def order(self, movement: int, ticks: Ticks) -> Ticks:
        """From the cheapest on; of equal ones the nearest to the requested start first."""
        return by_cost(self.draft, movement, ticks)

    def wanted(self, movement: int) -> int:
        """The requested start."""
        return self.draft.problem.movements[movement].requested


class Closer(Purpose):
    """How far a plan is from the published one, as one number for each movement.

    The number weighs what :func:`scheduler.displacement.key_of` orders strictly, so that a search
    can go through worse plans; which plan is the best is for that order to say.
    """

    cap, slack = 20_000, 2_000
    LEFT_OUT, NEVER_TOLD, MOVED, RECREWED = 10_000_000, 500_000, 2_000, 200
    """Weights: published and left out, left out else, moved, and a need with another team."""
    COST_PER_TICK = 8
    """Cost of what was never published that weighs as much as a tick moved of what was."""

    def __init__(self, draft: Draft, displacement: Displacement) -> None:
        super().__init__(draft)
        self._displacement = displacement
        self._published = [raw.published is not None for raw in draft.problem.movements]

    def value(self, movement: int, place: Place | None) -> int:
        """Weight of what is changed, with the ticks moved."""
        if place is None:
            return self.LEFT_OUT if self._published[movement] else self.NEVER_TOLD
        if not self._published[movement]:
            return self.least(movement, place.start)
        home = self.home(movement)
        if home is not None and _is_there(home, place):
            return self.RECREWED * recrewed_needs(home, place)
        moved = self.least(movement, place.start)
        return moved if home is None else moved + self.RECREWED * recrewed_needs(home, place)

    def least(self, movement: int, start: int) -> int:
        """Weight of a move to a start."""
        if not self._published[movement]:
            return max(0, self.draft.cost(movement, start)) // self.COST_PER_TICK
        far = self._displacement.hours(movement, start)
        return self.MOVED + HOUR_WORTH * self.MOVED * far + abs(start - self.wanted(movement))

    def order(self, movement: int, ticks: Ticks) -> Ticks:
        """The nearest first; where nothing was published, the cheapest."""
        if not self._published[movement]:
            return by_cost(self.draft, movement, ticks)
        return ticks[np.argsort(np.abs(ticks - self.wanted(movement)), kind="stable")]

    def wanted(self, movement: int) -> int:
        """The start that was told, or asked for where none was told."""
        raw = self.draft.problem.movements[movement]
        return raw.requested if raw.published is None else raw.published.start


def by_cost(draft: Draft, movement: int, ticks: Ticks) -> Ticks:
    """Starts from the cheapest on; of equal ones the nearest to the requested start first."""
    raw = draft.problem.movements[movement]
    if raw.cost_points:
        return ticks[np.lexsort((np.abs(ticks - raw.requested), costs_of(raw, ticks)))]
    split = int(np.searchsorted(ticks, raw.requested))
    early, late = ticks[:split][::-1], ticks[split:]
    if not len(early) or not len(late):
        return late if len(late) else early
    if raw.early_weight == 0:
        if late[0] == raw.requested:
            return np.concatenate([late[:1], early, late[1:]])
        return np.concatenate([early, late])
    both = np.concatenate([late, early])
    costs = np.concatenate(
        [(late - raw.requested) * raw.late_weight, (raw.requested - early) * raw.early_weight]
    )
    return both[np.argsort(costs, kind="stable")]
