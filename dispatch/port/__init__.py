"""A port as data: berths, channel, rules, people and boats, read once and never changed."""

from dispatch.port.berths import Anchorage, Berth, BoardingPlace, Quay, ShipCriterion
from dispatch.port.faults import Fault, PortDataInvalid, fault_texts
from dispatch.port.loading import PORTS_FOLDER, load_port
from dispatch.port.pilotage import (
    LongPassage,
    Pilot,
    PilotageOrganisation,
    PilotClass,
    PilotRequirement,
    PilotStation,
    RollingLimits,
    TwoPilots,
    Watch,
)
from dispatch.port.port import Meeting, Port
from dispatch.port.rules import Days, Decision, Rule, RuleKind, RuleStatus
from dispatch.port.sample_days import SampleDay, SampleOutage, sample_day, sample_day_names
from dispatch.port.services import (
    Company,
    LaunchGroup,
    LinesmenGroup,
    LoaRow,
    Priority,
    ServiceTimes,
    TrafficService,
)
from dispatch.port.towage import (
    Towage,
    Tug,
    TugBase,
    TugCompany,
    TugExtra,
    TugOperation,
    TugRequirement,
    TugRow,
)
from dispatch.port.waterway import Bridge, Direction, LargeShip, Leg, Node, Segment, Traffic
from dispatch.provenance import Bilingual, Provenance, Source

__all__ = [
    "PORTS_FOLDER",
    "Anchorage",
    "Berth",
    "Bilingual",
    "BoardingPlace",
    "Bridge",
    "Company",
    "Days",
    "Decision",
    "Direction",
    "Fault",
    "LargeShip",
    "LaunchGroup",
    "Leg",
    "LinesmenGroup",
    "LoaRow",
    "LongPassage",
    "Meeting",
    "Node",
    "Pilot",
    "PilotClass",
    "PilotRequirement",
    "PilotStation",
    "PilotageOrganisation",
    "Port",
    "PortDataInvalid",
    "Priority",
    "Provenance",
    "Quay",
    "RollingLimits",
    "Rule",
    "RuleKind",
    "RuleStatus",
    "SampleDay",
    "SampleOutage",
    "Segment",
    "ServiceTimes",
    "ShipCriterion",
    "Source",
    "Towage",
    "Traffic",
    "TrafficService",
    "Tug",
    "TugBase",
    "TugCompany",
    "TugExtra",
    "TugOperation",
    "TugRequirement",
    "TugRow",
    "TwoPilots",
    "Watch",
    "fault_texts",
    "load_port",
    "sample_day",
    "sample_day_names",
]
