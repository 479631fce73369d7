"""Rows of one spreadsheet to calls: which row tells what, and back from a fault to its cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from dispatch.declaration import (
    Alongside,
    CallPlan,
    DraughtWater,
    Fault,
    MovementKind,
    MovementPlan,
    Stretch,
)
from dispatch.intake_rows import Row, Sheet
from dispatch.vessel import Vessel, VesselType

VESSEL_COLUMNS = {
    "name": "vessel_name",
    **{
        key: key
        for key in (
            "imo",
            "mmsi",
            "call_sign",
            "flag",
            "vessel_type",
            "loa_m",
            "beam_m",
            "gt",
            "dwt_t",
            "max_draught_m",
            "air_draught_m",
            "bow_thruster",
            "dangerous_goods",
        )
    },
}
ALWAYS_NEEDED = ("call_ref", "kind", "vessel_name", "flag", "vessel_type", "loa_m", "beam_m", "gt")
NEEDED_BY_KIND = {
    "entry": ("berths", "requested_at", "latest_at", "draught_m"),
    "exit": ("requested_at", "latest_at", "draught_m"),
    "shift": ("to_place", "requested_at", "latest_at", "draught_m"),
    "alongside": ("berths", "alongside_since_at"),
}
LEAVING = {"exit", "shift"}


@dataclass(slots=True)
class Cells:
    """Where each part of the declaration stands: JSON pointer to row number and column key."""

    headers: dict[str, str]
    places: dict[str, tuple[int, str]] = field(default_factory=dict[str, tuple[int, str]])

    def locate(self, fault: Fault) -> Fault:
        """Return the fault with the row and header of the cell that its pointer leads to."""
        pointer = fault.pointer
        while pointer:
            if pointer in self.places:
                row, key = self.places[pointer]
                return replace(fault, row=row, column=self.headers.get(key))
            pointer = pointer.rpartition("/")[0]
        return replace(fault, row=fault.row or 1)


def missing_cells(rows: Iterable[Row], headers: dict[str, str]) -> Iterator[Fault]:
    """Name every cell that has to be filled and is not."""
    seen: set[str] = set()
    for row in rows:
        first = row.text("call_ref") not in seen
        seen.add(row.text("call_ref"))
        kind = row.text("kind")
        needed = ("call_ref", "kind", *(ALWAYS_NEEDED[2:] if first else ()))
        for key in (*needed, *NEEDED_BY_KIND.get(kind, ())):
            if key not in row.values and key not in row.unread:
                yield Fault(
                    code="value-missing",
                    params={"field": key},
                    row=row.number,
                    column=headers.get(key, key),
                )


def differing_vessels(rows: Iterable[Row], headers: dict[str, str]) -> Iterator[Fault]:
    """Name every cell that says something else of a ship than the first row of its call."""
    first_rows: dict[str, Row] = {}
    for row in rows:
        first = first_rows.setdefault(row.text("call_ref"), row)
        for key in VESSEL_COLUMNS.values():
            mine, theirs = row.values.get(key), first.values.get(key)
            if mine is not None and theirs is not None and mine != theirs:
                yield Fault(
                    code="vessel-differs",
                    params={"value": str(mine), "first": str(theirs), "first_row": first.number},
                    row=row.number,
                    column=headers.get(key, key),
                )


def differing_places(rows: Iterable[Row], headers: dict[str, str]) -> Iterator[Fault]:
    """Name every exit whose berth and starting place are two."""
    for row in rows:
        berths, here = _places(row.text("berths")), _places(row.text("from_place"))
        if row.text("kind") == "exit" and berths and here and berths[:1] != here[:1]:
            yield Fault(
                code="place-does-not-follow",
                params={"place": berths[0], "here": here[0]},
                row=row.number,
                column=headers["berths"],
            )


def build_calls(
    rows: Iterable[Row], sheet: Sheet, draught_water: DraughtWater
) -> tuple[tuple[CallPlan, ...], Cells]:
    """Put rows together to calls; the rows have every cell they need.

    No column tells the water of a draught: it is the one in which the port takes them.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.text("call_ref"), []).append(row)
    cells = Cells(sheet.headers)
    calls = tuple(
        _call(call_ref, group, f"/calls/{index}", cells, draught_water)
        for index, (call_ref, group) in enumerate(groups.items())
    )
    return calls, cells


def _call(
    call_ref: str, rows: list[Row], pointer: str, cells: Cells, draught_water: DraughtWater
) -> CallPlan:
    first = rows[0]
    for part in ("", "/call_ref", "/movements", "/vessel"):
        cells.places[pointer + part] = (first.number, "call_ref")
    for name, key in VESSEL_COLUMNS.items():
        cells.places[f"{pointer}/vessel/{name}"] = (first.number, key)
    moving = [row for row in rows if row.text("kind") != "alongside"]
    moving.sort(key=lambda row: cast("datetime", row.moment("requested_at")))
    movements = tuple(
        _movement(row, f"{pointer}/movements/{index}", cells, draught_water)
        for index, row in enumerate(moving)
    )
    return CallPlan(
        call_ref=call_ref,
        vessel=_vessel(first),
        movements=movements,
        alongside=_alongside(rows, moving, pointer, cells),
    )


