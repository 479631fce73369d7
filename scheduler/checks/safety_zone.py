"""The moving safety zone of a ship stays free of others."""

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.checks.sheet import Passage, Sheet, ceil_div
from scheduler.outcome import Breach
from scheduler.problem import Segment, Ship

RULE = "safety_zone"


@dataclass(frozen=True, slots=True)
class Gate:
    """One ship behind another at a gate: the zone between them, its time, and what there is."""

    name: str
    leader: Passage
    follower: Passage
    zone_mm: int
    need_ticks: int
    have_ticks: int


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report ships that meet inside a zone abeam, or follow inside a zone ahead or astern."""
    if not any(map(has_zone, sheet.problem.ships)):
        return
    for segment in sheet.problem.segments:
        reach = max(longest_ticks(sheet, segment), segment.clear_ticks)
        for first, second in sheet.pairs(segment, reach):
            if not (has_zone(first.voyage.ship) or has_zone(second.voyage.ship)):
                continue
            if first.leg.forward == second.leg.forward:
                yield from _judge_following(sheet, first, second)
            else:
                yield from _judge_meeting(sheet, first, second)


def longest_ticks(sheet: Sheet, segment: Segment) -> int:
    """Tell a time that no zone of a ship in a reach is longer than."""
    ships = sheet.problem.ships
    longest_mm = max((max(ship.zone_ahead_mm, ship.zone_astern_mm) for ship in ships), default=0)
    slowest_ticks = max(
        (
            leg.leave - leg.enter
            for voyage in sheet.voyages.values()
            for leg in voyage.mode.legs
            if leg.segment == segment.id
        ),
        default=0,
    )
    return ceil_div(longest_mm * slowest_ticks, segment.length_mm)


def has_zone(ship: Ship) -> bool:
    """Tell whether a ship keeps others at a distance at all."""
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
    for gate in gates(first, second):
        if gate.have_ticks < gate.need_ticks:
            yield sheet.breach(
                RULE,
                gate.leader.voyage,
                gate.follower.voyage,
                code="following",
                segment=gate.follower.segment.id,
                gate=gate.name,
                zone_mm=gate.zone_mm,
                need_ticks=gate.need_ticks,
                gap_ticks=gate.have_ticks,
            )


def gates(first: Passage, second: Passage) -> Iterator[Gate]:
    """Yield how two ships follow each other; level at a gate, each is behind the other."""
    for name, ahead in (
        ("enter", second.enter - first.enter),
        ("leave", second.leave - first.leave),
    ):
        orders = [(first, second)] * (ahead >= 0) + [(second, first)] * (ahead <= 0)
        for leader, follower in orders:
            zone_mm = max(leader.voyage.ship.zone_astern_mm, follower.voyage.ship.zone_ahead_mm)
            ticks = follower.leave - follower.enter
            need_ticks = ceil_div(zone_mm * ticks, follower.segment.length_mm)
            yield Gate(name, leader, follower, zone_mm, need_ticks, abs(ahead))
