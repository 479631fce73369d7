"""Wind, visibility, closures and water levels over time, later word over earlier."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Generic, TypeVar

from dispatch.tide import WaterLevelOverride


@dataclass(frozen=True, slots=True, kw_only=True)
class Wind:
    """Mean wind over a half-open interval."""

    from_at: datetime
    to_at: datetime
    wind_mps: float
    from_deg: float
    """Where the wind comes from, degrees true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Visibility over a half-open interval; empty ``segments`` is the whole port."""

    from_at: datetime
    to_at: datetime
    visibility_m: float
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Segments closed over a half-open interval; empty ``segments`` is the whole channel."""

    from_at: datetime
    to_at: datetime
    segments: tuple[str, ...]
    reason: str
    closed_by: str


Entry = TypeVar("Entry", Wind, Visibility)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Generic[Entry]):
    """An interval and what is known of it; None is unknown, outside every entry."""

    from_at: datetime
    to_at: datetime
    entry: Entry | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """All that is known of weather, closures and water levels.

    In each series a later entry counts over an earlier one where they overlap, so a report laid
    over a forecast replaces it for its own interval and segments only. Outside every entry a
    value is unknown. **Unknown does not bar**: the plan runs beyond the forecast, so an unknown
    wind or visibility is no limit; it stays visible as unknown to whoever asks.
    """

    wind: tuple[Wind, ...] = ()
    visibility: tuple[Visibility, ...] = ()
    closures: tuple[Closure, ...] = ()
    water_levels: tuple[WaterLevelOverride, ...] = ()

    def layered(self, later: "Conditions") -> "Conditions":
        """Return these conditions with later word laid over them."""
        return replace(
            self,
            wind=self.wind + later.wind,
            visibility=self.visibility + later.visibility,
            closures=self.closures + later.closures,
            water_levels=self.water_levels + later.water_levels,
        )

    def wind_at(self, instant: datetime) -> Wind | None:
        """Return the wind at an instant, or None where it is unknown."""
        return _last_at(self.wind, instant)

    def visibility_at(self, instant: datetime, segment_id: str) -> Visibility | None:
        """Return the visibility in a segment at an instant, or None where it is unknown."""
        return _last_at(self._visibility_in(segment_id), instant)

    def wind_over(self, from_at: datetime, to_at: datetime) -> tuple[Known[Wind], ...]:
        """Return the wind over ``[from_at, to_at)`` without gap, unknown parts named as such."""
        return tuple(_pieces(self.wind, from_at, to_at))

    def visibility_over(
        self, segment_id: str, from_at: datetime, to_at: datetime
    ) -> tuple[Known[Visibility], ...]:
        """Return the visibility in a segment over ``[from_at, to_at)`` without gap."""
        return tuple(_pieces(self._visibility_in(segment_id), from_at, to_at))

    def visibility_below(
        self, limit_m: float, segment_id: str, from_at: datetime, to_at: datetime
    ) -> tuple[tuple[datetime, datetime], ...]:
        """Return the intervals in which a segment's visibility is known to be below a limit."""
        return _joined(
            (item.from_at, item.to_at)
            for item in self.visibility_over(segment_id, from_at, to_at)
            if item.entry is not None and item.entry.visibility_m < limit_m
        )

    def wind_at_least(
        self, limit_mps: float, from_at: datetime, to_at: datetime
    ) -> tuple[tuple[datetime, datetime], ...]:
        """Return the intervals in which the wind is known to reach a limit."""
        return _joined(
            (item.from_at, item.to_at)
            for item in self.wind_over(from_at, to_at)
            if item.entry is not None and item.entry.wind_mps >= limit_mps
        )

    def closed(
        self, segment_id: str, from_at: datetime, to_at: datetime
    ) -> tuple[tuple[datetime, datetime], ...]:
        """Return the intervals in which a segment is closed by any closure."""
        cut = (
            (max(item.from_at, from_at), min(item.to_at, to_at))
            for item in self.closures
            if not item.segments or segment_id in item.segments
        )
        return _joined(sorted((start, end) for start, end in cut if start < end))

    def _visibility_in(self, segment_id: str) -> tuple[Visibility, ...]:
        return tuple(
            item for item in self.visibility if not item.segments or segment_id in item.segments
        )


def _last_at(series: Sequence[Entry], instant: datetime) -> Entry | None:
    for entry in reversed(series):
        if entry.from_at <= instant < entry.to_at:
            return entry
    return None


def _pieces(series: Sequence[Entry], from_at: datetime, to_at: datetime) -> Iterator[Known[Entry]]:
    """Cut an interval wherever an entry begins or ends, and join what stays the same."""
    marks = {from_at, to_at}
    for entry in series:
        marks.update(mark for mark in (entry.from_at, entry.to_at) if from_at < mark < to_at)
    ordered = sorted(marks)
    open_piece: Known[Entry] | None = None
    for start, end in pairwise(ordered):
        entry = _last_at(series, start)
        if open_piece is not None and open_piece.entry is entry:
            open_piece = replace(open_piece, to_at=end)
            continue
        if open_piece is not None:
            yield open_piece
        open_piece = Known(from_at=start, to_at=end, entry=entry)
    if open_piece is not None:
        yield open_piece


def _joined(
    intervals: Iterable[tuple[datetime, datetime]],
) -> tuple[tuple[datetime, datetime], ...]:
    """Join intervals, in order of their start, that touch or overlap."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in intervals:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
