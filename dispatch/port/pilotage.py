"""Pilots, their classes and limits, and how many a ship needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from dispatch.provenance import Bilingual, Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotClass:
    """A class of pilots; rank 1 may take every ship."""

    class_id: str
    rank: int
    name: Bilingual
    max_loa_m: float | None
    """A pilot of the class takes ships with LOA < this; None is no limit."""
    excluded_types: tuple[str, ...]
    provenance: Provenance

    def admits(self, *, loa_m: float, vessel_type: str) -> bool:
        """Tell whether a pilot of the class may take the ship."""
        within = self.max_loa_m is None or loa_m < self.max_loa_m
        return within and vessel_type not in self.excluded_types


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotStation:
    """Where pilots start and end their duty."""

    station_id: str
    name: Bilingual
    node_id: str
    at_sea: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Hours of first call in the port's own time; empty windows are off duty."""

    watch_id: str
    name: Bilingual
    windows: tuple[tuple[time, time], ...]
    """Half-open; a window whose end is not after its start runs over midnight."""
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """A pilot."""

    pilot_id: str
    name: Bilingual
    class_id: str
    station_id: str
    watch_id: str
    on_duty: bool
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPilots:
    """Which ships take two pilots: any of the thresholds reached or types met."""

    loa_ge_m: float | None
    gt_ge: float | None
    vessel_types: tuple[str, ...]
    first_class: str
    """Lowest class the first pilot may hold."""
    second_class: str
    """Lowest class the second pilot may hold, whatever the ship."""
    provenance: Provenance

    def takes(self, *, loa_m: float, gt: float, vessel_type: str) -> bool:
        """Tell whether the ship takes two pilots."""
        return (
            (self.loa_ge_m is not None and loa_m >= self.loa_ge_m)
            or (self.gt_ge is not None and gt >= self.gt_ge)
            or vessel_type in self.vessel_types
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LongPassage:
    """Planned conning longer than ``over_h`` takes ``pilots``, who share or relieve."""

    over_h: float
    pilots: int
    relief_place: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingLimits:
    """What one pilot may do in a row and in any 24 hours."""

    max_continuous_conning_h: float
    min_rest_between_jobs_h: float
    min_rest_per_24h_h: float
    max_jobs_per_24h: int
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotRequirement:
    """The pilots of one movement."""

    count: int
    first_classes: tuple[str, ...]
    """Classes of which the first pilot must be one, best first."""
    second_classes: tuple[str, ...]
    """Classes of which each other pilot must be one; empty when ``count`` is 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotageOrganisation:
    """Classes, stations, watches, people and limits of the pilots of a port."""

    classes: tuple[PilotClass, ...]
    """By rank, best first."""
    stations: tuple[PilotStation, ...]
    watches: tuple[Watch, ...]
    pilots: tuple[Pilot, ...]
    two_pilots: TwoPilots
    long_passage: LongPassage | None
    rolling_limits: RollingLimits
    debrief_min: float
    home_flags: tuple[str, ...]
    """Flags that are not foreign for compulsory pilotage."""
    transfer_min: Mapping[str, Mapping[str, float]]
    """Minutes by launch and road between stations and nodes, shortest way."""

    def classes_down_to(self, class_id: str) -> tuple[str, ...]:
        """Return the classes at least as good as one, best first."""
        lowest = next(item.rank for item in self.classes if item.class_id == class_id)
        return tuple(item.class_id for item in self.classes if item.rank <= lowest)

    def requirement(
        self, *, loa_m: float, gt: float, vessel_type: str, conning_h: float = 0.0
    ) -> PilotRequirement:
        """Return how many pilots of which classes a piloted ship takes.

        ``conning_h`` is the planned time from boarding to all fast, or from unberthing to pilot
        off; beyond the long-passage limit a second pilot shares the watch.
        """
        admitting = tuple(
            item.class_id
            for item in self.classes
            if item.admits(loa_m=loa_m, vessel_type=vessel_type)
        )
        two = self.two_pilots.takes(loa_m=loa_m, gt=gt, vessel_type=vessel_type)
        count = 2 if two else 1
        if two:
            best = self.classes_down_to(self.two_pilots.first_class)
            admitting = tuple(item for item in admitting if item in best)
        if self.long_passage is not None and conning_h > self.long_passage.over_h:
            count = max(count, self.long_passage.pilots)
        seconds: tuple[str, ...] = ()
        if two:
            seconds = self.classes_down_to(self.two_pilots.second_class)
        elif count > 1:
            # the pilot who relieves has the conn alone, so the ship must be in the class's limits
            seconds = admitting
        return PilotRequirement(count=count, first_classes=admitting, second_classes=seconds)
