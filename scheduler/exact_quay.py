"""Positions along a quay in the CP-SAT model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from ortools.sat.python import cp_model

from scheduler.conflicts import Conflicts
from scheduler.draft import Draft, Place
from scheduler.ways import Claim

if TYPE_CHECKING:
    from scheduler.exact import Exact, Free
    from scheduler.exact_stays import Span

User = TypeVar("User")

Begins = dict[Claim, cp_model.IntVar]
"""For each open claim, the variable of where it begins, mm: modes with one claim share it."""


def add_begins(model: cp_model.CpModel, draft: Draft, modes: dict[int, cp_model.IntVar]) -> Begins:
    """Make the variables of one movement's positions."""
    found: Begins = {}
    for mode in modes:
        claim, begins = draft.conflicts.claim_of[mode], draft.conflicts.begins_mm(mode)
        if claim is not None and begins is not None and begins[0] <= begins[1]:
            found.setdefault(claim, model.new_int_var(*begins, ""))
    return found


def begin_of(exact: "Exact", one: "Free", mode: int) -> cp_model.IntVar | None:
    """The position of a movement in a mode; None: the mode chooses none."""
    claim = exact.draft.conflicts.claim_of[mode]
    return None if claim is None else one.begins.get(claim)


def hint_begin(exact: "Exact", one: "Free", place: Place) -> None:
    """Tell a position to begin from."""
    begin = begin_of(exact, one, place.mode)
    if begin is not None and place.begin_mm is not None:
        exact.model.add_hint(begin, place.begin_mm)


def stay_put(exact: "Exact", one: "Free", place: Place) -> None:
    """Keep a movement at its position, where it chooses one."""
    begin = begin_of(exact, one, place.mode)
    if begin is not None and place.begin_mm is not None:
        exact.model.add(begin == place.begin_mm)


def exclusions(
    exact: "Exact", one: tuple["Span", Claim], other: tuple["Span", Claim]
) -> Iterator[tuple[int, str, list[cp_model.IntVar]]]:
    """How two stays exclude each other where one of their claims is open, or both are.

    Yields:
        Ticks that must lie between them, the rule, and two literals: each says that they lie
        beside each other, and then they may be there together.
    """
    if one[1].length_mm is None:
        one, other = other, one
    (first, claim), (second, held) = one, other
    at, beyond = first.begins[claim], 0
    if held.length_mm is not None:
        beyond, held = second.begins[held], held.at(0)
    for low, high, ticks, rule in exact.draft.conflicts.barred_mm(claim, held):
        before, behind = exact.model.new_bool_var(""), exact.model.new_bool_var("")
        exact.model.add(at - beyond < low).only_enforce_if(before)
        exact.model.add(at - beyond > high).only_enforce_if(behind)
        yield ticks, rule, [before, behind]


@dataclass(frozen=True, slots=True)
class Width(Generic[User]):
    """What a ship takes of a quay with what must stay free behind her, and after her (ticks)."""

    user: User
    width_mm: int
    ticks: int


@dataclass(frozen=True, slots=True)
class Line(Generic[User]):
    """Ships of which any two lie apart in time, or one behind the other along a quay."""

    length_mm: int
    ships: list[Width[User]]


def lines(conflicts: Conflicts, users: Sequence[tuple[Claim, User]]) -> Iterator[Line[User]]:
    """Gather those who share a quay; ``users`` are open claims, each with who makes it."""
    groups: list[list[tuple[Claim, User]]] = []
    for claim, user in users:
        for group in groups:
            if any(conflicts.barred_mm(claim, group[0][0].at(0))):
                group.append((claim, user))
                break
        else:
            groups.append([(claim, user)])
    for group in groups:
        if len(group) < 3:
            continue  # the pairs say it all
        ships: list[Width[User]] = []
        first, end = group[0][0].stretch_mm or (0, 0)
        for claim, user in group:
            found = [told for other, _ in group for told in conflicts.barred_mm(other, claim.at(0))]
            width = min(last for _, last, _, _ in found) + 1
            ships.append(Width(user, width, min(ticks for _, _, ticks, _ in found)))
            reach = claim.stretch_mm or (first, end)
            first, end = min(first, reach[0]), max(end, reach[1] + width - (claim.length_mm or 0))
        yield Line(end - first, ships)
