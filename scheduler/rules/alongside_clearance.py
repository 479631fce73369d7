"""There is water enough at a berth or anchorage to berth, to work, to wait, and to leave again."""

from collections.abc import Iterator

import numpy as np

from scheduler.outcome import Params
from scheduler.problem import Anchorage, Berth
from scheduler.rules.under_keel_clearance import keel_need_mm
from scheduler.tables import Tables
from scheduler.tides import HIGH_MM, Mask, Ticks
from scheduler.ways import Occupancy, Window


def _lies(tables: Tables, mode: int) -> Iterator[tuple[Berth | Anchorage, int, int, int]]:
    """Where the ship lies in a mode: the place, first tick, ticks, and last tick to be known.

    Ticks count from the start. Where it goes to, it lies until its service ends; where it comes
    from, until it is clear.
    """
    chosen = tables.modes[mode]
    stay = tables.stay_after(mode)
    stays = chosen.end_at + (stay.service_ticks if stay else 0) - chosen.arrive_at
    leaves = chosen.clear_at + 1 if chosen.clear_at > 0 else 0
    for name, begin, ticks, known in (
        (chosen.to_place, chosen.arrive_at, stays, chosen.end_at),
        (chosen.from_place, 0, leaves, chosen.clear_at),
    ):
        place = tables.berths.get(name or "") or tables.anchorages.get(name or "")
        if place is not None and place.depth_mm is not None and ticks > 0:
            yield place, begin, ticks, known


def _margin(
    tables: Tables, mode: int, starts: Ticks, lies: tuple[Berth | Anchorage, int, int, int]
) -> tuple[Ticks, Mask]:
    """Least known margin over a time at a place, and whether too little is known, by start."""
    place, begin, ticks, known = lies
    need = keel_need_mm(tables.movement(mode).draught_mm, place.ukc_mm, place.ukc_permille)
    least, _ = tables.tides.least_within(place.node, ticks)
    _, unknown = tables.tides.at_node(place.node)
    # Known at its last tick, or else at least when the movement is through with the place.
    blind = tables.at(unknown, starts + begin + ticks - 1) & tables.at(unknown, starts + known)
    return (place.depth_mm or 0) + tables.at(least, starts + begin) - need, blind


def _is_ample(
    tables: Tables, mode: int, last: int, lies: tuple[Berth | Anchorage, int, int, int]
) -> bool:
    """Whether there is surely water enough for starts up to a last one, and it is known."""
    place, begin, ticks, known = lies
    need = keel_need_mm(tables.movement(mode).draught_mm, place.ukc_mm, place.ukc_permille)
    lowest, known_to = tables.tides.bounds(place.node)
    is_known = last + min(begin + ticks - 1, known) <= known_to
    return is_known and need <= (place.depth_mm or 0) + lowest


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Starts with water enough over the known part of each time at a place."""
    found: Mask | None = None
    last = int(starts.max(initial=0))
    for lies in _lies(tables, mode):
        if _is_ample(tables, mode, last, lies):
            continue
        margin, blind = _margin(tables, mode, starts, lies)
        enough = (margin >= 0) & ~blind
        found = enough if found is None else found & enough
    return found


def figures(tables: Tables, mode: int, start: int) -> Params:
    """Depth needed and had at the lowest water, where it is scarcest."""
    least: tuple[int, Params] | None = None
    for lies in _lies(tables, mode):
        place = lies[0]
        need = keel_need_mm(tables.movement(mode).draught_mm, place.ukc_mm, place.ukc_permille)
        margin = int(_margin(tables, mode, np.array([start], dtype=np.int64), lies)[0][0])
        told: Params = {"place": place.id, "need_mm": need}
        if margin <= HIGH_MM // 2:
            told = {**told, "have_mm": need + margin}
        if least is None or margin < least[0]:
            least = (margin, told)
    return {} if least is None else least[1]


def shut(tables: Tables, mode: int) -> tuple[tuple[int, int], ...]:
    """Known low waters where a mode leaves from, by the draught that it leaves with."""
    found = _left(tables, mode)
    if found is None:
        return ()
    place, need = found
    levels, unknown = tables.tides.at_node(place.node)
    low = ((place.depth_mm or 0) + levels < need) & ~unknown & (tables.ticks >= 0)
    edges = np.flatnonzero(np.diff(low.astype(np.int8), prepend=0, append=0)) + tables.first
    return tuple(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _left(tables: Tables, mode: int) -> tuple[Berth | Anchorage, int] | None:
    """The place that a mode leaves and the depth it needs there; None where it is always had."""
    name = tables.modes[mode].from_place or ""
    place = tables.berths.get(name) or tables.anchorages.get(name)
    if place is None or place.depth_mm is None:
        return None
    need = keel_need_mm(tables.movement(mode).draught_mm, place.ukc_mm, place.ukc_permille)
    return (place, need) if need > place.depth_mm + tables.tides.lowest_mm else None


def shut_figures(tables: Tables, mode: int, span: tuple[int, int]) -> Params:
    """Depth needed and had at the lowest water of a span."""
    found = _left(tables, mode)
    if found is None:
        return {}
    place, need = found
    levels = tables.tides.at_node(place.node)[0][span[0] - tables.first : span[1] - tables.first]
    have = (place.depth_mm or 0) + int(levels.min())
    return {"place": place.id, "need_mm": need, "have_mm": have}


RULE = Window("alongside_clearance", allowed, figures)
WAITING = Occupancy(RULE.name, shut=shut, figures=shut_figures)
"""What the rule says of two movements: a ship lies there from one of them to the other."""
