"""``fairway demo``."""

from pathlib import Path
from typing import Annotated

import typer

from api.demo.command import DemoOptions
from api.demo.command import demo as run_demo


def demo(
    *,
    http_port: Annotated[int, typer.Option("--port", min=1, max=65535, help="TCP port.")] = 8000,
    data: Annotated[
        Path, typer.Option("--data", help="Its files go to the folder demo in here.")
    ] = Path("data"),
    day: Annotated[str, typer.Option("--day", help="Sample day: typical or peak.")] = "typical",
    speed: Annotated[
        float, typer.Option("--speed", min=1.0, max=600.0, help="Simulated seconds a second.")
    ] = 60.0,
    for_s: Annotated[
        float | None, typer.Option("--for", min=20.0, help="Stop by itself after so many seconds.")
    ] = None,
) -> None:
    """Play a sample day: companies declare, parties answer, things go wrong, the plan mends itself.

    Example: fairway demo --day peak --for 120

    The last line is one JSON object. Exit codes: 0 all went well, 1 a plan broke a rule or
    something was lost.
    """
    options = DemoOptions(http_port=http_port, data=data, day=day, speed=speed, for_s=for_s)
    raise typer.Exit(run_demo(options))
