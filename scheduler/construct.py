"""A first plan, one movement after the other, with explicit pilots and tugs; always answers."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from scheduler.adopt import take_out_blocked
from scheduler.conflicts import Conflicts
from scheduler.crewing import crew, has_team, named_teams
from scheduler.draft import Draft, Place, Teams
from scheduler.neighbourhoods import is_fixed
from scheduler.outcome import Outcome, Placement
from scheduler.problem import Problem
from scheduler.purpose import Cheaper, Purpose
from scheduler.rosters import FAR
from scheduler.starts import best_start, is_open, later_blocks
from scheduler.tides import Mask

Key = Callable[[int], tuple[int, ...]]

_FORWARD = 25
"""Places in the order that a movement gains each time it is left out."""
_PATIENCE = 7
"""Rounds without a gain after which no other order is tried."""


class Placer:
    """Places movements into a draft in any order, with what must go before them first."""

    def __init__(self, draft: Draft, purpose: Purpose | None = None) -> None:
        self.draft = draft
        self.tables = draft.tables
        self.purpose = purpose or Cheaper(draft)
        self.pending = False
        """Place what is fixed although a ship lies there that is still to leave in time."""
        self.failed: set[int] = set()
        self.done: list[int] = []
        """What was placed so far, in that order: more than was asked for, where others need it."""
        self._active: set[int] = set()

    def place(self, movement: int) -> bool:
        """Place a movement at its cheapest start; what it needs goes first. False: left out."""
        if movement in self.draft.placed:
            return True
        if movement in self.failed or movement in self._active:
            return False
        self._active.add(movement)
        placed = self._try(movement)
        self._active.discard(movement)
        if placed:
            self.done.append(movement)
        else:
            self.failed.add(movement)
        return placed

    def _try(self, movement: int) -> bool:
        raw = self.draft.problem.movements[movement]
        if raw.fixed is not None:
            return self._place_fixed(movement)
        if not all(self.place(before) for before in self.draft.conflicts.before(movement)):
            return False
        for leaving in self._in_the_way(movement):
            self.place(leaving)
        return self._place_free(movement)

    def _place_fixed(self, movement: int) -> bool:
        draft, fixed = self.draft, self.draft.problem.movements[movement].fixed
        if fixed is None:
            return False
        mode = next(
            (m for m in self.tables.modes_of[movement] if self.tables.modes[m].id == fixed.mode),
            None,
        )
        if mode is None:
            return False
        if fixed.actual:
            happened = named_teams(draft, movement, fixed.crews)
            draft.put(movement, Place(mode, fixed.start, happened, fixed.begin_mm))
            return True
        # Ships that are still to leave its berth must do so in time: see ``mandatory``.
        if not is_open(
            draft, movement, mode, fixed.start, fixed.begin_mm, pending=self.pending
        ) or not draft.conflicts.may_begin(mode, fixed.begin_mm):
            return False
        teams = crew(draft, movement, mode, fixed.start)
        if teams is None:
            return False
        draft.put(movement, Place(mode, fixed.start, teams, fixed.begin_mm))
        return True

    def _in_the_way(self, movement: int) -> list[int]:
        """Exits, not placed yet, of ships that lie where this movement could go."""
        draft, conflicts = self.draft, self.draft.conflicts
        found: dict[int, None] = {}
        if movement not in self.tables.entry_stay:
            return []
        for mode in self.tables.modes_of[movement]:
            claim = conflicts.claim_of[mode]
            if claim is None:
                continue
            stays = [k for k, _, _ in draft.near(claim)]
            counter = conflicts.counter(claim)
            if counter is not None and len(draft.counted.get(counter[0], ())) >= counter[1]:
                stays.extend(draft.counted[counter[0]])
            for k in stays:
                name = draft.problem.stays[k].exit
                leaving = None if name is None else self.tables.movement_index[name]
                if leaving is not None and leaving not in draft.placed:
                    found[leaving] = None
        return [k for k in found if k != movement and k not in self.failed]

    def _place_free(self, movement: int) -> bool:
        """Place an entry so that, if it lies before another stay, its exit is clear in time."""
        draft = self.draft
        ruled_out: dict[int, Mask] = {}
        for _ in range(16):
            choice = best_start(draft, movement, self.purpose, ruled_out=ruled_out)
            if choice is None:
                return False
            draft.put(movement, choice)
            if self._closes(movement, choice):
                return True
            until = self._not_before(movement, choice)
            draft.unplace(movement)
            mask = ruled_out.setdefault(
                choice.mode, np.zeros(draft.conflicts.horizon, dtype=np.bool_)
            )
            mask[choice.start : until] = True
        return False

    def _closes(self, movement: int, choice: Place) -> bool:
        """Whether the stay that this entry begins ends before the next one at its place."""
        stay = self.tables.entry_stay.get(movement)
        if stay is None or self.draft.problem.stays[stay].exit is None:
            return True
        if not later_blocks(self.draft, movement, choice):
            return True
        leaving = self.tables.movement_index[self.draft.problem.stays[stay].exit or ""]
        if leaving in self.draft.placed:
            return True
        self.failed.discard(leaving)
        placed = self.place(leaving)
        self.failed.discard(leaving)
        return placed

    def _not_before(self, movement: int, choice: Place) -> int:
        """The first start after the block that an exit could not be clear of."""
        ends = [block.end + block.gap for block in later_blocks(self.draft, movement, choice)]
        after = min((end for end in ends if end < FAR), default=FAR)
        if after >= FAR:
            return self.draft.conflicts.horizon
        arrive = self.tables.modes[choice.mode].arrive_at
        return max(choice.start + 1, min(after - arrive, self.draft.conflicts.horizon))


def fixed_first(draft: Draft, placer: Placer) -> None:
    """Place what has happened, then what is fixed with the exits that it needs, by time."""
    movements = draft.problem.movements
    fixed = [(m.fixed.start, k) for k, m in enumerate(movements) if m.fixed is not None]
    placer.pending = True
    for _, k in sorted(fixed, key=lambda one: (not draft.tables.actual[one[1]], one)):
        placer.place(k)
    placer.pending = False


def never_stands(conflicts: Conflicts, movement: int) -> bool:
    """Whether something fixed finds no place in any plan, whatever else is left out.

    It is tried with nothing else there but what has happened and what it follows itself; a ship
    that could leave in time may lie in its way. Where that is not sure, the answer is no.
    """
    draft = Draft(conflicts)
    placer = Placer(draft)
    placer.pending = True
    for k in range(len(conflicts.problem.movements)):
        if draft.tables.actual[k]:
            placer.place(k)
    chain = [movement]
    for k in chain:
        if not is_fixed(draft, k):
            return False
        chain.extend(conflicts.before(k))
    return not all(placer.place(k) for k in reversed(chain))


def mandatory(draft: Draft) -> list[int]:
    """Free exits of ships that lie where a fixed movement goes, most urgent first."""
    found: list[tuple[int, int]] = []
    index = draft.tables.movement_index
    for k, raw in enumerate(draft.problem.movements):
        stay = draft.tables.entry_stay.get(k)
        if raw.fixed is None or stay is None:
            continue
        for mode in draft.tables.modes_of[k]:
            claim = draft.conflicts.claim_at(mode, raw.fixed.begin_mm)
            if draft.tables.modes[mode].id != raw.fixed.mode or claim is None:
                continue
            for other, _, _ in draft.near(claim):
                name = draft.problem.stays[other].exit
                if other != stay and name is not None and index[name] not in draft.placed:
                    found.append((raw.fixed.start, index[name]))
    return [k for _, k in sorted(found)]


def construct(conflicts: Conflicts, order: Iterable[int]) -> Draft:
    """Place all movements in an order; what cannot be placed is left out.

    Args:
        conflicts: The problem.
        order: Movements (places in ``problem.movements``); fixed ones go first in any case.
    """
    conflicts.prepare(range(len(conflicts.tables.track_owner)))
    draft = Draft(conflicts)
    placer = Placer(draft)
    fixed_first(draft, placer)
    fill(draft, placer, order)
    return draft


def fill(draft: Draft, placer: Placer, order: Iterable[int]) -> None:
    """Place what is not placed, in an order, and try once more what found no place."""
    for k in mandatory(draft):
        placer.place(k)
    # fixed entries whose place cannot be cleared in time, and the exits that were placed for them
    blocked = take_out_blocked(draft, draft.placed)
    placer.failed.update(k for k in blocked if is_fixed(draft, k))
    wanted = [k for k in order if k not in draft.placed]
    for k in wanted:
        placer.place(k)
    if placer.failed:
        again = [k for k in wanted if k in placer.failed]
        placer.failed.clear()
        for k in again:
            placer.place(k)


def by_request(conflicts: Conflicts) -> list[int]:
    """Movements in the order of their requested starts."""
    movements = conflicts.problem.movements
    return sorted(range(len(movements)), key=lambda k: (movements[k].requested, k))


def by_scarcity(conflicts: Conflicts, bucket_ticks: int = 180) -> list[int]:
    """In the order of request by the hour, and within it who has the fewest starts first."""
    movements = conflicts.problem.movements

    def starts(k: int) -> int:
        begin = max(movements[k].requested, 0)
        modes = conflicts.tables.modes_of[k]
        return max((int(conflicts.mask(m)[begin : begin + 720].sum()) for m in modes), default=0)

    return sorted(
        range(len(movements)),
        key=lambda k: (
            movements[k].requested // bucket_ticks,
            starts(k),
            -movements[k].late_weight,
        ),
    )


def by_weight(conflicts: Conflicts, bucket_ticks: int = 120) -> list[int]:
    """In the order of request by some hours, and within them by what a late minute costs."""
    movements = conflicts.problem.movements
    return sorted(
        range(len(movements)),
        key=lambda k: (
            movements[k].requested // bucket_ticks,
            -movements[k].late_weight,
            movements[k].requested,
        ),
    )


def first_come_first_served(problem: Problem) -> Draft:
    """The named baseline: in the order of requested starts, gaps filled where they fit."""
    conflicts = Conflicts(problem)
    return construct(conflicts, by_request(conflicts))


def from_outcome(conflicts: Conflicts, hint: Outcome) -> Draft:
    """As much of another outcome's plan as the problem allows, filled up in its order."""
    draft = Draft(conflicts)
    placer = Placer(draft)
    fixed_first(draft, placer)
    told = sorted(hint.placements, key=lambda placement: placement.start)
    for placement in told:
        movement = draft.tables.movement_index.get(placement.movement)
        if movement is None or movement in draft.placed:
            continue
        for mode in draft.tables.modes_of[movement]:
            if draft.tables.modes[mode].id == placement.mode:
                _put_as_told(draft, movement, mode, placement)
    take_out_blocked(draft, (k for k in draft.placed if not is_fixed(draft, k)))
    fill(draft, placer, by_request(conflicts))
    return draft


