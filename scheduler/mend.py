"""After a disruption: the smallest change to the published plan that makes it whole again."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from scheduler.adopt import adopt, has_team, is_valid
from scheduler.answer import Proof, is_moved, recrewed
from scheduler.conflicts import Conflicts
from scheduler.construct import Placer, fixed_first, mandatory
from scheduler.draft import Draft, Place
from scheduler.exact import Exact, Expression
from scheduler.improve import Clock
from scheduler.neighbourhoods import is_settled
from scheduler.outcome import Progress
from scheduler.starts import (
    best_start,
    crew,
    is_open,
    named_teams,
    open_starts,
    with_teams,
)

_SIZES = (8, 14, 22)
"""Free movements of the exact neighbourhoods, grown while something is left out."""
_FAR_TICKS = 45
"""A repair that moves something further than this is worth a look at its neighbours."""
_CANDIDATES = 14
_FOCI = 10
"""How many movements, at most, a round of neighbourhoods is built around."""
_NEW = 2
_SHARE = 0.7
"""Of the time, for looking around; the rest is for the answer."""

Key = tuple[int, int, int, int, int]


def key_of(draft: Draft) -> Key:
    """What is to be small, the first first: left out, moved, re-crewed, ticks moved, cost."""
    left_out = moved = crews = ticks = 0
    for k, raw in enumerate(draft.problem.movements):
        place = draft.placed.get(k)
        left_out += place is None
        if raw.published is not None and place is not None:
            moved += is_moved(draft, k)
            crews += len(recrewed(draft, k))
            ticks += abs(place.start - raw.published.start)
    return left_out, moved, crews, ticks, draft.total()


@dataclass(slots=True)
class Mended:
    """A mended plan and what is proved of the smallness of its change."""

    draft: Draft
    proof: Proof


@dataclass(slots=True)
class Mender:
    """Mends one problem's published plan."""

    conflicts: Conflicts
    clock: Clock
    progress: Callable[[Progress], None] | None = None
    draft: Draft = field(init=False)
    placer: Placer = field(init=False)
    broken: dict[int, None] = field(default_factory=dict)
    """Movements that cannot stay where they are published, as far as that is known."""
    impossible: set[int] = field(default_factory=set)
    """Those of them that could not stay whatever the other published ones did."""

    def __post_init__(self) -> None:
        self.draft = Draft(self.conflicts)
        self.placer = Placer(self.draft, keep=True)

    def run(self) -> Mended:
        """Keep what can be kept, repair what is broken, look around where that is not enough."""
        fixed_first(self.draft, self.placer)
        self._keep_published()
        self._tell("kept")
        self._repair()
        self._tell("repaired")
        optimal = self._look_around()
        self._go_home()
        return Mended(self.draft, self._proof(optimal=optimal))

    def _tell(self, phase: str) -> None:
        if self.progress is not None:
            self.progress(
                Progress(
                    phase=phase,
                    incumbent=self.draft.total(),
                    bound=None,
                    elapsed_s=self.clock.elapsed_s,
                )
            )

    # ---- keep what can be kept ----------------------------------------------------------------

    def _published(self, movement: int) -> Place | None:
        """Where a movement is published, by places of the problem; None: nowhere (any more)."""
        told = self.draft.problem.movements[movement].published
        if told is None:
            return None
        for mode in self.draft.tables.modes_of[movement]:
            if self.draft.tables.modes[mode].id == told.mode:
                return Place(mode, told.start, named_teams(self.draft, movement, told.crews))
        return None

    def _keep_published(self) -> None:
        """Place every published movement where it is published, if only its team must change."""
        movements = self.draft.problem.movements
        told = [
            (raw.published.start, k) for k, raw in enumerate(movements)
            if raw.published is not None and raw.fixed is None
        ]
        wanted: list[tuple[int, Place]] = []
        for _, movement in sorted(told):
            place = self._published(movement)
            if place is not None and self._may_stay(movement, place):
                wanted.append((movement, place))
            else:
                self.broken[movement] = None
                self.impossible.add(movement)
        crewless: list[tuple[int, Place]] = []
        for movement, place in wanted:
            if not is_open(self.draft, movement, place.mode, place.start, pending=True):
                self.broken[movement] = None
            elif has_team(self.draft, movement, place):
                self.draft.place(movement, place.mode, place.start, place.teams)
            else:
                crewless.append((movement, place))
        for movement, place in crewless:
            teams = None
            if is_open(self.draft, movement, place.mode, place.start, pending=True):
                teams = crew(self.draft, movement, place.mode, place.start, place.teams)
            if teams is None:
                self.broken[movement] = None
            else:
                self.draft.place(movement, place.mode, place.start, teams)

    def _may_stay(self, movement: int, place: Place) -> bool:
        """Whether only what is fixed leaves a movement where it is published, with some team."""
        if not 0 <= place.start < self.conflicts.horizon:
            return False
        if not is_open(self.draft, movement, place.mode, place.start, pending=True):
            return False
        return (
            has_team(self.draft, movement, place)
            or crew(self.draft, movement, place.mode, place.start, place.teams) is not None
        )

    # ---- repair -------------------------------------------------------------------------------

    def _repair(self) -> None:
        """Give each broken movement the start nearest to its own, those that others need first."""
        urgent = [k for k in mandatory(self.draft) if k in self.broken]
        by_start = sorted(self.broken, key=self._told_start)
        for movement in dict.fromkeys([*urgent, *by_start]):
            if movement not in self.draft.placed:
                self._place_near(movement)
        for _ in range(3):
            self._clear_berths()
            everyone = range(len(self.draft.problem.movements))
            rest = [k for k in everyone if k not in self.draft.placed]
            self.placer.failed.clear()
            for movement in sorted(rest, key=self._told_start):
                if movement in self.broken:
                    self._place_near(movement)
                else:
                    self.placer.place(movement)
            if all(k not in self.draft.placed for k in rest):
                break
        self._clear_berths()

    def _told_start(self, movement: int) -> int:
        raw = self.draft.problem.movements[movement]
        return raw.requested if raw.published is None else raw.published.start

    def _place_near(self, movement: int) -> bool:
        """Place a movement as near as can be; what hangs on it moves only if it must."""
        draft = self.draft
        for order, _ in self.conflicts.orders_before.get(movement, ()):
            before = order.before
            if before is not None and before not in draft.placed:
                if before in self.broken and not is_settled(draft, before):
                    self._place_near(before)
                if before not in draft.placed:
                    return False
        place = self._nearest(movement)
        if place is not None:
            draft.place(movement, place.mode, place.start, place.teams)
            return True
        later = [
            order.after for order, _ in self.conflicts.orders_after.get(movement, ())
            if order.after in draft.placed and not self._is_fixed(order.after)
        ]
        if not later:
            return False
        taken = {k: draft.unplace(k) for k in later}
        place = self._nearest(movement)
        if place is None:
            for k, before in taken.items():
                draft.place(k, before.mode, before.start, before.teams)
            return False
        draft.place(movement, place.mode, place.start, place.teams)
        for k in taken:
            self.broken[k] = None
            self._place_near(k)
        return True

    def _is_fixed(self, movement: int) -> bool:
        return self.draft.problem.movements[movement].fixed is not None

    def _nearest(self, movement: int) -> Place | None:
        """The start nearest to the published one, the published mode and team before others."""
        draft = self.draft
        told = self._published(movement)
        if told is None:
            return best_start(draft, movement)
        best: tuple[int, Place] | None = None
        modes = sorted(draft.tables.modes_of[movement], key=lambda mode: mode != told.mode)
        for mode in modes:
            ticks = np.flatnonzero(open_starts(draft, movement, mode))
            ticks = ticks[np.argsort(np.abs(ticks - told.start), kind="stable")]
            for start, teams in with_teams(draft, movement, mode, ticks, told.teams):
                away = abs(start - told.start)
                if best is None or away < best[0]:
                    best = away, Place(mode, start, teams)
                break
        return None if best is None else best[1]

    def _clear_berths(self) -> None:
        """Take out, and place anew, what was kept where the ship before it cannot be gone."""
        draft = self.draft
        for movement in sorted(draft.placed, key=lambda k: draft.placed[k].start):
            if movement in draft.placed and not draft.tables.actual[movement]:
                place = draft.unplace(movement)
                if is_open(draft, movement, place.mode, place.start):
                    draft.place(movement, place.mode, place.start, place.teams)
                    draft.placed[movement] = place
                elif not self._is_fixed(movement):
                    self.broken[movement] = None

    # ---- look around --------------------------------------------------------------------------

    def _look_around(self) -> bool:
        """Solve growing neighbourhoods where something is left out, moved far, or moved for others.

        Returns:
            Whether the last neighbourhoods are proved the best.
        """
        proved = False
        tried: set[frozenset[int]] = set()
        for size in _SIZES:
            proved = True
            for focus in self._foci(size):
                chosen = self._around(focus, size)
                if frozenset(chosen) in tried:
                    continue
                if self.clock.is_over(_SHARE):
                    return False
                tried.add(frozenset(chosen))
                proved = self._solve(chosen, key_of(self.draft)) and proved
            if proved and not self._lost():
                break
        return proved

    def _lost(self) -> bool:
        """Whether something that was published has no place now, though it could have one."""
        movements = self.draft.problem.movements
        return any(
            k not in self.draft.placed and movements[k].published is not None
            for k in self._unsettled()
        )

    def _foci(self, size: int) -> list[int]:
        """What to build neighbourhoods around: what was lost first, then what has moved far.

        What was never published is tried for once: placing it by moving others is for improving.
        """
        movements = self.draft.problem.movements
        found = self._unsettled()
        new = [k for k in found if movements[k].published is None]
        told = [k for k in found if movements[k].published is not None]
        return told[:_FOCI] + (new[:_NEW] if size == _SIZES[0] else [])

    def _unsettled(self) -> list[int]:
        """Movements whose repair leaves something to be wished."""
        draft = self.draft
        found: list[int] = []
        for k in range(len(draft.problem.movements)):
            if is_settled(draft, k):
                continue
            place = draft.placed.get(k)
            raw = draft.problem.movements[k]
            if place is None:
                if not self._is_hopeless(k):
                    found.insert(0, k)
            elif raw.published is not None and (
                abs(place.start - raw.published.start) > _FAR_TICKS
                or (is_moved(draft, k) and k not in self.impossible)
            ):
                found.append(k)
        return found

    def _is_hopeless(self, movement: int) -> bool:
        """Whether no other plan could place a movement: its windows leave nothing."""
        modes = self.draft.tables.modes_of[movement]
        if any(self.conflicts.mask(mode).any() for mode in modes):
            return any(
                order.before is not None
                and order.before not in self.draft.placed
                and self._is_hopeless(order.before)
                for order, _ in self.conflicts.orders_before.get(movement, ())
            )
        return True

    def _around(self, focus: int, size: int) -> list[int]:
        """A movement with those of its visit and those that are near in time, by berth first."""
        draft = self.draft
        found: dict[int, None] = {focus: None}
        for order, _ in self.conflicts.orders_after.get(focus, ()):
            found[order.after] = None
        for order, _ in self.conflicts.orders_before.get(focus, ()):
            if order.before is not None:
                found[order.before] = None
        everyone = range(len(draft.problem.movements))
        for movement in sorted(everyone, key=lambda k: self._distance(k, focus)):
            if len(found) >= size:
                break
            found[movement] = None
        return [k for k in found if not is_settled(draft, k)]

    def _places(self, movement: int) -> set[str]:
        modes = (self.draft.tables.modes[m] for m in self.draft.tables.modes_of[movement])
        return {p for mode in modes for p in (mode.from_place, mode.to_place) if p is not None}

    def _distance(self, movement: int, focus: int) -> int:
        at, there = self.draft.placed.get(movement), self.draft.placed.get(focus)
        begin = self._told_start(movement) if at is None else at.start
        ticks = {self._told_start(focus), self._told_start(focus) if there is None else there.start}
        apart = min(abs(begin - tick) for tick in ticks)
        return apart // 4 if self._places(movement) & self._places(focus) else apart

    def _solve(self, chosen: list[int], before: Key) -> bool:
        """Place a neighbourhood anew with the smallest change, stage by stage."""
        draft = self.draft
        snapshot = draft.snapshot()
        for movement in chosen:
            if movement in draft.placed:
                draft.unplace(movement)
        exact = Exact(draft, chosen, self._candidates(snapshot), self._within(snapshot))
        exact.hint({k: snapshot[k] for k in chosen if k in snapshot})
        proved = True
        found = False
        for goal in self._goals(exact):
            left = self.clock.left_s * 0.5
            if left < 0.02:
                proved = False
                break
            value = exact.minimise(goal, self.clock.limit(min(left, 1.0)))
            if value is None:
                proved = False
                break
            found = True
            proved = proved and exact.proved
            exact.model.add(goal <= value)
            exact.hint_again()
        if not found or not adopt(draft, exact.places()) or key_of(draft) > before:
            draft.restore(snapshot)
            return False
        return proved

    def _goals(self, exact: Exact) -> list[Expression]:
        movements = self.draft.problem.movements
        told = [k for k in exact.free if movements[k].published is not None]
        return [
            sum(1 - one.placed for one in exact.free.values()),
            sum(exact.moved(k) for k in told),
            sum(lit for k in told for lit in exact.recrewed(k)),
            sum(exact.ticks_moved(k) for k in told),
            exact.total(),
        ]

    def _candidates(self, snapshot: dict[int, Place]) -> Callable[[int, int], set[int] | None]:
        draft = self.draft

        def choose(movement: int, need: int) -> set[int] | None:
            raw = draft.problem.movements[movement]
            roster = draft.rosters[raw.needs[need].pool]
            if len(roster.resources) <= _CANDIDATES:
                return None
            found: set[int] = set()
            for place in (snapshot.get(movement), self._published(movement)):
                if place is not None:
                    found.update(place.teams.get(need, ()))
                    duties = draft.need_duties(place.mode, raw.needs[need].id)
                    if duties:
                        found.update(roster.likely(duties, place.start)[: _CANDIDATES // 2])
            if not found:
                duties = draft.need_duties(
                    draft.tables.modes_of[movement][0], raw.needs[need].id
                )
                found.update(roster.likely(duties, raw.requested)[:_CANDIDATES] if duties else ())
            return found

        return choose

    def _within(self, snapshot: dict[int, Place]) -> Callable[[int], tuple[int, int]]:
        def window(movement: int) -> tuple[int, int]:
            place = snapshot.get(movement)
            if place is None or movement in self.broken:
                return 0, self.conflicts.horizon
            return place.start - 240, place.start + 240

        return window

    # ---- at the end ---------------------------------------------------------------------------

    def _go_home(self) -> None:
        """Bring back what turns out to fit where it was published after all."""
        draft = self.draft
        for movement in list(draft.placed):
            home = self._published(movement)
            changed = is_moved(draft, movement) or recrewed(draft, movement)
            if home is None or not changed or self._is_fixed(movement):
                continue
            here = draft.unplace(movement)
            draft.place(movement, home.mode, home.start, home.teams)
            if not is_valid(draft, movement):
                draft.unplace(movement)
                draft.place(movement, here.mode, here.start, here.teams)

    def _proof(self, *, optimal: bool) -> Proof:
        draft = self.draft
        moved = {k for k in range(len(draft.problem.movements)) if is_moved(draft, k)}
        if moved <= self.impossible and all(k in draft.placed for k in moved):
            return "only-broken-moved"
        return "neighbourhood-optimal" if optimal else "none"
