"""Counted pools in the CP-SAT model: one cumulative for each, over what is free and what is not."""

from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler.problem import Pool

if TYPE_CHECKING:
    from scheduler.exact import Exact, Free


def add_counts(exact: "Exact") -> None:
    """Let no more of any counted pool be at work than there are."""
    for pool in exact.draft.problem.pools:
        if pool.counts:
            _add_pool(exact, pool)


def _add_pool(exact: "Exact", pool: Pool) -> None:
    intervals: list[cp_model.IntervalVar] = []
    demands: list[int] = []
    for movement, one in exact.free.items():
        raw = exact.draft.problem.movements[movement]
        for need in raw.needs:
            if need.pool != pool.id or need.pool in raw.waived:
                continue
            for mode, lit in one.modes.items():
                duties = exact.draft.need_duties(mode, need.id)
                if duties:
                    begin = min(duty.begin for duty in duties)
                    size = max(duty.end for duty in duties) - begin
                    intervals.append(_interval(exact, one, begin, size, lit))
                    demands.append(need.count)
    if not intervals:
        return
    most = max(count.count for count in pool.counts)
    for begin, end, left in exact.draft.rosters[pool.id].left():
        if left < most:
            # As if somebody else had what is not there.
            intervals.append(exact.model.new_fixed_size_interval_var(begin, end - begin, ""))
            demands.append(most - left)
    exact.model.add_cumulative(intervals, demands, most)


def _interval(
    exact: "Exact", one: "Free", begin: int, size: int, lit: cp_model.IntVar
) -> cp_model.IntervalVar:
    return exact.model.new_optional_fixed_size_interval_var(one.start + begin, size, lit, "")
