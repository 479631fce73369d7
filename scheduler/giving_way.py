"""Let others give way to one movement: re-crewed where they are, or moved a little."""

from typing import TYPE_CHECKING

import numpy as np

from scheduler.adopt import adopt, is_valid, strands
from scheduler.displacement import key_of
from scheduler.draft import Draft, Place, Teams
from scheduler.ejection import Ejection, blocked
from scheduler.exact import Exact
from scheduler.neighbourhoods import closed_visits, is_settled
from scheduler.rosters import FAR
from scheduler.starts import crew, holders, is_open

if TYPE_CHECKING:
    from scheduler.mend import Mender

_SWAPPED = 9
"""Movements, at most, whose teams are changed to free one for another."""
_SWAP_S = 0.25
_TRIED = 8
_LENT = 4
"""Movements, at most, that are taken out for their teams."""
_PER_BLOCKER_TICKS = 45
"""Each movement in the way makes a start as unwelcome as if it were so much farther away."""
_FORCED_STEPS = 120
_SHARE = 0.6
"""Of the time, for letting movements in; the rest is for neighbourhoods and the answer."""


class GivingWay:
    """Makes room for one movement of a mender's draft at a time."""

    def __init__(self, mender: "Mender") -> None:
        self._mender = mender
        self._draft: Draft = mender.draft

    # ---- only teams ---------------------------------------------------------------------------

    def swap_crews(self, movement: int, place: Place) -> bool:
        """Place a movement where it was told to be by re-crewing others; nobody is moved.

        Args:
            movement: It is not in the draft, and no rule but the team rules is against the place.
            place: Where it was told to be.
        """
        draft, clock = self._draft, self._mender.clock
        if clock.is_over(_SHARE):
            return False
        others = [
            k for k in holders(draft, movement, place.mode, place.start) if not is_settled(draft, k)
        ]
        snapshot = draft.snapshot()
        here = {k: draft.unplace(k) for k in others[:_SWAPPED]}
        here[movement] = place
        exact = Exact(draft, here, within=lambda k: (here[k].start, here[k].start))
        for k, one in exact.free.items():
            exact.model.add(one.modes.get(here[k].mode, 0) == 1)
        told = [k for k in here if draft.problem.movements[k].published is not None]
        changed = sum(lit for k in told for lit in exact.recrewed(k))
        value = exact.minimise(changed, clock.limit(min(_SWAP_S, max(clock.left_s, 0.0))))
        if value is not None and adopt(draft, exact.places()):
            return True
        draft.restore(snapshot)
        return False

    # ---- also starts --------------------------------------------------------------------------

    def let_in(self, focus: int) -> bool:
        """Place a movement nearer to its own start and who is in the way nearest to theirs.

        Some starts are tried, those with few in their way and near first; the best plan by
        :func:`scheduler.displacement.key_of` is kept if it is better than the one before.
        """
        draft = self._draft
        before = draft.snapshot()
        broken = dict(self._mender.broken)
        best, kept = key_of(draft, self._mender.displacement), before
        for place, blockers in self._chances(focus):
            if self._mender.clock.is_over(_SHARE):
                break
            if self._try(focus, place, blockers):
                key = key_of(draft, self._mender.displacement)
                if key < best:
                    best, kept = key, draft.snapshot()
            draft.restore(before)
        self._mender.broken = broken
        draft.restore(kept)
        return kept is not before

    def force_in(self, wanted: list[int], *, far: bool) -> None:
        """Place movements by putting others out in turn, where the whole plan gains by it.

        Args:
            wanted: What is left out or displaced.
            far: Whether displaced starts will do, for them and for those that are put out.
        """
        mender, draft = self._mender, self._draft
        best, before = key_of(draft, mender.displacement), draft.snapshot()
        found = before

        def is_better() -> bool:
            nonlocal best, found
            now = key_of(draft, mender.displacement)
            if now < best:
                best, found = now, draft.snapshot()
            return found is not before

        def prefer(movement: int) -> Teams | None:
            place = mender.published(movement)
            return None if place is None else place.teams

        taken = self._take_out([k for k in wanted if k in draft.placed])
        Ejection(
            draft,
            sorted({*wanted, *taken}, key=mender.told_start, reverse=True),
            told=mender.told_start,
            latest=(lambda _: FAR) if far else mender.displacement.latest,
            prefer=prefer,
            is_over=lambda: mender.clock.is_over(_SHARE),
            is_better=is_better,
            seed=mender.clock.limits.seed,
        ).run(_FORCED_STEPS)
        draft.restore(found)

    def _chances(self, focus: int) -> list[tuple[Place, list[int]]]:
        """Starts for a movement, without teams, and who is in the way; the likeliest first."""
        draft = self._draft
        told = self._mender.told_start(focus)
        held = draft.placed.get(focus)
        far = draft.conflicts.horizon if held is None else abs(held.start - told)
        taken = self._take_out([focus])
        found: list[tuple[int, Place, list[int]]] = []
        for mode in draft.tables.modes_of[focus]:
            ticks = np.flatnonzero(draft.conflicts.mask(mode))
            ticks = ticks[np.abs(ticks - told) < far]
            ticks = ticks[np.argsort(np.abs(ticks - told), kind="stable")]
            for tick, blockers in blocked(draft, focus, mode, ticks):
                worth = abs(tick - told) + _PER_BLOCKER_TICKS * len(blockers)
                found.append((worth, Place(mode, tick, {}), blockers))
        self._put_back(taken)
        found.sort(key=lambda one: one[0])
        return [(place, blockers) for _, place, blockers in found[:_TRIED]]

    def _take_out(self, movements: list[int]) -> dict[int, Place]:
        """Unplace movements with what hangs on them."""
        draft = self._draft
        return {k: draft.unplace(k) for k in closed_visits(draft, movements) if k in draft.placed}

    def _put_back(self, taken: dict[int, Place]) -> None:
        for k, place in taken.items():
            self._draft.place(k, place.mode, place.start, place.teams)
            self._draft.placed[k] = place

    def _try(self, focus: int, place: Place, blockers: list[int]) -> bool:
        """Place a movement at a start and all that it displaces near their own."""
        draft = self._draft
        taken = self._take_out([focus, *blockers])
        if not is_open(draft, focus, place.mode, place.start, pending=True):
            return False
        prefer = self._mender.published(focus)
        teams = crew(draft, focus, place.mode, place.start, prefer.teams if prefer else None)
        for holder in (
            [] if teams is not None else holders(draft, focus, place.mode, place.start)[:_LENT]
        ):
            if not is_settled(draft, holder):
                taken.update(self._take_out([holder]))
                teams = crew(draft, focus, place.mode, place.start)
                if teams is not None:
                    break
        if teams is None:
            return False
        draft.place(focus, place.mode, place.start, teams)
        for k in sorted(taken, key=self._mender.told_start):
            if k not in draft.placed and not self._mender.place_near(k):
                return False
        left = [k for k in range(len(draft.problem.movements)) if k not in draft.placed]
        return (
            focus in draft.placed
            and is_valid(draft, focus)
            and not any(strands(draft, k) for k in left)
        )
