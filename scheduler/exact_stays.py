"""Stays, waits and boarding slots in the CP-SAT model."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ortools.sat.python import cp_model

from scheduler import rules
from scheduler.draft import Draft
from scheduler.exact_quay import Begins, exclusions, lines
from scheduler.problem import Stay
from scheduler.rosters import FAR
from scheduler.waiting import leaving_late, waiting_long
from scheduler.ways import Claim

if TYPE_CHECKING:
    from scheduler.exact import Exact, Free


@dataclass(slots=True)
class Span:
    """A stay as the model sees it.

    ``claims`` maps what it may hold to the literal that it does (None: it does).
    ``begin`` and ``end`` are numbers where they are settled. ``leaves`` is the literal that its
    end is not for good (None: ``end`` says so itself).
    """

    stay: int
    claims: dict[Claim, cp_model.IntVar | None]
    begin: cp_model.LinearExprT
    end: cp_model.LinearExprT
    leaves: cp_model.IntVar | None
    live: bool
    told: bool
    """Whether who came here has come by a plan that could still be another."""
    begins: Begins = field(default_factory=dict)


def add_slots(exact: "Exact") -> None:
    """No boarding slot takes more starts than it has places."""
    draft, model = exact.draft, exact.model
    users: dict[str, list[tuple[cp_model.IntVar, cp_model.IntervalVar]]] = {}
    capacities: dict[str, int] = {}
    for one in exact.free.values():
        for mode, lit in one.modes.items():
            slot = draft.conflicts.slots[mode]
            if slot is None:
                continue
            ticks, phase = slot[0].slot_ticks, slot[0].phase_ticks
            low, high = (one.low + phase) // ticks, (one.high + phase) // ticks
            number = model.new_int_var(low, high, "")
            within = model.new_int_var(0, ticks - 1, "")
            model.add(one.start + phase == number * ticks + within)
            interval = model.new_optional_fixed_size_interval_var(number, 1, lit, "")
            users.setdefault(slot[0].id, []).append((lit, interval))
            capacities[slot[0].id] = slot[0].capacity
    for name, found in users.items():
        intervals = [interval for _, interval in found]
        demands = [1] * len(intervals)
        capacity = capacities[name]
        for (place, k), starts in draft.slot_starts.items():
            if place == name and starts:
                intervals.append(model.new_fixed_size_interval_var(k, 1, ""))
                demands.append(min(len(starts), capacity))
        model.add_cumulative(intervals, demands, capacity)


def _span(exact: "Exact", k: int, stay: Stay) -> Span | None:
    """Lay out a stay; None where it does not exist."""
    draft = exact.draft
    tables, index = draft.tables, draft.tables.movement_index
    entry = exact.free.get(index[stay.entry]) if stay.entry is not None else None
    leaving = exact.free.get(index[stay.exit]) if stay.exit is not None else None
    told = stay.entry is not None and not bool(tables.actual[index[stay.entry]])
    begins: Begins = {} if entry is None else entry.begins
    settled = draft.span(k)
    if entry is None and settled is None:
        return None
    if entry is not None:
        claims: dict[Claim, cp_model.IntVar | None] = {}
        for claim, lits in _claims(draft, entry).items():
            taken = lits[0]
            if len(lits) > 1:
                taken = exact.model.new_bool_var("")
                exact.model.add(sum(lits) == taken)
            claims[claim] = taken
        modes = entry.modes.items()
        begin = entry.start + sum(tables.modes[m].arrive_at * lit for m, lit in modes)
    else:
        assert settled is not None
        claims = {draft.stay_claim[k]: None}
        begin = settled[0]
    live = entry is not None or leaving is not None
    if leaving is not None:
        modes = leaving.modes.items()
        end = leaving.start + sum(tables.modes[m].clear_at * lit for m, lit in modes)
        return Span(k, claims, begin, end, leaving.placed, live, told, begins)
    if entry is None:
        assert settled is not None
        return Span(k, claims, begin, settled[1], None, live, told)
    return Span(k, claims, begin, _end(exact, stay, entry), None, live, told, begins)


def _end(exact: "Exact", stay: Stay, entry: "Free") -> cp_model.LinearExprT:
    """The end of a stay whose exit is not free, by its entry."""
    tables, model = exact.draft.tables, exact.model
    if stay.exit is not None:
        leaving = exact.draft.placed.get(tables.movement_index[stay.exit])
        if leaving is None:
            return FAR
        return leaving.start + tables.modes[leaving.mode].clear_at
    done = entry.start + sum(
        (tables.modes[m].end_at + stay.service_ticks) * lit for m, lit in entry.modes.items()
    )
    if stay.until is None:
        return done
    most = max(stay.until, entry.high) + stay.service_ticks + 100_000
    end = model.new_int_var(stay.until, most, "")
    model.add(end >= done)
    return end


def _claims(draft: Draft, entry: "Free") -> dict[Claim, list[cp_model.IntVar]]:
    found: dict[Claim, list[cp_model.IntVar]] = {}
    for mode, lit in entry.modes.items():
        claim = draft.conflicts.claim_of[mode]
        if claim is not None:
            found.setdefault(claim, []).append(lit)
    return found


def add_stays(exact: "Exact") -> None:
    """Keep stays with free ends out of each other's way, of closures and of full anchorages."""
    stays = exact.draft.problem.stays
    spans = [span for k, stay in enumerate(stays) if (span := _span(exact, k, stay)) is not None]
    at: dict[Claim, list[Span]] = {}
    for span in spans:
        for claim in span.claims:
            at.setdefault(claim, []).append(span)
    chosen = [claim for claim in at if claim not in exact.draft.conflicts.claims]
    for span in spans:
        for claim, lit in span.claims.items() if span.live else ():
            _keep_open(exact, span, claim, lit)
            for near, (gap, rule) in exact.draft.conflicts.near(claim, chosen).items():
                for other in at.get(near, ()):
                    seen = other.live and other.stay <= span.stay
                    if other.stay != span.stay and not seen:
                        _keep_apart(exact, (span, claim), (other, near), (gap, rule))
    _count(exact, spans)
    _add_lines(exact, spans)
    for k in sorted(exact.draft.conflicts.waits):
        _keep_from_waiting(exact, stays[k])


