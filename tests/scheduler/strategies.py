"""Small valid problems of all kinds: a port of two reaches in which every rule can bind.

The port has the nodes ``sea``, ``mid`` and ``port``, the reaches ``S1`` and ``S2`` between them,
two berths of one quay at ``port`` and an anchorage at ``mid``. Reaches take 0 to 3 ticks, so that a
whole plan fits in a dozen of them and all plans can be looked at.
"""

from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from scheduler.problem import (
    Anchorage,
    Berth,
    BoardingPlace,
    Break,
    Bridge,
    Closure,
    Count,
    Crew,
    Duty,
    Fixed,
    Follows,
    Gap,
    Interval,
    Leg,
    Mode,
    Movement,
    Need,
    OneWay,
    PastDuty,
    Pool,
    Problem,
    Quay,
    Resource,
    Segment,
    Ship,
    Stay,
    Visibility,
    WaterLevel,
    WidthFormula,
    Wind,
)

HORIZON = 10
SAMPLE_STEP = 4
POOL_PLACES = ("home", "sea", "mid", "port")
TRAVEL_TICKS = ((0, 2, 1, 0), (2, 0, 1, 2), (1, 1, 0, 1), (0, 2, 1, 0))


def seldom(strategy, otherwise=None):
    """Usually ``otherwise``: most rules are silent in any one example."""
    return st.one_of(st.just(otherwise), st.just(otherwise), strategy)


def numbers(*values):
    return st.sampled_from(values)


@st.composite
def spans(draw, longest=6):
    begin = draw(st.integers(-2, HORIZON + 4))
    return Interval(begin, begin + draw(st.integers(1, longest)))


@st.composite
def segments(draw, name, from_node, to_node):
    by_pair = {
        "one_way": draw(
            seldom(
                st.builds(
                    OneWay,
                    loa_mm=numbers(None, 150_000),
                    draught_mm=numbers(None, 10_000),
                    applies_to=st.sampled_from(("large_large", "any")),
                    exempt_below_loa_mm=numbers(0, 100_000),
                )
            )
        ),
        "width_formula": draw(seldom(st.just(WidthFormula()))),
        "combined_beam_mm": draw(seldom(numbers(45_000, 55_000))),
    }
    bridge = st.builds(
        Bridge,
        id=st.just("bridge"),
        clearance_mm=numbers(30_000, 30_200),
        reference_height_mm=numbers(None, 100),
    )
    return Segment(
        id=name,
        from_node=from_node,
        to_node=to_node,
        length_mm=3_000_000,
        depth_mm=draw(seldom(numbers(9_900, 10_000, 10_200))),
        ukc_permille=draw(numbers(0, 10)),
        width_mm=draw(numbers(None, 150_000, 200_000)),
        bridges=draw(seldom(bridge.map(lambda one: (one,)), ())),
        passing=draw(st.sampled_from(("always", "by_pair", "never"))),
        clear_ticks=draw(numbers(0, 1)),
        overtaking=draw(st.booleans()),
        daylight_loa_mm=draw(seldom(st.just(150_000))),
        max_loa_mm=draw(seldom(st.just(190_000))),
        **by_pair,
    )


def levels(node):
    height_mm = st.sampled_from((-100, 0, 100, 250))
    heights_mm = st.lists(height_mm, min_size=2, max_size=6).map(tuple)
    return st.builds(
        WaterLevel, node=st.just(node), step_ticks=st.just(SAMPLE_STEP), heights_mm=heights_mm
    )


@st.composite
def berths(draw):
    return tuple(
        Berth(
            id=name,
            node="port",
            quay="Q1",
            begin_mm=begin_mm,
            end_mm=begin_mm + 250_000,
            depth_mm=draw(seldom(numbers(9_900, 10_000))),
            max_loa_mm=draw(seldom(numbers(150_000, 210_000))),
            kinds=draw(seldom(st.just(("bulk",)), ())),
            turnover_ticks=draw(numbers(0, 1)),
            closed=draw(seldom(spans().map(lambda span: (span,)), ())),
        )
        for name, begin_mm in (("B1", 0), ("B2", draw(numbers(200_000, 250_000))))
    )


