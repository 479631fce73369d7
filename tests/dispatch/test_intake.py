"""Spreadsheets: what companies send is read, and what is wrong with it is found where it stands."""

import io
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from dispatch.declaration import Fault
from dispatch.errors import DeclarationFaulty
from dispatch.intake import read_plan, template
from dispatch.intake_columns import columns
from dispatch.port import Port, load_port, sample_day

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)  # 2026-11-24 00:00 in the port


@pytest.fixture(scope="module")
def port() -> Port:
    return load_port("guangzhou")


def sheets(port: Port) -> list[tuple[str, Path]]:
    return [
        (day, path)
        for day in ("typical", "peak")
        for path in sample_day(port, day).spreadsheets.values()
    ]


def rows_of(path: Path) -> pd.DataFrame:
    return pd.read_excel(path, engine="calamine", dtype=object, na_filter=False)


def as_xlsx(frame: pd.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.to_excel(target, index=False)
    return target.getvalue()


def faults_of(content: bytes, port: Port, name: str = "plan.xlsx") -> tuple[Fault, ...]:
    with pytest.raises(DeclarationFaulty) as caught:
        read_plan(content, name, port=port, company="CO-NSA", now=NOW)
    return tuple(caught.value.faults)


def accepted_or_faults(content: bytes, port: Port) -> tuple[Fault, ...]:
    """Read; nothing but a refusal with at least one fault may come instead of a plan."""
    try:
        plan = read_plan(content, "plan.xlsx", port=port, company="CO-NSA", now=NOW)
    except DeclarationFaulty as faulty:
        return tuple(faulty.faults) or (Fault(code="", params={}, row=0),)
    assert plan.calls
    return ()


def test_every_company_of_both_days_declares_without_a_fault(port: Port) -> None:
    movements = {"typical": 0, "peak": 0}
    for day, path in sheets(port):
        now = sample_day(port, day).starts_at
        plan = read_plan(path.read_bytes(), path.name, port=port, company=path.stem, now=now)
        movements[day] += sum(len(call.movements) for call in plan.calls)
    assert movements == {"typical": 117, "peak": 147}


def test_ships_alongside_are_told_with_their_berth_and_position(port: Port) -> None:
    alongside = [
        call.alongside
        for day, path in sheets(port)
        if day == "typical"
        for call in read_plan(
            path.read_bytes(), path.name, port=port, company=path.stem, now=NOW
        ).calls
        if call.alongside
    ]
    assert len(alongside) == 57
    assert all(item.stretch is not None for item in alongside)
    assert all(item.since_at < NOW for item in alongside)


def test_the_same_sheet_as_csv_in_either_encoding_says_the_same(port: Port) -> None:
    path = sample_day(port, "typical").spreadsheets["CO-NSA"]
    from_xlsx = read_plan(path.read_bytes(), "plan", port=port, company="X", now=NOW)
    text = rows_of(path).to_csv(index=False)
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        content = text.encode(encoding)
        assert read_plan(content, "plan", port=port, company="X", now=NOW) == from_xlsx


def test_the_blank_template_has_every_column_and_no_declaration(port: Port) -> None:
    for lang in ("zh", "en"):
        content = template(port, lang)
        headers = list(pd.read_excel(io.BytesIO(content), engine="calamine").columns)
        assert headers == [getattr(column, lang) for column in columns()]
        assert [fault.code for fault in faults_of(content, port)] == ["declaration-empty"]


def test_every_fault_is_told_at_once_with_row_and_column(port: Port) -> None:
    path = sample_day(port, "typical").spreadsheets["CO-NSA"]
    frame = rows_of(path)
    keys = {getattr(c, lang): c.key for c in columns() for lang in ("zh", "en")}
    header = {keys[name]: name for name in frame.columns}
    entries = list(frame.index[frame[header["kind"]].isin(["进港", "entry"])])[:4]
    frame.loc[entries[0], header["imo"]] = "9704612"
    frame.loc[entries[1], header["berths"]] = "NS1-99"
    frame.loc[entries[2], header["draught_m"]] = "deep"
    frame.loc[entries[3], header["latest_at"]] = "11/23 8pm"
    found = {(fault.row, fault.column, fault.code) for fault in faults_of(as_xlsx(frame), port)}
    assert found == {
        (entries[0] + 2, header["imo"], "imo-invalid"),
        (entries[1] + 2, header["berths"], "place-unknown"),
        (entries[2] + 2, header["draught_m"], "not-a-number"),
        (entries[3] + 2, header["latest_at"], "not-a-time"),
    }


def test_an_exit_from_two_places_is_no_exit(port: Port) -> None:
    frame = rows_of(sample_day(port, "typical").spreadsheets["CO-NSA"])
    row = frame.index[frame["动态类别"] == "出港"][0]
    frame.loc[row, "泊位"] = "NS1-2"
    assert str(frame.loc[row, "起始位置"]) == "NS1-1"
    found = [(fault.row, fault.column, fault.code) for fault in faults_of(as_xlsx(frame), port)]
    assert found == [(row + 2, "泊位", "place-does-not-follow")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"PK\x03\x04 broken", "file-unreadable"),
        (b"\xff\xfe\x00\x01", "file-unreadable"),
        (b"one,two,three\n1,2,3\n", "headers-not-found"),
        (b"%PDF-1.7\n1 0 obj\n", "file-not-a-sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "file-not-a-sheet"),
        (b"x" * (6 * 1024 * 1024), "file-too-large"),
        (
            "船名,总长\n\x81\x81".encode("latin-1", "ignore") + b"\x81\xff\x81",
            "file-encoding-unknown",
        ),
    ],
)
def test_a_file_that_is_no_declaration_is_refused_in_words(
    port: Port, content: bytes, code: str
) -> None:
    assert [fault.code for fault in faults_of(content, port)] == [code]