def _keep_from_waiting(exact: "Exact", stay: Stay) -> None:
    """Keep a ship from waiting through a span that is shut to it."""
    draft, model = exact.draft, exact.model
    index = draft.tables.movement_index
    entry = exact.free.get(index[stay.entry]) if stay.entry is not None else None
    leaving = exact.free.get(index[stay.exit]) if stay.exit is not None else None
    if leaving is None:
        if entry is not None:
            for mode, lit in entry.modes.items():
                for barrier in waiting_long(draft, stay, mode):
                    model.add(entry.start > barrier.high).only_enforce_if(lit)
        return
    for mode, lit in leaving.modes.items():
        if entry is not None:
            _leave_between(exact, stay, (entry, leaving), mode, lit)
            continue
        for barrier in leaving_late(draft, stay, mode):
            model.add(leaving.start < barrier.low).only_enforce_if(lit)


def _leave_between(
    exact: "Exact", stay: Stay, ends: tuple["Free", "Free"], mode: int, lit: cp_model.IntVar
) -> None:
    """Leave before each span shut to an exit's mode, or be ready after it, or leave at once."""
    model, tables = exact.model, exact.draft.tables
    entry, leaving = ends
    for begin, end, _ in exact.draft.conflicts.shut(mode):
        if leaving.high <= begin:
            continue
        ready = entry.start + sum(
            (tables.modes[m].end_at + stay.service_ticks) * one for m, one in entry.modes.items()
        )
        before, after, at_once = (model.new_bool_var("") for _ in range(3))
        model.add(leaving.start <= begin).only_enforce_if(before)
        model.add(ready >= end).only_enforce_if(after)
        model.add(ready >= leaving.start).only_enforce_if(at_once)
        model.add_bool_or([before, after, at_once, ~lit, ~entry.placed])


def _keep_apart(
    exact: "Exact", one: tuple[Span, Claim], other: tuple[Span, Claim], known: tuple[int, str]
) -> None:
    """Keep two stays apart, in time or along the quay, where they hold claims that are near.

    ``known``: ticks between them, and the rule, where no position is to be chosen.
    """
    spans = one[0], other[0]
    lits = (span.claims[claim] for span, claim in (one, other))
    when = [lit for lit in lits if lit is not None]
    if one[1].length_mm is None and other[1].length_mm is None:
        told = [(*known, [])]
    else:
        told = exclusions(exact, one, other)
    for gap, rule, beside in told:
        if not _waived(exact, *spans, rule):
            _one_first(exact, spans, gap, when, beside)


def _waived(exact: "Exact", one: Span, other: Span, rule: str) -> bool:
    stays, conflicts = exact.draft.problem.stays, exact.draft.conflicts
    return any(conflicts.stay_waives(stays[span.stay], rule) for span in (one, other))


def _one_first(
    exact: "Exact",
    spans: tuple[Span, Span],
    gap: int,
    when: list[cp_model.IntVar],
    beside: list[cp_model.IntVar],
) -> None:
    """One of two stays ends, and its gap passes, before the other begins; or they lie beside."""
    model = exact.model
    one, other = spans
    if isinstance(one.begin, int) and isinstance(other.begin, int):
        first, later = (one, other) if one.begin <= other.begin else (other, one)
        assert isinstance(later.begin, int)
        # Both came, or are there, whatever is planned: only leaving in time can be asked.
        if later.begin - gap < 0 or first.leaves is None:
            return
        model.add(first.end + gap <= later.begin).only_enforce_if([first.leaves, *when])
        if first.told or later.told:
            model.add_bool_or([first.leaves, *(~lit for lit in when)])
        return
    options = [_before(exact, one, other, gap), _before(exact, other, one, gap)]
    options += beside
    model.add_bool_or([*(lit for lit in options if lit is not None), *(~lit for lit in when)])