def pools():
    return st.builds(
        Pool,
        id=st.just("pilots"),
        places=st.just(POOL_PLACES),
        travel_ticks=st.just(TRAVEL_TICKS),
        make_ready_ticks=numbers(0, 1),
        early_ticks=numbers(0, 1),
        debrief_ticks=numbers(0, 1),
        min_rest_ticks=numbers(0, 2),
        max_duties=seldom(numbers(1, 2)),
        rolling_ticks=st.just(12),
        max_duty_ticks=seldom(st.just(4)),
        min_rest_rolling_ticks=seldom(st.just(4), 0),
    )


@st.composite
def resources(draw, pool, name):
    past = PastDuty(span=Interval(-3, draw(numbers(0, 2))), to_place="port")
    return Resource(
        id=name,
        pool=pool,
        home="home",
        pull_kg=draw(numbers(30, 50)),
        grade=draw(numbers(1, 2)),
        below_loa_mm=draw(seldom(st.just(150_000))),
        off=draw(seldom(spans().map(lambda span: (span,)), ())),
        breaks=draw(seldom(st.just((Break(Interval(1, 9), draw(numbers(3, 6))),)), ())),
        past=draw(seldom(st.just((past,)), ())),
    )


@st.composite
def needs(draw, pilots, tugs):
    found = []
    if pilots and draw(st.booleans()):
        count = draw(st.integers(1, pilots))
        grade = draw(seldom(st.just(1)))
        found.append(
            Need(
                id="pilotage",
                pool="pilots",
                count=count,
                first_admits=draw(st.booleans()),
                other_grade=grade,
            )
        )
    if tugs and draw(st.booleans()):
        pull_kg = draw(numbers(0, 40, 80))
        found.append(Need(id="towage", pool="tugs", count=1, pull_kg=pull_kg))
    return tuple(found)


def _legs(start, ticks, inward, slow_ticks):
    legs, names = [], (("S1", "S2") if inward else ("S2", "S1"))
    for name, length in zip(names, ticks, strict=True):
        legs.append(
            Leg(
                segment=name,
                forward=inward,
                enter=start,
                leave=start + length,
                slow_ticks=slow_ticks,
            )
        )
        start += length
    return tuple(legs)


@st.composite
def modes(draw, name, inward, *, place, of_needs, restricted):
    before, after = (0, 1) if inward else (1, 0)
    ticks = draw(st.tuples(numbers(1, 2, 0), numbers(1, 2)))
    if restricted:
        ticks = (ticks[0] + 1, ticks[1] + 1)
    legs = _legs(before, ticks, inward, slow_ticks=draw(numbers(0, 2)))
    end_at = legs[-1].leave + after
    outer, inner = ("sea", "port") if inward else ("port", "sea")
    duties = {
        "pilotage": Duty(need="pilotage", begin=0, end=end_at, from_place=outer, to_place=inner),
        "towage": Duty(
            need="towage",
            begin=legs[-1].leave if inward else 0,
            end=end_at if inward else 1,
            from_place="port",
            to_place="port",
        ),
    }
    stretch_mm = draw(seldom(numbers((0, 200_000), (230_000, 430_000)))) if inward else None
    return Mode(
        id=name,
        legs=legs,
        from_place=None if inward else place,
        to_place=place if inward else None,
        stretch_mm=stretch_mm,
        clear_at=before,
        arrive_at=legs[-1].leave,
        end_at=end_at,
        boarding_place="P1" if inward else None,
        duties=tuple(duties[need.id] for need in of_needs),
        restricted=restricted,
    )


@st.composite
def movements(draw, name, *, ship, kind, places, teams):
    inward = kind == "entry"
    of_needs = draw(needs(*teams))
    ways = [
        draw(
            modes(
                f"{place}-{n}",
                inward,
                place=place,
                of_needs=of_needs,
                restricted=draw(st.booleans()),
            )
        )
        for n, place in enumerate(places)
    ]
    earliest = draw(st.integers(-1, 4))
    latest = earliest + draw(st.integers(0, HORIZON))
    fixed = None
    if draw(seldom(st.just(True), False)):
        mode = draw(st.sampled_from(ways))
        actual = draw(st.booleans())
        start = draw(st.integers(-4, 1) if actual else st.integers(-1, 6))
        team = tuple(Crew(need=need.id, resources=(f"{need.pool}-0",)) for need in of_needs)
        fixed = Fixed(
            mode=mode.id, start=start, crews=team if draw(st.booleans()) else (), actual=actual
        )
    return Movement(
        id=name,
        ship=ship,
        kind=kind,
        draught_mm=draw(numbers(9_900, 10_000, 10_100)),
        air_draught_mm=draw(numbers(0, 30_000, 30_100)),
        modes=tuple(ways),
        requested=draw(st.integers(0, 6)),
        earliest=earliest,
        latest=latest,
        late_weight=draw(st.integers(1, 3)),
        early_weight=draw(numbers(0, 1)),
        unplaced_cost=draw(numbers(6, 40)),
        needs=of_needs,
        min_visibility_m=draw(numbers(0, 500)),
        boarding_wind_mms=draw(numbers(None, 15_000)),
        berthing_wind_mms=draw(numbers(None, 12_000)),
        daylight_only=draw(seldom(st.just(True), False)),
        barred=draw(seldom(st.just(("pilots-0",)), ())) if teams[0] else (),
        held=draw(st.sampled_from((None,) * 9 + ("papers",))),
        waived=draw(seldom(st.sampled_from((("headway",), ("pilots",), ("one_way",))), ())),
        fixed=fixed,
    )


