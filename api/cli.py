"""The console program ``fairway``; each command is in a file of ``api.console_commands``."""

import logging
import sys

import typer

from api.console_commands import (
    accounts,
    boards,
    database,
    declaring,
    demonstrating,
    serving,
    signing_in,
    solving,
)
from api.version import VERSION

program = typer.Typer(
    name="fairway",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Fairway 航道通: the dispatch service of one port. Not for navigation.",
)
program.command()(serving.serve)
program.command()(demonstrating.demo)
program.command()(signing_in.login)
program.command()(declaring.submit)
program.command()(boards.watch)
program.command()(boards.plan)
program.command("solve")(solving.solve_file)
program.command("check")(solving.check_file)
program.add_typer(accounts.commands, name="user")
program.add_typer(database.commands, name="db")
program.command()(database.backup)
program.command()(database.restore)


@program.callback(invoke_without_command=True)
def about(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the release and end."),
) -> None:
    """Fairway 航道通: the dispatch service of one port. Not for navigation."""
    if version:
        typer.echo(VERSION)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


def main() -> None:
    """Run the program."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.ERROR)
    program()


if __name__ == "__main__":
    main()
