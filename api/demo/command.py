"""``fairway demo``: set a day up, let the companies declare, play it, and tell how it went."""

import asyncio
import contextlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from agencies.party import BOARD_OF
from agencies.party import Party as AgencyParty
from api.demo.disturbances import programme
from api.demo.parties import Parties
from api.demo.play import Player, Stopwatch
from api.demo.proof import PlanJudge, count_lost
from api.demo.report import Printer, Tally, say
from api.demo.serving import ServedPort
from api.demo.words import named, words
from api.demo.world import World, instant, iso
from dispatch.clock import MachineClock
from dispatch.lifecycle import Party
from dispatch.port import Port, SampleDay, load_port, sample_day
from dispatch.store.accounts import Account, create_account
from dispatch.store.database import Database

PASSWORD = "fairway-demo"  # noqa: S105 - printed for everybody; it exists in the demo's store only
FIRST_PLAN_WITHIN_S = 60.0
LAST_S = 4.0
"""Kept back of the time given, for the proof at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What the command line asks for; ``for_s`` None plays to the end of the day."""

    http_port: int = 8000
    data: Path = Path("data")
    day: str = "typical"
    speed: float = 60.0
    for_s: float | None = None
    port: str = "guangzhou"
    seed: int = 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSeat:
    """One account of the demo; ``key`` is what acts call the party."""

    key: str
    account: str
    party: Party
    organisation: str


def seats_of(port: Port) -> list[DemoSeat]:
    """Return an account for every organisation of the port."""
    fixed = (
        ("dispatch", "port", Party.DISPATCH, "PORT"),
        ("maritime", "msa", Party.MARITIME, "MSA"),
        ("pilotage", "pilot", Party.PILOTAGE, "PILOT"),
    )
    seats = [
        DemoSeat(key=key, account=account, party=party, organisation=organisation)
        for key, account, party, organisation in fixed
    ]
    companies = [(item.company_id, Party.TOWAGE) for item in port.towage.companies]
    companies += [(company, Party.COMPANY) for company in port.companies]
    return seats + [
        DemoSeat(key=name, account=name.lower(), party=party, organisation=name)
        for name, party in companies
    ]


def make_accounts(database: Database, seats: list[DemoSeat]) -> None:
    """Make the demo's accounts in its own store."""
    for seat in seats:
        account = Account(name=seat.account, organisation=seat.organisation, party=seat.party)
        create_account(database, account, PASSWORD, now=MachineClock().now())


async def run_demo(options: DemoOptions) -> int:
    """Run the demo; return the process's exit code."""
    begun_s = time.monotonic()
    port = load_port(options.port)
    day = sample_day(port, options.day)
    served = ServedPort(
        data=options.data, http_port=options.http_port, port=options.port, starts_at=day.starts_at
    )
    served.empty_folder()
    database = Database(f"sqlite:///{served.folder / 'fairway.db'}", port=options.port)
    database.upgrade()
    seats = seats_of(port)
    make_accounts(database, seats)
    say(words("demo", port=named(port.name), day=named(day.label), date=day.day))
    say(named(port.warning))
    parties = Parties(served.url)
    try:
        await served.start()
        accounts = ", ".join(seat.account for seat in seats)
        say(words("console", url=served.url, accounts=accounts, password=PASSWORD))
        tally = Tally()
        await declare_all(parties, seats, day, tally)
        return await _play(
            options, parties, day, port=port, tally=tally, database=database, begun_s=begun_s
        )
    finally:
        await parties.close()
        await asyncio.to_thread(served.stop)
        database.close()


async def declare_all(
    parties: Parties, seats: list[DemoSeat], day: SampleDay, tally: Tally
) -> None:
    """Sign every party in, tell what is known of the day, and declare; wait for the first plan.

    Raises:
        TimeoutError: No plan came.
    """
    for seat in seats:
        board = BOARD_OF[AgencyParty(seat.party.value)].value
        await parties.sign_in(seat.key, seat.account, PASSWORD, board)
    parties.watch_all()
    await _set_the_scene(parties, day)
    for company, path in day.spreadsheets.items():
        answer = await parties.upload(company, path)
        tally.declarations += 1
        tally.movements += len(answer["movements"])
        count = len(answer["movements"])
        say(words("declares", company=f"{company:<7}", file=path.name, count=count))
    last_s = time.monotonic()
    port_seat = parties.seats["dispatch"]
    while time.monotonic() - last_s < FIRST_PLAN_WITHIN_S:
        plan = next(iter(port_seat.rows.get("plan", {}).values()), None)
        if plan is not None and plan["placed"] + plan["unplaced"] >= tally.movements:
            tally.first_plan_s = time.monotonic() - last_s
            tally.versions = plan["version"]
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("no plan was published")


