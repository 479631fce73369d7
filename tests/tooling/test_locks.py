"""The locks hold what pyproject.toml asks for, every pin with its hashes."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tooling.tree import ROOT

PIN = re.compile(
    r"^([A-Za-z0-9._-]+)==(\S+)(?: ;[^\\]*)? \\\n((?: +--hash=sha256:\w{64}.*\n)+)", re.M
)


def pins(lock: str) -> dict[str, str]:
    """Map each package that a lock pins with at least one hash to its version."""
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version, _ in PIN.findall(text)}


def asked(extra: str | None) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    more = project["optional-dependencies"][extra] if extra else []
    return [Requirement(line) for line in [*project["dependencies"], *more]]


@pytest.mark.parametrize(("lock", "extra"), [("run.txt", None), ("dev.txt", "dev")])
def test_a_lock_holds_what_is_asked_for(lock: str, extra: str | None):
    pinned = pins(lock)
    unmet = [
        str(requirement)
        for requirement in asked(extra)
        if not requirement.specifier.contains(pinned.get(canonicalize_name(requirement.name), "0"))
    ]
    assert unmet == [], "run: make lock"


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_every_pin_has_hashes(lock: str):
    text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
    assert len(re.findall(r"^\S+==", text, re.M)) == len(pins(lock)) > 0


def test_what_runs_is_what_was_tested():
    run, dev = pins("run.txt"), pins("dev.txt")
    assert {name: (version, dev.get(name)) for name, version in run.items()} == {
        name: (version, version) for name, version in run.items()
    }
