"""A problem laid out for fast asking: ids as indexes, legs and conditions as arrays."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from scheduler.problem import (
    Anchorage,
    Berth,
    Interval,
    Mode,
    Movement,
    Pool,
    Problem,
    Resource,
    Ship,
    Stay,
)
from scheduler.tides import Mask, Ticks, Tides

Value = TypeVar("Value", bound=np.generic)

UNLIMITED_M = 10**9
"""Visibility where nothing is told of it."""


class UnknownReference(ValueError):
    """A problem names a thing that it does not hold."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"unknown {kind}: {name}")
        self.kind = kind
        self.name = name


def _index(things: Iterable[Any]) -> dict[str, int]:
    return {thing.id: k for k, thing in enumerate(things)}


def _find(index: Mapping[str, int], kind: str, name: str) -> int:
    found = index.get(name)
    if found is None:
        raise UnknownReference(kind, name)
    return found


class Legs:
    """All legs of all tracks, flat: one entry a leg, all arrays of shape ``(legs,)``, ticks.

    A *track* is one passage of one movement: modes that differ only in berth position or teams
    share it, so that their separations are computed once.
    """

    def __init__(self, rows: list[tuple[int, int, int, int, int, int]], segments: int) -> None:
        table = np.array(rows, dtype=np.int64).reshape(-1, 6)
        self.track = table[:, 0].copy()
        self.segment = table[:, 1].copy()
        self.enter = table[:, 2].copy()
        self.leave = table[:, 3].copy()
        self.forward = table[:, 4].astype(np.bool_)
        self.slow = table[:, 5].copy()
        self.of_segment = [np.flatnonzero(self.segment == s) for s in range(segments)]
        self.of_track: list[Ticks] = []


