"""Ships as the scheduler knows them: dimensions, headway and safety zone under the port's rules."""

from dispatch.framing.grid import up
from dispatch.movement import Call
from dispatch.port import Days, Port, RuleKind
from dispatch.units import millimetres
from dispatch.vessel import Vessel
from scheduler import problem


def frame_ship(port: Port, call: Call, days: Days) -> problem.Ship:
    """Return the ship of a call; a call has one ship, so the call's id names it."""
    vessel = call.vessel
    ahead_mm, astern_mm, abeam_mm = _zone_mm(port, vessel, days)
    return problem.Ship(
        id=call.id,
        kind=str(vessel.vessel_type),
        loa_mm=millimetres(vessel.loa_m),
        beam_mm=millimetres(vessel.beam_m),
        gt=round(vessel.gt),
        dwt_t=round(vessel.dwt_t),
        headway_ticks=up(port.headway_min(vessel, days)),
        zone_ahead_mm=ahead_mm,
        zone_astern_mm=astern_mm,
        zone_abeam_mm=abeam_mm,
    )


def boarding_wind_mms(port: Port, days: Days, *, piloted: bool) -> int | None:
    """Return the wind from which a pilot cannot board or leave."""
    if not piloted:
        return None
    limits = [
        round(rule.number("wind_ge_mps") * 1000)
        for rule in port.rules_in_force(RuleKind.WIND_BOARDING, days)
    ]
    return min(limits, default=None)


def berthing_wind_mms(port: Port, vessel: Vessel, days: Days) -> int | None:
    """Return the wind from which the ship cannot be berthed or unberthed."""
    limits: list[int] = []
    for rule in port.rules_in_force(RuleKind.WIND_BERTHING, days):
        long_m = rule.optional_number("long_loa_ge_m")
        long_types = rule.names("long_vessel_types")
        is_long = (
            long_m is not None
            and vessel.loa_m >= long_m
            and (not long_types or vessel.vessel_type in long_types)
        )
        if is_long or vessel.vessel_type in rule.names("vessel_types"):
            limits.append(round(rule.number("wind_ge_mps") * 1000))
    return min(limits, default=None)


def needs_daylight(port: Port, vessel: Vessel, days: Days, segments: frozenset[str]) -> bool:
    """Tell whether a rule keeps the whole movement to daylight.

    A rule for single segments does so only for the vessel types that it names: the scheduler
    knows daylight in a segment by length alone.
    """
    for rule in port.rules_in_force(RuleKind.DAYLIGHT, days):
        reach = rule.names("segments")
        by_type = vessel.vessel_type in rule.names("vessel_types")
        if reach and by_type and segments & frozenset(reach):
            return True
        if not reach and rule.takes(loa_m=vessel.loa_m, vessel_type=vessel.vessel_type):
            return True
    return False


def _zone_mm(port: Port, vessel: Vessel, days: Days) -> tuple[int, int, int]:
    """Return the moving safety zone ahead, astern and abeam."""
    ahead = astern = abeam = 0
    for rule in port.rules_in_force(RuleKind.SAFETY_ZONE, days):
        if vessel.vessel_type in rule.names("vessel_types"):
            ahead = max(ahead, millimetres(rule.number("ahead_lengths") * vessel.loa_m))
            astern = max(astern, millimetres(rule.number("astern_lengths") * vessel.loa_m))
            abeam = max(abeam, millimetres(rule.number("abeam_beams") * vessel.beam_m))
    return ahead, astern, abeam
