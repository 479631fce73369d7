"""Where exact neighbourhoods do not help a mended plan: force in what is lost, and walk about."""

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from scheduler.displacement import Key
from scheduler.ejection import Ejection
from scheduler.recreate import Heat, Recreation
from scheduler.rosters import FAR

if TYPE_CHECKING:
    from scheduler.mend import Mender

_STEPS, _IDLE = 3_000, 400
"""Steps of a walk through other plans, and how many of them without a gain are enough."""
_HEAT = 4_000
"""How much worse a plan may be on the way: two movements moved."""
_FORCED_STEPS = 200
_FORCING, _FORCING_FAR, _WALKING, _RESCUING = 0.7, 0.75, 0.8, 0.92
"""Shares of the time after which nothing more is forced in near, or far, walked for, rescued."""


class Roaming:
    """Searches far and wide for a mender, by the order of what is to be small.

    Args:
        mender: Whose draft is mended.
        key: What is to be small, of the draft as it is.
        lost: What was published and has no place now.
    """

    def __init__(
        self, mender: "Mender", key: Callable[[], Key], lost: Callable[[], list[int]]
    ) -> None:
        self._mender = mender
        self._draft = mender.draft
        self._key = key
        self._lost = lost

    def force_in(self) -> None:
        """Place what was lost by putting others out in turn, near at first, then anywhere."""
        for far, share in ((False, _FORCING), (True, _FORCING_FAR)):
            if self._lost():
                self._force_in(share, far=far)
        self._mender.go_home()

    def rescue(self) -> None:
        """A last try for what is lost still: far away is better than nowhere."""
        if self._lost():
            self._force_in(_RESCUING, far=True)
            self._mender.go_home()

    def _force_in(self, share: float, *, far: bool) -> None:
        """Place what was lost by putting others out in turn, where the whole plan gains by it.

        ``far``: displaced starts will do, for them and for those that are put out. ``share``: of
        the time, after which no more is tried.
        """
        mender, draft = self._mender, self._draft
        best, before = self._key(), draft.snapshot()
        found = before

        def is_better() -> bool:
            nonlocal best, found
            now = self._key()
            if now < best:
                best, found = now, draft.snapshot()
            return found is not before

        Ejection(
            draft,
            sorted(self._lost(), key=mender.purpose.wanted, reverse=True),
            purpose=mender.purpose,
            latest=(lambda _: FAR) if far else mender.displacement.latest,
            is_over=lambda: mender.clock.is_over(share),
            is_better=is_better,
            seed=mender.clock.limits.seed,
        ).run(_FORCED_STEPS)
        draft.restore(found)

    def walk(self, idle: int = _IDLE) -> None:
        """Take movements out and place them anew nearer to where they were told to be.

        ``idle``: so many steps without a gain are enough.
        """
        clock = self._mender.clock
        walk = Recreation(
            self._draft,
            self._mender.purpose,
            random.Random(clock.limits.seed),  # noqa: S311 - repeatable, not secret
            key=self._key,
        )
        begun = clock.elapsed_s
        end = max(_WALKING * clock.limits.wall_s, begun + 0.01)

        def share() -> float:
            if clock.limits.deterministic:
                return walk.steps / _STEPS
            return (clock.elapsed_s - begun) / (end - begun)

        walk.run(
            lambda: walk.idle >= idle or clock.is_over(_WALKING),
            share,
            Heat(_HEAT, _HEAT / 40),
            _STEPS,
        )
        self._mender.go_home()
