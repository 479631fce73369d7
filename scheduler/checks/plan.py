"""Is it a plan at all: every movement once, and only what the problem has. Not a rule of a port."""

from collections import Counter
from collections.abc import Iterator, Sequence

from scheduler.checks.counted import member_names
from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach, Placement, Unplaced
from scheduler.problem import Mode, Movement, Ship

RULE = "plan"


def _broken(code: str, movement: str, **params: int | str) -> Breach:
    return Breach(rule=RULE, movements=(movement,), params={"code": code, **params})


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report placements that name what is not there, or name it twice.

    Codes: ``unknown_movement``, ``placed_twice``, ``unknown_mode``, ``unknown_need``,
    ``need_crewed_twice``, ``unknown_resource``, ``position_missing``, ``position_not_asked``,
    ``position_outside``. A breach of this kind is always new.
    """
    counts = Counter(placement.movement for placement in sheet.placements)
    for movement_id, count in counts.items():
        if count > 1:
            yield _broken("placed_twice", movement_id, count=count)
    for placement in sheet.placements:
        movement = sheet.movements.get(placement.movement)
        if movement is None:
            yield _broken("unknown_movement", placement.movement)
            continue
        mode = next((mode for mode in movement.modes if mode.id == placement.mode), None)
        if mode is None:
            yield _broken("unknown_mode", movement.id, mode=placement.mode)
        else:
            yield from _judge_position(movement, mode, placement, sheet.ships[movement.ship])
        yield from _judge_crews(sheet, movement, placement)


def _judge_position(
    movement: Movement, mode: Mode, placement: Placement, ship: Ship
) -> Iterator[Breach]:
    """A position along the quay is told where one is to be chosen, out of what is left open."""
    if mode.along_mm is None:
        if placement.begin_mm is not None:
            yield _broken("position_not_asked", movement.id, mode=mode.id)
    elif placement.begin_mm is None:
        yield _broken("position_missing", movement.id, mode=mode.id)
    else:
        first_mm, end_mm = mode.along_mm
        if placement.begin_mm < first_mm or placement.begin_mm + ship.loa_mm > end_mm:
            yield _broken(
                "position_outside",
                movement.id,
                mode=mode.id,
                begin_mm=placement.begin_mm,
                end_mm=placement.begin_mm + ship.loa_mm,
                least_mm=first_mm,
                most_mm=end_mm,
            )


def _judge_crews(sheet: Sheet, movement: Movement, placement: Placement) -> Iterator[Breach]:
    needs = {need.id for need in movement.needs}
    counts = Counter(crew.need for crew in placement.crews)
    for need, count in counts.items():
        if need not in needs:
            yield _broken("unknown_need", movement.id, need=need)
        elif count > 1:
            yield _broken("need_crewed_twice", movement.id, need=need)
    members = {
        need.id: member_names(sheet.pools[need.pool], need)
        for need in movement.needs
        if need.pool in sheet.pools
    }
    for crew in placement.crews:
        for resource in crew.resources:
            if resource not in sheet.resources and resource not in members.get(crew.need, ()):
                yield _broken("unknown_resource", movement.id, need=crew.need, resource=resource)


def judge_unplaced(sheet: Sheet, unplaced: Sequence[Unplaced]) -> Iterator[Breach]:
    """Report movements that an outcome neither places nor lists, or deals with twice.

    Codes: ``unknown_movement``, ``listed_twice``, ``placed_and_unplaced``, ``missing``.
    """
    placed = {placement.movement for placement in sheet.placements}
    counts = Counter(left_out.movement for left_out in unplaced)
    for movement_id, count in counts.items():
        if movement_id not in sheet.movements:
            yield _broken("unknown_movement", movement_id)
        if count > 1:
            yield _broken("listed_twice", movement_id, count=count)
        if movement_id in placed:
            yield _broken("placed_and_unplaced", movement_id)
    for movement_id in sheet.movements:
        if movement_id not in placed and movement_id not in counts:
            yield _broken("missing", movement_id)
