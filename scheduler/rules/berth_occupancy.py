"""A berth, or a stretch of quay, takes one ship at a time, with a turnover between."""

from scheduler.tables import Tables
from scheduler.ways import Claim, Occupancy, Position


def gap_ticks(tables: Tables, one: Claim, other: Claim) -> int | None:
    """Turnover between two stays that cannot lie there together; None: they can."""
    a, b = tables.berths.get(one.place), tables.berths.get(other.place)
    if a is None or b is None:
        return None
    quay = tables.quays.get(a.quay or "")
    both_own = one.stretch_mm is not None and other.stretch_mm is not None
    shared = a.id == b.id and (quay is None or not quay.continuous or not both_own)
    if not shared and quay is not None and a.quay == b.quay:
        a_begin, a_end = one.stretch_mm or (a.begin_mm, a.end_mm)
        b_begin, b_end = other.stretch_mm or (b.begin_mm, b.end_mm)
        between_mm = max(a_begin, b_begin) - min(a_end, b_end)
        shared = between_mm < (quay.clearance_mm if both_own else 0)
    return max(a.turnover_ticks, b.turnover_ticks) if shared else None


def barred(tables: Tables, one: Claim, other: Claim) -> tuple[int, int, int] | None:
    """Begins at which a ship reaches into another one's stretch, or too near to it."""
    a, b = tables.berths.get(one.place), tables.berths.get(other.place)
    if a is None or b is None or one.stretch_mm is None or one.length_mm is None:
        return None
    turnover_ticks = max(a.turnover_ticks, b.turnover_ticks)
    if other.stretch_mm is None and a.id == b.id:
        return *one.stretch_mm, turnover_ticks
    if a.quay is None or a.quay != b.quay:
        return None
    begin, end = other.stretch_mm or (b.begin_mm, b.end_mm)
    clearance_mm = 0 if other.stretch_mm is None else tables.quays[a.quay].clearance_mm
    return begin - clearance_mm - one.length_mm + 1, end + clearance_mm - 1, turnover_ticks


def closed(tables: Tables, claim: Claim) -> tuple[tuple[int, int], ...]:
    """Spans in which the berth takes nobody."""
    berth = tables.berths.get(claim.place)
    return () if berth is None else tuple((span.begin, span.end) for span in berth.closed)


RULE = Occupancy("berth_occupancy", gap_ticks=gap_ticks, closed=closed)
POSITION = Position("berth_occupancy", barred)
