"""Masks over ticks as CP-SAT domains."""

import numpy as np
from ortools.sat.python import cp_model

from scheduler.tides import Mask


def domain_of(mask: Mask) -> cp_model.Domain:
    """The ticks of a mask of shape ``(ticks,)`` as a domain."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.view(np.int8), [0]])))
    return cp_model.Domain.from_intervals(
        [[int(a), int(b) - 1] for a, b in zip(edges[::2], edges[1::2], strict=True)]
    )
