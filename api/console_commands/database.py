"""``fairway db upgrade``, ``fairway backup`` and ``fairway restore``."""

from pathlib import Path
from typing import Annotated

import typer

from api.console_commands.exits import Exit, leave
from api.console_commands.local import DataOption, opened, settings_of
from dispatch.errors import DispatchError
from dispatch.store.backups import back_up, restore_backup

commands = typer.Typer(no_args_is_help=True, help="The database: upgrade.")


@commands.command()
def upgrade(data: DataOption = None) -> None:
    """Bring the database to the shape that this release needs; `serve` does so, too.

    Example: fairway db upgrade --data ./data

    Exit codes: 0 it has that shape now, 3 no database.
    """
    with opened(data) as (settings, _):
        typer.echo(settings.url)


def backup(
    target: Annotated[Path, typer.Argument(help="File to write; it must not be there yet.")],
    data: DataOption = None,
) -> None:
    """Copy the database, consistent, while the service goes on.

    Example: fairway backup fairway-2026-03-02.db

    Exit codes: 0 written and verified, 3 no database, 5 the file cannot be written.
    """
    with opened(data) as (_, database):
        try:
            size_bytes = back_up(database, target)
        except (DispatchError, OSError) as error:
            leave(Exit.UNREADABLE, str(error))
    typer.echo(f"{target}: {size_bytes} bytes", err=True)


def restore(
    source: Annotated[Path, typer.Argument(help="A file that `fairway backup` wrote.")],
    data: DataOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the database; stop the service first.

    What was there is kept beside it. Every cursor given out so far is void: boards load anew.

    Example: fairway restore fairway-2026-03-02.db --yes

    Exit codes: 0 restored, 1 not wanted, 3 no database, 5 the file is no backup.
    """
    settings = settings_of(data)
    if not yes and not typer.confirm(f"{source} -> {settings.url}?"):
        raise typer.Exit(Exit.REFUSED)
    try:
        kept = restore_backup(settings.url, source, port=settings.port)
    except (DispatchError, OSError) as error:
        leave(Exit.UNREADABLE, str(error))
    if kept is not None:
        typer.echo(f"{kept}", err=True)