def _alongside(rows: list[Row], moving: list[Row], pointer: str, cells: Cells) -> Alongside | None:
    """Where the ship lies already: its own row, or told by the first row that leaves."""
    told = [row for row in rows if row.text("kind") == "alongside"]
    told += [
        row
        for row in moving[:1]
        if row.text("kind") in LEAVING and "alongside_since_at" in row.values
    ]
    if not told:
        return None
    row = told[0]
    own = row.text("kind") == "alongside"
    key = "berths" if own or not row.text("from_place") else "from_place"
    where = f"{pointer}/alongside"
    cells.places[where] = cells.places[f"{where}/place"] = (row.number, key)
    cells.places[f"{where}/since_at"] = (row.number, "alongside_since_at")
    cells.places[f"{where}/stretch"] = (row.number, "quay_from_m")
    cells.places[f"{where}/expected_departure_at"] = (row.number, "expected_departure_at")
    # the position on a shift's row belongs to the place it goes to
    stretch = _stretch(row) if row.text("kind") != "shift" else None
    return Alongside(
        place=_places(row.text(key))[0] if row.text(key) else "",
        since_at=cast("datetime", row.moment("alongside_since_at")),
        stretch=stretch,
        expected_departure_at=row.moment("expected_departure_at"),
    )


def _movement(row: Row, pointer: str, cells: Cells, draught_water: DraughtWater) -> MovementPlan:
    kind = cast("MovementKind", row.text("kind"))
    target = {"entry": "berths", "shift": "to_place", "exit": "berths"}[kind]
    cells.places[pointer] = cells.places[f"{pointer}/kind"] = (row.number, "kind")
    cells.places[f"{pointer}/berths"] = (row.number, target)
    cells.places[f"{pointer}/stretch"] = (row.number, "quay_from_m")
    for key in (
        "requested_at",
        "latest_at",
        "draught_m",
        "from_place",
        "boarding_place",
        "service_min",
        "cargo_t",
        "pilot_required",
        "priority",
    ):
        cells.places[f"{pointer}/{key}"] = (row.number, key)
    pilot = row.values.get("pilot_required")
    priority = row.values.get("priority")
    leaves = row.text("from_place") or (row.text("berths") if kind == "exit" else "")
    if kind == "exit" and not row.text("from_place"):
        cells.places[f"{pointer}/from_place"] = (row.number, "berths")
    return MovementPlan(
        kind=kind,
        requested_at=cast("datetime", row.moment("requested_at")),
        latest_at=cast("datetime", row.moment("latest_at")),
        draught_m=row.figure("draught_m"),
        draught_water=draught_water,
        berths=() if kind == "exit" else _places(row.text(target)),
        from_place=_places(leaves)[0] if leaves else None,
        stretch=None if kind == "exit" else _stretch(row),
        boarding_place=row.text("boarding_place").upper() or None,
        service_min=int(row.figure("service_min")),
        cargo=row.text("cargo"),
        cargo_t=row.figure("cargo_t"),
        pilot_required=pilot if isinstance(pilot, bool) else None,
        priority=priority if isinstance(priority, int) else None,
        remarks=row.text("remarks"),
    )


def _places(text: str) -> tuple[str, ...]:
    for sign in "、,;；，|":
        text = text.replace(sign, "/")
    return tuple(part.strip().upper() for part in text.split("/") if part.strip())


def _stretch(row: Row) -> Stretch | None:
    if "quay_from_m" in row.values and "quay_to_m" in row.values:
        return Stretch(from_m=row.figure("quay_from_m"), to_m=row.figure("quay_to_m"))
    return None


def _vessel(row: Row) -> Vessel:
    return Vessel(
        name=row.text("vessel_name"),
        imo=row.text("imo"),
        mmsi=row.text("mmsi"),
        call_sign=row.text("call_sign"),
        flag=row.text("flag"),
        vessel_type=VesselType(row.text("vessel_type")),
        loa_m=row.figure("loa_m"),
        beam_m=row.figure("beam_m"),
        gt=row.figure("gt"),
        dwt_t=row.figure("dwt_t"),
        max_draught_m=row.figure("max_draught_m"),
        air_draught_m=row.figure("air_draught_m"),
        bow_thruster=row.values.get("bow_thruster") is True,
        dangerous_goods=row.values.get("dangerous_goods") is True,
    )
