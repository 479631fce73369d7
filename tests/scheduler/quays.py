"""Quays on which positions are chosen: plain builders, and random small questions."""

from dataclasses import replace

from hypothesis import strategies as st

from scheduler.outcome import Outcome
from scheduler.problem import Berth, Fixed, Mode, Movement, Problem, Quay, Ship, Stay

ENDS = 1
"""Ticks from the start of an entry to its end, and of an exit; the berth is held in between."""


def a_call(
    name: str,
    length: int,
    along: tuple[int, int],
    requested: int = 0,
    service: int = 5,
    latest: int | None = None,
    **changes,
) -> tuple[Ship, Movement, Movement, Stay]:
    """A ship that comes, is worked on for some ticks, and goes; lengths in mm."""
    into = Mode(id="m", legs=(), to_place="B1", along_mm=along, end_at=ENDS)
    out = Mode(id="m", legs=(), from_place="B1", clear_at=ENDS, end_at=ENDS)
    entry = Movement(
        id=f"{name}-in",
        ship=name,
        kind="entry",
        draught_mm=1,
        modes=(into,),
        requested=requested,
        earliest=requested,
        latest=10**6 if latest is None else latest,
    )
    leaving = replace(
        entry,
        id=f"{name}-out",
        kind="exit",
        modes=(out,),
        requested=requested + ENDS + service,
        late_weight=0,
        latest=10**6,
    )
    return (
        Ship(id=name, kind="box", loa_mm=length, beam_mm=1),
        replace(entry, **changes),
        leaving,
        Stay(id=name, ship=name, entry=entry.id, exit=leaving.id, service_ticks=service),
    )


def a_quay_of(
    length: int, *calls, clearance: int = 0, turnover: int = 0, horizon: int = 60, **changes
) -> Problem:
    """A question of one berth that is all of a continuous quay."""
    problem = Problem(
        horizon=horizon,
        ships=tuple(call[0] for call in calls),
        quays=(Quay(id="Q1", clearance_mm=clearance),),
        berths=(
            Berth(
                id="B1",
                node="port",
                quay="Q1",
                begin_mm=0,
                end_mm=length,
                turnover_ticks=turnover,
            ),
        ),
        movements=tuple(movement for call in calls for movement in call[1:3]),
        stays=tuple(call[3] for call in calls),
    )
    return replace(problem, **changes)


def begins(outcome: Outcome) -> dict[str, int]:
    """Where each ship lies whose position was chosen."""
    return {
        one.movement.removesuffix("-in"): one.begin_mm
        for one in outcome.placements
        if one.begin_mm is not None
    }


@st.composite
def quay_problems(draw, exits=True):
    """A few ships at a quay of some millimetres: positions open, given, fixed, or already taken."""
    length, clearance = draw(st.integers(4, 7)), draw(st.sampled_from((0, 0, 1)))
    marked = draw(st.booleans())
    calls, there = [], []
    for n in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(("open", "open", "open", "part", "given", "whole", "there")))
        loa = draw(st.integers(1, min(4, length)))
        service = draw(st.integers(1, 4))
        if kind == "there":
            begin = draw(st.integers(0, length - loa))
            there.append(
                Stay(
                    id=f"there{n}",
                    ship=f"old{n}",
                    place="B1",
                    stretch_mm=(begin, begin + loa),
                    until=draw(st.integers(1, 5)),
                )
            )
            continue
        requested = draw(st.integers(0, 4))
        ship, entry, leaving, stay = a_call(
            f"s{n}",
            loa,
            (0, length),
            requested=requested,
            service=service,
            latest=requested + draw(st.integers(2, 7)),
            late_weight=draw(st.integers(1, 3)),
            unplaced_cost=draw(st.sampled_from((8, 40))),
        )
        first = draw(st.integers(0, length - loa))
        last = draw(st.integers(first, length - loa))
        mode = entry.modes[0]
        if kind == "part":
            mode = replace(mode, along_mm=(first, last + loa))
        elif kind == "given":
            mode = replace(mode, along_mm=None, stretch_mm=(first, first + loa))
        elif kind == "whole":
            mode = replace(mode, along_mm=None, to_place="B2" if marked else "B1")
        entry = replace(entry, modes=(mode,))
        if mode.along_mm is not None and draw(st.sampled_from((False, False, False, True))):
            fixed = Fixed(mode="m", start=requested, begin_mm=first, actual=draw(st.booleans()))
            # the engine leaves out what is fixed only where it must: let that be the best, too
            entry = replace(entry, fixed=fixed, unplaced_cost=10**7)
        if exits and not marked and draw(st.sampled_from((False, False, True))):
            leaving = replace(
                leaving,
                earliest=leaving.requested + draw(st.sampled_from((0, 0, 2))),
                latest=leaving.requested + 8,
                late_weight=draw(st.integers(0, 2)),
            )
            calls.append((ship, entry, leaving, stay))
        else:
            calls.append((ship, entry, None, replace(stay, exit=None)))
    problem = a_quay_of(
        length,
        *calls,
        clearance=clearance,
        turnover=draw(st.sampled_from((0, 0, 1))),
        horizon=20,
    )
    middle = length // 2
    berths = problem.berths
    if marked:
        other = replace(berths[0], id="B2", begin_mm=middle, turnover_ticks=draw(st.integers(0, 2)))
        berths = (*berths, other)
    return replace(
        problem,
        berths=berths,
        ships=(
            *problem.ships,
            *(Ship(id=stay.ship, kind="box", loa_mm=1, beam_mm=1) for stay in there),
        ),
        movements=tuple(m for m in problem.movements if m is not None),
        stays=(*problem.stays, *there),
    )
