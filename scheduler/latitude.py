"""How far the movements of a mending neighbourhood may go, and who may serve them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduler.draft import Place

if TYPE_CHECKING:
    from scheduler.mend import Mender

_WIDE_TICKS = 240
"""How far from where they are they may go who need not move."""
_MORE = 240
"""Ticks by which what has come loose may be displaced in the first neighbourhoods."""

Within = Callable[[int], tuple[int, int]]
"""First and last start of a movement to be looked at."""
Candidates = Callable[[int, int], set[int] | None]
"""Resources that a movement's need may choose from; None: all."""
Snapshot = dict[int, Place]


class Latitude:
    """What a mender allows the movements of a neighbourhood, by where they were before."""

    def __init__(self, mender: "Mender") -> None:
        self._mender = mender
        self._draft = mender.draft

    def near(self, snapshot: Snapshot, more: int = 0) -> Within:
        """Nobody may be displaced, or only what has come loose, by so many ticks ``more``.

        Who is new stays about where it is, or goes where there is room.
        """
        movements, away = self._draft.problem.movements, self._mender.displacement
        wide = self.wide(snapshot)

        def window(movement: int) -> tuple[int, int]:
            if movements[movement].published is None:
                return wide(movement)
            loose = movement not in snapshot or movement in self._mender.broken
            return away.soonest(movement), away.latest(movement) + (more if loose else 0)

        return window

    def loose(self, snapshot: Snapshot) -> Within:
        """As :meth:`near`, where what has come loose may be displaced by some hours."""
        return self.near(snapshot, _MORE)

    def wide(self, snapshot: Snapshot) -> Within:
        """What is broken or has no place may go anywhere."""

        def window(movement: int) -> tuple[int, int]:
            place = snapshot.get(movement)
            if place is None or movement in self._mender.broken:
                return 0, self._draft.conflicts.horizon
            return place.start - _WIDE_TICKS, place.start + _WIDE_TICKS

        return window

    def candidates(self, snapshot: Snapshot, most: int) -> Candidates:
        """About ``most`` who serve a need, were told to, or likely could; all for who is thrown."""
        draft = self._draft

        def choose(movement: int, need: int) -> set[int] | None:
            roster = draft.rosters[draft.problem.movements[movement].needs[need].pool]
            here = snapshot.get(movement)
            thrown = here is None or self._mender.displacement.hours(movement, here.start)
            if thrown or len(roster.resources) <= most:
                return None
            places = (here, self._mender.purpose.home(movement))
            return set().union(
                *(
                    draft.likely_team(movement, need, place, most // 2)
                    for place in places
                    if place is not None
                )
            )

        return choose
