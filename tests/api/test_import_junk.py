"""Files that are no declarations: always a coded refusal with a place, never a 500."""

import io
import zipfile
from random import Random

import pytest

COMPANY = "CO-NSA"


def files():
    """Names and contents, some made from a sound sheet."""
    random = Random(7)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 120_000_000)
    yield "empty.xlsx", b""
    yield "blank.csv", b"  \n \n"
    yield "noise.xlsx", random.randbytes(5_000)
    yield "half.xlsx", b"PK\x03\x04" + random.randbytes(500)
    yield "no-sheets.xlsx", packed.getvalue()
    yield "bomb.xlsx", bomb.getvalue()
    yield "picture.csv", b"\x89PNG\r\n\x1a\n" + random.randbytes(400)
    yield "heads.csv", "船名,IMO\n".encode("gb18030")
    yield "../../etc/passwd", b"root:x:0:0\n"
    yield "long-name" * 60 + ".csv", b"a,b\n1,2\n"
    yield "wide.csv", b",".join([b"x"] * 5_000)
    yield "quote.csv", b'"never closed,1,2\n' * 50


@pytest.mark.parametrize(("name", "content"), list(files()), ids=[name[:24] for name, _ in files()])
def test_junk_is_refused_with_a_place(server, name, content):
    with server.as_(COMPANY) as client:
        answer = client.post("/v1/declarations/import", files={"file": (name, content)})
    assert (answer.status_code, answer.json()["code"]) == (422, "declaration-faulty"), answer.text
    assert answer.json()["violations"]
    assert all(item["code"] for item in answer.json()["violations"])


def test_a_file_that_is_too_long_and_none_at_all(server):
    with server.as_(COMPANY) as client:
        answer = client.post(
            "/v1/declarations/import", files={"file": ("big.csv", b"x" * 7_000_000)}
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-long")
        none = client.post("/v1/declarations/import", files={"other": ("a.csv", b"x")})
        assert (none.status_code, none.json()["code"]) == (422, "shape-invalid")
        odd = client.post(
            "/v1/declarations/import",
            content=b"--x\r\nnonsense",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        assert odd.status_code in (400, 422)
        assert odd.json()["code"]


def test_every_cell_of_a_sound_sheet_may_be_spoilt(server):
    """A hundred single changes: refused with a place, or accepted, never a failure."""
    from openpyxl import load_workbook

    from dispatch.port import sample_day

    sheet = sample_day(server.service.port, "typical").spreadsheets[COMPANY]
    random = Random(11)
    odd = ["", "x", "?" * 300, -1, 10**12, 3.7, "2026-02-30 25:61", "NaN", "=1+1", "\u202e", True]
    with server.as_(COMPANY) as client:
        for _ in range(60):
            book = load_workbook(sheet)
            cells = book.worksheets[0]
            row = random.randint(1, cells.max_row)
            column = random.randint(1, cells.max_column)
            cells.cell(row=row, column=column).value = random.choice(odd)
            target = io.BytesIO()
            book.save(target)
            answer = client.post(
                "/v1/declarations/import?dry_run=true",
                files={"file": (sheet.name, target.getvalue())},
            )
            assert answer.status_code in (200, 422), (row, column, answer.text)
            if answer.status_code == 422:
                assert answer.json()["code"] == "declaration-faulty"
