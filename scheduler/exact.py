"""One CP-SAT model over some free movements, with everything else folded into their starts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from scheduler.crewing import named_teams
from scheduler.displacement import HOUR_TICKS
from scheduler.domains import domain_of
from scheduler.draft import Draft, Place, Teams
from scheduler.exact_costs import cost_of_start
from scheduler.exact_counts import add_counts
from scheduler.exact_quay import Begins, add_begins, begin_of, hint_begin
from scheduler.exact_stays import add_slots, add_stays
from scheduler.exact_teams import Crewing, add_teams
from scheduler.rosters import FAR
from scheduler.starts import paint, separated
from scheduler.tides import Mask

Expression = cp_model.LinearExprT | int


@dataclass(slots=True)
class Free:
    """The variables of one free movement.

    ``modes`` maps a mode to its literal; modes without any start are not in it.
    """

    movement: int
    start: cp_model.IntVar
    placed: cp_model.IntVar
    modes: dict[int, cp_model.IntVar]
    masks: dict[int, Mask]
    low: int
    high: int
    tracks: dict[int, cp_model.IntVar] = field(default_factory=dict)
    begins: Begins = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limit:
    """How far one solve may go."""

    wall_s: float
    workers: int = 1
    seed: int = 1
    deterministic: float | None = None


class Exact:
    """A model of free movements in a draft that does not hold them.

    Args:
        draft: The plan without the free movements.
        free: Places of the free movements.
        candidates: For a movement, mode and need: resources to choose from, or None for all.
        within: For a movement, first and last start to be looked at.
    """

    def __init__(
        self,
        draft: Draft,
        free: Iterable[int],
        candidates: Callable[[int, int], set[int] | None] = lambda _movement, _need: None,
        within: Callable[[int], tuple[int, int]] = lambda _movement: (-FAR, FAR),
    ) -> None:
        self.draft = draft
        self.model = cp_model.CpModel()
        self.free: dict[int, Free] = {}
        wanted = list(dict.fromkeys(free))
        self._wanted = set(wanted)
        self._moved: dict[int, cp_model.IntVar] = {}
        for movement in wanted:
            self._add_movement(movement, *within(movement))
        self._add_orders()
        self._add_separations()
        add_slots(self)
        add_stays(self)
        self.crewing: Crewing = add_teams(self, candidates)
        add_counts(self)
        self.status = cp_model.UNKNOWN
        self.bound = 0.0
        self._values: list[int] = []

    # ---- movements ----------------------------------------------------------------------------

    def _add_movement(self, movement: int, low: int, high: int) -> None:
        masks: dict[int, Mask] = {}
        for mode in self.draft.tables.modes_of[movement]:
            mask = self._mask(movement, mode)
            mask[: max(low, 0)] = False
            mask[max(high + 1, 0) :] = False
            if mask.any():
                masks[mode] = mask
        model = self.model
        placed = model.new_bool_var("")
        lits = {mode: model.new_bool_var("") for mode in masks}
        if not masks:
            model.add(placed == 0)
            start = model.new_constant(0)
            self.free[movement] = Free(movement, start, placed, {}, {}, 0, 0)
            return
        model.add(sum(lits.values()) == placed)
        if self._is_followed(movement):
            model.add(placed == 1)
        union = np.logical_or.reduce(list(masks.values()))
        start = model.new_int_var_from_domain(domain_of(union), "")
        for mode, mask in masks.items():
            if len(masks) > 1 and not np.array_equal(mask, union):
                model.add_linear_expression_in_domain(start, domain_of(mask)).only_enforce_if(
                    lits[mode]
                )
        ticks = np.flatnonzero(union)
        one = Free(movement, start, placed, lits, masks, int(ticks[0]), int(ticks[-1]))
        self._add_tracks(one)
        one.begins = add_begins(model, self.draft, lits)
        self.free[movement] = one

    def _is_followed(self, movement: int) -> bool:
        """Whether something settled in the draft comes after a movement, which must then be."""
        after = self.draft.conflicts.after(movement)
        return any(k in self.draft.placed and k not in self._wanted for k in after)

    def _add_tracks(self, one: Free) -> None:
        by_track: dict[int, list[cp_model.IntVar]] = {}
        for mode, lit in one.modes.items():
            by_track.setdefault(self.draft.tables.mode_track[mode], []).append(lit)
        for track, lits in by_track.items():
            if len(by_track) == 1:
                one.tracks[track] = one.placed
            elif len(lits) == 1:
                one.tracks[track] = lits[0]
            else:
                taken = self.model.new_bool_var("")
                self.model.add(sum(lits) == taken)
                one.tracks[track] = taken

    def _mask(self, movement: int, mode: int) -> Mask:
        """Starts that windows, separations and orders leave, as far as others are settled."""
        draft = self.draft
        tables, chosen = draft.tables, draft.tables.modes[mode]
        mask = draft.conflicts.mask(mode).copy()
        low, high, _ = separated(draft, mode)
        paint(mask, low, high)
        for order, _ in draft.conflicts.orders_before.get(movement, ()):
            if order.before in self._wanted:
                continue
            place, ready = order.place, order.lag_ticks
            if order.before is not None:
                before = draft.placed.get(order.before)
                if before is None:
                    mask[:] = False
                    continue
                place = tables.modes[before.mode].to_place
                ready += before.start + tables.modes[before.mode].end_at
            mask[: max(ready, 0)] = False
            if order.same_place and chosen.from_place != place:
                mask[:] = False
        for order, _ in draft.conflicts.orders_after.get(movement, ()):
            after = draft.placed.get(order.after)
            if order.after not in self._wanted and after is not None:
                mask[max(after.start - order.lag_ticks - chosen.end_at + 1, 0) :] = False
                if order.same_place and tables.modes[after.mode].from_place != chosen.to_place:
                    mask[:] = False
        return mask

    def _add_orders(self) -> None:
        tables, model = self.draft.tables, self.model
        for movement, one in self.free.items():
            for order, _ in self.draft.conflicts.orders_before.get(movement, ()):
                before = self.free.get(-1 if order.before is None else order.before)
                if before is None:
                    continue
                model.add_implication(one.placed, before.placed)
                end = before.start + sum(
                    tables.modes[m].end_at * lit for m, lit in before.modes.items()
                )
                model.add(one.start >= end + order.lag_ticks).only_enforce_if(one.placed)
                if order.same_place:
                    for mode, lit in one.modes.items():
                        place = tables.modes[mode].from_place
                        fits = [
                            other
                            for m, other in before.modes.items()
                            if tables.modes[m].to_place == place
                        ]
                        model.add_bool_or([~lit, *fits])

    # ---- separations --------------------------------------------------------------------------

    def _add_separations(self) -> None:
        owners = self.draft.tables.track_owner
        for movement, one in self.free.items():
            for track, lit in one.tracks.items():
                other, low, high = self.draft.conflicts.row(track)
                for k in np.flatnonzero(np.isin(owners[other], list(self.free))).tolist():
                    owner = int(owners[other[k]])
                    if owner <= movement or (k > 0 and other[k] == other[k - 1]):
                        continue
                    second = self.free[owner].tracks.get(int(other[k]))
                    if second is not None:
                        last = int(np.searchsorted(other, other[k], side="right"))
                        spans = list(zip(low[k:last].tolist(), high[k:last].tolist(), strict=True))
                        self.keep_apart(one, self.free[owner], spans, [lit, second])

    def keep_apart(
        self, one: Free, other: Free, spans: list[tuple[int, int]], when: list[cp_model.IntVar]
    ) -> None:
        """Keep ``other.start - one.start`` out of some spans (both ends included)."""
        least, most = other.low - one.high, other.high - one.low
        met = [(low, high) for low, high in spans if low <= most and high >= least]
        if met:
            forbidden = cp_model.Domain.from_intervals([list(span) for span in met])
            allowed = forbidden.complement().intersection_with(cp_model.Domain(least, most))
            if allowed.is_empty():
                self.model.add_bool_or([~lit for lit in when])
            else:
                self.model.add_linear_expression_in_domain(
                    other.start - one.start, allowed
                ).only_enforce_if(when)

    # ---- what is wanted -----------------------------------------------------------------------

    def cost(self, movement: int) -> Expression:
        """What its start costs, or what it costs to leave it out."""
        one, raw = self.free[movement], self.draft.problem.movements[movement]
        left_out = raw.unplaced_cost * (1 - one.placed)
        return left_out + cost_of_start(self.model, one, raw) if one.modes else left_out

    def total(self) -> Expression:
        """The cost of all free movements."""
        return sum(self.cost(movement) for movement in self.free)

    def moved(self, movement: int) -> cp_model.IntVar:
        """A literal that a published movement has another start, mode or position, or none."""
        known = self._moved.get(movement)
        if known is None:
            known = self._moved[movement] = self.model.new_bool_var("")
            one, raw = self.free[movement], self.draft.problem.movements[movement]
            told = raw.published
            same = [
                (mode, lit)
                for mode, lit in one.modes.items()
                if told is not None
                and self.draft.tables.modes[mode].id == told.mode
                and self.draft.conflicts.may_begin(mode, told.begin_mm)
                and 0 <= told.start < len(one.masks[mode])
                and one.masks[mode][told.start]
            ]
            if told is None or not same:
                self.model.add(known == 1)
            else:
                mode, lit = same[0]
                self.model.add_bool_or([known, lit])
                self.model.add(one.start == told.start).only_enforce_if(~known)
                begin = begin_of(self, one, mode)
                if begin is not None:
                    self.model.add(begin == told.begin_mm).only_enforce_if(~known)
        return known

    def hours_outside(self, movement: int, first: int, last: int) -> Expression:
        """Steps of ``HOUR_TICKS`` begun by which a movement starts before or after some ticks."""
        one = self.free[movement]
        if not one.modes or (first <= one.low and one.high <= last):
            return 0
        most = max(one.high - last, first - one.low)
        steps = self.model.new_int_var(0, -(-most // HOUR_TICKS), "")
        if one.high > last:
            self.model.add(HOUR_TICKS * steps >= one.start - last).only_enforce_if(one.placed)
        if one.low < first:
            self.model.add(HOUR_TICKS * steps >= first - one.start).only_enforce_if(one.placed)
        return steps

    def recrewed(self, movement: int) -> list[cp_model.IntVar]:
        """For each published team of a movement, a literal that it is another."""
        raw = self.draft.problem.movements[movement]
        lits = self.crewing.of(movement)
        found: list[cp_model.IntVar] = []
        for need, team in named_teams(
            self.draft, movement, raw.published.crews if raw.published is not None else ()
        ).items():
            other = self.model.new_bool_var("")
            found.append(other)
            for (asked, resource), lit in lits.items():
                if asked == need:
                    self.model.add_implication(~other, lit if resource in team else ~lit)
            if any((need, resource) not in lits for resource in team):
                self.model.add(other == 1)
        return found

    def most_ticks_moved(self, movement: int) -> int:
        """No placing of a movement moves it by more ticks than this."""
        one, raw = self.free[movement], self.draft.problem.movements[movement]
        if raw.published is None or not one.modes:
            return 0
        return max(abs(one.low - raw.published.start), abs(one.high - raw.published.start))

    def ticks_moved(self, movement: int) -> Expression:
        """How far from its published start a movement is placed, ticks."""
        one, raw = self.free[movement], self.draft.problem.movements[movement]
        if raw.published is None or not one.modes:
            return 0
        told = raw.published.start
        away = self.model.new_int_var(0, self.most_ticks_moved(movement), "")
        self.model.add(away >= one.start - told).only_enforce_if(one.placed)
        self.model.add(away >= told - one.start).only_enforce_if(one.placed)
        return away

    def hint_again(self) -> None:
        """Begin the next solve from the last plan found."""
        self.model.clear_hints()
        for index, value in enumerate(self._values):
            self.model.add_hint(self.model.get_int_var_from_proto_index(index), value)

    def hint(self, places: dict[int, Place]) -> None:
        """Tell a plan to begin from."""
        model = self.model
        for movement, one in self.free.items():
            place = places.get(movement)
            here = place is not None and place.mode in one.modes
            model.add_hint(one.placed, here)
            for mode, lit in one.modes.items():
                model.add_hint(lit, here and place is not None and place.mode == mode)
            if here and place is not None:
                model.add_hint(one.start, place.start)
                hint_begin(self, one, place)
                for (need, resource), lit in self.crewing.of(movement).items():
                    model.add_hint(lit, resource in place.teams.get(need, ()))

    def minimise(self, goal: Expression, limit: Limit) -> int | None:
        """Solve for a goal.

        Returns:
            The goal's value, or None where no plan was found; ``status`` tells what is proved.
        """
        self.model.minimize(goal)
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.max_time_in_seconds = max(limit.wall_s, 0.01)
        parameters.num_workers = limit.workers
        parameters.random_seed = limit.seed
        parameters.linearization_level = 0
        parameters.symmetry_level = 0
        parameters.cp_model_probing_level = 0
        if limit.deterministic is not None:
            parameters.max_deterministic_time = limit.deterministic
        self.status = solver.solve(self.model)
        if self.status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        self._values = list(solver.response_proto.solution)
        self.bound = solver.best_objective_bound
        return round(solver.objective_value)

    @property
    def proved(self) -> bool:
        """Whether the last solve proved its goal value the best."""
        return self.status == cp_model.OPTIMAL

    def _value(self, variable: cp_model.IntVar) -> int:
        return self._values[variable.index]

    def places(self) -> dict[int, Place]:
        """The last plan found: the free movements that it places."""
        found: dict[int, Place] = {}
        for movement, one in self.free.items():
            if not one.modes or not self._value(one.placed):
                continue
            mode = next(m for m, lit in one.modes.items() if self._value(lit))
            teams: Teams = {}
            for (need, resource), lit in self.crewing.of(movement).items():
                if self._value(lit):
                    teams[need] = (*teams.get(need, ()), resource)
            begin = begin_of(self, one, mode)
            begin_mm = None if begin is None else self._value(begin)
            found[movement] = Place(mode, self._value(one.start), teams, begin_mm)
        return found
