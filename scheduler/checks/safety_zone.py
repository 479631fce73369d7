"""The moving safety zone of a ship stays free of others."""

from collections.abc import Iterator

from scheduler.checks.sheet import Passage, Sheet, ceil_div
from scheduler.outcome import Breach
from scheduler.problem import Ship

RULE = "safety_zone"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report ships that meet inside a zone abeam, or follow inside a zone ahead or astern."""
    ships = sheet.problem.ships
    longest_mm = max((max(ship.zone_ahead_mm, ship.zone_astern_mm) for ship in ships), default=0)
    slowest = {
        segment.id: max(
            (
                leg.leave - leg.enter
                for voyage in sheet.voyages.values()
                for leg in voyage.mode.legs
                if leg.segment == segment.id
            ),
            default=0,
        )
        for segment in (sheet.problem.segments if any(map(_has_zone, ships)) else ())
    }
    for segment_id, ticks in slowest.items():
        segment = sheet.segments[segment_id]
        reach = max(ceil_div(longest_mm * ticks, segment.length_mm), segment.clear_ticks)
        for first, second in sheet.pairs(segment, reach):
            if not (_has_zone(first.voyage.ship) or _has_zone(second.voyage.ship)):
                continue
            if first.leg.forward == second.leg.forward:
                yield from _judge_following(sheet, first, second)
            else:
                yield from _judge_meeting(sheet, first, second)


def _has_zone(ship: Ship) -> bool:
    return bool(ship.zone_ahead_mm or ship.zone_astern_mm or ship.zone_abeam_mm)


def _judge_meeting(sheet: Sheet, first: Passage, second: Passage) -> Iterator[Breach]:
    segment = first.segment
    if segment.width_mm is None:
        return
    one, other = first.voyage.ship, second.voyage.ship
    have_mm = segment.width_mm - one.beam_mm - other.beam_mm
    need_mm = max(one.zone_abeam_mm, other.zone_abeam_mm)
    gap_ticks = first.gap_ticks(second)
    if have_mm < need_mm and gap_ticks < segment.clear_ticks:
        yield sheet.breach(
            RULE,
            first.voyage,
            second.voyage,
            code="abeam",
            segment=segment.id,
            need_mm=need_mm,
            have_mm=have_mm,
            need_ticks=segment.clear_ticks,
            gap_ticks=gap_ticks,
        )


def _judge_following(sheet: Sheet, first: Passage, second: Passage) -> Iterator[Breach]:
    for gate, ahead in (
        ("enter", second.enter - first.enter),
        ("leave", second.leave - first.leave),
    ):
        # Level at a gate, each is as much behind as ahead of the other.
        orders = [(first, second)] if ahead >= 0 else []
        orders += [(second, first)] if ahead <= 0 else []
        for leader, follower in orders:
            zone_mm = max(leader.voyage.ship.zone_astern_mm, follower.voyage.ship.zone_ahead_mm)
            ticks = follower.leave - follower.enter
            need_ticks = ceil_div(zone_mm * ticks, follower.segment.length_mm)
            if abs(ahead) < need_ticks:
                yield sheet.breach(
                    RULE,
                    leader.voyage,
                    follower.voyage,
                    code="following",
                    segment=follower.segment.id,
                    gate=gate,
                    zone_mm=zone_mm,
                    need_ticks=need_ticks,
                    gap_ticks=abs(ahead),
                )