def _before(exact: "Exact", one: Span, other: Span, gap: int) -> cp_model.IntVar | None:
    """A literal that one stay is over before the other begins; None where that cannot be."""
    if isinstance(other.begin, int) and other.begin <= -FAR:
        return None
    if isinstance(one.end, int) and one.end >= FAR:
        return None
    first = exact.model.new_bool_var("")
    exact.model.add(one.end + gap <= other.begin).only_enforce_if(first)
    if one.leaves is not None:
        exact.model.add_implication(first, one.leaves)
    return first


def _keep_open(exact: "Exact", span: Span, claim: Claim, lit: cp_model.IntVar | None) -> None:
    """Keep a live stay out of the closures of its place."""
    model = exact.model
    when = [] if lit is None else [lit]
    for begin, end, rule in exact.draft.conflicts.closed(claim):
        if exact.draft.conflicts.stay_waives(exact.draft.problem.stays[span.stay], rule):
            continue
        if isinstance(span.begin, int):
            if begin >= max(span.begin, 0) and span.leaves is not None:
                model.add(span.end <= begin).only_enforce_if([span.leaves, *when])
                if span.told:
                    model.add_bool_or([span.leaves])
            continue
        before = _before(exact, span, Span(-1, {}, begin, end, None, False, False), 0)
        after = model.new_bool_var("")
        model.add(span.begin >= end).only_enforce_if(after)
        options = [after] if before is None else [before, after]
        model.add_bool_or([*options, *(~one for one in when)])


def _add_lines(exact: "Exact", spans: list[Span]) -> None:
    """At no time do ships take more of a quay than there is of it.

    That follows from their pairs, but it is what proves that there is no better packing.
    """
    users: list[tuple[Claim, tuple[Span, cp_model.IntVar | None]]] = []
    for span in spans:
        stay = exact.draft.problem.stays[span.stay]
        if span.begins and not any(
            exact.draft.conflicts.stay_waives(stay, rule.name) for rule in rules.POSITIONS
        ):
            users.extend(
                (claim, (span, lit)) for claim, lit in span.claims.items() if claim.length_mm
            )
    for line in lines(exact.draft.conflicts, users):
        intervals = [_interval(exact, *one.user, one.ticks) for one in line.ships]
        widths = [one.width_mm for one in line.ships]
        exact.model.add_cumulative(intervals, widths, line.length_mm)


def _interval(
    exact: "Exact", span: Span, lit: cp_model.IntVar | None, more: int
) -> cp_model.IntervalVar:
    """The time of a stay and some ticks more, where it takes place."""
    model = exact.model
    stays = exact.draft.problem.stays
    top = 4 * exact.draft.conflicts.horizon + 100_000
    top += max(max(stay.until or 0, 0) + stay.service_ticks for stay in stays)
    begin = model.new_int_var(-top, top, "")
    model.add(begin == (max(span.begin, -top) if isinstance(span.begin, int) else span.begin))
    end = model.new_int_var(-top, top, "")
    if isinstance(span.end, int) and span.end >= FAR:
        model.add(end == top)
    elif span.leaves is None:
        model.add(end == span.end + more)
    else:
        model.add(end == span.end + more).only_enforce_if(span.leaves)
        model.add(end == top).only_enforce_if(~span.leaves)
    size = model.new_int_var(0, 2 * top, "")
    present = model.new_constant(1) if lit is None else lit
    return model.new_optional_interval_var(begin, size, end, present, "")


def _count(exact: "Exact", spans: list[Span]) -> None:
    """No anchorage holds more than it takes, where free movements have a say in it."""
    conflicts, model = exact.draft.conflicts, exact.model
    held: dict[str, list[tuple[Span, cp_model.IntVar | None]]] = {}
    capacities: dict[str, int] = {}
    for span in spans:
        for claim, lit in span.claims.items():
            counter = conflicts.counter(claim)
            if counter is not None:
                held.setdefault(counter[0], []).append((span, lit))
                capacities[counter[0]] = counter[1]
    for name, users in held.items():
        if len(users) <= capacities[name] or not any(span.live for span, _ in users):
            continue
        intervals = [_interval(exact, span, lit, 0) for span, lit in users]
        peak = exact.draft.peak(name)
        model.add_cumulative(intervals, [1] * len(intervals), max(capacities[name], peak))
