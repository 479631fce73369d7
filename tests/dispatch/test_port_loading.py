"""Every kind of fault in a port's files is found, located and told with all the others."""

# ruff: noqa: E501 - the table of faults reads better with one fault a line

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatch.port import PORTS_FOLDER, PortDataInvalid, fault_texts, load_port, sample_day

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(PORTS_FOLDER / "guangzhou", copy)
    return copy


def edit(folder: Path, file: str, change: Change) -> None:
    path = folder / file
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def record(content: dict[str, Any], section: str, record_id: str) -> dict[str, Any]:
    return next(item for item in content[section]["records"] if item["id"] == record_id)


def put(section: str, record_id: str, **fields: Any) -> Change:
    return lambda content: record(content, section, record_id).update(fields)


def drop(section: str, record_id: str, field: str) -> Change:
    return lambda content: record(content, section, record_id).pop(field)


def copy_record(section: str, record_id: str) -> Change:
    return lambda content: content[section]["records"].append(record(content, section, record_id))


def remove(section: str, record_id: str) -> Change:
    return lambda content: content[section]["records"].remove(record(content, section, record_id))


def ring(content: dict[str, Any]) -> None:
    extra = dict(record(content, "segments", "S02"), id="S99", bridges=[])
    content["segments"]["records"].append(extra)


def cut_off(content: dict[str, Any]) -> None:
    remove("pilot_transfer", "P13ZH-P4DT")(content)
    remove("pilot_transfer", "PS-SEA-P4DT")(content)


def bare_tugs(content: dict[str, Any]) -> None:
    content["tugs"].pop("mark")


