"""One rule, one name: in rules/, in checks/, in the tests, in the docs, in both languages."""

import ast
import json
from functools import cache
from pathlib import Path

import pytest

from tests.tooling.tree import ROOT

# Judged, but no rule that an engine asks: that the plan is a plan at all.
JUDGED_ONLY = {"plan"}
LANGUAGES = ("zh", "en")


def declared_name(path: Path) -> str | None:
    """Read a rule's name off ``RULE = "name"`` or ``RULE = Way("name", ...)``; None without one."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case (
                ast.Assign(targets=[ast.Name("RULE")], value=value)
                | ast.AnnAssign(target=ast.Name("RULE"), value=ast.expr() as value)
            ):
                return ast.literal_eval(value.args[0] if isinstance(value, ast.Call) else value)
            case _:
                pass
    return None


@cache
def declared(folder: str) -> dict[str, str]:
    """Map the files of a folder that declare a rule, by stem, to the name they declare."""
    return {
        path.stem: name
        for path in sorted((ROOT / "scheduler" / folder).glob("*.py"))
        if (name := declared_name(path)) is not None
    }


@cache
def rules() -> set[str]:
    return set(declared("rules")) | (set(declared("checks")) - JUDGED_ONLY)


@pytest.mark.parametrize("folder", ["rules", "checks"])
def test_a_rule_is_named_as_its_file(folder: str):
    assert declared(folder) == {stem: stem for stem in declared(folder)}


def test_every_rule_has_its_twin():
    assert set(declared("rules")) == set(declared("checks")) - JUDGED_ONLY
    assert rules()


@pytest.mark.parametrize("folder", ["rules", "checks"])
def test_every_rule_has_its_test(folder: str):
    tests = ROOT / "tests" / "scheduler" / folder
    assert {rule for rule in rules() if not (tests / f"test_{rule}.py").is_file()} == set()


def test_every_rule_has_its_row_in_the_docs():
    rows = [
        line
        for line in (ROOT / "docs/rules.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    assert {rule for rule in rules() if not any(f"`{rule}`" in row for row in rows)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_its_text(language: str):
    texts = json.loads((ROOT / f"api/i18n/{language}.json").read_text(encoding="utf-8"))
    assert {rule for rule in rules() if not texts.get(f"rule.{rule}")} == set()
