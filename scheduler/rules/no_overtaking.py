"""Where overtaking is not allowed, ships leave a segment in the order in which they entered it."""

from collections.abc import Iterator

import numpy as np

from scheduler.ways import Forbidden, Pairs, Separation


def forbidden(pairs: Pairs) -> Iterator[Forbidden]:
    """Differences with which the order at the two gates is not the same, or not strict."""
    free = pairs.tables.of_segments("overtaking") > 0
    together_in = pairs.a_enter - pairs.b_enter
    together_out = pairs.a_leave - pairs.b_leave
    yield Forbidden(
        pairs.same_way & ~free[pairs.segment],
        np.minimum(together_in, together_out),
        np.maximum(together_in, together_out),
    )


RULE = Separation("no_overtaking", forbidden)