def test_of_a_sheet_with_two_known_headers_all_that_are_missing_are_named(port: Port) -> None:
    found = faults_of("船名,总长\nA,200\n".encode(), port)
    assert {fault.code for fault in found} == {"column-missing"}
    assert len(found) == sum(column.required for column in columns()) - 2


JUNK = [
    "",
    "abc",
    "-5",
    "1e99",
    "NaN",
    "2026-13-45 99:99",
    "'; DROP TABLE",
    "9" * 400,
    "🚢",
    "0",
    "否是",
    12345.678,
]


@pytest.mark.parametrize("seed", range(100))
def test_a_randomly_spoiled_sheet_never_breaks_and_every_fault_is_located(
    port: Port, seed: int
) -> None:
    """One to five cells, headers or rows of a real sheet are spoiled."""
    random = Random(seed)
    path = random.choice(sheets(port))[1]
    frame = rows_of(path).astype(object)
    for _ in range(random.randint(1, 5)):
        place = random.randrange(frame.shape[1])
        if random.random() < 0.1:
            names = list(frame.columns)
            names[place] = random.choice(["", "???", names[0]])
            frame.columns = names
        elif random.random() < 0.1:
            frame = pd.concat([frame, frame.sample(1, random_state=seed)], ignore_index=True)
        else:
            frame.iloc[random.randrange(len(frame)), place] = random.choice(JUNK)
    content = as_xlsx(frame)
    for fault in accepted_or_faults(content, port):
        assert fault.code
        assert fault.row is not None
        assert 1 <= fault.row <= len(frame) + 1


@pytest.mark.parametrize("seed", range(50))
def test_random_bytes_are_refused_and_never_break(port: Port, seed: int) -> None:
    random = Random(seed)
    path = random.choice(sheets(port))[1]
    content = bytearray(path.read_bytes())
    for _ in range(random.randint(1, 200)):
        content[random.randrange(len(content))] = random.randrange(256)
    assert all(fault.code for fault in accepted_or_faults(bytes(content), port))


def test_a_draught_is_in_the_water_in_which_the_port_takes_draughts(port: Port) -> None:
    haven = load_port("samplehaven")
    row = {
        "call_ref": "1", "kind": "entry", "vessel_name": "GRAIN ONE", "mmsi": "512000001",
        "flag": "NZ", "vessel_type": "grain", "loa_m": 140, "beam_m": 22, "gt": 9000,
        "dwt_t": 12000, "max_draught_m": 8.0, "air_draught_m": 30, "berths": "M1",
        "requested_at": "2026-11-24 10:00", "latest_at": "2026-11-24 22:00", "draught_m": 7.5,
        "service_min": 600,
    }  # fmt: skip
    heads = {column.key: column.en for column in columns()}
    sheet = as_xlsx(pd.DataFrame([{heads[key]: value for key, value in row.items()}]))
    plan = read_plan(sheet, "plan.xlsx", port=haven, company="ANY", now=NOW)
    (movement,) = plan.calls[0].movements
    assert movement.draught_water == "sea"
    # summer time in the southern hemisphere: 13 hours ahead
    assert movement.requested_at.astimezone(UTC) == datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    own = next(iter(sample_day(port, "typical").spreadsheets.values()))
    at_home = read_plan(own.read_bytes(), own.name, port=port, company="CO-NSA", now=NOW)
    waters = {item.draught_water for call in at_home.calls for item in call.movements}
    assert waters == {"local"}
