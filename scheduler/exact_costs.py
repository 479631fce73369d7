"""What a start costs, in the CP-SAT model."""

from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

from scheduler.costs import costs
from scheduler.domains import domain_of
from scheduler.problem import Movement

if TYPE_CHECKING:
    from scheduler.exact import Exact, Free


def cost_of_start(model: cp_model.CpModel, one: "Free", raw: Movement) -> cp_model.IntVar:
    """Weighted lateness and earliness, or what a table says; 0 where it is left out."""
    if raw.cost_points:
        return _by_table(model, one, raw)
    most = max(
        (one.high - raw.requested) * raw.late_weight,
        (raw.requested - one.low) * raw.early_weight,
        0,
    )
    cost = model.new_int_var(0, most, "")
    if one.high > raw.requested and raw.late_weight:
        late = raw.late_weight * (one.start - raw.requested)
        model.add(cost >= late).only_enforce_if(one.placed)
    if one.low < raw.requested and raw.early_weight:
        early = raw.early_weight * (raw.requested - one.start)
        model.add(cost >= early).only_enforce_if(one.placed)
    return cost


def _by_table(model: cp_model.CpModel, one: "Free", raw: Movement) -> cp_model.IntVar:
    values = costs(raw, np.arange(one.low, one.high + 1, dtype=np.int64))
    cost = model.new_int_var(0, int(values.max()), "")
    told = model.new_int_var(int(values.min()), int(values.max()), "")
    model.add_element(one.start - one.low, values.tolist(), told)
    model.add(cost >= told).only_enforce_if(one.placed)
    return cost


def cost_at_most(exact: "Exact", value: int) -> None:
    """Tell what follows for each movement from a plan that costs no more than a value in all.

    Who alone would cost more by being left out is placed, and no start alone costs more: no cost is
    below zero. What is known of the whole tells a solver little of its parts.
    """
    for movement, one in exact.free.items():
        raw = exact.draft.problem.movements[movement]
        if one.modes and raw.unplaced_cost > value:
            exact.model.add(one.placed == 1)
            ticks = np.arange(one.high + 1, dtype=np.int64)
            fits = domain_of(costs(raw, ticks) <= value)
            exact.model.add_linear_expression_in_domain(one.start, fits)
