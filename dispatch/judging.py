"""Judging a declaration before anything of it is kept: every fault at once, each with its place."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from difflib import get_close_matches

from dispatch.declaration import (
    Alongside,
    CallPlan,
    DeclarationPlan,
    Fault,
    MovementPlan,
    Stretch,
)
from dispatch.port import Port
from dispatch.vessel import Vessel, call_sign_holds, imo_number_holds, mmsi_holds

LONGEST_AHEAD = timedelta(days=30)
"""A request further ahead than this is taken for a slip of the year or the month."""
LONGEST_PAST = timedelta(hours=36)
"""A request further back than this is a slip; a ship may well have waited a day."""
MOST_CALLS = 1_000
MOST_MOVEMENTS = 12

# lowest and highest figure that any sea-going or river ship has; beyond it is a slip of the pen
VESSEL_RANGES: dict[str, tuple[float, float, str]] = {
    "loa_m": (10.0, 460.0, "m"),
    "beam_m": (3.0, 80.0, "m"),
    "gt": (1.0, 300_000.0, ""),
    "dwt_t": (1.0, 450_000.0, "t"),
    "max_draught_m": (0.5, 26.0, "m"),
    "air_draught_m": (1.0, 90.0, "m"),
}
MOVEMENT_RANGES: dict[str, tuple[float, float, str]] = {
    "draught_m": (0.5, 26.0, "m"),
    "service_min": (0.0, 30 * 24 * 60.0, "min"),
    "cargo_t": (0.0, 450_000.0, "t"),
}


def judge(plan: DeclarationPlan, port: Port, now: datetime) -> tuple[Fault, ...]:
    """Return everything that is wrong with a declaration, in reading order; empty means accepted.

    What depends on other declarations (the same call declared by another company) is not judged
    here but where it is written, so that two writers cannot pass each other.
    """
    faults: list[Fault] = []
    if not plan.calls:
        faults.append(Fault(code="declaration-empty", params={}, pointer="/calls"))
    if len(plan.calls) > MOST_CALLS:
        faults.append(Fault(code="too-many-calls", params={"most": MOST_CALLS}, pointer="/calls"))
    for index, call in enumerate(plan.calls[:MOST_CALLS]):
        pointer = f"/calls/{index}"
        faults.extend(_judge_vessel(call.vessel, f"{pointer}/vessel"))
        faults.extend(_judge_call(call, port, now, pointer))
    faults.extend(_judge_repeats(plan))
    return tuple(faults)


def _judge_repeats(plan: DeclarationPlan) -> Iterator[Fault]:
    refs: dict[str, int] = {}
    ships: dict[str, int] = {}
    for index, call in enumerate(plan.calls):
        first = refs.setdefault(call.call_ref, index)
        if call.call_ref and first != index:
            yield Fault(
                code="call-ref-repeated",
                params={"call_ref": call.call_ref, "first": first + 1},
                pointer=f"/calls/{index}/call_ref",
            )
        number = call.vessel.imo or call.vessel.mmsi
        first = ships.setdefault(number, index)
        if number and first != index:
            yield Fault(
                code="ship-repeated",
                params={"number": number, "first": first + 1},
                pointer=f"/calls/{index}/vessel/imo",
            )


def _judge_vessel(vessel: Vessel, pointer: str) -> Iterator[Fault]:
    if not vessel.name.strip():
        yield Fault(code="value-missing", params={"field": "name"}, pointer=f"{pointer}/name")
    if vessel.imo and not imo_number_holds(vessel.imo):
        yield Fault(code="imo-invalid", params={"imo": vessel.imo}, pointer=f"{pointer}/imo")
    if vessel.mmsi and not mmsi_holds(vessel.mmsi):
        yield Fault(code="mmsi-invalid", params={"mmsi": vessel.mmsi}, pointer=f"{pointer}/mmsi")
    if not vessel.imo and not vessel.mmsi:
        yield Fault(code="ship-number-missing", params={}, pointer=f"{pointer}/imo")
    if vessel.call_sign and not call_sign_holds(vessel.call_sign):
        yield Fault(
            code="call-sign-invalid",
            params={"call_sign": vessel.call_sign},
            pointer=f"{pointer}/call_sign",
        )
    if not (len(vessel.flag) == 2 and vessel.flag.isascii() and vessel.flag.isupper()):
        yield Fault(code="flag-invalid", params={"flag": vessel.flag}, pointer=f"{pointer}/flag")
    ranges_hold = True
    for field, allowed in VESSEL_RANGES.items():
        beyond = list(_judge_range(field, float(getattr(vessel, field)), allowed, pointer))
        ranges_hold = ranges_hold and not beyond
        yield from beyond
    if ranges_hold:
        yield from _judge_proportions(vessel, pointer)


def _judge_range(
    field: str, value: float, allowed: tuple[float, float, str], pointer: str
) -> Iterator[Fault]:
    low, high, unit = allowed
    if not low <= value <= high:  # this way round it holds for "not a number", too
        yield Fault(
            code="value-out-of-range",
            params={"field": field, "value": value, "low": low, "high": high, "unit": unit},
            pointer=f"{pointer}/{field}",
        )


def _judge_proportions(vessel: Vessel, pointer: str) -> Iterator[Fault]:
    """Catch figures in the wrong column: no hull is as wide as long, or as deep as wide."""
    if not 2.0 <= vessel.loa_m / vessel.beam_m <= 14.0:
        yield Fault(
            code="dimensions-implausible",
            params={"loa_m": vessel.loa_m, "beam_m": vessel.beam_m},
            pointer=f"{pointer}/beam_m",
        )
    if vessel.max_draught_m > 0.75 * vessel.beam_m:
        yield Fault(
            code="draught-implausible",
            params={"draught_m": vessel.max_draught_m, "beam_m": vessel.beam_m},
            pointer=f"{pointer}/max_draught_m",
        )


def _judge_call(call: CallPlan, port: Port, now: datetime, pointer: str) -> Iterator[Fault]:
    if not call.call_ref.strip():
        yield Fault(
            code="value-missing", params={"field": "call_ref"}, pointer=f"{pointer}/call_ref"
        )
    if not call.movements and call.alongside is None:
        yield Fault(code="call-empty", params={}, pointer=f"{pointer}/movements")
    if len(call.movements) > MOST_MOVEMENTS:
        yield Fault(
            code="too-many-movements",
            params={"most": MOST_MOVEMENTS},
            pointer=f"{pointer}/movements",
        )
        return
    if call.alongside is not None:
        yield from _judge_alongside(call.alongside, call.vessel, port, now, f"{pointer}/alongside")
    for index, movement in enumerate(call.movements):
        where = f"{pointer}/movements/{index}"
        yield from _judge_movement(movement, call.vessel, port, now, where)
    yield from _judge_order(call, pointer)


def _judge_alongside(
    alongside: Alongside, vessel: Vessel, port: Port, now: datetime, pointer: str
) -> Iterator[Fault]:
    yield from _judge_place(alongside.place, port, f"{pointer}/place")
    if alongside.since_at > now + timedelta(minutes=5):
        yield Fault(
            code="alongside-in-future",
            params={"since_at": alongside.since_at.isoformat()},
            pointer=f"{pointer}/since_at",
        )
    leaving = alongside.expected_departure_at
    if leaving is not None and leaving <= alongside.since_at:
        yield Fault(
            code="times-out-of-order",
            params={"first": "since_at", "second": "expected_departure_at"},
            pointer=f"{pointer}/expected_departure_at",
        )
    if alongside.place in port.berths and alongside.stretch is not None:
        berth = alongside.place
        yield from _judge_stretch(alongside.stretch, berth, vessel, port, f"{pointer}/stretch")


def _judge_movement(
    movement: MovementPlan, vessel: Vessel, port: Port, now: datetime, pointer: str
) -> Iterator[Fault]:
    yield from _judge_times(movement, now, pointer)
    for field, allowed in MOVEMENT_RANGES.items():
        yield from _judge_range(field, float(getattr(movement, field)), allowed, pointer)
    if movement.draught_m > vessel.max_draught_m + 1e-9:
        yield Fault(
            code="draught-beyond-maximum",
            params={"draught_m": movement.draught_m, "max_draught_m": vessel.max_draught_m},
            pointer=f"{pointer}/draught_m",
        )
    if movement.priority is not None and movement.priority not in port.priorities:
        yield Fault(
            code="priority-unknown",
            params={"priority": movement.priority},
            pointer=f"{pointer}/priority",
        )
    day = movement.requested_at.astimezone(port.zone).date()
    if movement.pilot_required is False and port.pilotage_compulsory(vessel, day):
        yield Fault(
            code="pilotage-compulsory",
            params={"flag": vessel.flag},
            pointer=f"{pointer}/pilot_required",
        )
    yield from _judge_places(movement, vessel, port, pointer)


def _judge_times(movement: MovementPlan, now: datetime, pointer: str) -> Iterator[Fault]:
    requested = movement.requested_at
    if movement.latest_at < requested:
        yield Fault(
            code="times-out-of-order",
            params={"first": "requested_at", "second": "latest_at"},
            pointer=f"{pointer}/latest_at",
        )
    elif movement.latest_at < now:
        yield Fault(
            code="latest-in-past",
            params={"latest_at": movement.latest_at.isoformat()},
            pointer=f"{pointer}/latest_at",
        )
    if not now - LONGEST_PAST <= requested <= now + LONGEST_AHEAD:
        yield Fault(
            code="time-far-off",
            params={"requested_at": requested.isoformat()},
            pointer=f"{pointer}/requested_at",
        )


def _judge_places(
    movement: MovementPlan, vessel: Vessel, port: Port, pointer: str
) -> Iterator[Fault]:
    if movement.from_place is not None:
        yield from _judge_place(movement.from_place, port, f"{pointer}/from_place")
    if movement.boarding_place is not None and movement.boarding_place not in port.boarding_places:
        yield Fault(
            code="boarding-place-unknown",
            params=_unknown(movement.boarding_place, port.boarding_places),
            pointer=f"{pointer}/boarding_place",
        )
    if movement.kind == "exit":
        if movement.berths:
            yield Fault(code="exit-has-destination", params={}, pointer=f"{pointer}/berths")
    else:
        yield from _judge_destinations(movement, vessel, port, f"{pointer}/berths")
        first = movement.berths[0] if movement.berths else ""
        if movement.stretch is not None and first in port.berths:
            where = f"{pointer}/stretch"
            yield from _judge_stretch(movement.stretch, first, vessel, port, where)


def _judge_destinations(
    movement: MovementPlan, vessel: Vessel, port: Port, pointer: str
) -> Iterator[Fault]:
    if not movement.berths:
        yield Fault(code="destination-missing", params={"kind": movement.kind}, pointer=pointer)
    if len(set(movement.berths)) != len(movement.berths):
        yield Fault(code="berth-repeated", params={}, pointer=pointer)
    for index, place in enumerate(movement.berths):
        where = f"{pointer}/{index}"
        if place in port.berths:
            yield from _judge_berth(place, movement, vessel, port, where)
        elif place in port.anchorages and movement.kind == "entry":
            yield Fault(code="entry-to-anchorage", params={"place": place}, pointer=where)
        else:
            yield from _judge_place(place, port, where)


def _judge_place(place: str, port: Port, pointer: str) -> Iterator[Fault]:
    if place not in port.berths and place not in port.anchorages:
        known = [*port.berths, *port.anchorages]
        yield Fault(code="place-unknown", params=_unknown(place, known), pointer=pointer)


def _unknown(value: str, known: Iterable[str]) -> dict[str, str | int | float]:
    close = get_close_matches(value.upper(), list(known), n=1, cutoff=0.5)
    return {"value": value, "suggestion": close[0] if close else ""}


def _judge_berth(
    berth_id: str, movement: MovementPlan, vessel: Vessel, port: Port, pointer: str
) -> Iterator[Fault]:
    """A berth that can take the ship: type, length, beam, structure, water alongside."""
    berth = port.berths[berth_id]
    quay = port.quays[berth.quay_id]
    across = movement.stretch is not None and quay.rule == "continuous"
    longest_m = max(berth.max_loa_m, berth.max_loa_quay_rule_m) if across else berth.max_loa_m
    limits: tuple[tuple[str, float, float, str], ...] = (
        ("loa_m", vessel.loa_m, longest_m, "m"),
        ("beam_m", vessel.beam_m, berth.max_beam_m, "m"),
        ("dwt_t", vessel.dwt_t, berth.structural_dwt_t, "t"),
        ("draught_m", movement.draught_m, berth.depth_cd_m, "m"),
    )
    if berth.vessel_types and vessel.vessel_type not in berth.vessel_types:
        yield Fault(
            code="berth-takes-other-types",
            params={"berth": berth_id, "vessel_type": str(vessel.vessel_type)},
            pointer=pointer,
        )
    for field, value, most, unit in limits:
        if value > most + 1e-9:
            yield Fault(
                code="berth-too-small",
                params={
                    "berth": berth_id,
                    "field": field,
                    "value": value,
                    "most": most,
                    "unit": unit,
                },
                pointer=pointer,
            )


def _judge_stretch(
    stretch: Stretch, berth_id: str, vessel: Vessel, port: Port, pointer: str
) -> Iterator[Fault]:
    quay = port.quays[port.berths[berth_id].quay_id]
    if not 0 <= stretch.from_m < stretch.to_m <= quay.length_m + 1e-9:
        yield Fault(
            code="position-outside-quay",
            params={
                "quay": quay.quay_id,
                "from_m": stretch.from_m,
                "to_m": stretch.to_m,
                "length_m": quay.length_m,
            },
            pointer=pointer,
        )
    elif stretch.to_m - stretch.from_m < vessel.loa_m - 0.05:
        yield Fault(
            code="position-too-short",
            params={"from_m": stretch.from_m, "to_m": stretch.to_m, "loa_m": vessel.loa_m},
            pointer=pointer,
        )


def _judge_order(call: CallPlan, pointer: str) -> Iterator[Fault]:
    """Movements in order: in, about, out; each leaves from where the one before ended."""
    here: str | None = call.alongside.place if call.alongside else None
    in_port = call.alongside is not None
    previous: MovementPlan | None = None
    gone = False
    for index, movement in enumerate(call.movements):
        where = f"{pointer}/movements/{index}"
        if gone:
            yield _out_of_order("movement-after-exit", movement, where)
            break
        if movement.kind == "entry" and in_port:
            yield _out_of_order("entry-of-ship-in-port", movement, where)
        if movement.kind != "entry" and not in_port:
            yield _out_of_order("departure-of-ship-not-in-port", movement, where)
        elsewhere = movement.from_place not in {None, here}
        if movement.kind != "entry" and here is not None and elsewhere:
            yield Fault(
                code="place-does-not-follow",
                params={"place": movement.from_place or "", "here": here},
                pointer=f"{where}/from_place",
            )
        if previous is not None and movement.requested_at < previous.requested_at:
            yield Fault(
                code="times-out-of-order",
                params={"first": "requested_at", "second": "requested_at"},
                pointer=f"{where}/requested_at",
            )
        in_port = movement.kind != "exit"
        gone = movement.kind == "exit"
        here = movement.berths[0] if len(movement.berths) == 1 else None
        previous = movement


def _out_of_order(code: str, movement: MovementPlan, pointer: str) -> Fault:
    return Fault(code=code, params={"kind": movement.kind}, pointer=f"{pointer}/kind")
