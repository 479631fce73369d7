"""Cutting entity values down to what an organisation may know, and names for what it may not."""

import base64
import hashlib
import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Value = Mapping[str, Any]
Row = dict[str, Any]

RESTRICTION_FIELDS = (
    "id", "kind", "from_at", "to_at", "segments", "place", "value", "reason", "lifted_at",
)  # fmt: skip
PLAN_FIELDS = ("id", "version", "published_at")
VESSEL_FIELDS = (
    "name", "imo", "mmsi", "call_sign", "flag", "vessel_type", "loa_m", "beam_m", "gt", "dwt_t",
    "max_draught_m", "air_draught_m", "bow_thruster", "dangerous_goods",
)  # fmt: skip
MOVEMENT_FOR_CREWS = (
    "id", "sequence", "kind", "draught_m", "berths", "from_place", "boarding_place",
    "requested_at", "estimated_at", "priority", "pinned", "state", "clearance",
    "clearance_reconfirm", "planned", "service_organisations",
    "actual_start_at", "actual_end_at", "executable", "revision",
)  # fmt: skip
"""What pilots and tug crews need of a movement: the ship and its time, no business."""

PLACE_PARAMS = frozenset(
    {"segment", "segments", "place", "berth", "quay", "node", "boarding_place", "station",
     "from_place", "to_place", "pool", "need", "kind", "rule"}
)  # fmt: skip
"""Text parameters of a reason that name the port's own things, never a ship or a company."""


@dataclass(frozen=True, slots=True)
class Veil:
    """Stable made-up ids for things whose own ids an organisation must not know."""

    secret: bytes

    def name(self, organisation: str, entity_id: str) -> str:
        """Return the id by which ``organisation`` knows an entity that is not its own."""
        told = f"{organisation}\x00{entity_id}".encode()
        digest = hmac.new(self.secret, told, hashlib.sha256).digest()
        return "x" + base64.b32encode(digest[:10]).decode("ascii").lower()


def only(value: Value, fields: Iterable[str]) -> Row:
    """Return the named fields that the value has."""
    return {field: value[field] for field in fields if field in value}


def without(value: Value, fields: Collection[str]) -> Row:
    """Return the value but the named fields."""
    return {field: item for field, item in value.items() if field not in fields}


def vessel_for_crews(value: Value) -> Row:
    """Return the ship's particulars as declared."""
    return only(value.get("vessel") or {}, VESSEL_FIELDS)


def params_for_outsiders(params: Value) -> Row:
    """Return a reason's figures and the port's own places; whatever else is text stays back."""
    return {
        name: item
        for name, item in params.items()
        if item is None or isinstance(item, (bool, int, float)) or name in PLACE_PARAMS
    }


def reasons_for(reasons: Sequence[Value] | None, company: str) -> list[Row]:
    """Return reasons without the movements of others, which are counted in ``others``.

    A reason may carry ``companies`` beside ``movements``, one for one; without it every movement
    is taken for another company's.
    """
    told: list[Row] = []
    for reason in reasons or ():
        movements = list(reason.get("movements") or ())
        owners = list(reason.get("companies") or ())
        owners += [None] * (len(movements) - len(owners))
        mine = [item for item, owner in zip(movements, owners, strict=False) if owner == company]
        row = only(reason, ("rule", "resources", "gain_min", "status"))
        row["params"] = params_for_outsiders(reason.get("params") or {})
        row["movements"] = mine
        row["others"] = len(movements) - len(mine)
        told.append(row)
    return told


def restriction_for_all(value: Value) -> Row:
    """Return a restriction without who set it."""
    return only(value, RESTRICTION_FIELDS)


def plan_for_all(value: Value) -> Row:
    """Return which plan is in force and since when."""
    return only(value, PLAN_FIELDS)
