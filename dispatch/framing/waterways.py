"""The channel as the scheduler knows it: segments with the limits that rules in force set."""

import math
from collections.abc import Mapping
from typing import Literal

from dispatch.framing.grid import minutes, up
from dispatch.port import Days, Port, Rule, RuleKind, Segment
from dispatch.units import millimetres
from scheduler import problem

PASSING: Mapping[str, Literal["always", "by_pair", "never"]] = {
    "all": "always",
    "restricted": "by_pair",
    "none": "never",
}
"""Whether ships may meet, by ``Traffic.two_way``."""


def frame_segments(port: Port, days: Days) -> tuple[problem.Segment, ...]:
    """Return the segments under the rules that hold on some days."""
    return tuple(_segment(port, segment, days) for segment in port.segments.values())


def slow_rule(port: Port, days: Days) -> Rule | None:
    """Return the rule in force that slows ships down in poor visibility, if the port has one.

    Of several the one with the highest threshold counts.
    """
    rules = port.rules_in_force(RuleKind.VISIBILITY_SPEED, days)
    return max(rules, key=lambda rule: rule.number("visibility_below_m"), default=None)


def _segment(port: Port, segment: Segment, days: Days) -> problem.Segment:
    traffic = segment.traffic
    one_way_rules = list(port.rules_in_force(RuleKind.ONE_WAY, days))
    clear_min = max((rule.number("clear_node_min") for rule in one_way_rules), default=0.0)
    return problem.Segment(
        id=segment.segment_id,
        from_node=segment.from_node,
        to_node=segment.to_node,
        length_mm=round(segment.length_km * 1_000_000),
        depth_mm=millimetres(segment.depth_cd_m),
        width_mm=None if segment.width_m is None else millimetres(segment.width_m),
        ukc_permille=up(port.under_keel_share(segment.segment_id, days) * 1000),
        bridges=_bridges(port, segment, days),
        passing=PASSING[traffic.two_way],
        one_way=_one_way(segment),
        width_formula=_width_formula(port, segment, days),
        combined_beam_mm=(
            None
            if traffic.combined_beam_limit_m is None
            else millimetres(traffic.combined_beam_limit_m)
        ),
        clear_ticks=minutes(clear_min),
        overtaking=port.overtaking_banned_by(segment.segment_id, days) is None,
        daylight_loa_mm=_daylight_loa_mm(port, segment.segment_id, days),
        max_loa_mm=None if segment.max_loa_m is None else millimetres(segment.max_loa_m),
    )


def _bridges(port: Port, segment: Segment, days: Days) -> tuple[problem.Bridge, ...]:
    named = {
        name
        for rule in port.rules_in_force(RuleKind.AIR_DRAUGHT, days)
        for name in rule.names("bridges")
    }
    # a published air draught holds at the highest water that ships may meet: no level is added
    return tuple(
        problem.Bridge(
            id=bridge.bridge_id,
            clearance_mm=millimetres(bridge.air_draught_m),
            margin_mm=millimetres(bridge.margin_m),
        )
        for bridge in segment.bridges
        if bridge.bridge_id in named
    )


def _one_way(segment: Segment) -> problem.OneWay | None:
    traffic = segment.traffic
    large = traffic.large
    if large is None or traffic.two_way != "restricted":
        return None
    large_only = traffic.applies_to == "large_large" or traffic.large_may_meet_small
    return problem.OneWay(
        loa_mm=None if large.loa_ge_m is None else millimetres(large.loa_ge_m),
        beam_mm=None if large.beam_ge_m is None else millimetres(large.beam_ge_m),
        draught_mm=None if large.draught_ge_m is None else millimetres(large.draught_ge_m),
        applies_to="large_large" if large_only else "any",
        exempt_below_loa_mm=millimetres(traffic.small_exempt_loa_lt_m or 0.0),
    )


def _width_formula(port: Port, segment: Segment, days: Days) -> problem.WidthFormula | None:
    rule = port.rules.get(segment.traffic.meeting_test or "")
    if rule is None or not rule.in_force_at(days) or segment.width_m is None:
        return None
    sine = math.sin(math.radians(rule.number("gamma_deg")))
    return problem.WidthFormula(
        drift_permille=round(rule.number("n") * 1000),
        sin_gamma_ppm=round(sine * 1_000_000),
        bank_permille=round(rule.number("c_factor") * 1000),
    )


def _daylight_loa_mm(port: Port, segment_id: str, days: Days) -> int | None:
    thresholds = [
        rule.optional_number("loa_ge_m")
        for rule in port.rules_over(RuleKind.DAYLIGHT, segment_id, days)
    ]
    return min((millimetres(loa_m) for loa_m in thresholds if loa_m is not None), default=None)
