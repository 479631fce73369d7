"""A declaration is judged whole: each kind of fault is found, and found where it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.declaration import (
    Alongside,
    CallPlan,
    DeclarationPlan,
    MovementPlan,
    Stretch,
)
from dispatch.judging import judge
from dispatch.port import Port, load_port
from dispatch.vessel import Vessel, VesselType

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
VESSEL = Vessel(
    name="GOLDEN TRADER",
    imo="2664719",
    mmsi="636936551",
    call_sign="D5HY8",
    flag="LR",
    vessel_type=VesselType.CONTAINER,
    loa_m=260.0,
    beam_m=32.3,
    gt=52_000,
    dwt_t=53_040,
    max_draught_m=12.5,
    air_draught_m=49.6,
    bow_thruster=True,
    dangerous_goods=False,
)
ENTRY = MovementPlan(
    kind="entry",
    requested_at=NOW + timedelta(hours=9),
    latest_at=NOW + timedelta(hours=21),
    draught_m=11.1,
    berths=("NS1-1",),
    stretch=Stretch(from_m=30.0, to_m=290.0),
    boarding_place="P13ZH",
    service_min=850,
)
EXIT = MovementPlan(
    kind="exit",
    requested_at=NOW + timedelta(hours=30),
    latest_at=NOW + timedelta(hours=42),
    draught_m=10.1,
    from_place="NS1-1",
    boarding_place="P13ZH",
)
SHIFT = MovementPlan(
    kind="shift",
    requested_at=NOW + timedelta(hours=26),
    latest_at=NOW + timedelta(hours=40),
    draught_m=10.1,
    berths=("NS1-2",),
)
HERE = Alongside(place="NS1-1", since_at=NOW - timedelta(hours=5))


@pytest.fixture(scope="module")
def port() -> Port:
    return load_port("guangzhou")


def plan_of(*calls: CallPlan) -> DeclarationPlan:
    return DeclarationPlan(company="CO-NSA", reference="test", calls=calls)


def call_of(
    *movements: MovementPlan, vessel: Vessel = VESSEL, here: Alongside | None = None
) -> CallPlan:
    return CallPlan(call_ref="C1", vessel=vessel, movements=movements, alongside=here)


def test_a_sound_call_has_no_fault(port: Port) -> None:
    assert judge(plan_of(call_of(ENTRY, SHIFT, replace(EXIT, from_place="NS1-2"))), port, NOW) == ()
    assert judge(plan_of(call_of(EXIT, here=HERE)), port, NOW) == ()


VESSEL_FAULTS: list[tuple[dict[str, object], str, str]] = [
    ({"name": " "}, "value-missing", "name"),
    ({"imo": "2664718"}, "imo-invalid", "imo"),
    ({"imo": "266471"}, "imo-invalid", "imo"),
    ({"imo": "２６６４７１９"}, "imo-invalid", "imo"),
    ({"mmsi": "136936551"}, "mmsi-invalid", "mmsi"),
    ({"imo": "", "mmsi": ""}, "ship-number-missing", "imo"),
    ({"call_sign": "?"}, "call-sign-invalid", "call_sign"),
    ({"flag": "Liberia"}, "flag-invalid", "flag"),
    ({"loa_m": 2600.0}, "value-out-of-range", "loa_m"),
    ({"gt": float("nan")}, "value-out-of-range", "gt"),
    ({"beam_m": 79.0, "loa_m": 120.0}, "dimensions-implausible", "beam_m"),
    ({"max_draught_m": 25.9}, "draught-implausible", "max_draught_m"),
]


@pytest.mark.parametrize(("change", "code", "field"), VESSEL_FAULTS)
def test_a_wrong_particular_is_found_at_its_field(
    port: Port, change: dict[str, object], code: str, field: str
) -> None:
    vessel = replace(VESSEL, **change)  # type: ignore[arg-type]
    faults = judge(plan_of(call_of(ENTRY, vessel=vessel)), port, NOW)
    assert (code, f"/calls/0/vessel/{field}") in {(f.code, f.pointer) for f in faults}


MOVEMENT_FAULTS: list[tuple[dict[str, object], str, str]] = [
    ({"draught_m": 0.0}, "value-out-of-range", "draught_m"),
    ({"draught_m": 12.6}, "draught-beyond-maximum", "draught_m"),
    ({"latest_at": NOW + timedelta(hours=8)}, "times-out-of-order", "latest_at"),
    (
        {"requested_at": NOW - timedelta(hours=3), "latest_at": NOW - timedelta(seconds=1)},
        "latest-in-past",
        "latest_at",
    ),
    (
        {"requested_at": NOW + timedelta(days=365), "latest_at": NOW + timedelta(days=366)},
        "time-far-off",
        "requested_at",
    ),
    ({"service_min": -1}, "value-out-of-range", "service_min"),
    ({"cargo_t": float("nan")}, "value-out-of-range", "cargo_t"),
    ({"priority": 9}, "priority-unknown", "priority"),
    ({"pilot_required": False}, "pilotage-compulsory", "pilot_required"),
    ({"boarding_place": "P99"}, "boarding-place-unknown", "boarding_place"),
    ({"berths": ()}, "destination-missing", "berths"),
    ({"berths": ("NS1-1", "NS1-1")}, "berth-repeated", "berths"),
    ({"berths": ("NS1-9",)}, "place-unknown", "berths/0"),
    ({"berths": ("SJ",)}, "entry-to-anchorage", "berths/0"),
    ({"berths": ("SZ-1",), "stretch": None}, "berth-takes-other-types", "berths/0"),
    ({"berths": ("NG-1",), "stretch": None}, "berth-too-small", "berths/0"),
    ({"stretch": Stretch(from_m=1300.0, to_m=1560.0)}, "position-outside-quay", "stretch"),
    ({"stretch": Stretch(from_m=30.0, to_m=280.0)}, "position-too-short", "stretch"),
]


@pytest.mark.parametrize(("change", "code", "field"), MOVEMENT_FAULTS)
def test_a_wrong_wish_is_found_at_its_field(
    port: Port, change: dict[str, object], code: str, field: str
) -> None:
    faults = judge(plan_of(call_of(replace(ENTRY, **change))), port, NOW)  # type: ignore[arg-type]
    assert (code, f"/calls/0/movements/0/{field}") in {(f.code, f.pointer) for f in faults}


CALL_FAULTS: list[tuple[Callable[[], CallPlan], str]] = [
    (call_of, "call-empty"),
    (lambda: call_of(*[SHIFT] * 13, here=HERE), "too-many-movements"),
    (lambda: call_of(EXIT), "departure-of-ship-not-in-port"),
    (lambda: call_of(ENTRY, here=HERE), "entry-of-ship-in-port"),
    (lambda: call_of(EXIT, ENTRY, here=HERE), "movement-after-exit"),
    (lambda: call_of(replace(EXIT, from_place="NS1-2"), here=HERE), "place-does-not-follow"),
    (lambda: call_of(replace(EXIT, berths=("NS1-2",)), here=HERE), "exit-has-destination"),
    (
        lambda: call_of(
            ENTRY, replace(EXIT, requested_at=ENTRY.requested_at - timedelta(minutes=1))
        ),
        "times-out-of-order",
    ),
    (lambda: call_of(EXIT, here=replace(HERE, place="NOWHERE")), "place-unknown"),
    (
        lambda: call_of(EXIT, here=replace(HERE, since_at=NOW + timedelta(minutes=6))),
        "alongside-in-future",
    ),
    (
        lambda: call_of(here=replace(HERE, expected_departure_at=HERE.since_at)),
        "times-out-of-order",
    ),
]


@pytest.mark.parametrize(("make", "code"), CALL_FAULTS)
def test_a_call_that_cannot_be_is_found(
    port: Port, make: Callable[[], CallPlan], code: str
) -> None:
    assert code in {fault.code for fault in judge(plan_of(make()), port, NOW)}


def test_the_same_ship_or_reference_twice_is_found(port: Port) -> None:
    codes = {fault.code for fault in judge(plan_of(call_of(ENTRY), call_of(ENTRY)), port, NOW)}
    assert codes == {"call-ref-repeated", "ship-repeated"}


def test_an_empty_declaration_is_refused(port: Port) -> None:
    assert [fault.code for fault in judge(plan_of(), port, NOW)] == ["declaration-empty"]


def test_an_unknown_berth_comes_with_the_nearest_known_one(port: Port) -> None:
    faults = judge(plan_of(call_of(replace(ENTRY, berths=("ns1-1 ",)))), port, NOW)
    assert [fault.params["suggestion"] for fault in faults if fault.code == "place-unknown"] == [
        "NS1-1"
    ]
