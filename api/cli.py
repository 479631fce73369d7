"""The console program ``fairway``; each command is in a file of ``api.console_commands``."""

import logging
import os
import sys

import typer
from typer.main import get_command

from api.console_commands import (
    accounts,
    boards,
    database,
    declaring,
    demonstrating,
    replaying,
    serving,
    signing_in,
    simulating,
    solving,
)
from api.console_commands.chinese import in_chinese, wants_chinese
from api.console_commands.remote import language_of
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
program.command()(simulating.simulate)
program.command()(signing_in.login)
program.command()(declaring.submit)
program.command()(boards.watch)
program.command()(boards.plan)
program.command("solve")(solving.solve_file)
program.command("check")(solving.check_file)
program.command()(replaying.replay)
program.add_typer(accounts.commands, name="user")
program.add_typer(database.commands, name="db")
program.command()(database.backup)
program.command()(database.restore)


@program.callback(invoke_without_command=True)
def about(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the release and end."),
    lang: str | None = typer.Option(
        None, help="Language of help and messages: zh or en; else as the terminal is set."
    ),
) -> None:
    """Fairway 航道通: the dispatch service of one port. Not for navigation."""
    if lang is not None:
        os.environ["FAIRWAY_LANG"] = language_of(lang)
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
    command = get_command(program)
    if wants_chinese(sys.argv[1:]):
        in_chinese(command)
    command(prog_name="fairway")


if __name__ == "__main__":
    main()
