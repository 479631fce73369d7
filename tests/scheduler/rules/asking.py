"""Ask one rule of a small problem: open starts of a mode, or forbidden differences of a pair."""

import numpy as np

from scheduler.conflicts import Conflicts
from scheduler.rules import SEPARATIONS, WINDOWS
from scheduler.tables import Tables


def open_starts(rule, problem, mode=0, starts=range(1000)):
    """Starts out of some that a window rule allows a mode (by its place in the problem)."""
    window = next(window for window in WINDOWS if window.name == rule)
    ticks = np.array(list(starts), dtype=np.int64)
    allowed = window.allowed(Tables(problem), mode, ticks)
    return set(ticks.tolist()) if allowed is None else set(ticks[allowed].tolist())


def figures(rule, problem, start, mode=0):
    window = next(window for window in WINDOWS if window.name == rule)
    assert window.figures is not None
    return window.figures(Tables(problem), mode, start)


def differences(rule, problem, one=0, other=1):
    """Forbidden ``start of other - start of one``, of two tracks by their places."""
    separation = next(separation for separation in SEPARATIONS if separation.name == rule)
    conflicts = Conflicts(problem)
    tracks, low, high = conflicts.rule_row(one, separation)
    found = {
        gap
        for track, a, b in zip(tracks.tolist(), low.tolist(), high.tolist(), strict=True)
        if track == other
        for gap in range(a, b + 1)
    }
    back, low, high = conflicts.rule_row(other, separation)
    mirrored = {
        -gap
        for track, a, b in zip(back.tolist(), low.tolist(), high.tolist(), strict=True)
        if track == one
        for gap in range(a, b + 1)
    }
    assert found == mirrored
    return found
