"""Declarations that were right until one thing in them was spoilt, and where that is."""

import copy
import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.journeys.load import ship

Plan = dict[str, Any]
Cells = list[list[Any]]

SHIP_FIELDS = (
    "name", "imo", "vessel_type", "loa_m", "beam_m", "dwt_t", "max_draught_m", "air_draught_m",
)  # fmt: skip
MOVEMENT_FIELDS = ("kind", "requested_at", "latest_at", "draught_m")
FIGURES = ("loa_m", "beam_m", "gt", "dwt_t", "max_draught_m", "air_draught_m")
NO_TIMES = ("yesterday", "2026-13-01T00:00:00Z", "2026-03-02T10:00:00", 7.5e300, True)


def three_ships(first: int) -> Plan:
    """A plan without a fault; its ships are nobody else's."""
    plans = [ship("CO-NSA", first + index) for index in range(3)]
    return {"reference": f"plan {first}", "calls": [plan["calls"][0] for plan in plans]}


# -- JSON: each spoils a plan and returns the pointer of what is wrong --------------------------


def leave_out(plan: Plan, at: int, chance: Random) -> str:
    call = plan["calls"][at]
    part, pointer = chance.choice(
        [
            (call, f"/calls/{at}"),
            (call["vessel"], f"/calls/{at}/vessel"),
            (call["movements"][0], f"/calls/{at}/movements/0"),
        ]
    )
    fields = {"call_ref", "vessel", "movements", *SHIP_FIELDS, *MOVEMENT_FIELDS} & part.keys()
    name = chance.choice(sorted(fields))
    del part[name]
    return f"{pointer}/{name}"


def wrong_kind_of_value(plan: Plan, at: int, chance: Random) -> str:
    movement = plan["calls"][at]["movements"][0]
    name = chance.choice(sorted(movement))
    movement[name] = chance.choice([{"odd": 1}, [[{}]], {"": None}])
    return f"/calls/{at}/movements/0/{name}"


def figure_beyond_all_ships(plan: Plan, at: int, chance: Random) -> str:
    name = chance.choice(FIGURES)
    plan["calls"][at]["vessel"][name] = chance.choice([-1, -1e12, 4e6, 1e300])
    return f"/calls/{at}/vessel/{name}"


def not_a_number(plan: Plan, at: int, chance: Random) -> str:
    name = chance.choice(FIGURES)
    plan["calls"][at]["vessel"][name] = chance.choice([float("nan"), float("inf"), "deep", None])
    return f"/calls/{at}/vessel/{name}"


def unknown_word(plan: Plan, at: int, chance: Random) -> str:
    call, pointer = plan["calls"][at], f"/calls/{at}"
    if chance.random() < 0.5:
        call["vessel"]["vessel_type"] = chance.choice(["rocket", "", "CONTAINER ", "集装箱"])
        return f"{pointer}/vessel/vessel_type"
    call["movements"][0]["kind"] = chance.choice(["fly", "", "ENTRY", "进港"])
    return f"{pointer}/movements/0/kind"


def unknown_place(plan: Plan, at: int, chance: Random) -> str:
    name, value = chance.choice(
        [("berths", ["ZZ-9"]), ("boarding_place", "NOWHERE"), ("from_place", "XX1")]
    )
    plan["calls"][at]["movements"][0][name] = value
    return f"/calls/{at}/movements/0/{name}"


def unknown_name(plan: Plan, at: int, chance: Random) -> str:
    part, pointer = chance.choice(
        [
            (plan, ""),
            (plan["calls"][at], f"/calls/{at}"),
            (plan["calls"][at]["vessel"], f"/calls/{at}/vessel"),
        ]
    )
    name = chance.choice(["Name", "loa", "company", "\u0000", "船名"])
    part[name] = "x"
    return f"{pointer}/{name}"


def no_time(plan: Plan, at: int, chance: Random) -> str:
    name = chance.choice(["requested_at", "latest_at"])
    plan["calls"][at]["movements"][0][name] = chance.choice(NO_TIMES)
    return f"/calls/{at}/movements/0/{name}"


def time_far_off(plan: Plan, at: int, chance: Random) -> str:
    movement = plan["calls"][at]["movements"][0]
    if chance.random() < 0.5:
        movement["latest_at"] = "2026-02-01T00:00:00Z"
        return f"/calls/{at}/movements/0/latest_at"
    movement |= {"requested_at": "2027-03-02T00:00:00Z", "latest_at": "2027-03-03T00:00:00Z"}
    return f"/calls/{at}/movements/0/requested_at"


def wrong_number(plan: Plan, at: int, chance: Random) -> str:
    vessel = plan["calls"][at]["vessel"]
    last = (int(vessel["imo"][-1]) + chance.randint(1, 9)) % 10
    name, value = chance.choice(
        [("imo", vessel["imo"][:-1] + str(last)), ("mmsi", "12"), ("call_sign", "!"), ("flag", "x")]
    )
    vessel[name] = value
    return f"/calls/{at}/vessel/{name}"


