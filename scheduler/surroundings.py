"""Where a mended plan leaves something to be wished: exact neighbourhoods, growing, in stages."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from scheduler.adopt import adopt
from scheduler.changes import is_moved, recrewed
from scheduler.displacement import HOUR_WORTH, Key, key_of
from scheduler.draft import Place
from scheduler.exact import Exact, Expression
from scheduler.latitude import Latitude, Within
from scheduler.neighbourhoods import is_settled, places_of
from scheduler.prospects import Prospects
from scheduler.roaming import Roaming
from scheduler.tides import Mask

if TYPE_CHECKING:
    from scheduler.mend import Mender

_NEAR = (12, 30)
"""Free movements of the first neighbourhoods; only what is loose may be displaced, a little."""
_FULL = (60, 100)
"""The same, with nobody displaced, while somebody is left out or displaced."""
_WIDE = (8, 14, 22)
"""Free movements where those that found no place may go anywhere."""
_STROLL = 80
"""Steps without a gain after which a first walk gives way to larger neighbourhoods."""
_FAR_TICKS = 45
"""A repair that moves something further than this is worth a look at its neighbours."""
_CHANGED_TICKS = 120
"""Who is changed already counts as so much nearer."""
_CANDIDATES, _FEW = 14, 6
"""Resources that a need may choose from in a neighbourhood; fewer in those of ``_FULL``."""
_FOCI = 10
"""How many movements, at most, a round of neighbourhoods is built around."""
_NEW = 2
_SHARE = 0.7
"""Of the time, for looking around; the rest is for the answer."""
_SOLVE_S = 0.6
_LOST, _LEFT_OUT = 1_000, 1
"""Weights in the first stage: published and left out, and left out."""


class Surroundings:
    """Looks around what a mender could not repair well by itself."""

    def __init__(self, mender: "Mender") -> None:
        self._mender = mender
        self._draft = mender.draft
        self._prospects = Prospects(mender)
        self._latitude = Latitude(mender)

    def look(self) -> bool:
        """Solve growing neighbourhoods where something is left out, moved far, or moved for others.

        At first nobody else may be displaced in them, and then nobody at all, which keeps even
        large ones small enough to be solved to the end. Only where that does not do, other plans
        are walked through, and those that found no place may go anywhere.

        Returns:
            Whether the last neighbourhoods are proved the best.
        """
        proved = self._grow(_NEAR, self._latitude.loose)
        if not self._is_poor():
            return proved
        before = self._key()
        roaming = Roaming(self._mender, self._key, self.lost)
        for search in (
            lambda: roaming.walk(_STROLL),
            lambda: self._grow(_FULL, self._latitude.near),
            roaming.force_in,
            roaming.walk,
            lambda: self._grow(_WIDE, self._latitude.wide),
            roaming.rescue,
        ):
            search()
            if not self._is_poor():
                break
        if self._key() < before:
            proved = self._grow(_NEAR[-1:], self._latitude.loose)
        return proved and not self.lost()

    @cached_property
    def _places(self) -> Mask:
        return places_of(self._draft)

    def _grow(self, sizes: tuple[int, ...], window: Callable[[dict[int, Place]], Within]) -> bool:
        """Solve neighbourhoods of some sizes in turn; whether the last ones are proved the best."""
        proved = True
        tried: set[frozenset[int]] = set()
        for size in sizes:
            round_proved, seen = True, set[int]()
            for focus in self._foci(first=size == _NEAR[0]):
                chosen = [] if focus in seen else self._around(focus, size)
                if not chosen or frozenset(chosen) in tried:
                    continue
                if self._mender.clock.is_over(_SHARE):
                    return False
                tried.add(frozenset(chosen))
                if self._solve(chosen, window):
                    seen.update(chosen)
                else:
                    round_proved = False
            proved = round_proved
            if proved and size >= _NEAR[-1] and not self._is_poor():
                break
        return proved

    def _is_poor(self) -> bool:
        """Whether something is lost or displaced."""
        unsettled = self._unsettled()
        displaced = self._mender.displacement.is_displaced
        return bool(self._lost(unsettled)) or any(displaced(k) for k in unsettled)

    def _key(self) -> Key:
        return key_of(self._draft, self._mender.displacement)

    def lost(self) -> list[int]:
        """What was published and has no place now, though it could have one."""
        return self._lost(self._unsettled())

    def _lost(self, among: list[int]) -> list[int]:
        placed, movements = self._draft.placed, self._draft.problem.movements
        return [k for k in among if k not in placed and movements[k].published is not None]

    def _foci(self, *, first: bool) -> list[int]:
        """What to build neighbourhoods around: what was lost first, then what has moved far.

        What was never published is tried for once: placing it by moving others is for improving.
        """
        movements = self._draft.problem.movements
        found = self._unsettled()
        out = {k for k in found if k not in self._draft.placed}
        # What follows something that is left out itself is looked at with it.
        found = [k for k in found if not out.intersection(self._draft.conflicts.before(k))]
        new = [k for k in found if movements[k].published is None]
        told = [k for k in found if movements[k].published is not None]
        return told[:_FOCI] + (new[:_NEW] if first else [])

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
                if not self._prospects.is_hopeless(k):
                    found.insert(0, k)
            elif (
                raw.published is not None
                and is_moved(draft, k)
                and (
                    k not in self._mender.impossible
                    or abs(place.start - raw.published.start) > _FAR_TICKS
                    or self._mender.displacement.is_displaced(k)
                )
                and not self._is_nearest(k, abs(place.start - raw.published.start))
            ):
                found.append(k)
        return found

    def _is_nearest(self, movement: int, away: int) -> bool:
        """Whether a movement had to move in time, and no plan has it nearer to where it was."""
        least = self._prospects.least_away(movement)
        return 0 < least >= away

    def _around(self, focus: int, size: int) -> list[int]:
        """A movement with those of its visit, and those near in time to where they should be.

        A visit of which more has come loose is looked at from each of its loose ends.
        """
        draft = self._draft
        visit = [focus, *draft.conflicts.after(focus), *draft.conflicts.before(focus)]
        loose = [k for k in visit if k == focus or self._must_move(k)]
        movements = draft.problem.movements
        # Who found no place at first is no help here, and looks for one all over the horizon.
        everyone = [
            k
            for k in range(len(movements))
            if k in draft.placed or movements[k].published is not None
        ]
        changed = {k: is_moved(draft, k) or bool(recrewed(draft, k)) for k in everyone}
        found = dict.fromkeys(visit)
        distance = {
            k: min(self._distance(k, end) for end in loose) - _CHANGED_TICKS * changed[k]
            for k in everyone
        }
        for movement in sorted(everyone, key=lambda k: distance[k]):
            if len(found) >= size:
                break
            found[movement] = None
        return [k for k in found if not is_settled(draft, k)]

    def _must_move(self, movement: int) -> bool:
        """Whether a movement cannot stay as it was told, or has been moved already."""
        placed = movement in self._draft.placed
        told = self._mender.purpose.wanted(movement)
        return (placed and is_moved(self._draft, movement)) or (
            self._mender.displacement.unavoidable(movement) != told
        )

    def _distance(self, movement: int, focus: int) -> int:
        """How far in time a movement is from where the other should be, by berth much nearer."""
        at = self._draft.placed.get(movement)
        begin = self._mender.purpose.wanted(movement) if at is None else at.start
        wanted = self._mender.purpose.wanted(focus)
        there = self._mender.displacement.unavoidable(focus)
        apart = min(abs(begin - wanted), abs(begin - there))
        shared = (self._places[movement] & self._places[focus]).any()
        return apart // 4 if shared else apart

    def _solve(self, chosen: list[int], window: Callable[[dict[int, Place]], Within]) -> bool:
        """Place a neighbourhood anew with the smallest change; whether that is proved."""
        draft, before, reached = self._draft, self._key(), self._reached(chosen)
        snapshot = draft.snapshot()
        for movement in chosen:
            if movement in draft.placed:
                draft.unplace(movement)
        candidates = self._latitude.candidates(
            snapshot, _CANDIDATES if len(chosen) <= _NEAR[-1] else _FEW
        )
        exact = Exact(draft, chosen, candidates, window(snapshot))
        exact.hint({k: snapshot[k] for k in chosen if k in snapshot})
        loss = self._loss(chosen, snapshot)
        proved, found, first = True, False, True
        goals = self._goals(exact)
        for value in reached:
            exact.model.add(goals.pop(0) <= value)
            first = False
        for goal in goals:
            left = self._mender.clock.left_s * 0.5
            if left < 0.02:
                proved = False
                break
            value = exact.minimise(goal, self._mender.clock.limit(min(left, _SOLVE_S)))
            if value is None:
                proved = False
                break
            found = True
            proved = proved and exact.proved
            if first and 0 < loss <= value:
                break  # who is lost stays lost: what else is changed is for others to settle
            first = False
            exact.model.add(goal <= value)
            exact.hint_again()
        if not found or not adopt(draft, exact.places()) or self._key() > before:
            draft.restore(snapshot)
            return False
        return proved

    def _reached(self, chosen: list[int]) -> list[int]:
        """Values of the first goals of a neighbourhood, as far as none can be less than they are.

        So it is where nobody is left out, and where only they are disturbed who had to move.
        """
        movements = self._draft.problem.movements
        if any(k not in self._draft.placed for k in chosen):
            return []
        told = [k for k in chosen if movements[k].published is not None]
        disturbed = sum(self._mender.displacement.disturbance(k) for k in told)
        least = sum(k in self._mender.impossible for k in told)
        return [0, disturbed] if disturbed == least else [0]

    def _loss(self, chosen: list[int], snapshot: dict[int, Place]) -> int:
        """What the first stage counts now."""
        movements = self._draft.problem.movements
        return sum(
            _LEFT_OUT if movements[k].published is None else _LOST
            for k in chosen
            if k not in snapshot
        )

    def _goals(self, exact: Exact) -> list[Expression]:
        """In turn: who is left out, then how much is changed, then the cost."""
        movements = self._draft.problem.movements
        told = [k for k in exact.free if movements[k].published is not None]
        losses: list[Expression] = [
            (_LEFT_OUT if movements[k].published is None else _LOST) * (1 - one.placed)
            for k, one in exact.free.items()
        ]
        crews = [lit for k in told for lit in exact.recrewed(k)]
        # No sum of ticks is as much as one team.
        ticks = 1 + sum(exact.most_ticks_moved(k) for k in told)
        disturbed: list[Expression] = [
            *(exact.moved(k) for k in told),
            *(HOUR_WORTH * self._hours(exact, k) for k in told),
        ]
        lesser: list[Expression] = [
            *(ticks * lit for lit in crews),
            *(exact.ticks_moved(k) for k in told),
        ]
        goals: list[Expression] = [sum(losses), sum(disturbed), sum(lesser)]
        return [*goals, exact.total()] if len(exact.free) <= _NEAR[-1] else goals

    def _hours(self, exact: Exact, movement: int) -> Expression:
        away = self._mender.displacement
        steps = exact.hours_outside(movement, away.soonest(movement), away.latest(movement))
        return away.weight(movement) * steps
