"""Names and sizes of source files and functions, and what the pure package may import."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.tooling.tree import PACKAGES, ending, text

MOST_LINES_OF_FILE = 400
MOST_LINES_OF_FUNCTION = 60
BANNED_NAMES = {
    "base", "common", "core", "helper", "helpers", "manager", "misc", "models", "types", "util",
    "utils",
}  # fmt: skip
MIGRATIONS = Path("dispatch/store/migrations")
MAY_SOLVE = {
    "domains",
    "engine",
    "exact",
    "exact_costs",
    "exact_counts",
    "exact_quay",
    "exact_stays",
    "exact_teams",
    "improve",
    "mend",
    "neighbourhoods",
    "worker",
}


def own_sources(*suffixes: str) -> tuple[Path, ...]:
    """List the hand-written sources of the four packages; generated types end in .d.ts."""
    return tuple(
        path
        for path in ending(*suffixes)
        if path.parts[0] in PACKAGES and not path.name.endswith(".d.ts")
    )


def imports(path: Path) -> Iterator[str]:
    """Name every module that a Python file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(text(path) or "")):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines, from its first decorator to its end, without its docstring."""
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    lines = (function.end_lineno or first) - first + 1
    if ast.get_docstring(function, clean=False) is not None:
        docstring = function.body[0]
        lines -= (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
    return lines


def test_no_source_file_is_longer_than_a_sitting():
    long = {
        str(path): lines
        for path in own_sources(".py", ".ts", ".svelte", ".js")
        if (lines := len((text(path) or "").splitlines())) > MOST_LINES_OF_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = {
        f"{path}:{node.lineno} {node.name}": lines
        for path in own_sources(".py")
        if MIGRATIONS not in path.parents
        for node in ast.walk(ast.parse(text(path) or ""))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := lines_of(node)) > MOST_LINES_OF_FUNCTION
    }
    assert long == {}


def test_no_module_has_a_name_that_says_nothing():
    sources = (*own_sources(".py", ".ts", ".svelte", ".js"), *ending(".py"))
    empty_names = [
        str(path)
        for path in sources
        if BANNED_NAMES & {*path.parts[:-1], path.name.partition(".")[0]}
    ]
    assert empty_names == []


def test_the_scheduler_imports_the_standard_library_numpy_and_ortools_only():
    allowed = {*sys.stdlib_module_names, "numpy", "ortools", "scheduler"}
    strangers = {
        f"{path}: {name}"
        for path in own_sources(".py")
        if path.parts[0] == "scheduler"
        for name in imports(path)
        if name.partition(".")[0] not in allowed
    }
    assert strangers == set()


def test_only_the_engines_of_the_scheduler_import_ortools():
    strangers = {
        str(path)
        for path in own_sources(".py")
        if path.parts[0] == "scheduler"
        and path.with_suffix("").parts[1] not in MAY_SOLVE
        and any(name.partition(".")[0] == "ortools" for name in imports(path))
    }
    assert strangers == set()
