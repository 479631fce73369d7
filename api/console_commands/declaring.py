"""``fairway submit``: declare a plan from a file."""

import json
import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from api.console_commands.exits import Exit, leave
from api.console_commands.progress import working
from api.console_commands.remote import (
    BehalfOption,
    LangOption,
    Remote,
    TokenOption,
    UrlOption,
    remote,
)
from api.console_commands.tables import declared_lines
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
        where, sent = "/v1/declarations", {"json": body}
    else:
        where = "/v1/declarations/import"
        params = {"dry_run": str(dry_run).lower()}
        sent = {"params": params, "files": {"file": (file.name, content)}}
    with working(text("submitting", service.language, file=file.name)):
        answer = service.request("POST", where, headers=headers, **sent)
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
    """Print what was declared, when each movement is planned, and what is still open."""
    language = service.language
    typer.echo(text("accepted", language, id=told["id"], revision=told["revision"]))
    board = service.request("GET", "/v1/me").json()["board"]
    rows = service.request("GET", f"/v1/boards/{board}").json()["rows"]
    known = {row["id"]: row for row in rows.get("movement", ())}
    movements = told["movements"]
    for line in declared_lines(movements, known, service.zone(), language):
        typer.echo(line)
    planned = sum(movement["planned"] is not None for movement in movements)
    left_out = sum(bool(movement["unplaced_reasons"]) for movement in movements)
    typer.echo(text("planned_of", language, planned=planned, all=len(movements), left_out=left_out))
    if told["pending"]:
        typer.echo(text("still_planning", language, board=board))
