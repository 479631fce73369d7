"""A malformed problem is refused, and every fault has its place."""

from dataclasses import replace

import pytest

from scheduler.problem import (
    Closure,
    Fixed,
    Follows,
    Interval,
    PastDuty,
    Published,
    Visibility,
)
from scheduler.validation import Fault, ProblemInvalid, ensure_valid, validate
from tests.scheduler.builders import (
    a_berth,
    a_boarding_place,
    a_bridge,
    a_crew,
    a_duty,
    a_leg,
    a_level,
    a_need,
    a_pool,
    a_problem,
    a_quay,
    a_resource,
    a_segment,
    a_ship,
    a_stay,
    an_anchorage,
    an_entry,
    an_entry_mode,
    an_exit,
    an_exit_mode,
)

DUTY = a_duty()
MODE = an_entry_mode(duties=(DUTY,), boarding_place="P1")
NEED = a_need()
IN = an_entry(modes=(MODE,), needs=(NEED,))
OUT = an_exit()
STAY = a_stay(entry="in", exit="out")
GOOD = a_problem(
    IN,
    OUT,
    segments=(a_segment(bridges=(a_bridge(1),)), a_segment("S2", from_node="port", to_node="up")),
    quays=(a_quay(),),
    berths=(a_berth(quay="Q1", end_mm=300_000),),
    boarding_places=(a_boarding_place(),),
    water_levels=(a_level("sea", (-5, 5)),),
    pools=(a_pool(),),
    resources=(a_resource("p"),),
    stays=(STAY,),
)


def with_entry(**changes):
    return replace(GOOD, movements=(replace(IN, **changes), OUT))


def with_mode(**changes):
    return with_entry(modes=(replace(MODE, **changes),))


def with_stay(**changes):
    return replace(GOOD, stays=(replace(STAY, **changes),))


def test_a_good_problem_has_no_fault():
    assert validate(GOOD) == ()
    ensure_valid(GOOD)


def test_all_faults_come_together_each_at_its_place():
    problem = replace(with_entry(ship="ghost", barred=("p", "x"), latest=-1), berths=())
    faults = validate(problem)
    assert (
        Fault("/movements/0/ship", "unknown_reference", {"kind": "ship", "id": "ghost"}) in faults
    )
    assert (
        Fault("/movements/0/barred/1", "unknown_reference", {"kind": "resource", "id": "x"})
        in faults
    )
    assert Fault(
        "/movements/0/latest", "latest_before_earliest", {"earliest": 0, "latest": -1}
    ) in (faults)
    with pytest.raises(ProblemInvalid) as refused:
        ensure_valid(problem)
    assert refused.value.faults == faults
    assert "/movements/0/ship: unknown_reference" in str(refused.value)


