"""Exchange teams so that a movement can stay where it was told to be; nobody is moved."""

from scheduler.adopt import adopt
from scheduler.clock import Clock
from scheduler.crewing import holders
from scheduler.draft import Draft, Place
from scheduler.exact import Exact
from scheduler.exact_quay import stay_put
from scheduler.neighbourhoods import is_settled

_SWAPPED = 9
"""Movements, at most, whose teams are changed to free one for another."""
_SWAP_S = 0.25
_SHARE = 0.6
"""Of the time, after which nothing more is exchanged."""


def swap_crews(draft: Draft, clock: Clock, movement: int, place: Place) -> bool:
    """Place a movement where it was told to be by re-crewing others.

    Args:
        draft: The plan.
        clock: How much time is left.
        movement: It is not in the draft, and no rule but the team rules is against the place.
        place: Where it was told to be.
    """
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
        stay_put(exact, one, here[k])
    told = [k for k in here if draft.problem.movements[k].published is not None]
    changed = sum(lit for k in told for lit in exact.recrewed(k))
    value = exact.minimise(changed, clock.limit(min(_SWAP_S, max(clock.left_s, 0.0))))
    if value is not None and adopt(draft, exact.places()):
        return True
    draft.restore(snapshot)
    return False
