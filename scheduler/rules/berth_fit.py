"""The ship is not too long, wide, heavy or of the wrong kind for its berth and its passage."""

import numpy as np

from scheduler.outcome import Params
from scheduler.problem import Berth, Ship
from scheduler.tables import Tables
from scheduler.tides import Mask, Ticks
from scheduler.ways import Window


def allowed(tables: Tables, mode: int, starts: Ticks) -> Mask | None:
    """All starts or none: the hull is what it is."""
    return None if not misfit(tables, mode) else np.zeros(len(starts), dtype=np.bool_)


def figures(tables: Tables, mode: int, start: int) -> Params:  # noqa: ARG001 - one signature
    """The first particular that does not fit, with its limit."""
    return misfit(tables, mode)


def misfit(tables: Tables, mode: int) -> Params:
    """What does not fit, as figures; empty when all does."""
    ship, chosen = tables.ship(mode), tables.modes[mode]
    for leg in chosen.legs:
        limit = tables.problem.segments[tables.segment_index[leg.segment]].max_loa_mm
        if limit is not None and ship.loa_mm > limit:
            return {"segment": leg.segment, "have_mm": ship.loa_mm, "limit_mm": limit}
    berth = tables.berths.get(chosen.to_place or "")
    if berth is None:
        return {}
    if chosen.along_mm is not None:
        return _hull(berth, ship) or _along(tables, berth, ship, chosen.along_mm)
    return _hull(berth, ship) or _length(tables, berth, ship, chosen.stretch_mm)


def _hull(berth: Berth, ship: Ship) -> Params:
    if berth.kinds and ship.kind not in berth.kinds:
        return {"berth": berth.id, "kind": ship.kind}
    if berth.max_beam_mm is not None and ship.beam_mm > berth.max_beam_mm:
        return {"berth": berth.id, "have_mm": ship.beam_mm, "limit_mm": berth.max_beam_mm}
    if berth.structural_dwt_t is not None and ship.dwt_t > berth.structural_dwt_t:
        return {"berth": berth.id, "have_t": ship.dwt_t, "limit_t": berth.structural_dwt_t}
    return {}


def _along(tables: Tables, berth: Berth, ship: Ship, along_mm: tuple[int, int]) -> Params:
    begin, end = along_mm
    if end - begin < ship.loa_mm:
        return {"berth": berth.id, "have_mm": ship.loa_mm, "limit_mm": end - begin}
    if not _is_on_quay(tables, berth, begin, end):
        return {"berth": berth.id, "have_mm": ship.loa_mm, "begin_mm": begin, "end_mm": end}
    # Wherever it lies, it lies by the quay's rule.
    limit = berth.max_loa_mm if berth.max_loa_across_mm is None else berth.max_loa_across_mm
    if limit is not None and ship.loa_mm > limit:
        return {"berth": berth.id, "have_mm": ship.loa_mm, "limit_mm": limit}
    return {}


def _is_on_quay(tables: Tables, berth: Berth, begin: int, end: int) -> bool:
    """Whether a stretch may reach across the marks of a berth."""
    quay = tables.quays.get(berth.quay or "")
    ends = [other.end_mm for other in tables.problem.berths if other.quay == berth.quay]
    return quay is not None and quay.continuous and begin >= 0 and end <= max(ends)


def _length(tables: Tables, berth: Berth, ship: Ship, stretch_mm: tuple[int, int] | None) -> Params:
    over = {"berth": berth.id, "have_mm": ship.loa_mm}
    limit = berth.max_loa_mm
    if stretch_mm is None:
        return {} if limit is None or ship.loa_mm <= limit else {**over, "limit_mm": limit}
    begin, end = stretch_mm
    if end - begin < ship.loa_mm:
        return {**over, "limit_mm": end - begin}
    outside = begin < berth.begin_mm or end > berth.end_mm
    if outside or (limit is not None and end - begin > limit):
        # The ship lies across berth marks: the quay's rule takes the place of the berth's.
        if not _is_on_quay(tables, berth, begin, end):
            return {**over, "begin_mm": begin, "end_mm": end}
        if berth.max_loa_across_mm is not None:
            limit = berth.max_loa_across_mm
    return {} if limit is None or ship.loa_mm <= limit else {**over, "limit_mm": limit}


RULE = Window("berth_fit", allowed, figures)
