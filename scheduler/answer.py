"""From a draft to an outcome: placements, what is left out and why, cost, changes."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

import numpy as np

from scheduler.changes import is_moved, recrewed
from scheduler.draft import Draft, Place
from scheduler.explain import waits, why_not_as_told
from scheduler.left_out import why_all_left_out
from scheduler.outcome import Change, Objective, Outcome, Reason, Unplaced
from scheduler.problem import Movement
from scheduler.still_waiting import standing

Proof = Literal["only-broken-moved", "neighbourhood-optimal", "none"]


def versions() -> dict[str, str]:
    """Versions of what a plan depends on, for replay."""
    found = {"numpy": np.__version__}
    for name in ("fairway", "ortools"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def objective(draft: Draft) -> Objective:
    """The parts of a draft's cost."""
    unplaced = unplaced_cost = late = weighted = moved = crews = moved_ticks = 0
    for k, raw in enumerate(draft.problem.movements):
        place = draft.placed.get(k)
        if place is None:
            unplaced += 1
            unplaced_cost += raw.unplaced_cost
        else:
            late += max(0, place.start - raw.requested)
            weighted += draft.cost(k, place.start)
            crews += bool(recrewed(draft, k))
            if raw.published is not None:
                moved_ticks += abs(place.start - raw.published.start)
        moved += is_moved(draft, k)
    return Objective(
        unplaced=unplaced,
        unplaced_cost=unplaced_cost,
        late_ticks=late,
        weighted_late=weighted,
        moved=moved,
        recrewed=crews,
        moved_ticks=moved_ticks,
    )


def _change(draft: Draft, movement: int, raw: Movement, reasons: tuple[Reason, ...]) -> Change:
    place: Place | None = draft.placed.get(movement)
    return Change(
        movement=raw.id,
        start_before=None if raw.published is None else raw.published.start,
        start_after=None if place is None else place.start,
        crews_changed=recrewed(draft, movement),
        reasons=reasons,
        begin_before_mm=None if raw.published is None else raw.published.begin_mm,
        begin_after_mm=None if place is None else place.begin_mm,
    )


def _why_changed(draft: Draft, movement: int, raw: Movement) -> tuple[Reason, ...]:
    """Why a movement could not stay as it was told, given where everybody else is now."""
    if raw.published is None:
        return ()
    reasons: tuple[Reason, ...] = ()
    if is_moved(draft, movement):
        reasons = why_not_as_told(draft, movement)
    if reasons:
        return reasons
    gone: list[Reason] = []
    now = {crew.need: frozenset(crew.resources) for crew in draft.crews(movement)}
    pools = {need.id: need.pool for need in raw.needs}
    for crew in raw.published.crews:
        lost = tuple(r for r in crew.resources if r not in now.get(crew.need, frozenset()))
        if lost and crew.need in pools:
            gone.append(Reason(rule=pools[crew.need], resources=lost, params={"need": crew.need}))
    return tuple(gone)


def changes(
    draft: Draft, told: dict[int, tuple[Reason, ...]], left_out: dict[str, tuple[Reason, ...]]
) -> tuple[Change, ...]:
    """Every published movement that is not as it was told.

    Args:
        draft: The finished plan.
        told: Reasons that are known already, by movement.
        left_out: Reasons of those left out, by id.
    """
    found: list[Change] = []
    for k, raw in enumerate(draft.problem.movements):
        if raw.published is None or not (is_moved(draft, k) or recrewed(draft, k)):
            continue
        reasons = told.get(k, left_out.get(raw.id, ()))
        if not reasons and k in draft.placed:
            reasons = _why_changed(draft, k, raw)
        found.append(_change(draft, k, raw, reasons))
    return tuple(found)


def outcome(
    draft: Draft,
    *,
    optimal: bool = False,
    lower_bound: int | None = None,
    proof: Proof = "none",
    seed: int = 1,
    elapsed_s: float = 0.0,
    told: dict[int, tuple[Reason, ...]] | None = None,
    hurries: Callable[[], bool] = lambda: False,
    mends: bool = False,
) -> Outcome:
    """The answer that a draft is.

    Args:
        draft: The finished plan.
        optimal: Whether it is proved the cheapest.
        lower_bound: What no plan is cheaper than.
        proof: What is proved of the smallness of its changes.
        seed: The seed it was found with.
        elapsed_s: How long it took.
        told: Reasons of changes that are known already, by movement.
        hurries: Asked whether what is left out, and what waits, is to be explained in brief.
        mends: Waits that were told and still stand are left out.
    """
    unplaced = tuple(
        Unplaced(movement=draft.problem.movements[k].id, reasons=reasons)
        for k, reasons in why_all_left_out(draft, hurries).items()
    )
    left_out = {one.movement: one.reasons for one in unplaced}
    parts = objective(draft)
    return Outcome(
        status="optimal" if optimal else "feasible",
        placements=draft.placements(),
        unplaced=unplaced,
        objective=parts,
        lower_bound=parts.total if optimal else lower_bound,
        waits=waits(draft, hurries, unsaid=standing(draft) if mends else frozenset()),
        changes=changes(draft, told or {}, left_out),
        proof=proof,
        seed=seed,
        elapsed_s=elapsed_s,
        versions=versions(),
    )
