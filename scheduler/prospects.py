"""What no mended plan can better: who cannot be placed, and how near to home the others can be."""

from typing import TYPE_CHECKING

import numpy as np

from scheduler.neighbourhoods import is_settled
from scheduler.rosters import FAR
from scheduler.starts import barriers, paint, separated
from scheduler.tides import Mask

if TYPE_CHECKING:
    from scheduler.mend import Mender


class Prospects:
    """Bounds by what nobody can change: windows, what is fixed, and ships that stay."""

    def __init__(self, mender: "Mender") -> None:
        self._mender = mender
        self._hopeless: dict[int, bool] = {}
        self._nearest: dict[int, int] = {}

    def is_hopeless(self, movement: int) -> bool:
        """Whether no plan could place a movement that is left out."""
        known = self._hopeless.get(movement)
        if known is None:
            self._hopeless[movement] = False  # what waits for itself is for the rules to say
            draft = self._mender.draft
            known = self._hopeless[movement] = not self._room(movement).any() or any(
                before not in draft.placed and self.is_hopeless(before)
                for before in draft.conflicts.before(movement)
            )
        return known

    def least_away(self, movement: int) -> int:
        """No plan starts a published movement nearer to where it was told to be, in ticks."""
        known = self._nearest.get(movement)
        if known is None:
            told = self._mender.purpose.wanted(movement)
            ticks = np.flatnonzero(self._room(movement))
            away = int(np.abs(ticks - told).min()) if len(ticks) else FAR
            known = self._nearest[movement] = away
        return known

    def _room(self, movement: int) -> Mask:
        """Starts that they leave a movement in any of its modes, shape ``(horizon,)``."""
        draft = self._mender.settled()
        room = np.zeros(draft.conflicts.horizon, dtype=np.bool_)
        for mode in draft.tables.modes_of[movement]:
            mask = draft.conflicts.mask(mode).copy()
            low, high, _ = separated(draft, mode)
            paint(mask, low, high)
            for wall in barriers(draft, movement, mode):
                if all(is_settled(draft, k) for k in wall.movements):
                    mask[max(wall.low, 0) : max(wall.high + 1, 0)] = False
            room |= mask
        return room
