"""``fairway simulate``: a sample day with chance in it, as fast as plans are made."""

import asyncio
import json
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from api.demo.command import declare_all, make_accounts, seats_of
from api.demo.disturbances import by_chance
from api.demo.inside import InnerPort, Strides
from api.demo.parties import Parties
from api.demo.play import Player
from api.demo.proof import PlanJudge, count_lost
from api.demo.report import Printer, Tally, say
from api.demo.words import named, words
from api.demo.world import Row, World, instant
from dispatch.port import Port, SampleDay, load_port, sample_day

STRIDE = timedelta(minutes=5)
HOUR_S = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateOptions:
    """What the command line asks for."""

    port: str = "guangzhou"
    day: str = "typical"
    seed: int = 1
    hours: float = 24.0
    within_s: float = 600.0


def waiting_h(movements: Iterable[Row]) -> float:
    """Return how long ships wait, in hours: from what they asked for to when they start."""
    waited_s = 0.0
    for movement in movements:
        start_at = movement["actual_start_at"] or (movement["planned"] or {}).get("start_at")
        if start_at is not None:
            asked = max(movement["requested_at"], movement["estimated_at"] or "", key=str)
            waited_s += max(0.0, (instant(start_at) - instant(asked)).total_seconds())
    return round(waited_s / HOUR_S, 1)


async def run_simulation(options: SimulateOptions) -> int:
    """Play the day; return the process's exit code."""
    begun_s = time.monotonic()
    port = load_port(options.port)
    day = sample_day(port, options.day)
    with tempfile.TemporaryDirectory(prefix="fairway-") as folder:
        served = InnerPort(folder=Path(folder), port=options.port, starts_at=day.starts_at)
        parties = Parties(served.url)
        try:
            await served.start()
            seats = seats_of(port)
            await asyncio.to_thread(make_accounts, served.service.database, seats)
            head = {"port": named(port.name), "day": named(day.label), "date": day.day}
            say(words("simulation", **head, seed=options.seed))
            say(named(port.warning))
            tally = Tally()
            await declare_all(parties, seats, day, tally)
            result = await _play(options, parties, day, port=port, served=served, tally=tally)
        finally:
            await parties.close()
            await asyncio.to_thread(served.stop)
    result["elapsed_s"] = round(time.monotonic() - begun_s, 1)
    say(json.dumps(result))
    return 0 if result["violations"] == 0 and result["lost"] == 0 else 1


async def _play(
    options: SimulateOptions,
    parties: Parties,
    day: SampleDay,
    *,
    port: Port,
    served: InnerPort,
    tally: Tally,
) -> dict[str, Any]:
    random = Random(options.seed)  # noqa: S311 - a game of chance that has to repeat
    span = timedelta(hours=options.hours)
    chances = by_chance(tuple(port.segments)[-6:-1], random=random, within=span)
    player = Player(
        parties,
        World(random=random, berths=frozenset(port.berths)),
        chances,
        tally=tally,
        printer=Printer(port.zone),
        random=random,
    )
    strides = Strides(served, STRIDE)
    say(words("chances", count=len(chances), hours=options.hours))
    await player.play(
        strides,
        day_starts_at=day.starts_at,
        until_s=time.monotonic() + options.within_s,
        hours=options.hours,
    )
    await served.settled()
    await asyncio.sleep(0.3)  # the last frames are on their way to the boards
    await PlanJudge(served.service.database, tally).catch_up()
    tally.lost = await count_lost(parties)
    movements = list(parties.seats["dispatch"].rows["movement"].values())
    simulated_h = (strides.now() - day.starts_at).total_seconds() / HOUR_S
    return {
        "port": options.port,
        "day": options.day,
        "seed": options.seed,
        "simulated_h": round(simulated_h, 2),
        "finished": simulated_h >= options.hours,
        "movements": tally.movements,
        "completed": sum(item["state"] == "completed" for item in movements),
        "disturbances": len(chances) - len(player.disturbances),
        "replans": len(tally.replans_s),
        "moved": tally.moved,
        "displaced_over_2h": tally.displaced,
        "unplaced": sum(item["state"] == "declared" for item in movements),
        "waiting_h": waiting_h(movements),
        "violations": tally.violations,
        "checked_versions": tally.checked_versions,
        "lost": tally.lost,
        "refused": tally.refused,
        "unsettled": strides.unsettled,
    }


def simulate(options: SimulateOptions) -> int:
    """Play the day until it is over, its time is up, or Ctrl-C."""
    try:
        return asyncio.run(run_simulation(options))
    except KeyboardInterrupt:
        say(words("stopped"))
        return 1