CASES = [
    (replace(GOOD, tick_s=0), "/tick_s", "out_of_range"),
    (replace(GOOD, horizon=0), "/horizon", "out_of_range"),
    (replace(GOOD, horizon=10.0), "/horizon", "not_an_integer"),
    (replace(GOOD, horizon=2**53), "/horizon", "out_of_range"),
    (with_entry(late_weight=-1), "/movements/0/late_weight", "out_of_range"),
    (with_entry(draught_mm=0), "/movements/0/draught_mm", "out_of_range"),
    (with_mode(clear_at=-1), "/movements/0/modes/0/clear_at", "out_of_range"),
    (
        replace(GOOD, boarding_places=(a_boarding_place(slot_ticks=0),)),
        "/boarding_places/0/slot_ticks",
        "out_of_range",
    ),
    (
        replace(GOOD, boarding_places=(a_boarding_place(ships_per_slot=0),)),
        "/boarding_places/0/ships_per_slot",
        "out_of_range",
    ),
    (
        replace(GOOD, anchorages=(an_anchorage(capacity=0),)),
        "/anchorages/0/capacity",
        "out_of_range",
    ),
    (replace(GOOD, segments=(a_segment(length_mm=0),)), "/segments/0/length_mm", "out_of_range"),
    (replace(GOOD, daylight=(Interval(5, 5),)), "/daylight/0", "end_not_after_begin"),
    (
        replace(
            GOOD,
            resources=(a_resource("p", past=(PastDuty(span=Interval(5, 4), to_place="sea"),)),),
        ),
        "/resources/0/past/0/span",
        "end_not_after_begin",
    ),
    (
        replace(GOOD, pools=(a_pool(travel_ticks=((0, -1, 0), (0, 0, 0), (0, 0, 0))),)),
        "/pools/0/travel_ticks/0/1",
        "out_of_range",
    ),
    # ids
    (replace(GOOD, ships=(a_ship("ship"), a_ship("ship"))), "/ships/1/id", "duplicate_id"),
    (replace(GOOD, ships=(a_ship("ship"), a_ship(""))), "/ships/1/id", "empty_id"),
    (replace(GOOD, anchorages=(an_anchorage("B1"),)), "/anchorages/0/id", "duplicate_id"),
    (with_entry(modes=(MODE, MODE)), "/movements/0/modes/1/id", "duplicate_id"),
    (with_entry(needs=(NEED, NEED)), "/movements/0/needs/1/id", "duplicate_id"),
    (replace(GOOD, movements=(IN, IN)), "/movements/1/id", "duplicate_id"),
    (replace(GOOD, pools=(a_pool("headway"),)), "/pools/0/id", "reserved_id"),
    # channel and places
    (replace(GOOD, segments=(a_segment(to_node="sea"),)), "/segments/0/to_node", "same_node"),
    (replace(GOOD, water_levels=(a_level("sea", ()),)), "/water_levels/0/heights_mm", "empty"),
    (
        replace(GOOD, water_levels=(a_level("sea", (1,)), a_level("sea", (1,)))),
        "/water_levels/1/node",
        "duplicate_id",
    ),
    (replace(GOOD, berths=(a_berth(quay="Q9", end_mm=5),)), "/berths/0/quay", "unknown_reference"),
    (replace(GOOD, berths=(a_berth(quay="Q1"),)), "/berths/0/end_mm", "end_not_after_begin"),
    (
        replace(
            GOOD, visibility=(Visibility(span=Interval(0, 1), visibility_m=1, segments=("S9",)),)
        ),
        "/visibility/0/segments/0",
        "unknown_reference",
    ),
    (
        replace(GOOD, closures=(Closure(id="c", span=Interval(0, 1), segments=("S1", "S9")),)),
        "/closures/0/segments/1",
        "unknown_reference",
    ),
    (replace(GOOD, daylight=(Interval(0, 5), Interval(5, 9))), "/daylight/1/begin", "not_apart"),
    # pools and resources
    (
        replace(GOOD, pools=(a_pool(travel_ticks=((0, 1, 2),)),)),
        "/pools/0/travel_ticks",
        "matrix_not_square",
    ),
    (
        replace(GOOD, pools=(a_pool(travel_ticks=((0, 1, 2), (1, 0), (0, 0, 0))),)),
        "/pools/0/travel_ticks/1",
        "matrix_not_square",
    ),
    (
        replace(GOOD, pools=(a_pool(min_rest_rolling_ticks=1441),)),
        "/pools/0/min_rest_rolling_ticks",
        "rest_longer_than_span",
    ),
    (
        replace(GOOD, resources=(a_resource("p", home="moon"),)),
        "/resources/0/home",
        "unknown_reference",
    ),
    (
        replace(GOOD, resources=(a_resource("p", pool="x"),)),
        "/resources/0/pool",
        "unknown_reference",
    ),
    # movements
    (with_entry(modes=()), "/movements/0/modes", "empty"),
    (with_entry(waived=("gravity",)), "/movements/0/waived/0", "unknown_reference"),
    (with_entry(needs=(a_need("x"), NEED)), "/movements/0/needs/0/pool", "unknown_reference"),
    (
        with_entry(needs=(a_need(count=2, max_count=1),)),
        "/movements/0/needs/0/max_count",
        "fewer_than_count",
    ),
    (with_entry(fixed=Fixed(mode="x", start=0)), "/movements/0/fixed/mode", "unknown_reference"),
    (
        with_entry(fixed=Fixed(mode="m", start=0, crews=(a_crew("p", "x"),))),
        "/movements/0/fixed/crews/0/resources/1",
        "unknown_reference",
    ),
    (
        with_entry(fixed=Fixed(mode="m", start=0, crews=(a_crew(need="x"),))),
        "/movements/0/fixed/crews/0/need",
        "unknown_reference",
    ),
    (
        with_entry(fixed=Fixed(mode="m", start=0, crews=(a_crew("p"), a_crew("p")))),
        "/movements/0/fixed/crews/1/need",
        "duplicate_id",
    ),
    (
        with_entry(follows=(Follows(movement="x"),)),
        "/movements/0/follows/0/movement",
        "unknown_reference",
    ),
    (with_entry(follows=(Follows(movement="in"),)), "/movements/0/follows", "circle"),
    (with_entry(follows=(Follows(movement="out"),)), "/movements/0/follows", "circle"),
    # modes
    (with_mode(to_place="B9"), "/movements/0/modes/0/to_place", "unknown_reference"),
    (with_mode(from_place="B9"), "/movements/0/modes/0/from_place", "unknown_reference"),
    (with_mode(boarding_place="P9"), "/movements/0/modes/0/boarding_place", "unknown_reference"),
    (with_mode(stretch_mm=(5, 5)), "/movements/0/modes/0/stretch_mm", "end_not_after_begin"),
    (with_mode(arrive_at=41), "/movements/0/modes/0/arrive_at", "after_the_end"),
    (with_mode(clear_at=41), "/movements/0/modes/0/clear_at", "after_the_end"),
    (with_mode(legs=(a_leg(leave=41),)), "/movements/0/modes/0/legs", "after_the_end"),
    (
        with_mode(legs=(a_leg(enter=5, leave=4),)),
        "/movements/0/modes/0/legs/0/leave",
        "leave_before_enter",
    ),
    (with_mode(legs=(a_leg("S9"),)), "/movements/0/modes/0/legs/0/segment", "unknown_reference"),
    (
        with_mode(legs=(a_leg(), a_leg("S2", enter=31, leave=40))),
        "/movements/0/modes/0/legs/1",
        "legs_not_contiguous",
    ),
    (
        with_mode(legs=(a_leg(), a_leg("S2", False, enter=30, leave=40))),
        "/movements/0/modes/0/legs/1",
        "legs_not_contiguous",
    ),
    (
        with_mode(duties=(replace(DUTY, need="x"),)),
        "/movements/0/modes/0/duties/0/need",
        "unknown_reference",
    ),
    (
        with_mode(duties=(replace(DUTY, end=0),)),
        "/movements/0/modes/0/duties/0/end",
        "end_not_after_begin",
    ),
    (
        with_mode(duties=(replace(DUTY, from_place="moon"),)),
        "/movements/0/modes/0/duties/0/from_place",
        "unknown_reference",
    ),
    # stays
    (with_stay(ship="x"), "/stays/0/ship", "unknown_reference"),
    (with_stay(entry=None), "/stays/0", "entry_or_place"),
    (with_stay(place="B1"), "/stays/0", "entry_or_place"),
    (with_stay(entry=None, place="B9"), "/stays/0/place", "unknown_reference"),
    (with_stay(exit="x"), "/stays/0/exit", "unknown_reference"),
    (with_stay(exit="in"), "/stays/0/exit", "same_movement"),
    (
        replace(GOOD, movements=(IN, replace(OUT, modes=(an_exit_mode(None),)))),
        "/stays/0/exit",
        "mode_without_place",
    ),
    (with_mode(to_place=None), "/stays/0/entry", "mode_without_place"),
    (replace(GOOD, stays=(STAY, replace(STAY, id="again"))), "/stays/1/entry", "in_two_stays"),
    (
        replace(with_stay(ship="other"), ships=(a_ship(), a_ship("other"))),
        "/stays/0/exit",
        "other_ship",
    ),
    (
        with_stay(entry=None, place="B1", stretch_mm=(5, 4)),
        "/stays/0/stretch_mm",
        "end_not_after_begin",
    ),
]


