"""``fairway login``."""

from typing import Annotated

import typer

from api.console_commands.remote import LangOption, UrlOption, keep_session, remote
from api.console_commands.texts import text


def login(
    account: Annotated[str, typer.Argument(help="Account name.")],
    url: UrlOption = None,
    lang: LangOption = None,
    password: Annotated[
        str | None,
        typer.Option(envvar="FAIRWAY_PASSWORD", help="Else it is asked for.", show_default=False),
    ] = None,
) -> None:
    """Sign in and keep the token for the other commands.

    Example: fairway login nsa --url http://127.0.0.1:8000

    Exit codes: 0 signed in, 3 service not reached, 4 account or password wrong.
    """
    service = remote(url, None, lang)
    secret = password or typer.prompt(text("password", service.language), hide_input=True)
    body = service.request(
        "POST", "/v1/sessions", json={"account": account, "password": secret}
    ).json()
    keep_session(service.url, body["token"])
    typer.echo(
        text(
            "signed_in",
            service.language,
            account=body["account"],
            organisation=body["organisation"],
        )
    )