CALLS = st.sampled_from(
    (
        *(("in", "in"), ("out", "in"), ("both",), ("in",), ("out", "both"), ("in", "out", "in")),
        *(("shift", "in"), ("shift", "out")),
    )
)


@st.composite
def shifts(draw, name, *, ship, from_place, to_place):
    """A shift by way of ``S2``; it leaves one stay and begins another."""
    passed = draw(numbers(1, 2, 0))
    mode = Mode(
        id="over",
        legs=(Leg(segment="S2", forward=True, enter=1, leave=1 + passed),),
        from_place=from_place,
        to_place=to_place,
        clear_at=1,
        arrive_at=1 + passed,
        end_at=2 + passed,
    )
    plain = draw(movements(name, ship=ship, kind="entry", places=(to_place,), teams=(0, 0)))
    fixed = plain.fixed and replace(plain.fixed, mode=mode.id)
    return replace(plain, kind="shift", modes=(mode,), fixed=fixed)


@st.composite
def cost_tables(draw):
    """Costs that rise and fall, or none."""
    ticks = sorted(draw(st.sets(st.integers(-3, 12), max_size=4)))
    return tuple((tick, draw(st.integers(0, 15))) for tick in ticks)


@st.composite
def counted_pools(draw):
    """Gangs by number alone; towards the end there are others than at first."""
    ends = (-6, draw(st.integers(1, 5)), draw(st.integers(6, 12)), 40)
    spans = (Interval(begin, end) for begin, end in pairwise(ends))
    return (Pool(id="gangs", counts=tuple(Count(span, draw(numbers(2, 1, 3))) for span in spans)),)


@st.composite
def moored(draw, movement):
    """The same movement with a need of gangs, in each of its modes."""
    need = Need(id="mooring", pool="gangs", count=draw(numbers(1, 2)))
    begin = draw(st.integers(-1, 2))
    duty = Duty(need=need.id, begin=begin, end=begin + draw(st.integers(1, 4)))
    modes = tuple(replace(mode, duties=(*mode.duties, duty)) for mode in movement.modes)
    return replace(movement, modes=modes, needs=(*movement.needs, need))


