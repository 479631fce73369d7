"""How much of a limit is left for one solve."""

from collections.abc import Callable
from time import monotonic

from scheduler.exact import Limit
from scheduler.outcome import Limits

_NEVER_S = 3600.0


class Clock:
    """How much of a limit is left, and whether somebody asks to stop."""

    def __init__(self, limits: Limits, should_stop: Callable[[], bool] | None) -> None:
        self.begun = monotonic()
        self.limits = limits
        self._should_stop = should_stop

    @property
    def elapsed_s(self) -> float:
        """Seconds since the work began."""
        return monotonic() - self.begun

    @property
    def left_s(self) -> float:
        """Seconds that are left; where a run must repeat, always all of them."""
        if self.limits.deterministic:
            return self.limits.wall_s
        return self.limits.wall_s - self.elapsed_s

    def is_over(self, share: float = 1.0) -> bool:
        """Whether a share of the time is used up, or a stop is asked for."""
        if self._should_stop is not None and self._should_stop():
            return True
        return not self.limits.deterministic and self.elapsed_s >= share * self.limits.wall_s

    def limit(self, wall_s: float, workers: int = 1) -> Limit:
        """A limit for one exact solve: of time, or of work where a run must repeat."""
        seed = self.limits.seed
        if self.limits.deterministic:
            return Limit(_NEVER_S, workers=1, seed=seed, deterministic=wall_s)
        return Limit(wall_s, workers=workers, seed=seed)
