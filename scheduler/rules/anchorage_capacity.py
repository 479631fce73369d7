"""An anchorage takes so many ships at once."""

from scheduler.tables import Tables
from scheduler.ways import Claim, Occupancy


def capacity(tables: Tables, claim: Claim) -> tuple[str, int] | None:
    """The anchorage and how many ships it takes; None where the claim is of another place."""
    anchorage = tables.anchorages.get(claim.place)
    return None if anchorage is None else (anchorage.id, anchorage.capacity)


RULE = Occupancy("anchorage_capacity", capacity=capacity)