async def _set_the_scene(parties: Parties, day: SampleDay) -> None:
    """Tell the day's forecast and the boats that are out, as the dispatch centre would."""
    conditions = day.conditions
    for wind in conditions.wind:
        body = {"kind": "wind", "from_at": iso(wind.from_at), "to_at": iso(wind.to_at)}
        body |= {"value": wind.wind_mps, "reason": "预报 forecast"}
        await _tell(parties, "/v1/restrictions", body, f"wind {body['from_at']}")
    for seen in conditions.visibility:
        body = {"kind": "visibility", "from_at": iso(seen.from_at), "to_at": iso(seen.to_at)}
        body |= {
            "value": seen.visibility_m,
            "segments": list(seen.segments),
            "reason": "预报 forecast",
        }
        await _tell(parties, "/v1/restrictions", body, f"visibility {body['from_at']}")
    for outage in day.outages:
        body = {"from_at": iso(outage.from_at), "to_at": iso(outage.to_at)}
        body |= {"reason": f"{outage.reason.zh} {outage.reason.en}"}
        path = f"/v1/resources/{outage.resource_id}/outages"
        await _tell(parties, path, body, f"outage {outage.resource_id}")


async def _tell(parties: Parties, path: str, body: Mapping[str, object], key: str) -> None:
    done, answer = await parties.post("dispatch", path, body, key=key)
    if not done:
        raise RuntimeError(f"{path}: {answer}")


async def _play(
    options: DemoOptions,
    parties: Parties,
    day: SampleDay,
    *,
    port: Port,
    tally: Tally,
    database: Database,
    begun_s: float,
) -> int:
    rows = parties.seats["dispatch"].rows
    printer = Printer(port.zone)
    plan = next(iter(rows["plan"].values()))
    say()
    say(
        words(
            "first_plan",
            version=plan["version"],
            placed=plan["placed"],
            unplaced=plan["unplaced"],
            after_s=tally.first_plan_s,
        )
    )
    printer.table(list(rows["movement"].values()), list(rows.get("service", {}).values()))
    say()
    clock = await parties.set_speed(options.speed)
    watch = Stopwatch(at=instant(clock["now"]), speed=options.speed)
    until_s = float("inf") if options.for_s is None else begun_s + options.for_s - LAST_S
    random = Random(options.seed)  # noqa: S311 - a game of chance that has to repeat
    player = Player(
        parties,
        World(random=random, berths=frozenset(port.berths)),
        programme(tuple(port.segments)[-6:-1]),
        tally=tally,
        printer=printer,
        random=random,
    )
    judge = PlanJudge(database, tally)
    judging = asyncio.create_task(judge.follow())
    say(words("speed", speed=options.speed))
    try:
        await player.play(watch, day_starts_at=day.starts_at, until_s=until_s)
    finally:
        judging.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await judging
    await parties.set_speed(0)
    await asyncio.sleep(0.3)
    await judge.catch_up()
    tally.lost = await count_lost(parties)
    return _sum_up(parties, tally)


def _sum_up(parties: Parties, tally: Tally) -> int:
    """Print what came of it; return the process's exit code."""
    movements = parties.seats["dispatch"].rows["movement"].values()
    planned = sum(item["planned"] is not None for item in movements)
    unplaced = sum(item["state"] == "declared" for item in movements)
    result = tally.last_line(planned=planned, unplaced=unplaced)
    say()
    say(
        words(
            "result",
            planned=planned,
            all=len(movements),
            versions=tally.checked_versions,
            violations=tally.violations,
            lost=tally.lost,
        )
    )
    say(json.dumps(result))
    return 0 if tally.violations == 0 and tally.lost == 0 else 1


def demo(options: DemoOptions) -> int:
    """Run the demo until its time is up, the day is over, or Ctrl-C."""
    try:
        return asyncio.run(run_demo(options))
    except KeyboardInterrupt:
        say(words("stopped"))
        return 0