def twice_the_same(plan: Plan, at: int, chance: Random) -> str:
    calls = plan["calls"]
    if chance.random() < 0.5:
        calls.append(copy.deepcopy(calls[at]) | {"call_ref": "another"})
        return "/calls/3/vessel/imo"
    calls[2]["call_ref"] = calls[0]["call_ref"]
    return "/calls/2/call_ref"


SPOILERS: Sequence[Callable[[Plan, int, Random], str]] = (
    leave_out, wrong_kind_of_value, figure_beyond_all_ships, not_a_number, unknown_word,
    unknown_place, unknown_name, no_time, time_far_off, wrong_number, twice_the_same,
)  # fmt: skip


def faulty_json(number: int, chance: Random) -> tuple[bytes, str | None]:
    """Return a body with one fault and the fault's pointer; None where it is no JSON at all."""
    plan = three_ships(10_000 + 3 * number)
    spoil = SPOILERS[number % (len(SPOILERS) + 1) - 1] if number % (len(SPOILERS) + 1) else None
    pointer = spoil(plan, chance.randrange(3), chance) if spoil else None
    body = json.dumps(plan).encode()
    return (body, pointer) if spoil else (body[: chance.randrange(1, len(body) - 1)], None)


# -- spreadsheets: each spoils the cells and returns the row number of what is wrong ------------


def cells_of(path: Path) -> Cells:
    """Read a spreadsheet as it is, headers first."""
    book = load_workbook(path, read_only=True)
    try:
        return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()


SPOILT_CELLS: Sequence[tuple[str, Sequence[Any]]] = (
    ("动态类别", ("飞行", "", "123")),
    ("船名", ("",)),
    ("IMO", ("1234568", "IMO 12", "26647190")),
    ("船舶类型", ("火箭", "")),
    ("总长", ("长", -3, "9e99", "")),
    ("型宽", ("nan", 0, "32,3,2")),
    ("总吨", ("?", -1)),
    ("泊位", ("ZZ-9", "NS1-1/ZZ-9")),
    ("登离轮点", ("海上",)),
    ("申请时间", ("明天", "2026-11-31 10:00", "2029-11-24 10:00")),
    ("最晚时间", ("", "2026-11-24 25:00", "2025-11-24 10:00")),
    ("吃水", ("deep", 99, -1)),
    ("需引航", ("也许",)),
    ("优先级", ("9", "first")),
)


def spoil_cell(cells: Cells, number: int, chance: Random) -> int:
    """Put something that cannot be into one cell of a ship that only comes in."""
    header, values = SPOILT_CELLS[number % len(SPOILT_CELLS)]
    ref, kind, column = (cells[0].index(name) for name in ("航次号", "动态类别", header))
    lines = Counter(row[ref] for row in cells)
    rows = [
        index for index, row in enumerate(cells) if row[kind] == "进港" and lines[row[ref]] == 1
    ]
    row = chance.choice(rows)
    cells[row][column] = chance.choice(values)
    return row + 1


def as_xlsx(cells: Cells) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in cells:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def as_csv(cells: Cells) -> bytes:
    target = io.StringIO()
    csv.writer(target).writerows(cells)
    return target.getvalue().encode("utf-8-sig")


def spoil_file(content: bytes, name: str, chance: Random) -> bytes:
    """Break a file as a whole, so that no row of it can be read."""
    if name.endswith("csv"):
        return chance.choice(
            [b"", b"\xef\xbb\xbf", b"a,b,c\n1,2,3\n", content.decode("utf-8-sig").encode("utf-16"),
             content.splitlines()[0], bytes(chance.randrange(128, 256) for _ in range(400))]
        )  # fmt: skip
    cut = content[: chance.randrange(3, len(content) - 30)]
    return chance.choice([b"", b"PK", cut, chance.randbytes(600), b"PK\x03\x04" + cut[40:]])


def faulty_file(cells: Cells, number: int, chance: Random) -> tuple[str, bytes, int | None]:
    """Return name and content of a file with one fault, and its row; None: the file as a whole."""
    name, write = ("plan.xlsx", as_xlsx) if number % 2 else ("plan.csv", as_csv)
    spoilt = [list(row) for row in cells]
    if number % 10 in {4, 7}:
        return name, spoil_file(write(spoilt), name, chance), None
    if number % 10 == 5:
        required = chance.choice(["航次号", "船名", "船旗", "总长", "申请时间", "泊位"])
        spoilt[0][spoilt[0].index(required)] = chance.choice(["", "???"])
        return name, write(spoilt), 1
    row = spoil_cell(spoilt, number // 2 + number, chance)
    return name, write(spoilt), row
