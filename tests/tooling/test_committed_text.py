"""What no committed file may hold: a place on somebody's machine, an index, work left undone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tooling.tree import committed, ending, text

# Written so that no pattern matches its own source.
MACHINE_PATHS = re.compile(r"(?<![\w.:-])(?:/(?:root/[\w.]|(?:home|Users)/\w+/)|[A-Z]:\\Users\\)")
INDEX_HOSTS = re.compile(
    r"\b(?:pypi[.]org|pythonhosted[.]org|registry[.]npmjs|npmmirror[.]|registry[.]yarnpkg"
    r"|tuna[.]tsinghua|mirrors[.]\w+[.]|deb[.]debian[.]|proxy[.]golang)"
)
LEFT_UNDONE = re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X)\b")
SILENCED_WITHOUT_REASON = re.compile(r"#\s*noqa\b(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?\s*$", re.M)


def hits(pattern: re.Pattern[str], *suffixes: str) -> Iterator[str]:
    """Name each place in the committed files where the pattern is found."""
    for path in ending(*suffixes) if suffixes else committed():
        content = text(path) or ""
        for found in pattern.finditer(content):
            line = content.count("\n", 0, found.start()) + 1
            yield f"{path}:{line}: {found.group()}"


def test_no_file_holds_a_place_on_a_machine():
    assert list(hits(MACHINE_PATHS)) == []
    here = re.compile(r"(?<![\w.-])" + re.escape(str(Path(__file__).parents[2])) + r"(?![\w-])")
    assert list(hits(here)) == []


def test_no_file_names_a_package_index():
    assert list(hits(INDEX_HOSTS)) == []


def test_no_source_holds_work_left_undone():
    assert list(hits(LEFT_UNDONE, ".py", ".ts", ".js", ".svelte", ".css", ".html", ".toml")) == []


def test_every_silenced_lint_says_why():
    assert list(hits(SILENCED_WITHOUT_REASON, ".py")) == []


def test_no_npm_lock_names_a_download_address():
    addressed = [
        f"{path}: {name}"
        for path in ending("package-lock.json")
        for name, package in json.loads(text(path) or "{}")["packages"].items()
        if "resolved" in package
    ]
    assert addressed == []


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (MACHINE_PATHS, "see /home/" + "li/port.json"),
        (MACHINE_PATHS, "open('/root/" + ".cache')"),
        (INDEX_HOSTS, "https://" + "pypi" + ".org/simple"),
        (LEFT_UNDONE, "# TO" + "DO later"),
        (SILENCED_WITHOUT_REASON, "x = 1  # no" + "qa: E501"),
    ],
)
def test_what_is_planted_is_found(pattern: re.Pattern[str], planted: str):
    assert pattern.search(planted)


@pytest.mark.parametrize(
    ("pattern", "innocent"),
    [
        (MACHINE_PATHS, "GET /v1/home/berths/"),
        (INDEX_HOSTS, "the mirrors of the survey vessel"),
        (SILENCED_WITHOUT_REASON, "x = 1  # no" + "qa: E501 - a table reads better whole"),
    ],
)
def test_what_is_innocent_is_let_be(pattern: re.Pattern[str], innocent: str):
    assert not pattern.search(innocent)
