"""Declaration spreadsheets, .xlsx and .csv, with Chinese or English headers."""

import csv
import io
import zipfile
from datetime import datetime
from typing import Literal

import pandas as pd

from dispatch.declaration import DeclarationPlan, Fault
from dispatch.errors import DeclarationFaulty
from dispatch.intake_calls import (
    build_calls,
    differing_places,
    differing_vessels,
    missing_cells,
)
from dispatch.intake_columns import columns
from dispatch.intake_rows import find_sheet, read_rows
from dispatch.judging import judge
from dispatch.port import Port

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
"""A small archive may unpack to gigabytes; a declaration never does."""
MOST_ROWS = 5_000
MOST_COLUMNS = 200
NO_SHEETS = (
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"Rar!",
)
"""How files begin that people send in place of a sheet: .pdf, .xls and .doc, .rtf, pictures, .gz,
.rar."""
ENCODINGS = ("utf-8-sig", "gb18030")
"""What Excel writes abroad, and what it writes in China."""
HELP_HEADS_EN = ("Column", "Required", "Unit", "Example", "What it is")


def read_plan(
    content: bytes, filename: str, *, port: Port, company: str, now: datetime
) -> DeclarationPlan:
    """Read a company's spreadsheet as one declaration, and judge it.

    Times without a zone are the port's own, and draughts are in the water in which it takes
    them. ``now`` is what requests in the past are judged by.

    Raises:
        DeclarationFaulty: With every fault of the file at once, each with row and column.
    """
    sheet, faults = find_sheet(_table(content, filename))
    if not sheet.rows and not faults:
        faults = [Fault(code="declaration-empty", params={}, row=1)]
    if faults:
        raise DeclarationFaulty(tuple(faults))
    rows, faults = read_rows(sheet, port.zone)
    faults += missing_cells(rows, sheet.headers)
    faults += differing_vessels(rows, sheet.headers)
    faults += differing_places(rows, sheet.headers)
    # calls that cannot be read are set aside, so that the others are judged in the same answer
    bad_rows = {fault.row for fault in faults}
    bad_calls = {row.text("call_ref") for row in rows if row.number in bad_rows}
    readable = [row for row in rows if row.text("call_ref") not in bad_calls]
    calls, cells = build_calls(readable, sheet, port.draught_water)
    plan = DeclarationPlan(company=company, reference=filename, calls=calls)
    if calls:
        faults += [cells.locate(fault) for fault in judge(plan, port, now)]
    if faults:
        raise DeclarationFaulty(tuple(sorted(faults, key=lambda fault: fault.row or 0)))
    return plan


def template(port: Port, lang: Literal["zh", "en"]) -> bytes:
    """Return a blank .xlsx to fill in: headers, and a second sheet that explains each column."""
    zh = lang == "zh"
    headers = [column.zh if zh else column.en for column in columns()]
    help_rows = [
        (
            column.zh if zh else column.en,
            ("必填" if zh else "required") if column.required else "",
            column.unit,
            column.example,
            column.help_zh if zh else column.help_en,
        )
        for column in columns()
    ]
    help_heads = ("列", "必填", "单位", "示例", "说明") if zh else HELP_HEADS_EN
    places = [
        (place_id, item.name.zh if zh else item.name.en)
        for group in (port.berths, port.anchorages, port.boarding_places)
        for place_id, item in group.items()
    ]
    place_heads = ("代码", "名称") if zh else ("Code", "Name")
    target = io.BytesIO()
    with pd.ExcelWriter(target, engine="openpyxl") as book:
        pd.DataFrame(columns=headers).to_excel(
            book, sheet_name="申报" if zh else "Declaration", index=False
        )
        pd.DataFrame(help_rows, columns=list(help_heads)).to_excel(
            book, sheet_name="说明" if zh else "Help", index=False
        )
        pd.DataFrame(places, columns=list(place_heads)).to_excel(
            book, sheet_name="代码" if zh else "Codes", index=False
        )
        for sheet in book.sheets.values():
            for cells in sheet.columns:
                widest = max(len(str(cell.value or "")) for cell in cells)
                sheet.column_dimensions[cells[0].column_letter].width = min(60, 4 + 1.6 * widest)
    return target.getvalue()


def _table(content: bytes, filename: str) -> list[list[object]]:
    """Return the cells of the first sheet, as they are, with empty rows kept for their numbers."""
    if len(content) > MOST_BYTES:
        raise DeclarationFaulty((_file_fault("file-too-large", most_mib=MOST_BYTES // 1024**2),))
    if not content.strip():
        raise DeclarationFaulty((_file_fault("file-empty"),))
    if content.startswith(NO_SHEETS):
        raise DeclarationFaulty((_file_fault("file-not-a-sheet", name=filename[:80]),))
    table = _workbook(content) if content[:2] == b"PK" else _text_table(content, filename)
    if len(table) > MOST_ROWS:
        raise DeclarationFaulty((_file_fault("too-many-rows", most=MOST_ROWS),))
    return [row[:MOST_COLUMNS] for row in table]


def _file_fault(code: str, **params: str | int | float) -> Fault:
    return Fault(code=code, params=params, row=1)


def _workbook(content: bytes) -> list[list[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as broken:
        raise DeclarationFaulty((_file_fault("file-unreadable"),)) from broken
    if unpacked > MOST_UNPACKED_BYTES:
        raise DeclarationFaulty((_file_fault("file-too-large", most_mib=MOST_BYTES // 1024**2),))
    try:
        frame = pd.read_excel(
            io.BytesIO(content), engine="calamine", header=None, dtype=object, na_filter=False
        )
    except Exception as broken:  # the reader has its own kinds of complaint about broken files
        raise DeclarationFaulty((_file_fault("file-unreadable"),)) from broken
    return [list(row) for row in frame.itertuples(index=False, name=None)]


def _text_table(content: bytes, filename: str) -> list[list[object]]:
    if b"\0" in content:
        raise DeclarationFaulty((_file_fault("file-unreadable", name=filename[:80]),))
    text = None
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None:
        raise DeclarationFaulty((_file_fault("file-encoding-unknown", name=filename[:80]),))
    head = text[:4096]
    delimiter = max(",;\t", key=head.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as broken:
        raise DeclarationFaulty((_file_fault("file-unreadable", name=filename[:80]),)) from broken