class Tables:
    """A :class:`Problem` with everything that is asked often looked up once.

    Attributes:
        first: First tick of the condition arrays (fixed starts may lie before 0).
        last: Tick after the last one of the condition arrays.
        modes: Modes of all movements in order; a mode is known by its place in it.
        mode_movement: For each mode, its movement's place in ``problem.movements``.
        mode_track: For each mode, its track.

    Raises:
        UnknownReference: If the problem names a thing that it does not hold.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.movement_index = _index(problem.movements)
        self.segment_index = _index(problem.segments)
        self.ship_index = _index(problem.ships)
        self.berths: dict[str, Berth] = {berth.id: berth for berth in problem.berths}
        self.anchorages: dict[str, Anchorage] = {a.id: a for a in problem.anchorages}
        self.quays = {quay.id: quay for quay in problem.quays}
        self.boarding_places = {place.id: place for place in problem.boarding_places}
        self.pools: dict[str, Pool] = {pool.id: pool for pool in problem.pools}
        self._particulars: dict[str, Ticks] = {}
        self._members: dict[str, list[Resource]] = {}
        self._lay_modes()
        self._lay_tracks()
        self._lay_stays()
        self._lay_axis()

    def _lay_modes(self) -> None:
        self.modes: list[Mode] = []
        self.mode_movement: list[int] = []
        self.modes_of: list[range] = []
        self.ships: list[Ship] = []
        for k, movement in enumerate(self.problem.movements):
            begin = len(self.modes)
            self.modes.extend(movement.modes)
            self.mode_movement.extend([k] * len(movement.modes))
            self.modes_of.append(range(begin, len(self.modes)))
            self.ships.append(self.problem.ships[_find(self.ship_index, "ship", movement.ship)])
        self.actual = np.array(
            [m.fixed is not None and m.fixed.actual for m in self.problem.movements], dtype=np.bool_
        )

    def _lay_tracks(self) -> None:
        known: dict[tuple[object, ...], int] = {}
        rows: list[tuple[int, int, int, int, int, int]] = []
        self.mode_track: list[int] = []
        self.track_movement: list[int] = []
        restricted: list[bool] = []
        for mode, k in zip(self.modes, self.mode_movement, strict=True):
            key = (k, mode.restricted, mode.legs)
            track = known.get(key)
            if track is None:
                track = known[key] = len(known)
                self.track_movement.append(k)
                restricted.append(mode.restricted)
                for leg in mode.legs:
                    segment = _find(self.segment_index, "segment", leg.segment)
                    rows.append(
                        (track, segment, leg.enter, leg.leave, int(leg.forward), leg.slow_ticks)
                    )
            self.mode_track.append(track)
        self.legs = Legs(rows, len(self.problem.segments))
        bounds = np.searchsorted(self.legs.track, np.arange(len(known) + 1))
        self.legs.of_track = [
            np.arange(bounds[k], bounds[k + 1], dtype=np.int64) for k in range(len(known))
        ]
        self.track_restricted = np.array(restricted, dtype=np.bool_)
        self.track_owner = np.array(self.track_movement, dtype=np.int64)

    def _lay_stays(self) -> None:
        self.entry_stay: dict[int, int] = {}
        self.exit_stay: dict[int, int] = {}
        for k, stay in enumerate(self.problem.stays):
            if stay.entry is not None:
                self.entry_stay[_find(self.movement_index, "movement", stay.entry)] = k
            if stay.exit is not None:
                self.exit_stay[_find(self.movement_index, "movement", stay.exit)] = k

    def _lay_axis(self) -> None:
        fixed = [m.fixed.start for m in self.problem.movements if m.fixed is not None]
        self.first = min([0, *fixed])
        longest = max(
            (
                max(mode.end_at, mode.clear_at, *(leg.leave for leg in mode.legs), 0)
                for mode in self.modes
            ),
            default=0,
        )
        service = max((stay.service_ticks for stay in self.problem.stays), default=0)
        self.last = max([self.problem.horizon, *fixed]) + longest + service + 2
        self.ticks = np.arange(self.first, self.last, dtype=np.int64)
        self.starts = np.arange(self.problem.horizon, dtype=np.int64)

    def movement(self, mode: int) -> Movement:
        """The movement that a mode belongs to."""
        return self.problem.movements[self.mode_movement[mode]]

    def ship(self, mode: int) -> Ship:
        """The ship that sails a mode."""
        return self.ships[self.mode_movement[mode]]

    def stay_after(self, mode: int) -> Stay | None:
        """The stay that a mode's movement leads to."""
        found = self.entry_stay.get(self.mode_movement[mode])
        return None if found is None else self.problem.stays[found]

    def members(self, pool: str) -> list[Resource]:
        """The resources of a pool; of a counted one as many as one need takes, by number."""
        known = self._members.get(pool)
        if known is None:
            known = [r for r in self.problem.resources if r.pool == pool]
            if self.pools[pool].counts:
                needs = [need for m in self.problem.movements for need in m.needs]
                most = max((need.count for need in needs if need.pool == pool), default=0)
                known = [Resource(id=f"{pool}/{n}", pool=pool) for n in range(1, most + 1)]
            self._members[pool] = known
        return known

    def at(self, values: NDArray[Value], ticks: Ticks) -> NDArray[Value]:
        """Values of a condition array at some ticks (beyond its ends: the value there)."""
        return values.take(ticks - self.first, mode="clip")

    @cached_property
    def tides(self) -> Tides:
        """Water levels on these ticks."""
        return Tides(self.problem.water_levels, self.ticks)

    def of_ships(self, name: str) -> Ticks:
        """A particular (an integer) of each movement's ship, shape ``(movements,)``."""
        known = self._particulars.get(name)
        if known is None:
            values = [getattr(ship, name) for ship in self.ships]
            known = self._particulars[name] = np.array(values, dtype=np.int64)
        return known

    def of_segments(self, name: str) -> Ticks:
        """A particular of each segment, shape ``(segments,)``; -1 where it is None."""
        known = self._particulars.get("segment." + name)
        if known is None:
            values = [getattr(segment, name) for segment in self.problem.segments]
            known = np.array([-1 if v is None else int(v) for v in values], dtype=np.int64)
            self._particulars["segment." + name] = known
        return known

    @cached_property
    def _kinds(self) -> dict[str, int]:
        return {kind: k for k, kind in enumerate(dict.fromkeys(ship.kind for ship in self.ships))}

    @cached_property
    def ship_kinds(self) -> Ticks:
        """The kind of each movement's ship as a number, shape ``(movements,)``."""
        return np.array([self._kinds[ship.kind] for ship in self.ships], dtype=np.int64)

    @cached_property
    def gaps_ticks(self) -> Ticks:
        """Gaps by segment, kind of the leader and of the follower; 0 where none is told."""
        size = len(self._kinds)
        table = np.zeros((len(self.problem.segments), size, size), dtype=np.int64)
        for gap in self.problem.gaps:
            leader, follower = self._kinds.get(gap.leader), self._kinds.get(gap.follower)
            rows = slice(None) if gap.segment is None else self._segment(gap.segment)
            if leader is not None and follower is not None:
                of_pair = table[rows, leader, follower]
                table[rows, leader, follower] = np.maximum(of_pair, gap.ticks)
        return table

    def _segment(self, name: str) -> int:
        return _find(self.segment_index, "segment", name)

    @cached_property
    def draughts_mm(self) -> Ticks:
        """The draught of each movement, shape ``(movements,)``."""
        return np.array([m.draught_mm for m in self.problem.movements], dtype=np.int64)

    def _paint(self, values: NDArray[Any], span: Interval, value: int) -> None:
        values[max(span.begin - self.first, 0) : max(span.end - self.first, 0)] = value

    @cached_property
    def visibility_m(self) -> Ticks:
        """Visibility, metres, by segment and tick; the last row is that of *everywhere*."""
        values = np.full(
            (len(self.problem.segments) + 1, len(self.ticks)), UNLIMITED_M, dtype=np.int64
        )
        for entry in self.problem.visibility:
            rows = (
                [_find(self.segment_index, "segment", name) for name in entry.segments]
                if entry.segments
                else range(len(values))
            )
            for row in rows:
                self._paint(values[row], entry.span, entry.visibility_m)
        return values

    @cached_property
    def thickest_m(self) -> list[int]:
        """The least visibility, metres, by segment; the last one is that of *everywhere*."""
        return self.visibility_m.min(axis=1).tolist()

    @cached_property
    def in_fog(self) -> Mask:
        """For each leg, whether it is spaced as in fog, shape ``(legs,)``.

        Those of restricted modes are. Whether others are caught by fog is known of what has
        happened; where the rule of visibility is waived, it is taken that they may be.
        """
        legs, slow_m = self.legs, self.problem.slow_visibility_m
        result = self.track_restricted[legs.track]
        if slow_m <= 0:
            return result
        for k, movement in enumerate(self.problem.movements):
            if movement.fixed is None and "visibility" not in movement.waived:
                continue
            of_movement = np.flatnonzero(self.track_owner[legs.track] == k)
            rows = self.visibility_m[legs.segment[of_movement]]
            if movement.fixed is not None:
                entered = movement.fixed.start + legs.enter[of_movement] - self.first
                at = np.clip(entered, 0, rows.shape[1] - 1)
                result[of_movement] |= rows[np.arange(len(rows)), at] < slow_m
            else:
                result[of_movement] |= (rows < slow_m).any(axis=1)
        return result

    @cached_property
    def wind_mms(self) -> Ticks:
        """Wind, millimetres a second, by tick; calm where nothing is told of it."""
        values = np.zeros(len(self.ticks), dtype=np.int64)
        for entry in self.problem.wind:
            self._paint(values, entry.span, entry.wind_mms)
        return values

    @cached_property
    def strongest_mms(self) -> int:
        """The strongest wind that is told of, millimetres a second."""
        return int(self.wind_mms.max(initial=0))

    def windy(self, limit_mms: int) -> Ticks:
        """How many ticks up to each, that one not included, have at least so much wind."""
        known = self._particulars.get(f"wind.{limit_mms}")
        if known is None:
            known = np.concatenate([[0], np.cumsum(self.wind_mms >= limit_mms)])
            self._particulars[f"wind.{limit_mms}"] = known
        return known
