"""Exit codes of every command, and how a command ends with one."""

from enum import IntEnum
from typing import NoReturn

import typer


class Exit(IntEnum):
    """What a command's exit code says."""

    DONE = 0
    REFUSED = 1
    """The service, the scheduler or a check said no; what and why was printed."""
    USAGE = 2
    """The command line makes no sense."""
    UNREACHABLE = 3
    """The service or its database cannot be reached."""
    NOT_SIGNED_IN = 4
    """No token, or one that holds no longer."""
    UNREADABLE = 5
    """A file cannot be read or written, or is not what it should be."""
    FAILED = 6
    """A fault of the program itself or of the service."""


def leave(code: Exit, message: str) -> NoReturn:
    """End the command: the reason to stderr, the code to the caller."""
    typer.echo(message, err=True)
    raise typer.Exit(code)
