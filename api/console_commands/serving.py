"""``fairway serve``."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.app import create_app
from api.console_commands.exits import Exit, leave
from api.console_commands.local import DataOption, settings_of
from api.server import serve as run_server
from dispatch.errors import DispatchError
from dispatch.policy import PolicyInvalid
from dispatch.port import PortDataInvalid


def serve(
    *,
    http_port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="TCP port; else 8000.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; else 127.0.0.1.")] = None,
    data: DataOption = None,
    port_name: Annotated[
        str | None, typer.Option("--harbour", help="Port data to use, by folder name.")
    ] = None,
    policy: Annotated[Path | None, typer.Option(help="Planning policy file.")] = None,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
) -> None:
    """Run the service: HTTP, live boards, planning and the web console.

    Example: fairway serve --port 8000 --data ./data

    Everything can be set in the environment, too: FAIRWAY_HTTP_PORT, FAIRWAY_HOST,
    FAIRWAY_DATA_DIR, FAIRWAY_PORT, FAIRWAY_DATABASE_URL, FAIRWAY_POLICY_FILE.

    Exit codes: 0 ended by a signal, 2 bad settings, 3 the database or the TCP port cannot be had.
    """
    settings = settings_of(data)
    given = {"http_port": http_port, "host": host, "port": port_name, "policy_file": policy}
    settings = replace(settings, **{name: item for name, item in given.items() if item is not None})
    try:
        app = create_app(settings)
    except (PortDataInvalid, PolicyInvalid) as error:
        leave(Exit.USAGE, str(error))
    except (DispatchError, OSError) as error:
        leave(Exit.UNREACHABLE, str(error))
    if not run_server(app, host=settings.host, port=settings.http_port, log_level=log_level):
        leave(Exit.UNREACHABLE, f"{settings.host}:{settings.http_port}")
