"""Ways through a made-up channel: legs, duties, and the slow form of each for fog."""

from dataclasses import replace

from scheduler.problem import Berth, Duty, Leg, Mode, Segment
from tests.bench.harbour.fleet import Class
from tests.bench.harbour.waters import KNOTS, node

LONGEST_DUTY = 480
_BOARDING = 15
_LEAVING = 40
_BERTHING = 60


def passing_ticks(reach: Segment, at: int) -> int:
    """Minutes through a reach at its usual speed."""
    return max(round(reach.length_mm * 60 / (KNOTS[at] * 1_852_000)), 3)


def at_node(name: str) -> int:
    """A node's place from the sea in."""
    return int(name[1:])


def _legs(reaches: tuple[Segment, ...], begin: int, first: int, last: int) -> tuple[Leg, ...]:
    """From node ``first`` to node ``last``, in either direction."""
    inward = last > first
    order = range(first, last) if inward else range(first - 1, last - 1, -1)
    legs, tick = [], begin
    for at in order:
        took = passing_ticks(reaches[at], at)
        slow = -(-took * 16 // 10)
        legs.append(
            Leg(
                segment=reaches[at].id,
                forward=inward,
                enter=tick,
                leave=tick + took,
                slow_ticks=slow,
            )
        )
        tick += took
    return tuple(legs)


def _duties(chosen: Class, pilot: Duty, tug: Duty) -> tuple[Duty, ...]:
    return (*((pilot,) if chosen.pilots else ()), *((tug,) if chosen.tugs[0] else ()))


def entry(
    reaches: tuple[Segment, ...],
    chosen: Class,
    berth: Berth,
    stretch_mm: tuple[int, int] | None,
    channel: int,
    sea: int,
) -> Mode:
    """From a boarding place (the node ``sea``) to a berth."""
    legs = _legs(reaches, _BOARDING, sea, at_node(berth.node))
    arrive, end = legs[-1].leave, legs[-1].leave + _BERTHING
    origin = node(channel, sea)
    return Mode(
        id=f"{berth.id}<{origin}",
        legs=legs,
        to_place=berth.id,
        stretch_mm=stretch_mm,
        arrive_at=arrive,
        end_at=end,
        boarding_place=f"BP-{origin}",
        duties=_duties(
            chosen,
            Duty(need="pilots", begin=0, end=end, from_place=origin, to_place=berth.node),
            Duty(need="tugs", begin=arrive, end=end, from_place=berth.node, to_place=berth.node),
        ),
    )


def leaving(
    reaches: tuple[Segment, ...], chosen: Class, berth: Berth, channel: int, sea: int
) -> Mode:
    """From a berth to the sea."""
    legs = _legs(reaches, _LEAVING, at_node(berth.node), sea)
    end = legs[-1].leave
    out = node(channel, sea)
    return Mode(
        id=f"{berth.id}>{out}",
        legs=legs,
        from_place=berth.id,
        clear_at=_LEAVING,
        arrive_at=end,
        end_at=end,
        duties=_duties(
            chosen,
            Duty(need="pilots", begin=-10, end=end, from_place=berth.node, to_place=out),
            Duty(need="tugs", begin=0, end=_LEAVING, from_place=berth.node, to_place=berth.node),
        ),
    )


def shift(
    reaches: tuple[Segment, ...],
    chosen: Class,
    berth: Berth,
    to: Berth,
    stretch_mm: tuple[int, int] | None,
) -> Mode:
    """From one berth to another."""
    first, last = at_node(berth.node), at_node(to.node)
    legs = _legs(reaches, _LEAVING, first, last) if first != last else ()
    arrive = legs[-1].leave if legs else _LEAVING + 20
    end = arrive + _BERTHING
    return Mode(
        id=f"{berth.id}~{to.id}",
        legs=legs,
        from_place=berth.id,
        to_place=to.id,
        stretch_mm=stretch_mm,
        clear_at=_LEAVING,
        arrive_at=arrive,
        end_at=end,
        duties=_duties(
            chosen,
            Duty(need="pilots", begin=-10, end=end, from_place=berth.node, to_place=to.node),
            Duty(need="tugs", begin=0, end=end, from_place=berth.node, to_place=to.node),
        ),
    )


def slowed(mode: Mode) -> Mode | None:
    """The same passage as fog asks for it; None where no pilot could stay on duty for so long."""
    if not mode.legs or mode.restricted:
        return None
    legs, tick = [], mode.legs[0].enter
    for leg in mode.legs:
        legs.append(replace(leg, enter=tick, leave=tick + leg.slow_ticks))
        tick += leg.slow_ticks
    last = mode.legs[-1].leave

    def later(offset: int) -> int:
        return offset + tick - last if offset >= last else offset

    duties = tuple(
        replace(duty, begin=later(duty.begin), end=later(duty.end)) for duty in mode.duties
    )
    if any(d.need == "pilots" and d.end - d.begin > LONGEST_DUTY for d in duties):
        return None
    return replace(
        mode,
        id=f"{mode.id}/slow",
        legs=tuple(legs),
        arrive_at=later(mode.arrive_at),
        end_at=later(mode.end_at),
        duties=duties,
        restricted=True,
    )


def with_slow_modes(modes: tuple[Mode, ...]) -> tuple[Mode, ...]:
    """The modes, and the slow form of each that has none yet."""
    known = {mode.id for mode in modes}
    slow = [found for mode in modes if (found := slowed(mode)) and found.id not in known]
    return (*modes, *slow)
