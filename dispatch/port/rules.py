"""The rules of a port: what they ask, where they come from, and when they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dispatch.provenance import Bilingual, Provenance

Days = date | frozenset[date]
"""A day of the port's own, or several: what is asked for on any of them is asked for."""


class RuleKind(StrEnum):
    """What a rule is about; each kind has its own values, listed in ``RULE_VALUES``."""

    UNDER_KEEL_CLEARANCE = "under_keel_clearance"
    ALONGSIDE_CLEARANCE = "alongside_clearance"
    AIR_DRAUGHT = "air_draught"
    SPEED_LIMIT = "speed_limit"
    VISIBILITY_DEPARTURE = "visibility_departure"
    VISIBILITY_SPEED = "visibility_speed"
    VISIBILITY_MOVEMENT = "visibility_movement"
    WIND_BOARDING = "wind_boarding"
    WIND_BERTHING = "wind_berthing"
    NO_OVERTAKING = "no_overtaking"
    ONE_WAY = "one_way"
    MEETING_WIDTH = "meeting_width"
    SMALL_CRAFT_ROUTE = "small_craft_route"
    DAYLIGHT = "daylight"
    NIGHT_PERMITTED = "night_permitted"
    SAFETY_ZONE = "safety_zone"
    HEADWAY = "headway"
    PILOTAGE_COMPULSORY = "pilotage_compulsory"
    PILOT_NOTICE = "pilot_notice"
    HAZARDOUS_NEIGHBOUR = "hazardous_neighbour"


class RuleStatus(StrEnum):
    """How a rule stands; only ``assumed_in_force`` and ``lapsed`` are legal texts."""

    ASSUMED_IN_FORCE = "assumed_in_force"
    """A legal text was read, at least in part; that it still applies is assumed."""
    LAPSED = "lapsed"
    """The published term has ended; whether it was renewed is not known."""
    PHYSICAL = "physical"
    """Not a legal rule: steel and water."""
    DEMO = "demo"
    """An assumed value, never to be shown as law."""


RULE_VALUES: Mapping[RuleKind, Mapping[str, str]] = {
    RuleKind.UNDER_KEEL_CLEARANCE: {"fraction": "share", "segments": "segments"},
    RuleKind.ALONGSIDE_CLEARANCE: {"min_m": "number", "fraction": "share"},
    RuleKind.AIR_DRAUGHT: {"bridges": "bridges"},
    RuleKind.SPEED_LIMIT: {"speed_kn": "number", "segments": "segments"},
    RuleKind.VISIBILITY_DEPARTURE: {
        "visibility_below_m": "number",
        "gt_ge": "number?",
        "gt_lt": "number?",
    },
    RuleKind.VISIBILITY_SPEED: {
        "visibility_below_m": "number",
        "speed_kn": "number",
        "headway_factor": "number",
    },
    RuleKind.VISIBILITY_MOVEMENT: {
        "visibility_below_m": "number",
        "loa_ge_m": "number?",
        "vessel_types": "types",
    },
    RuleKind.WIND_BOARDING: {"wind_ge_mps": "number"},
    RuleKind.WIND_BERTHING: {
        "wind_ge_mps": "number",
        "long_loa_ge_m": "number?",
        "long_vessel_types": "types",
        "vessel_types": "types",
    },
    RuleKind.NO_OVERTAKING: {"segments": "segments"},
    RuleKind.ONE_WAY: {"clear_node_min": "number"},
    RuleKind.MEETING_WIDTH: {
        "n": "number",
        "gamma_deg": "number",
        "c_factor": "number",
        "segments": "segments",
    },
    RuleKind.SMALL_CRAFT_ROUTE: {"draught_below_m": "number"},
    RuleKind.DAYLIGHT: {"loa_ge_m": "number?", "vessel_types": "types", "segments": "segments"},
    RuleKind.NIGHT_PERMITTED: {"loa_ge_m": "number?", "vessel_types": "types"},
    RuleKind.SAFETY_ZONE: {
        "vessel_types": "types",
        "ahead_lengths": "number",
        "astern_lengths": "number",
        "abeam_beams": "number",
    },
    RuleKind.HEADWAY: {"rows": "headway_rows", "by_type_min": "minutes_by_type"},
    RuleKind.PILOTAGE_COMPULSORY: {"foreign": "flag"},
    RuleKind.PILOT_NOTICE: {"order_h": "number", "change_h": "number"},
    RuleKind.HAZARDOUS_NEIGHBOUR: {"vessel_types": "types", "reach_berths": "number"},
}
"""Value names of each kind and their form; a ``?`` form may be null.

An empty ``segments`` of a daylight rule means the whole movement. ``loa_ge_m`` and
``vessel_types`` together mean a ship that meets either.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The port's own word that a rule is applied, or not, from a day to a day (inclusive)."""

    rule_id: str
    apply: bool
    from_day: date | None
    to_day: date | None
    decided_by: Bilingual
    reason: Bilingual

    def covers(self, day: date) -> bool:
        """Tell whether the decision speaks about the day."""
        return (self.from_day is None or self.from_day <= day) and (
            self.to_day is None or day <= self.to_day
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its values, its term, its status and the port's decisions about it."""

    rule_id: str
    kind: RuleKind
    name: Bilingual
    values: Mapping[str, object]
    """By the names of ``RULE_VALUES``; lists are tuples."""
    effective_from: date | None
    effective_to: date | None
    """Last day of the published term."""
    status: RuleStatus
    status_note: Bilingual | None
    decisions: tuple[Decision, ...]
    provenance: Provenance

    def in_force_at(self, day: Days) -> bool:
        """Tell whether the port applies the rule on a day, or on any of several.

        The last decision that covers the day has the word. Without one the rule holds inside
        its published term, and a lapsed rule holds on no day after its term.
        """
        if not isinstance(day, date):
            return any(self.in_force_at(one) for one in day)
        for decision in reversed(self.decisions):
            if decision.covers(day):
                return decision.apply
        if self.effective_from is not None and day < self.effective_from:
            return False
        return self.effective_to is None or day <= self.effective_to

    def number(self, value: str) -> float:
        """Return a value that is a number.

        Raises:
            KeyError: the rule has no such value, or it is null.
        """
        found = self.values.get(value)
        if not isinstance(found, int | float) or isinstance(found, bool):
            raise KeyError(f"{self.rule_id}: {value}")
        return float(found)

    def optional_number(self, value: str) -> float | None:
        """Return a value that is a number or null."""
        return None if self.values.get(value) is None else self.number(value)

    def names(self, value: str) -> tuple[str, ...]:
        """Return a value that is a list of names (segments, bridges or vessel types)."""
        found = self.values.get(value, ())
        return tuple(str(name) for name in found) if isinstance(found, tuple) else ()

    def takes(self, *, loa_m: float, vessel_type: str) -> bool:
        """Tell whether a ship meets ``loa_ge_m`` or is of one of ``vessel_types``."""
        loa_ge_m = self.optional_number("loa_ge_m")
        return (loa_ge_m is not None and loa_m >= loa_ge_m) or (
            vessel_type in self.names("vessel_types")
        )
