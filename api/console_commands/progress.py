"""A line that says that something is going on, for work longer than a second."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import typer

SILENT_S = 1.0
CLEAR_LINE = "\r\x1b[K"


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say on stderr what is going on and for how many seconds; nothing where nobody watches."""
    if not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    told = threading.Thread(target=_tell, args=(what, done), daemon=True)
    told.start()
    try:
        yield
    finally:
        done.set()
        told.join()


def _tell(what: str, done: threading.Event) -> None:
    begun_s = time.monotonic()
    said = False
    while not done.wait(SILENT_S):
        typer.echo(f"{CLEAR_LINE}{what} {time.monotonic() - begun_s:.0f} s", nl=False, err=True)
        said = True
    if said:
        typer.echo(CLEAR_LINE, nl=False, err=True)