@pytest.mark.parametrize(("problem", "path", "code"), CASES, ids=[f"{c}{p}" for _, p, c in CASES])
def test_a_fault_is_told_with_its_place_and_code(problem, path, code):
    assert (path, code) in {(fault.path, fault.code) for fault in validate(problem)}


def test_what_is_sensible_is_not_refused():
    follows = (Follows(movement="in"),)
    problems = [
        with_mode(legs=(a_leg(), a_leg("S2", enter=30, leave=40)), arrive_at=40),
        with_entry(published=Published(mode="gone", start=5, crews=(a_crew("gone"),))),
        with_entry(waived=("headway", "pilots"), earliest=-5, requested=-5),
        replace(GOOD, movements=(IN, replace(OUT, follows=follows))),
        with_stay(entry=None, place="A1"),
    ]
    for problem in problems:
        assert validate(problem) == ()


def test_only_those_in_a_circle_are_told():
    ids = "abcd"
    links = {"a": ("b",), "b": ("c",), "c": ("b",), "d": ("a",)}
    movements = [
        an_entry(name, ship=name, follows=tuple(Follows(movement=one) for one in links[name]))
        for name in ids
    ]
    faults = validate(a_problem(*movements))
    assert {fault.path for fault in faults} == {"/movements/1/follows", "/movements/2/follows"}
