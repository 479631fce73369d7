"""Teams in the CP-SAT model: a literal for each candidate, one *apart* for each pair of needs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from scheduler.domains import domain_of
from scheduler.problem import Duty
from scheduler.rosters import Roster
from scheduler.tides import Mask
from scheduler.ways import Demand

if TYPE_CHECKING:
    from scheduler.exact import Exact, Free


@dataclass(slots=True)
class Asked:
    """One need of a free movement with its candidates."""

    one: "Free"
    need: int
    roster: Roster
    demands: dict[int, Demand]
    duties: dict[int, list[Duty]]
    lits: dict[int, cp_model.IntVar] = field(default_factory=dict)


class Crewing:
    """Candidate literals by movement, need and resource."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._of: dict[int, dict[tuple[int, int], cp_model.IntVar]] = {}

    def add(self, asked: Asked) -> None:
        """Take up a need."""
        self.asked.append(asked)
        known = self._of.setdefault(asked.one.movement, {})
        known.update({(asked.need, resource): lit for resource, lit in asked.lits.items()})

    def of(self, movement: int) -> dict[tuple[int, int], cp_model.IntVar]:
        """Literals of one movement by need and resource."""
        return self._of.get(movement, {})


def add_teams(exact: "Exact", candidates: Callable[[int, int], set[int] | None]) -> Crewing:
    """Give every need of every free movement its team, and no resource two duties at once."""
    crewing = Crewing()
    draft = exact.draft
    for movement, one in exact.free.items():
        raw = draft.problem.movements[movement]
        for k, need in enumerate(raw.needs):
            demands = {
                mode: demand
                for mode in one.modes
                if (demand := draft.conflicts.demand(mode, k)) is not None
            }
            if not demands or need.pool in raw.waived:
                continue
            duties = {mode: draft.need_duties(mode, need.id) for mode in demands}
            asked = Asked(one, k, draft.rosters[need.pool], demands, duties)
            _add_candidates(exact, asked, candidates(movement, k))
            _add_demand(exact, asked)
            crewing.add(asked)
    for n, asked in enumerate(crewing.asked):
        for other in crewing.asked[n + 1 :]:
            if asked.roster is other.roster:
                _keep_apart(exact, asked, other)
    return crewing


def _add_candidates(exact: "Exact", asked: Asked, wanted: set[int] | None) -> None:
    one = asked.one
    usable = np.zeros(len(asked.roster.resources), dtype=np.bool_)
    for demand in asked.demands.values():
        usable |= np.array(demand.others, dtype=np.bool_)
        if demand.first is not None:
            usable |= np.array(demand.first, dtype=np.bool_)
    for mode in asked.demands:
        told = exact.draft.told(one.movement, asked.need)
        busy = asked.roster.busy(asked.duties[mode], told)
        free = asked.roster.free_over(busy, one.low, one.high + 1)
        mask = one.masks[mode][one.low : one.high + 1]
        for resource in np.flatnonzero(usable).tolist():
            if wanted is None or resource in wanted:
                _add_candidate(exact, asked, mode, resource, free[resource] & mask)


def _add_candidate(exact: "Exact", asked: Asked, mode: int, resource: int, can: Mask) -> None:
    """Give a resource its literal; in this mode it can where the mask, from ``low`` on, says so."""
    model, one = exact.model, asked.one
    if not can.any() and len(asked.demands) == 1:
        return
    lit = asked.lits.get(resource)
    if lit is None:
        lit = asked.lits[resource] = model.new_bool_var("")
    if not can.any():
        model.add_implication(lit, ~one.modes[mode])
    elif not np.array_equal(can, one.masks[mode][one.low : one.high + 1]):
        full = np.zeros(one.high + 1, dtype=np.bool_)
        full[one.low :] = can
        model.add_linear_expression_in_domain(one.start, domain_of(full)).only_enforce_if(
            [lit, one.modes[mode]]
        )


def _add_demand(exact: "Exact", asked: Asked) -> None:
    model, lits = exact.model, asked.lits
    everyone = sum(lits.values())
    for lit in lits.values():
        model.add_implication(lit, asked.one.placed)
    for mode, demand in asked.demands.items():
        chosen = asked.one.modes[mode]
        if demand.least > demand.most or len(lits) < demand.least:
            model.add(chosen == 0)
            continue
        model.add(everyone >= demand.least).only_enforce_if(chosen)
        most = demand.most if demand.pull_kg else demand.least
        model.add(everyone <= most).only_enforce_if(chosen)
        if demand.pull_kg:
            pull = sum(asked.roster.pulls[r] * lit for r, lit in lits.items())
            model.add(pull >= demand.pull_kg).only_enforce_if(chosen)
        if demand.first is not None:
            firsts = [lit for r, lit in lits.items() if demand.first[r]]
            model.add_bool_or([~chosen, *firsts])
            alone = [lit for r, lit in lits.items() if not demand.others[r]]
            if alone:
                model.add(sum(alone) <= 1).only_enforce_if(chosen)
        barred = [
            lit
            for r, lit in lits.items()
            if not demand.others[r] and not (demand.first is not None and demand.first[r])
        ]
        for lit in barred:
            model.add_implication(lit, ~chosen)


def _spans(roster: Roster, one: list[Duty], other: list[Duty]) -> list[tuple[int, int]]:
    """Differences ``other - one`` of starts with which one resource cannot do both."""
    return [
        (
            a.begin - b.end - roster.gap_ticks(b.to_place, a.from_place) + 1,
            a.end + roster.gap_ticks(a.to_place, b.from_place) - b.begin - 1,
        )
        for a in one
        for b in other
    ]


def _keep_apart(exact: "Exact", asked: Asked, other: Asked) -> None:
    model = exact.model
    shared = [r for r in asked.lits if r in other.lits]
    if not shared:
        return
    if asked.one is other.one:
        _keep_apart_within(exact, asked, other, shared)
        return
    one, two = asked.one, other.one
    least, most = two.low - one.high, two.high - one.low
    pairs: list[tuple[int, int, list[tuple[int, int]]]] = []
    for mode, duties in asked.duties.items():
        for other_mode, other_duties in other.duties.items():
            spans = _spans(asked.roster, duties, other_duties)
            if any(low <= most and high >= least for low, high in spans):
                pairs.append((mode, other_mode, spans))
    if not pairs:
        return
    apart = model.new_bool_var("")
    for mode, other_mode, spans in pairs:
        exact.keep_apart(one, two, spans, [apart, one.modes[mode], two.modes[other_mode]])
    for r in shared:
        model.add_bool_or([~asked.lits[r], ~other.lits[r], apart])


def _keep_apart_within(exact: "Exact", asked: Asked, other: Asked, shared: list[int]) -> None:
    """Two needs of one movement: their duties lie as they lie in each mode."""
    for mode in set(asked.duties) & set(other.duties):
        spans = _spans(asked.roster, asked.duties[mode], other.duties[mode])
        if any(low <= 0 <= high for low, high in spans):
            for r in shared:
                exact.model.add_bool_or([~asked.lits[r], ~other.lits[r], ~asked.one.modes[mode]])