@st.composite
def problems(draw):
    """A small valid problem: each call brings a ship in, takes one out, or does both."""
    teams = (draw(st.integers(0, 2)), draw(st.integers(0, 2)))
    wanted = draw(st.sampled_from((("B1", "B1"), ("A1", "A1"), ("B1", "B2"), ("B2", "A1"))))
    ships, asked, stays = [], [], []
    for n, call in enumerate(draw(CALLS)):
        ship = draw(small_ships(f"s{n}"))
        ships.append(ship)
        entry = leaving = None
        first = wanted[n % 2]
        if call == "shift":
            place = wanted[(n + 1) % 2]
            shift = draw(shifts(f"over{n}", ship=ship.id, from_place=first, to_place=place))
            asked.append(shift)
            before = Stay(id=f"before{n}", ship=ship.id, place=first, exit=shift.id)
            after = Stay(id=f"after{n}", ship=ship.id, entry=shift.id, service_ticks=2)
            stays += [before, after]
            continue
        if call != "out":
            places = draw(st.sampled_from(((first,), ("B1", "B2"))))
            entry = draw(
                movements(f"in{n}", ship=ship.id, kind="entry", places=places, teams=teams)
            )
            asked.append(entry)
        if call != "in":
            froms = (first,) if entry is None else tuple(mode.to_place for mode in entry.modes)
            leaving = draw(
                movements(f"out{n}", ship=ship.id, kind="exit", places=froms, teams=teams)
            )
            asked.append(leaving)
        stays.append(
            Stay(
                id=f"stay{n}",
                ship=ship.id,
                entry=entry.id if entry else None,
                exit=leaving.id if leaving else None,
                place=None if entry else first,
                service_ticks=draw(st.integers(0, 3)),
                until=draw(seldom(st.integers(0, 8))),
                ready=draw(st.integers(0, 2)),
            )
        )
    if len(asked) > 1 and draw(seldom(st.just(True), False)):
        link = Follows(movement=asked[0].id, gap_ticks=draw(numbers(0, 1)))
        if asked[-1].ship != asked[0].ship:
            asked[-1] = replace(asked[-1], follows=(link,))
    pool = draw(pools())
    gangs = draw(seldom(counted_pools(), ()))
    if draw(seldom(st.just(True), False)):
        asked = [replace(movement, cost_points=draw(cost_tables())) for movement in asked]
    if gangs:
        asked = [draw(moored(movement)) for movement in asked]
    return Problem(
        horizon=HORIZON,
        ships=tuple(ships),
        segments=(draw(segments("S1", "sea", "mid")), draw(segments("S2", "mid", "port"))),
        quays=(
            Quay(id="Q1", clearance_mm=draw(numbers(0, 40_000)), continuous=draw(st.booleans())),
        ),
        berths=draw(berths()),
        anchorages=(
            Anchorage(id="A1", node="mid", capacity=1, depth_mm=draw(seldom(st.just(9_950)))),
        ),
        boarding_places=(
            BoardingPlace(
                id="P1",
                node="sea",
                slot_ticks=3,
                ships_per_slot=1,
                slot_phase_ticks=draw(numbers(0, 1)),
            ),
        ),
        water_levels=tuple(draw(levels(node)) for node in draw(_some(("sea", "mid", "port")))),
        daylight=draw(
            numbers((Interval(-9, -5),), (Interval(-5, 40),), (Interval(0, 6), Interval(8, 30)))
        ),
        visibility=tuple(draw(fogs()) for _ in range(draw(numbers(1, 0, 2)))),
        slow_visibility_m=draw(numbers(1_000, 0)),
        slow_headway_permille=draw(numbers(1_000, 1_500)),
        wind=tuple(draw(winds()) for _ in range(draw(numbers(1, 0, 2)))),
        closures=tuple(
            Closure(id=f"c{n}", span=draw(spans(2)), segments=draw(numbers((), ("S2",))))
            for n in range(draw(numbers(0, 0, 1)))
        ),
        gaps=draw(seldom(gaps(), ())),
        pools=(pool, replace(pool, id="tugs", max_duty_ticks=None), *gangs),
        resources=tuple(
            draw(resources(name, f"{name}-{n}"))
            for name, count in zip(("pilots", "tugs"), teams, strict=True)
            for n in range(count)
        ),
        movements=tuple(asked),
        stays=tuple(stays),
    )


def _some(names):
    return st.lists(st.sampled_from(names), unique=True, max_size=len(names))


def fogs():
    return st.builds(
        Visibility,
        span=spans(),
        visibility_m=numbers(200, 800, 5_000),
        segments=numbers((), ("S1",), ("S2",)),
    )


def gaps():
    """From one kind to the other: in one reach, or everywhere."""
    one = st.builds(
        Gap,
        leader=st.just("tanker"),
        follower=numbers("tanker", "bulk"),
        ticks=numbers(2, 4),
        segment=numbers(None, "S1"),
    )
    return st.tuples(one)


def winds():
    return st.builds(Wind, span=spans(), wind_mms=numbers(10_000, 12_000, 15_000))


def small_ships(name):
    zone = {"zone_ahead_mm": 0, "zone_astern_mm": 3_000_000, "zone_abeam_mm": 90_000}
    plain = st.builds(
        Ship,
        id=st.just(name),
        kind=st.sampled_from(("bulk", "tanker")),
        loa_mm=numbers(90_000, 150_000, 200_000),
        beam_mm=numbers(20_000, 30_000),
        headway_ticks=numbers(0, 1, 2),
    )
    return st.one_of(plain, plain, plain.map(lambda ship: replace(ship, **zone)))
