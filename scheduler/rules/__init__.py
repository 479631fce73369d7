"""All rules, by the way in which they speak; their twins in ``scheduler.checks`` judge plans."""

from scheduler.rules import (
    air_draught,
    alongside_clearance,
    anchorage_capacity,
    berth_fit,
    berth_occupancy,
    boarding_slot,
    closure,
    daylight,
    follows,
    frozen,
    headway,
    hold,
    meeting_limit,
    no_overtaking,
    one_way,
    pilots,
    requested_window,
    safety_zone,
    service_time,
    teams,
    tugs,
    under_keel_clearance,
    visibility,
    wind,
)
from scheduler.ways import Occupancy, Position, Separation, Sequence, Team, Window

WINDOWS: tuple[Window, ...] = (
    requested_window.RULE,
    frozen.RULE,
    hold.RULE,
    berth_fit.RULE,
    alongside_clearance.RULE,
    under_keel_clearance.RULE,
    air_draught.RULE,
    daylight.RULE,
    visibility.RULE,
    wind.RULE,
    closure.RULE,
)
SEPARATIONS: tuple[Separation, ...] = (
    headway.RULE,
    no_overtaking.RULE,
    one_way.RULE,
    meeting_limit.RULE,
    safety_zone.RULE,
)
OCCUPANCIES: tuple[Occupancy, ...] = (
    berth_occupancy.RULE,
    anchorage_capacity.RULE,
    boarding_slot.RULE,
    alongside_clearance.WAITING,
)
POSITIONS: tuple[Position, ...] = (berth_occupancy.POSITION,)
TEAMS: tuple[Team, ...] = (pilots.RULE, tugs.RULE)
ANY_TEAM = Team("", teams.demand)
"""Speaks for pools that no rule is named after, each under its own id."""
SEQUENCES: tuple[Sequence, ...] = (service_time.RULE, follows.RULE)
NAMES: tuple[str, ...] = tuple(
    dict.fromkeys(rule.name for rule in (*WINDOWS, *SEPARATIONS, *OCCUPANCIES, *TEAMS, *SEQUENCES))
)
