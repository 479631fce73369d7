"""When the web console is built anew, and with which Node.js."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.tooling.tree import ROOT


@pytest.fixture(scope="module")
def hatch_build() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "api/web/hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with a console of one source file, built as it stands."""
    for name in ("api/web/package.json", "api/web/src/main.ts", "api/i18n/zh.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "api/static").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("version", "runs"),
    [
        ("v18.20.0\n", False),
        ("v20.18.3\n", False),
        ("v20.19.0\n", True),
        ("v21.7.3\n", False),
        ("v22.11.0\n", False),
        ("v22.12.0\n", True),
        ("v24.19.0\n", True),
        ("", False),
    ],
)
def test_only_a_node_that_vite_runs_on_is_taken(hatch_build: ModuleType, version: str, runs: bool):
    assert hatch_build.is_new_enough(version) is runs


@pytest.mark.parametrize(
    "changed", ["api/web/src/main.ts", "api/web/new.svelte", "api/i18n/zh.json"]
)
def test_a_changed_source_makes_the_build_stale(hatch_build: ModuleType, tree: Path, changed: str):
    assert not hatch_build.is_built(tree)
    (tree / "api/static/.stamp").write_text(hatch_build.fingerprint(tree))
    assert hatch_build.is_built(tree)
    (tree / changed).write_text("changed")
    assert not hatch_build.is_built(tree)


def test_installed_packages_are_no_sources(hatch_build: ModuleType, tree: Path):
    before = hatch_build.fingerprint(tree)
    (tree / "api/web/node_modules").mkdir()
    (tree / "api/web/node_modules/.fairway-stamp").write_text("x")
    assert hatch_build.fingerprint(tree) == before


def test_a_failing_npm_is_reported(hatch_build: ModuleType, tree: Path):
    node = hatch_build.Node(Path("/bin/false"), ("false",))
    with pytest.raises(hatch_build.ConsoleNotBuilt, match="npm run build"):
        hatch_build.run_npm(node, tree / "api/web", "run", "build")


def test_a_tree_without_a_console_builds_nothing(
    hatch_build: ModuleType, tree: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FAIRWAY_SKIP_WEB", "1")
    hatch_build.build(tree)
    monkeypatch.delenv("FAIRWAY_SKIP_WEB")
    (tree / "api/web/package.json").unlink()
    hatch_build.build(tree)
    assert not (tree / "api/static/index.html").exists()