CASES: list[tuple[str, Change, str, str, str]] = [
    # unknown references
    ("quays_and_berths.json", put("berths", "NS1-1", quay="Q-X"), "NS1-1", "quay", "unknown_reference"),
    ("quays_and_berths.json", put("berths", "NS1-1", channel_node="X"), "NS1-1", "channel_node", "unknown_reference"),
    ("quays_and_berths.json", put("berths", "NS1-1", vessel_types=["ferry"]), "NS1-1", "vessel_types", "unknown_reference"),
    ("channel.json", put("nodes", "LDN", tide_weights={"atlantis": 1.0}), "LDN", "tide_weights", "unknown_reference"),
    ("rules.json", put("rules", "R-SPD-1", values={"speed_kn": 15, "segments": ["S77"]}), "R-SPD-1.values", "segments", "unknown_reference"),
    ("fleet.json", put("tugs", "T01", company="X"), "T01", "company", "unknown_reference"),
    ("pilots.json", put("pilots", "PL001", **{"class": "IX"}), "PL001", "class", "unknown_reference"),
    ("companies.json", put("companies", "CO-NSA", quays=["Q-X"]), "CO-NSA", "quays", "unknown_reference"),
    ("tide/stations.json", put("stations", "macau", reference="x"), "macau", "reference", "unknown_reference"),
    ("services.json", put("linesmen", "L-NS", area="X"), "L-NS", "area", "unknown_reference"),
    ("channel.json", lambda c: record(c, "segments", "S01")["traffic"].update(meeting_test="R-X"), "S01", "traffic", "unknown_reference"),
    ("channel.json", lambda c: record(c, "segments", "S01")["traffic"].update(meeting_test="R-SEP"), "S01", "traffic", "wrong_kind_of_rule"),
    # sources and marks
    ("channel.json", put("segments", "S01", src=["Z9"]), "S01", "src", "unknown_source"),
    ("channel.json", drop("segments", "S01", "mark"), "S01", "mark", "mark_missing"),
    ("fleet.json", bare_tugs, "T01", "mark", "mark_missing"),
    ("channel.json", put("segments", "S01", mark="guessed"), "S01", "mark", "not_one_of"),
    ("channel.json", put("segments", "S01", marks={"depth": "assumed"}), "S01", "marks.depth", "mark_of_no_field"),
    ("channel.json", put("segments", "S01", src=[]), "S01", "src", "source_missing"),
    # forms
    ("channel.json", put("segments", "S01", depth_cd_m=-17.0), "S01", "depth_cd_m", "not_more_than"),
    ("channel.json", put("segments", "S01", depth_cd_m="deep"), "S01", "depth_cd_m", "not_a_number"),
    ("channel.json", put("segments", "S01", length_km=0), "S01", "length_km", "not_more_than"),
    ("fleet.json", put("tugs", "T01", bollard_pull_t=True), "T01", "bollard_pull_t", "not_a_number"),
    ("quays_and_berths.json", put("quays", "Q-NS1", min_clearance_m=-15), "Q-NS1", "min_clearance_m", "below_limit"),
    ("quays_and_berths.json", put("anchorages", "SJ", capacity_ships=2.5), "SJ", "capacity_ships", "not_whole"),
    ("quays_and_berths.json", put("anchorages", "SJ", outline=[[95.0, 113.0]]), "SJ", "outline", "not_positions"),
    ("quays_and_berths.json", drop("berths", "NS1-1", "depth_cd_m"), "NS1-1", "depth_cd_m", "field_missing"),
    ("quays_and_berths.json", put("berths", "NS1-1", dept_m=3), "NS1-1", "dept_m", "unknown_field"),
    ("quays_and_berths.json", put("quays", "Q-NS1", name="quay"), "Q-NS1", "name", "not_bilingual"),
    ("quays_and_berths.json", put("quays", "Q-NS1", rule="elastic"), "Q-NS1", "rule", "not_one_of"),
    ("quays_and_berths.json", copy_record("berths", "NS1-1"), "NS1-1", "id", "id_twice"),
    ("port.json", lambda c: c["port"].update(zone="Asia/Atlantis"), "port", "zone", "unknown_zone"),
    ("port.json", lambda c: c["port"].update(compiled_on="2026-02-30"), "port", "compiled_on", "not_a_day"),
    ("rules.json", put("rules", "R-OVT", effective_to="30 June 2026"), "R-OVT", "effective_to", "not_a_day"),
    ("rules.json", put("rules", "R-OVT", effective_to="2024-06-30"), "R-OVT", "effective_to", "ends_before_start"),
    ("rules.json", drop("rules", "R-OVT", "effective_to"), "R-OVT", "effective_to", "lapsed_without_end"),
    ("rules.json", put("rules", "R-UKC-1", values={"fraction": 12, "segments": ["S01"]}), "R-UKC-1.values", "fraction", "share_above_one"),
    ("rules.json", put("rules", "R-UKC-1", values={"segments": ["S01"]}), "R-UKC-1.values", "fraction", "field_missing"),
    ("pilots.json", put("watches", "day", windows=[["8h", "20:00"]]), "day", "windows", "not_clock_times"),
    # geometry
    ("quays_and_berths.json", put("berths", "NS1-4", end_m=1500.0), "NS1-4", "end_m", "stretch_outside_quay"),
    ("quays_and_berths.json", put("berths", "NS1-2", end_m=320.0), "NS1-2", "end_m", "stretch_empty"),
    ("quays_and_berths.json", put("berths", "NS1-2", start_m=300.0), "NS1-2", "start_m", "stretches_overlap"),
    ("quays_and_berths.json", put("berths", "NS1-1", max_loa_m=321), "NS1-1", "max_loa_m", "longer_than_berth"),
    ("quays_and_berths.json", put("berths", "NS1-1", structural_dwt_t=100), "NS1-1", "structural_dwt_t", "below_limit"),
    ("channel.json", put("nodes", "LDN", tide_weights={"nansha": 0.9}), "LDN", "tide_weights", "weights_not_one"),
    ("channel.json", put("segments", "S02", length_km=9.2), "S02", "length_km", "length_not_between_nodes"),
    ("channel.json", ring, "S99", "to_node", "network_has_a_ring"),
    ("channel.json", remove("segments", "S12"), "NG", "", "node_not_reached"),
    ("channel.json", put("segments", "S11", planning_speeds_kn={"standard": 11.0, "lng": 6.0}), "S11", "planning_speeds_kn", "above_speed_limit"),
    ("channel.json", put("segments", "S11", planning_speeds_kn={"standard": 7.0}), "S11", "planning_speeds_kn", "speed_missing"),
    ("channel.json", drop("segments", "S01", "width_m"), "S01", "width_m", "width_needed"),
    # people, boats, tides
    ("services.json", lambda c: c["service_times"]["berthing"][1].update(loa_ge_m=150), "service_times.berthing.2", "loa_ge_m", "rows_not_joined"),
    ("services.json", lambda c: c["service_times"]["berthing"].pop(), "service_times", "berthing", "rows_not_complete"),
    ("fleet.json", lambda c: c["tug_table"]["rows"].pop(), "tug_table", "rows", "rows_not_complete"),
    ("fleet.json", drop("tug_extras", "lng", "escort_segments"), "lng", "escort_segments", "escort_without_reach"),
    ("companies.json", put("companies", "AG-1", quays=["Q-NS1"]), "AG-1", "quays", "quay_of_two_companies"),
    ("travel.json", cut_off, "P4DT", "pilot_transfer", "place_not_reached"),
    ("travel.json", put("tug_running", "sea", segments=["S00a"]), "S00b", "segments", "speed_missing"),
    ("tide/constituents.json", lambda c: c["references"]["records"][0]["constants"].update(X9=[0.1, 2.0]), "ticon/macau-338a-prt-uhslc_rq", "constants.X9", "unknown_constituent"),
    ("tide/constituents.json", lambda c: c["references"]["records"][0]["constants"].update(M2=[-0.1, 2.0]), "ticon/macau-338a-prt-uhslc_rq", "constants.M2", "not_amplitude_and_phase"),
    ("tide/stations.json", lambda c: record(c, "stations", "macau")["corrections"].update(amplitude_factors={"diurnal": 1}), "macau.corrections", "amplitude_factors", "factor_missing"),
    ("quays_and_berths.json", lambda c: c.pop("berths"), "berths", "", "section_missing"),
    ("quays_and_berths.json", lambda c: c.update(piers={}), "piers", "", "unknown_field"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[4]}-{case[2]}-{case[3]}")
def test_a_fault_is_found_and_located(folder, case):
    file, change, where, field, code = case
    edit(folder, file, change)
    with pytest.raises(PortDataInvalid) as told:
        load_port(folder)
    found = [(fault.file, fault.record, fault.field, fault.code) for fault in told.value.faults]
    assert (file, where, field, code) in found
    assert f"{file}: {where}: {field}: {code}" in str(told.value)


def test_the_copy_without_a_change_is_valid(folder):
    assert load_port(folder).port_id == "copy"


def test_all_faults_are_told_at_once(folder):
    edit(folder, "channel.json", put("segments", "S01", depth_cd_m=-1, src=["Z9"]))
    edit(folder, "fleet.json", put("tugs", "T02", base="X"))
    edit(folder, "rules.json", put("rules", "R-SEP", kind="magic"))
    (folder / "companies.json").unlink()
    (folder / "travel.json").write_text("{", encoding="utf-8")
    with pytest.raises(PortDataInvalid) as told:
        load_port(folder)
    codes = {(fault.file, fault.code) for fault in told.value.faults}
    assert {
        ("channel.json", "not_more_than"),
        ("channel.json", "unknown_source"),
        ("fleet.json", "unknown_reference"),
        ("rules.json", "not_one_of"),
        ("companies.json", "file_missing"),
        ("travel.json", "not_json"),
    } <= codes


def test_a_key_given_twice_is_a_fault(folder):
    path = folder / "companies.json"
    path.write_text(path.read_text().replace('"companies": {', '"companies": {}, "companies": {'))
    with pytest.raises(PortDataInvalid, match="key_twice"):
        load_port(folder)


def test_a_folder_that_is_not_there_is_told_of():
    with pytest.raises(PortDataInvalid, match="file_missing"):
        load_port("atlantis")


def test_faults_of_a_sample_day_are_located(folder):
    day = "days/peak/day.json"
    edit(folder, day, put("visibility", "V2", segments=["S77"]))
    edit(folder, day, put("wind", "W1", to="2026-11-24 05:00"))
    edit(folder, day, put("outages", "O-T08", resource="T99"))
    (folder / "days" / "peak" / "CO-X.xlsx").write_bytes(b"")
    with pytest.raises(PortDataInvalid) as told:
        sample_day(load_port(folder), "peak")
    assert {(fault.record, fault.field, fault.code) for fault in told.value.faults} == {
        ("V2", "segments", "unknown_reference"),
        ("W1", "to", "ends_before_start"),
        ("O-T08", "resource", "unknown_reference"),
        ("", "", "unknown_reference"),
    }


def test_every_code_is_explained_in_the_documents_in_both_languages():
    page = (Path(__file__).parents[2] / "docs" / "add-a-port.md").read_text(encoding="utf-8")
    for code, text in fault_texts().items():
        assert f"| `{code}` | {text.zh} | {text.en} |" in page
    assert {case[4] for case in CASES} <= set(fault_texts())


def test_every_source_is_attributed_in_the_documents():
    page = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    for source in load_port("guangzhou").sources.values():
        assert f"| `{source.source_id}` |" in page
        assert source.url in page
    for needed in (
        "10.17882/109129",
        "CC BY 4.0",
        "openwatersio/tide-database",
        "Our modifications",
    ):
        assert needed in page
