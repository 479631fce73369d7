"""One rule, one name: a check of its own, a test, a row in the docs, and a second reading."""

import re
from pathlib import Path

import pytest

from scheduler.checks import CHECKS

ROOT = Path(__file__).parents[3]
NOT_RULES = {"__init__", "sheet", "crews", "counted"}


def names(folder):
    return {path.stem for path in (ROOT / folder).glob("*.py")}


def test_every_check_is_registered_under_the_name_of_its_file():
    assert names("scheduler/checks") - NOT_RULES == set(CHECKS)


@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_every_check_has_a_test_and_a_row_in_the_docs(rule):
    assert f"test_{rule}" in names("tests/scheduler/checks")
    row = r"^\| `(\w+)` \| (?:window|separation|occupancy|team|sequence|none)"
    rows = re.findall(row, (ROOT / "docs/rules.md").read_text("utf-8"), re.MULTILINE)
    assert rows.count(rule) == 1


@pytest.mark.parametrize("rule", sorted(set(CHECKS) - {"plan"}))
def test_every_check_has_its_twin(rule):
    assert rule in names("scheduler/rules")


def test_checks_read_neither_rules_nor_engines():
    for path in (ROOT / "scheduler/checks").glob("*.py"):
        imported = set(re.findall(r"^from (scheduler\.\w+)", path.read_text("utf-8"), re.MULTILINE))
        allowed = {"scheduler.checks", "scheduler.problem", "scheduler.outcome"}
        assert imported <= allowed, path.name
        assert "ortools" not in path.read_text("utf-8")


def test_every_code_is_told_in_the_docs():
    told = set(re.findall(r"`(\w+)`", (ROOT / "docs/rules.md").read_text("utf-8")))
    written = r'(?:code=|"code": |_broken\(|Fault\([^"]*"[^"]*", )"(\w+)"'
    used = set()
    judges = (ROOT / "scheduler/checks").glob("*.py")
    for path in [*judges, *(ROOT / "scheduler").glob("validation*.py")]:
        used |= set(re.findall(written, path.read_text("utf-8")))
    assert len(used) > 50
    assert used <= told