def _put_as_told(draft: Draft, movement: int, mode: int, told: Placement) -> None:
    """Place a movement where it was placed, if that can be, with other teams if they must be."""
    begin_mm = told.begin_mm
    # Who leaves before it comes may be placed after it: all of it is looked at again later.
    if not draft.conflicts.may_begin(mode, begin_mm) or not is_open(
        draft, movement, mode, told.start, begin_mm, pending=True
    ):
        return
    place = Place(mode, told.start, named_teams(draft, movement, told.crews), begin_mm)
    teams: Teams | None = place.teams
    if not has_team(draft, movement, place):
        teams = crew(draft, movement, mode, told.start, place.teams)
    if teams is not None:
        draft.put(movement, replace(place, teams=teams))


def merit(draft: Draft) -> tuple[int, int]:
    """How many are left out, then the cost; the less the better."""
    return len(draft.problem.movements) - len(draft.placed), draft.total()


def _never() -> bool:
    return False


def first_plan(
    conflicts: Conflicts, rounds: int = 24, is_over: Callable[[], bool] = _never
) -> Draft:
    """The best of some orders; then what was left out goes earlier, round by round.

    Every time that a movement is left out it moves forward in the order, whatever else that may
    leave out, so that the rounds come to orders that serve all who are hard to place.

    Args:
        conflicts: The problem.
        rounds: How often an order is changed, at most.
        is_over: Asked before each plan but the first; true ends it with the best plan so far.
    """
    best: Draft | None = None
    rank: dict[int, int] = {}
    for make in (by_request, by_weight, by_scarcity):
        if best is not None and is_over():
            return best
        order = make(conflicts)
        draft = construct(conflicts, order)
        if best is None or merit(draft) < merit(best):
            best, rank = draft, {k: place for place, k in enumerate(order)}
    assert best is not None
    blame: dict[int, int] = dict.fromkeys(rank, 0)
    draft, idle = best, 0
    for _ in range(rounds):
        missing = [k for k in rank if k not in draft.placed]
        if not missing or idle >= _PATIENCE or is_over():
            break
        for k in missing:
            blame[k] += 1
        order = sorted(rank, key=lambda k: rank[k] - _FORWARD * blame[k])
        draft = construct(conflicts, order)
        idle += 1
        if merit(draft) < merit(best):
            best, idle = draft, 0
    return best
