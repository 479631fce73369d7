"""``fairway user``: accounts, in the database itself."""

import secrets
from typing import Annotated, Literal, NoReturn

import typer

from agencies.party import SINGLE_ORGANISATION
from api.console_commands.exits import Exit, leave
from api.console_commands.local import DataOption, opened
from api.console_commands.texts import shared_text, system_language, text
from api.service import organisation_names
from dispatch.clock import MachineClock
from dispatch.errors import DispatchError
from dispatch.lifecycle import Party
from dispatch.port import load_port
from dispatch.store.accounts import (
    Account,
    create_account,
    disable_account,
    read_accounts,
    set_password,
)

PartyName = Literal["company", "pilotage", "towage", "maritime", "dispatch"]
PasswordOption = Annotated[
    str | None,
    typer.Option(
        "--password", envvar="FAIRWAY_PASSWORD", help="Else it is asked for.", show_default=False
    ),
]
commands = typer.Typer(no_args_is_help=True, help="Accounts: add, passwd, disable, list.")


@commands.command()
def add(
    *,
    name: Annotated[str, typer.Argument(help="Account name.")],
    party: Annotated[PartyName, typer.Argument(help="Whose rights it has.")],
    organisation: Annotated[
        str | None,
        typer.Option(help="Company or tug company; the others are one organisation each."),
    ] = None,
    password: PasswordOption = None,
    generate: Annotated[bool, typer.Option(help="Make a password and print it.")] = False,
    data: DataOption = None,
) -> None:
    """Make an account.

    Example: fairway user add nsa-desk company --organisation CO-NSA

    Exit codes: 0 made, 1 refused, 3 no database.
    """
    with opened(data) as (settings, database):
        role = Party(party)
        belongs_to = SINGLE_ORGANISATION.get(role) or organisation
        known = organisation_names(load_port(settings.port))
        if belongs_to not in known or (belongs_to != organisation and organisation is not None):
            leave(Exit.REFUSED, f"--organisation: {', '.join(sorted(known))}")
        secret = secrets.token_urlsafe(12) if generate else _password(password)
        account = Account(name=name, organisation=belongs_to, party=role)
        try:
            create_account(database, account, secret, now=MachineClock().now())
        except DispatchError as refusal:
            _refused(refusal)
    told = {"account": name, "party": role.value, "organisation": belongs_to}
    typer.echo(text("account_made", system_language(), **told), err=True)
    if generate:
        typer.echo(secret)


@commands.command()
def passwd(
    name: Annotated[str, typer.Argument(help="Account name.")],
    password: PasswordOption = None,
    data: DataOption = None,
) -> None:
    """Give an account another password; whoever is signed in with it is signed out.

    Example: fairway user passwd nsa-desk

    Exit codes: 0 changed, 1 refused, 3 no database.
    """
    secret = _password(password)
    with opened(data) as (_, database):
        try:
            set_password(database, name, secret)
        except DispatchError as refusal:
            _refused(refusal)


@commands.command()
def disable(
    name: Annotated[str, typer.Argument(help="Account name.")], data: DataOption = None
) -> None:
    """Let nobody in under an account any more.

    Example: fairway user disable nsa-desk

    Exit codes: 0 disabled, 1 refused, 3 no database.
    """
    with opened(data) as (_, database):
        try:
            disable_account(database, name)
        except DispatchError as refusal:
            _refused(refusal)


@commands.command(name="list")
def list_accounts(data: DataOption = None) -> None:
    """Print every account with its party and organisation.

    Example: fairway user list

    Exit codes: 0 printed, 3 no database.
    """
    with opened(data) as (_, database):
        for account in read_accounts(database):
            state = "disabled" if account.disabled else ""
            typer.echo(
                f"{account.name:<24}{account.party:<12}{account.organisation:<12}{state}".rstrip()
            )


def _refused(refusal: DispatchError) -> NoReturn:
    words = shared_text(f"error.{refusal.code}", system_language(), refusal.context, refusal.title)
    leave(Exit.REFUSED, f"{words} [{refusal.code}]")


def _password(given: str | None) -> str:
    language = system_language()
    return given or typer.prompt(
        text("password", language),
        hide_input=True,
        confirmation_prompt=text("password_again", language),
    )
