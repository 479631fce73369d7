"""Berths, quays, anchorages and boarding places as the scheduler knows them."""

from collections.abc import Sequence

from dispatch.framing.grid import Grid, minutes, up
from dispatch.port import Days, Port, RuleKind
from dispatch.situation import Restriction
from dispatch.units import millimetres
from scheduler import problem


def frame_quays(port: Port) -> tuple[problem.Quay, ...]:
    """Return the quays."""
    return tuple(
        problem.Quay(
            id=quay.quay_id,
            clearance_mm=millimetres(quay.min_clearance_m),
            continuous=quay.rule == "continuous",
        )
        for quay in port.quays.values()
    )


def frame_berths(
    port: Port, days: Days, grid: Grid, restrictions: Sequence[Restriction]
) -> tuple[problem.Berth, ...]:
    """Return the berths, with the spans during which they are closed."""
    ukc_mm, ukc_permille = alongside_clearance(port, days)
    turnover = minutes(port.service_times.turnover_min)
    return tuple(
        problem.Berth(
            id=berth.berth_id,
            node=berth.channel_node,
            quay=berth.quay_id,
            begin_mm=millimetres(berth.start_m),
            end_mm=millimetres(berth.end_m),
            depth_mm=millimetres(berth.depth_cd_m),
            ukc_permille=ukc_permille,
            ukc_mm=ukc_mm,
            max_loa_mm=millimetres(berth.max_loa_m),
            max_loa_across_mm=millimetres(berth.max_loa_quay_rule_m),
            max_beam_mm=millimetres(berth.max_beam_m),
            structural_dwt_t=round(berth.structural_dwt_t),
            kinds=berth.vessel_types,
            turnover_ticks=turnover,
            closed=_closed(grid, berth.berth_id, restrictions),
        )
        for berth in port.berths.values()
    )


def frame_anchorages(port: Port, days: Days) -> tuple[problem.Anchorage, ...]:
    """Return the anchorages."""
    ukc_mm, ukc_permille = alongside_clearance(port, days)
    return tuple(
        problem.Anchorage(
            id=place.anchorage_id,
            node=place.node_id,
            capacity=place.capacity_ships,
            depth_mm=millimetres(place.depth_cd_m),
            ukc_permille=ukc_permille,
            ukc_mm=ukc_mm,
        )
        for place in port.anchorages.values()
    )


def frame_boarding_places(port: Port, grid: Grid) -> tuple[problem.BoardingPlace, ...]:
    """Return the boarding places; their slots begin on the full hour of the port's own clock."""
    local = grid.origin_at.astimezone(port.zone)
    since_midnight = local.hour * 60 + local.minute
    return tuple(
        problem.BoardingPlace(
            id=place.place_id,
            node=place.node_id,
            slot_ticks=place.slot_interval_min,
            ships_per_slot=place.ships_per_slot,
            slot_phase_ticks=since_midnight % place.slot_interval_min,
        )
        for place in port.boarding_places.values()
    )


def alongside_clearance(port: Port, days: Days) -> tuple[int, int]:
    """Return the water kept under a ship alongside: at least millimetres, at least permille."""
    rules = list(port.rules_in_force(RuleKind.ALONGSIDE_CLEARANCE, days))
    least_mm = max((millimetres(rule.number("min_m")) for rule in rules), default=0)
    share = max((rule.number("fraction") for rule in rules), default=0.0)
    return least_mm, up(share * 1000)


def _closed(
    grid: Grid, berth_id: str, restrictions: Sequence[Restriction]
) -> tuple[problem.Interval, ...]:
    spans = (
        grid.span(item.from_at, item.to_at)
        for item in restrictions
        if item.kind == "berth_closed" and item.place == berth_id
    )
    return tuple(span for span in spans if span is not None)
