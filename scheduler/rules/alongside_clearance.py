"""There is water enough at the berth or anchorage from berthing to the end of the service."""

import numpy as np

from scheduler.outcome import Params
from scheduler.problem import Anchorage, Berth
from scheduler.rules.under_keel_clearance import keel_need_mm
from scheduler.tables import Tables
from scheduler.tides import HIGH_MM, Mask, Ticks
from scheduler.ways import Window


def _place(tables: Tables, mode: int) -> Berth | Anchorage | None:
    name = tables.modes[mode].to_place or ""
    place = tables.berths.get(name) or tables.anchorages.get(name)
    return None if place is None or place.depth_mm is None else place


def _margin(tables: Tables, mode: int, starts: Ticks) -> tuple[Ticks, Mask] | None:
    """Least known margin and whether too little is known, by start; None: nothing to judge."""
    place, chosen = _place(tables, mode), tables.modes[mode]
    if place is None or place.depth_mm is None:
        return None
    stay = tables.stay_after(mode)
    ticks = chosen.end_at + (stay.service_ticks if stay else 0) - chosen.arrive_at
    if ticks <= 0:
        return None
    need = keel_need_mm(tables.movement(mode).draught_mm, place.ukc_mm, place.ukc_permille)
    least, _ = tables.tides.least_within(place.node, ticks)
    _, unknown = tables.tides.at_node(place.node)
    # Known at its last tick, or else at least when it has berthed.
    blind = tables.at(unknown, starts + chosen.arrive_at + ticks - 1) & tables.at(
        unknown, starts + chosen.end_at
    )
    return place.depth_mm + tables.at(least, starts + chosen.arrive_at) - need, blind


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """Starts with water enough over the known part of the stay."""
    found = _margin(tables, mode, starts)
    if found is None:
        return None
    margin, blind = found
    return (margin >= 0) & ~blind


def figures(tables: Tables, mode: int, start: int) -> Params:
    """Depth needed and had at the lowest water of the stay."""
    place = _place(tables, mode)
    found = _margin(tables, mode, np.array([start], dtype=np.int64))
    if place is None or found is None:
        return {}
    need = keel_need_mm(tables.movement(mode).draught_mm, place.ukc_mm, place.ukc_permille)
    margin = int(found[0][0])
    if margin > HIGH_MM // 2:
        return {"place": place.id, "need_mm": need}
    return {"place": place.id, "need_mm": need, "have_mm": need + margin}


RULE = Window("alongside_clearance", allowed, figures)
