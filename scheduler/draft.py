"""A plan under construction: what is placed, who holds what, and what that leaves to others."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scheduler.conflicts import Conflicts
from scheduler.costs import cost
from scheduler.outcome import Placement
from scheduler.problem import Crew
from scheduler.rosters import FAR, Roster, duties_by_need
from scheduler.ways import Claim

Teams = dict[int, tuple[int, ...]]
"""For each need of a movement (by place), its team (places in the pool's roster)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Mode, start, teams, and position along a quay where one is chosen, of a placed movement."""

    mode: int
    start: int
    teams: Teams
    begin_mm: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A span in which a claim is not to be had, but for ``gap`` ticks before and after it.

    ``stay`` is who holds it (None: closed, or too many others).
    """

    begin: int
    end: int
    gap: int
    rule: str
    stays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Barrier:
    """Starts ``low`` to ``high`` (both included) that a rule rules out, and who is in the way.

    ``shut``: an exit's mode, and the span that its ship would have to wait through.
    """

    low: int
    high: int
    rule: str
    movements: tuple[int, ...] = ()
    shut: tuple[int, int, int] | None = None


class Draft:
    """Placements with everything that is asked of them kept up to date.

    A movement is known by its place in ``problem.movements``.
    """

    def __init__(self, conflicts: Conflicts) -> None:
        self.conflicts = conflicts
        self.tables = conflicts.tables
        self.problem = conflicts.problem
        self.placed: dict[int, Place] = {}
        self.track_start = np.full(len(self.tables.track_movement), -FAR, dtype=np.int64)
        self.rosters = {pool: Roster(self.tables, pool) for pool in self.tables.pools}
        self.slot_starts: dict[tuple[str, int], list[int]] = {}
        self.at_claim: dict[Claim, set[int]] = {}
        self._chosen: dict[Claim, set[int]] = {}
        """As ``at_claim``, which has them, too: claims at chosen positions that are held."""
        self.stay_claim: dict[int, Claim] = {}
        self._told_teams: dict[int, list[tuple[str, int, frozenset[int] | None]]] = {}
        self.counted: dict[str, set[int]] = {}
        self._need_duties = [duties_by_need(mode.duties) for mode in self.tables.modes]
        for k, stay in enumerate(self.problem.stays):
            if stay.entry is None and stay.place is not None:
                self._settle(k, Claim(stay.place, stay.stretch_mm))

    # ---- placing ------------------------------------------------------------------------------

    def place(self, movement: int, mode: int, start: int, teams: Teams) -> None:
        """Place a movement that is not placed; nothing is checked."""
        self.put(movement, Place(mode, start, teams))

    def put(self, movement: int, place: Place) -> None:
        """As :meth:`place`; a place that is put back is the same one as before."""
        self.placed[movement] = place
        mode, start, teams = place.mode, place.start, place.teams
        self.track_start[self.tables.mode_track[mode]] = start
        raw = self.problem.movements[movement]
        named = () if raw.fixed is None else {crew.need for crew in raw.fixed.crews}
        for need, team in teams.items():
            asked = raw.needs[need]
            self.rosters[asked.pool].add(
                (movement, need),
                self._need_duties[mode].get(asked.id, ()),
                start,
                team,
                anchored=asked.id in named,
            )
        slot = self.conflicts.slots[mode]
        if slot is not None:
            key = (slot[0].id, (start + slot[0].phase_ticks) // slot[0].slot_ticks)
            self.slot_starts.setdefault(key, []).append(movement)
        stay = self.tables.entry_stay.get(movement)
        claim = self.conflicts.claim_at(mode, place.begin_mm)
        if stay is not None and claim is not None:
            self._settle(stay, claim)

    def told(self, movement: int, need: int) -> dict[int, int]:
        """Resources that were told of a movement's need, with the start they were told."""
        raw = self.problem.movements[movement]
        if raw.published is None:
            return {}
        asked = raw.needs[need]
        index = self.rosters[asked.pool].index
        return {
            index[name]: raw.published.start
            for crew in raw.published.crews
            if crew.need == asked.id
            for name in crew.resources
            if name in index
        }

    def told_teams(self, movement: int) -> list[tuple[str, int, frozenset[int] | None]]:
        """Of each need that was told a team: its name, its place, the team as a roster knows it.

        The team is None where somebody of it, or the need itself, is gone.
        """
        known = self._told_teams.get(movement)
        if known is None:
            known = self._told_teams[movement] = list(self._read_told_teams(movement))
        return known

    def _read_told_teams(self, movement: int) -> Iterator[tuple[str, int, frozenset[int] | None]]:
        raw = self.problem.movements[movement]
        places = {need.id: k for k, need in enumerate(raw.needs)}
        for crew in () if raw.published is None else raw.published.crews:
            need = places.get(crew.need, -1)
            index = {} if need < 0 else self.rosters[raw.needs[need].pool].index
            team = frozenset(index.get(name, -1) for name in crew.resources)
            yield crew.need, need, None if -1 in team else team

    def unplace(self, movement: int) -> Place:
        """Take a movement out; what follows it is left as it is."""
        place = self.placed.pop(movement)
        self.track_start[self.tables.mode_track[place.mode]] = -FAR
        for need in place.teams:
            self.rosters[self.problem.movements[movement].needs[need].pool].remove((movement, need))
        slot = self.conflicts.slots[place.mode]
        if slot is not None:
            key = (slot[0].id, (place.start + slot[0].phase_ticks) // slot[0].slot_ticks)
            self.slot_starts[key].remove(movement)
        stay = self.tables.entry_stay.get(movement)
        if stay in self.stay_claim:
            claim = self.stay_claim.pop(stay)
            self.at_claim[claim].discard(stay)
            if claim in self._chosen and not self.at_claim[claim]:
                del self._chosen[claim], self.at_claim[claim]
            counter = self.conflicts.counter(claim)
            if counter is not None:
                self.counted[counter[0]].discard(stay)
        return place

    def _settle(self, stay: int, claim: Claim) -> None:
        self.stay_claim[stay] = claim
        held = self.at_claim.setdefault(claim, set())
        held.add(stay)
        if claim not in self.conflicts.claims:
            self._chosen[claim] = held
        counter = self.conflicts.counter(claim)
        if counter is not None:
            self.counted.setdefault(counter[0], set()).add(stay)

    def snapshot(self) -> dict[int, Place]:
        """All placements, to come back to with :meth:`restore`."""
        return dict(self.placed)

    def restore(self, snapshot: dict[int, Place]) -> None:
        """Bring all placements back to a snapshot's."""
        for movement in [m for m, p in self.placed.items() if snapshot.get(m) is not p]:
            self.unplace(movement)
        for movement, place in snapshot.items():
            if movement not in self.placed:
                self.put(movement, place)

    def likely_team(self, movement: int, need: int, place: Place, most: int) -> set[int]:
        """Who serves a need at a place, and who would likely be able to: ``most`` of them."""
        asked = self.problem.movements[movement].needs[need]
        found = set(place.teams.get(need, ()))
        duties = self.need_duties(place.mode, asked.id)
        if duties:
            found.update(self.rosters[asked.pool].likely(duties, place.start)[:most])
        return found

    def need_duties(self, mode: int, need: str) -> list:
        """The duties of a need in a mode."""
        return self._need_duties[mode].get(need, [])

    # ---- stays --------------------------------------------------------------------------------

    def span(self, stay: int) -> tuple[int, int] | None:
        """When a stay holds its claim, ``[begin, end)`` in ticks; None where it does not exist."""
        raw = self.problem.stays[stay]
        begin, end = -FAR, FAR
        index = self.tables.movement_index
        if raw.entry is not None:
            entry = self.placed.get(index[raw.entry])
            if entry is None:
                return None
            mode = self.tables.modes[entry.mode]
            begin = entry.start + mode.arrive_at
            if raw.exit is None:
                done = entry.start + mode.end_at + raw.service_ticks
                end = done if raw.until is None else max(done, raw.until)
        elif raw.exit is None and raw.until is not None:
            end = raw.until
        if raw.exit is not None:
            leaving = self.placed.get(index[raw.exit])
            if leaving is not None:
                end = leaving.start + self.tables.modes[leaving.mode].clear_at
        return begin, end

    def near(self, claim: Claim) -> Iterator[tuple[int, int, str]]:
        """Stays that exclude a claim, each with the ticks that must lie between, and the rule."""
        for other, (gap, rule) in self.conflicts.near(claim, self._chosen).items():
            for stay in self.at_claim.get(other, ()):
                yield stay, gap, rule

    def block(self, stay: int, other: int, gap: int, rule: str) -> Block | None:
        """The span in which another stay keeps one from where it is; None: it does not."""
        span, waives = self.span(other), self.conflicts.stay_waives
        if other == stay or span is None:
            return None
        if any(waives(self.problem.stays[k], rule) for k in (stay, other)):
            return None
        return Block(*span, gap, rule, (other,))

    def blocks(self, stay: int, claim: Claim) -> list[Block]:
        """Spans in which others, or closures, keep a stay from a claim."""
        found = self.closures(stay, claim)
        for other, gap, rule in self.near(claim):
            block = self.block(stay, other, gap, rule)
            if block is not None:
                found.append(block)
        return found

    def closures(self, stay: int, claim: Claim) -> list[Block]:
        """Spans in which closures, or too many others, keep a stay from a claim's place."""
        conflicts = self.conflicts
        raw = self.problem.stays[stay]
        found = [
            Block(begin, end, 0, rule)
            for begin, end, rule in conflicts.closed(claim)
            if not conflicts.stay_waives(raw, rule)
        ]
        counter = conflicts.counter(claim)
        if counter is not None and not conflicts.stay_waives(raw, counter[2]):
            found.extend(self._full(stay, *counter))
        return found

    def _full(self, stay: int, counter: str, capacity: int, rule: str) -> list[Block]:
        """Spans in which as many others hold a counter as it takes."""
        others = [k for k in self.counted.get(counter, ()) if k != stay]
        if len(others) < capacity:
            return []
        spans = {k: span for k in others if (span := self.span(k)) is not None}
        edges = sorted(
            [(begin, 1, k) for k, (begin, _) in spans.items()]
            + [(end, 0, k) for k, (_, end) in spans.items()]
        )
        present: set[int] = set()
        found: list[Block] = []
        begun: int | None = None
        who: tuple[int, ...] = ()
        for tick, comes, k in edges:
            (present.add if comes else present.discard)(k)
            if len(present) >= capacity and begun is None:
                begun, who = tick, tuple(sorted(present))
            elif len(present) < capacity and begun is not None:
                found.append(Block(begun, tick, 0, rule, who))
                begun = None
        if begun is not None:
            found.append(Block(begun, FAR, 0, rule, who))
        return found

    def peak(self, counter: str) -> int:
        """How many hold a counter at once at most, by what is placed."""
        spans = [s for k in self.counted.get(counter, ()) if (s := self.span(k)) is not None]
        return max(
            (sum(begin <= tick < end for begin, end in spans) for tick, _ in spans), default=0
        )

    # ---- out ----------------------------------------------------------------------------------

    def crews(self, movement: int) -> tuple[Crew, ...]:
        """The teams of a placed movement, by the problem's own names."""
        raw = self.problem.movements[movement]
        return tuple(
            Crew(
                need=raw.needs[need].id,
                resources=tuple(self.rosters[raw.needs[need].pool].resources[k].id for k in team),
            )
            for need, team in sorted(self.placed[movement].teams.items())
        )

    def placements(self) -> tuple[Placement, ...]:
        """All placements in the order of the problem's movements."""
        return tuple(
            Placement(
                movement=self.problem.movements[movement].id,
                mode=self.tables.modes[place.mode].id,
                start=place.start,
                crews=self.crews(movement),
                begin_mm=place.begin_mm,
            )
            for movement, place in sorted(self.placed.items())
        )

    def cost(self, movement: int, start: int) -> int:
        """What a start costs: minutes late or early by their weights, or its own table."""
        return cost(self.problem.movements[movement], start)

    def total(self) -> int:
        """Weighted lateness and earliness, plus the cost of what is left out."""
        total = 0
        for k, raw in enumerate(self.problem.movements):
            place = self.placed.get(k)
            total += raw.unplaced_cost if place is None else self.cost(k, place.start)
        return total
