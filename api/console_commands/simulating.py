"""``fairway simulate``."""

from typing import Annotated

import typer

from api.console_commands.exits import Exit, leave
from api.demo.simulate import SimulateOptions
from api.demo.simulate import simulate as run_simulation
from dispatch.port import PortDataInvalid, load_port, sample_day


def simulate(
    *,
    port: Annotated[str, typer.Option(help="Port data to use, by folder name.")] = "guangzhou",
    day: Annotated[str, typer.Option(help="Sample day: typical or peak.")] = "typical",
    seed: Annotated[int, typer.Option(help="Fixes what goes wrong, and when.")] = 1,
    hours: Annotated[
        float, typer.Option(min=0.5, max=36.0, help="Simulated hours from the day's start.")
    ] = 24.0,
    within_s: Annotated[
        float, typer.Option("--within", min=10.0, help="Stop after so many real seconds.")
    ] = 600.0,
) -> None:
    """Play a sample day as fast as plans are made, with lateness, declines, fog and tugs out.

    Nobody has to watch: the service runs inside this process, its clock goes on as soon as a plan
    has dealt with all that happened, and its files are gone afterwards.

    Example: fairway simulate --day peak --seed 7 --hours 6

    The last line is one JSON object. Exit codes: 0 all went well, 1 a plan broke a rule or
    something was lost, 2 there is no such port or day.
    """
    try:
        sample_day(load_port(port), day)
    except (PortDataInvalid, KeyError, OSError) as error:
        leave(Exit.USAGE, str(error))
    options = SimulateOptions(port=port, day=day, seed=seed, hours=hours, within_s=within_s)
    raise typer.Exit(run_simulation(options))
