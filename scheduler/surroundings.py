"""Where a mended plan leaves something to be wished: exact neighbourhoods, growing, in stages."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduler.adopt import adopt
from scheduler.changes import is_moved, recrewed
from scheduler.displacement import HOUR_WORTH, Key, key_of
from scheduler.draft import Place
from scheduler.exact import Exact, Expression
from scheduler.neighbourhoods import is_settled
from scheduler.roaming import Roaming
from scheduler.starts import barriers, paint, separated

if TYPE_CHECKING:
    from scheduler.mend import Mender

_NEAR = (12, 30)
"""Free movements of the first neighbourhoods, in which nobody may be displaced."""
_FULL = (60, 100)
"""The same while somebody is left out or displaced."""
_WIDE = (8, 14, 22)
"""Free movements where those that found no place may go anywhere."""
_WIDE_TICKS = 240
_STROLL = 80
"""Steps without a gain after which a first walk gives way to larger neighbourhoods."""
_MORE = 240
"""Ticks by which what has come loose may be displaced in the first neighbourhoods."""
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

Within = Callable[[int], tuple[int, int]]
"""First and last start of a movement to be looked at."""


class Surroundings:
    """Looks around what a mender could not repair well by itself."""

    def __init__(self, mender: "Mender") -> None:
        self._mender = mender
        self._draft = mender.draft
        self._hopeless: dict[int, bool] = {}

    def look(self) -> bool:
        """Solve growing neighbourhoods where something is left out, moved far, or moved for others.

        At first nobody else may be displaced in them, which keeps even large ones small enough to
        be solved to the end. Only where that does not do, other plans are walked through, and
        those that found no place may go anywhere.

        Returns:
            Whether the last neighbourhoods are proved the best.
        """
        proved = self._grow(_NEAR, self._loose)
        if not self._is_poor():
            return proved
        before = self._key()
        roaming = Roaming(self._mender, self._key, self.lost)
        for search in (
            lambda: roaming.walk(_STROLL),
            lambda: self._grow(_FULL, self._near),
            roaming.force_in,
            roaming.walk,
            lambda: self._grow(_WIDE, self._wide),
            roaming.rescue,
        ):
            search()
            if not self._is_poor():
                break
        if self._key() < before:
            proved = self._grow(_NEAR[-1:], self._loose)
        return proved and not self.lost()

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
        return bool(self.lost()) or any(
            self._mender.displacement.is_displaced(k) for k in self._unsettled()
        )

    def _key(self) -> Key:
        return key_of(self._draft, self._mender.displacement)

    def lost(self) -> list[int]:
        """What was published and has no place now, though it could have one."""
        movements = self._draft.problem.movements
        return [
            k
            for k in self._unsettled()
            if k not in self._draft.placed and movements[k].published is not None
        ]

    def _foci(self, *, first: bool) -> list[int]:
        """What to build neighbourhoods around: what was lost first, then what has moved far.

        What was never published is tried for once: placing it by moving others is for improving.
        """
        movements = self._draft.problem.movements
        found = self._unsettled()
        out = {k for k in found if k not in self._draft.placed}
        # What follows something that is left out itself is looked at with it.
        found = [k for k in found if not out.intersection(self._before(k))]
        new = [k for k in found if movements[k].published is None]
        told = [k for k in found if movements[k].published is not None]
        return told[:_FOCI] + (new[:_NEW] if first else [])

    def _before(self, movement: int) -> list[int]:
        """What a movement comes after."""
        orders = self._draft.conflicts.orders_before.get(movement, ())
        return [order.before for order, _ in orders if order.before is not None]

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
        """Whether no other plan could place a movement: what nobody can change leaves nothing."""
        known = self._hopeless.get(movement)
        if known is None:
            self._hopeless[movement] = False  # what waits for itself is for the rules to say
            known = self._hopeless[movement] = not self._has_room(movement) or any(
                before not in self._draft.placed and self._is_hopeless(before)
                for before in self._before(movement)
            )
        return known

    def _has_room(self, movement: int) -> bool:
        """Whether windows, what is fixed, and ships that stay leave a movement any start."""
        draft = self._mender.settled()
        for mode in draft.tables.modes_of[movement]:
            mask = draft.conflicts.mask(mode).copy()
            low, high, _ = separated(draft, mode)
            paint(mask, low, high)
            for wall in barriers(draft, movement, mode):
                if all(is_settled(draft, k) for k in wall.movements):
                    mask[max(wall.low, 0) : max(wall.high + 1, 0)] = False
            if mask.any():
                return True
        return False

    def _around(self, focus: int, size: int) -> list[int]:
        """A movement with those of its visit, and those near in time to where they should be.

        A visit of which more has come loose is looked at from each of its loose ends.
        """
        draft = self._draft
        orders = self._draft.conflicts
        visit = [focus]
        visit += [order.after for order, _ in orders.orders_after.get(focus, ())]
        visit += self._before(focus)
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

    def _places(self, movement: int) -> set[str]:
        modes = (self._draft.tables.modes[m] for m in self._draft.tables.modes_of[movement])
        return {p for mode in modes for p in (mode.from_place, mode.to_place) if p is not None}

    def _distance(self, movement: int, focus: int) -> int:
        """How far in time a movement is from where the other should be, by berth much nearer."""
        at = self._draft.placed.get(movement)
        begin = self._mender.purpose.wanted(movement) if at is None else at.start
        wanted = self._mender.purpose.wanted(focus)
        there = self._mender.displacement.unavoidable(focus)
        apart = min(abs(begin - wanted), abs(begin - there))
        return apart // 4 if self._places(movement) & self._places(focus) else apart

    def _solve(self, chosen: list[int], window: Callable[[dict[int, Place]], Within]) -> bool:
        """Place a neighbourhood anew with the smallest change; whether that is proved."""
        draft, before = self._draft, self._key()
        snapshot = draft.snapshot()
        for movement in chosen:
            if movement in draft.placed:
                draft.unplace(movement)
        candidates = self._candidates(snapshot, _CANDIDATES if len(chosen) <= _NEAR[-1] else _FEW)
        exact = Exact(draft, chosen, candidates, window(snapshot))
        exact.hint({k: snapshot[k] for k in chosen if k in snapshot})
        loss = self._loss(chosen, snapshot)
        proved, found, first = True, False, True
        for goal in self._goals(exact):
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

    def _candidates(
        self, snapshot: dict[int, Place], most: int
    ) -> Callable[[int, int], set[int] | None]:
        draft = self._draft

        def choose(movement: int, need: int) -> set[int] | None:
            raw = draft.problem.movements[movement]
            roster = draft.rosters[raw.needs[need].pool]
            here = snapshot.get(movement)
            thrown = here is None or self._mender.displacement.hours(movement, here.start)
            if thrown or len(roster.resources) <= most:
                return None
            found: set[int] = set()
            for place in (snapshot.get(movement), self._mender.purpose.home(movement)):
                if place is not None:
                    found.update(place.teams.get(need, ()))
                    duties = draft.need_duties(place.mode, raw.needs[need].id)
                    if duties:
                        found.update(roster.likely(duties, place.start)[: most // 2])
            return found

        return choose

    def _near(self, snapshot: dict[int, Place], more: int = 0) -> Within:
        """Nobody may be displaced, or only what has come loose, by so many ticks ``more``.

        Who is new stays about where it is, or goes where there is room.
        """
        movements, horizon = self._draft.problem.movements, self._draft.conflicts.horizon
        away = self._mender.displacement

        def window(movement: int) -> tuple[int, int]:
            place = snapshot.get(movement)
            if movements[movement].published is not None:
                loose = place is None or movement in self._mender.broken
                return away.soonest(movement), away.latest(movement) + (more if loose else 0)
            if place is None:
                return 0, horizon
            return place.start - _WIDE_TICKS, place.start + _WIDE_TICKS

        return window

    def _loose(self, snapshot: dict[int, Place]) -> Within:
        """As :meth:`_near`, where what has come loose may be displaced by some hours."""
        return self._near(snapshot, _MORE)

    def _wide(self, snapshot: dict[int, Place]) -> Within:
        """What is broken or has no place may go anywhere."""

        def window(movement: int) -> tuple[int, int]:
            place = snapshot.get(movement)
            if place is None or movement in self._mender.broken:
                return 0, self._draft.conflicts.horizon
            return place.start - _WIDE_TICKS, place.start + _WIDE_TICKS

        return window
