"""``fairway submit``: declare a plan from a file."""

import json
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from api.console_commands.exits import Exit, leave
from api.console_commands.remote import (
    BehalfOption,
    LangOption,
    Remote,
    TokenOption,
    UrlOption,
    remote,
)
from api.console_commands.tables import local
from api.console_commands.texts import text


def submit(
    *,
    file: Annotated[Path, typer.Argument(help=".xlsx, .csv or .json (the body of the API).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and judge it only.")] = False,
    wait_s: Annotated[
        int, typer.Option("--wait", min=0, max=30, help="Seconds to wait for planned times.")
    ] = 10,
    key: Annotated[
        str | None,
        typer.Option(help="Idempotency key: a repeat with the same key declares nothing twice."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the service's answer.")] = False,
    url: UrlOption = None,
    token: TokenOption = None,
    on_behalf_of: BehalfOption = None,
    lang: LangOption = None,
) -> None:
    """Declare a plan, whole or not at all.

    Example: fairway submit plan.xlsx --wait 20

    Exit codes: 0 accepted, 1 refused with every fault listed, 3 service not reached,
    4 not signed in, 5 file not readable.
    """
    service = remote(url, token, lang, on_behalf_of)
    try:
        content = file.read_bytes()
    except OSError as error:
        leave(Exit.UNREADABLE, str(error))
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    if wait_s:
        headers["Prefer"] = f"wait={wait_s}"
    if file.suffix.lower() == ".json":
        body = _json(content, file)
        if dry_run:
            leave(Exit.USAGE, "--dry-run: .xlsx | .csv")
        answer = service.request("POST", "/v1/declarations", json=body, headers=headers)
    else:
        answer = service.request(
            "POST",
            "/v1/declarations/import",
            params={"dry_run": str(dry_run).lower()},
            files={"file": (file.name, content)},
            headers=headers,
        )
    told = answer.json()
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    elif dry_run:
        typer.echo(
            text(
                "would_declare",
                service.language,
                calls=told["calls"],
                movements=told["movements"],
            )
        )
    else:
        _print(told, service)


def _json(content: bytes, file: Path) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        leave(Exit.UNREADABLE, f"{file}: {error}")


def _print(told: dict[str, Any], service: Remote) -> None:
    typer.echo(text("accepted", service.language, id=told["id"], revision=told["revision"]))
    zone = service.zone()
    for movement in told["movements"]:
        planned = movement["planned"]
        when = (
            f"{local(planned['start_at'], zone)} - {local(planned['end_at'], zone)}"
            f"  {planned['from_place'] or ''} -> {planned['to_place'] or ''}"
            if planned
            else text("not_yet", service.language)
        )
        typer.echo(f"  {movement['id']:<7}{movement['call_ref']:<16}{movement['kind']:<7}{when}")
