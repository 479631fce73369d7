"""The files that are, or are about to be, committed."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("dispatch", "scheduler", "agencies", "api")


@cache
def committed() -> tuple[Path, ...]:
    """List every file that git tracks or would add, relative to the root, sorted."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no list of what is committed")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = {name for name in listing.stdout.decode().split("\0") if name}
    return tuple(Path(name) for name in sorted(names) if (ROOT / name).is_file())


def ending(*suffixes: str) -> tuple[Path, ...]:
    """List the committed files whose names end so."""
    return tuple(path for path in committed() if path.name.endswith(suffixes))


def text(path: Path) -> str | None:
    """Read a committed file, or return None if it is not text."""
    content = (ROOT / path).read_bytes()
    if b"\0" in content:
        return None
    return content.decode()
