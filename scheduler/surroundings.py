"""Where a mended plan leaves something to be wished: exact neighbourhoods, growing, in stages."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduler.adopt import adopt
from scheduler.answer import is_moved, recrewed
from scheduler.displacement import Key, key_of
from scheduler.draft import Place
from scheduler.exact import Exact, Expression
from scheduler.giving_way import GivingWay
from scheduler.neighbourhoods import is_settled

if TYPE_CHECKING:
    from scheduler.mend import Mender

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


class Surroundings:
    """Looks around what a mender could not repair well by itself."""

    def __init__(self, mender: "Mender") -> None:
        self._mender = mender
        self._draft = mender.draft

    def look(self) -> bool:
        """Solve growing neighbourhoods where something is left out, moved far, or moved for others.

        Returns:
            Whether the last neighbourhoods are proved the best.
        """
        proved = False
        self._make_room()
        tried: set[frozenset[int]] = set()
        for size in _SIZES:
            proved = True
            for focus in self._foci(size):
                chosen = self._around(focus, size)
                if frozenset(chosen) in tried:
                    continue
                if self._mender.clock.is_over(_SHARE):
                    return False
                tried.add(frozenset(chosen))
                proved = self._solve(chosen, self._key()) and proved
            if proved and not self._lost() and not self._displaced():
                break
        return proved

    def _make_room(self) -> None:
        """Let others give way to what is left out or displaced; no models are built for it."""
        giving = GivingWay(self._mender)
        for focus in self._foci(_SIZES[0]):
            if self._is_far(focus):
                giving.let_in(focus)
        for far in (False, True):
            lost = self._lost()
            if lost:
                giving.force_in(lost, far=far)
                self._mender.go_home()
        for focus in self._foci(_SIZES[0]):
            if self._mender.displacement.is_displaced(focus) and not giving.let_in(focus):
                giving.force_in([focus], far=False)

    def _key(self) -> Key:
        return key_of(self._draft, self._mender.displacement)

    def _is_far(self, movement: int) -> bool:
        """Whether a movement is left out or displaced, so that others should give way to it."""
        return movement not in self._draft.placed or self._mender.displacement.is_displaced(
            movement
        )

    def _displaced(self) -> bool:
        return any(self._mender.displacement.is_displaced(k) for k in self._unsettled())

    def _lost(self) -> list[int]:
        """What was published and has no place now, though it could have one."""
        movements = self._draft.problem.movements
        return [
            k
            for k in self._unsettled()
            if k not in self._draft.placed and movements[k].published is not None
        ]

    def _foci(self, size: int) -> list[int]:
        """What to build neighbourhoods around: what was lost first, then what has moved far.

        What was never published is tried for once: placing it by moving others is for improving.
        """
        movements = self._draft.problem.movements
        found = self._unsettled()
        new = [k for k in found if movements[k].published is None]
        told = [k for k in found if movements[k].published is not None]
        return told[:_FOCI] + (new[:_NEW] if size == _SIZES[0] else [])

    def _unsettled(self) -> list[int]:
        """Movements whose repair leaves something to be wished."""
        draft = self._draft
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
                or (is_moved(draft, k) and k not in self._mender.impossible)
                or self._mender.displacement.is_displaced(k)
            ):
                found.append(k)
        return found

    def _is_hopeless(self, movement: int) -> bool:
        """Whether no other plan could place a movement: its windows leave nothing."""
        modes = self._draft.tables.modes_of[movement]
        if any(self._draft.conflicts.mask(mode).any() for mode in modes):
            return any(
                order.before is not None
                and order.before not in self._draft.placed
                and self._is_hopeless(order.before)
                for order, _ in self._draft.conflicts.orders_before.get(movement, ())
            )
        return True

    def _around(self, focus: int, size: int) -> list[int]:
        """A movement with those of its visit and those that are near in time, by berth first."""
        draft = self._draft
        found: dict[int, None] = {focus: None}
        for order, _ in self._draft.conflicts.orders_after.get(focus, ()):
            found[order.after] = None
        for order, _ in self._draft.conflicts.orders_before.get(focus, ()):
            if order.before is not None:
                found[order.before] = None
        everyone = range(len(draft.problem.movements))
        changed = {k: is_moved(draft, k) or bool(recrewed(draft, k)) for k in everyone}
        for movement in sorted(everyone, key=lambda k: self._distance(k, focus) - 120 * changed[k]):
            if len(found) >= size:
                break
            found[movement] = None
        return [k for k in found if not is_settled(draft, k)]

    def _places(self, movement: int) -> set[str]:
        modes = (self._draft.tables.modes[m] for m in self._draft.tables.modes_of[movement])
        return {p for mode in modes for p in (mode.from_place, mode.to_place) if p is not None}

    def _distance(self, movement: int, focus: int) -> int:
        at, there = self._draft.placed.get(movement), self._draft.placed.get(focus)
        begin = self._mender.told_start(movement) if at is None else at.start
        ticks = {
            self._mender.told_start(focus),
            self._mender.told_start(focus) if there is None else there.start,
        }
        apart = min(abs(begin - tick) for tick in ticks)
        return apart // 4 if self._places(movement) & self._places(focus) else apart

    def _solve(self, chosen: list[int], before: Key) -> bool:
        """Place a neighbourhood anew with the smallest change, stage by stage."""
        draft = self._draft
        snapshot = draft.snapshot()
        for movement in chosen:
            if movement in draft.placed:
                draft.unplace(movement)
        exact = Exact(draft, chosen, self._candidates(snapshot), self._within(snapshot))
        exact.hint({k: snapshot[k] for k in chosen if k in snapshot})
        proved = True
        found = False
        for goal in self._goals(exact):
            left = self._mender.clock.left_s * 0.5
            if left < 0.02:
                proved = False
                break
            value = exact.minimise(goal, self._mender.clock.limit(min(left, 1.0)))
            if value is None:
                proved = False
                break
            found = True
            proved = proved and exact.proved
            exact.model.add(goal <= value)
            exact.hint_again()
        if not found or not adopt(draft, exact.places()) or self._key() > before:
            draft.restore(snapshot)
            return False
        return proved

    def _goals(self, exact: Exact) -> list[Expression]:
        movements = self._draft.problem.movements
        told = [k for k in exact.free if movements[k].published is not None]
        return [
            sum(1 - one.placed for one in exact.free.values()),
            sum(exact.later_than(k, self._mender.displacement.latest(k)) for k in told),
            sum(exact.moved(k) for k in told),
            sum(lit for k in told for lit in exact.recrewed(k)),
            sum(exact.ticks_moved(k) for k in told),
            exact.total(),
        ]

    def _candidates(self, snapshot: dict[int, Place]) -> Callable[[int, int], set[int] | None]:
        draft = self._draft

        def choose(movement: int, need: int) -> set[int] | None:
            raw = draft.problem.movements[movement]
            roster = draft.rosters[raw.needs[need].pool]
            if len(roster.resources) <= _CANDIDATES:
                return None
            found: set[int] = set()
            for place in (snapshot.get(movement), self._mender.published(movement)):
                if place is not None:
                    found.update(place.teams.get(need, ()))
                    duties = draft.need_duties(place.mode, raw.needs[need].id)
                    if duties:
                        found.update(roster.likely(duties, place.start)[: _CANDIDATES // 2])
            if not found:
                duties = draft.need_duties(draft.tables.modes_of[movement][0], raw.needs[need].id)
                found.update(roster.likely(duties, raw.requested)[:_CANDIDATES] if duties else ())
            return found

        return choose

    def _within(self, snapshot: dict[int, Place]) -> Callable[[int], tuple[int, int]]:
        def window(movement: int) -> tuple[int, int]:
            place = snapshot.get(movement)
            if place is None or movement in self._mender.broken:
                return 0, self._draft.conflicts.horizon
            return place.start - 240, place.start + 240

        return window
