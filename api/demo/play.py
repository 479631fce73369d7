"""Playing the day: acts go out as they fall due, new plans come back and are told."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from api.console_commands.texts import refusal_text, system_language
from api.demo.disturbances import Disturbance
from api.demo.parties import Parties, Seat
from api.demo.report import Printer, Tally, say
from api.demo.words import in_words, words
from api.demo.world import Act, World, instant

STEP_S = 0.1
AT_ONCE = 8
"""Requests under way at a time."""
SAID_WITHIN_S = 10.0
"""A disturbance whose new plan has not come by then is told as unanswered."""

FACT_OF = {
    "tug-declines": "service_declined",
    "ship-late": "estimated",
    "fog": "restricted",
    "tug-out": "out_of_service",
}


class Tempo(Protocol):
    """How simulated time goes on while a day is played."""

    @property
    def patience_s(self) -> float:
        """How long a disturbance may wait for its new plan, in the machine's seconds."""
        ...

    def now(self) -> datetime:
        """Return the simulated instant."""
        ...

    async def step(self, under_way: set[asyncio.Task[None]]) -> None:
        """Let time go on; ``under_way`` are the requests that have not been answered yet."""
        ...


@dataclass(slots=True)
class Stopwatch:
    """The service's simulated time, carried on between frames by the machine's own clock."""

    at: datetime
    speed: float
    read_s: float = field(default_factory=time.monotonic)
    patience_s: float = SAID_WITHIN_S

    def now(self) -> datetime:
        """Return the simulated instant."""
        return self.at + timedelta(seconds=(time.monotonic() - self.read_s) * self.speed)

    async def step(self, under_way: set[asyncio.Task[None]]) -> None:
        """Wait a moment, whatever is under way."""
        del under_way
        await asyncio.sleep(STEP_S)


@dataclass(slots=True)
class Waiting:
    """A disturbance whose new plan has not been seen yet."""

    name: str
    sent_s: float


class Player:
    """Plays one day on a service that runs."""

    def __init__(
        self,
        parties: Parties,
        world: World,
        disturbances: Sequence[Disturbance],
        *,
        tally: Tally,
        printer: Printer,
        random: Random,
    ) -> None:
        """Take the parties' hands, what they do, what goes wrong, and where it is counted."""
        self.parties = parties
        self.world = world
        self.disturbances = list(disturbances)
        self.tally = tally
        self.printer = printer
        self.random = random
        self.waiting: list[Waiting] = []
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> Seat:
        """The dispatch centre's seat, which sees everything."""
        return self.parties.seats["dispatch"]

    async def play(
        self, watch: Tempo, *, day_starts_at: datetime, until_s: float, hours: float = 36.0
    ) -> None:
        """Play until the machine's clock says so, or so many simulated hours have passed."""
        ends_at = day_starts_at + timedelta(hours=hours)
        news = asyncio.create_task(self._tell_plans(watch))
        try:
            while time.monotonic() < until_s and watch.now() < ends_at:
                now = watch.now()
                self._disturb(now, day_starts_at)
                for act in self.world.next_acts(now, self.port.rows):
                    self._send(act)
                if news.done():
                    news.result()
                await watch.step(self._under_way)
                self._tell_unanswered(watch.patience_s)
            await self._settle(min(5.0, max(0.5, until_s + 3 - time.monotonic())))
        finally:
            news.cancel()
            await asyncio.gather(news, return_exceptions=True)

    def _disturb(self, now: datetime, day_starts_at: datetime) -> None:
        while self.disturbances and day_starts_at + self.disturbances[0].after <= now:
            disturbance = self.disturbances.pop(0)
            act = disturbance.choose(now, self.port.rows, self.random)
            if act is not None:
                say(f"{self.printer.now(now)}  {words(disturbance.name)}: {self._about(act)}")
                self._send(act, disturbance=disturbance.name)

    def _about(self, act: Act) -> str:
        parts = act.path.split("/")
        if parts[2] == "services":
            service = self.port.rows["service"][parts[3]]
            return words("job_of", resource=service["resource_id"], ship=service["vessel_name"])
        if parts[2] == "movements":
            movement = self.port.rows["movement"][parts[3]]
            until = self.printer.clock(act.body["estimated_at"])
            return words("not_before", ship=movement["vessel"]["name"], until=until)
        if parts[2] == "restrictions":
            span = (
                f"{self.printer.clock(act.body['from_at'])}–{self.printer.clock(act.body['to_at'])}"
            )
            return f"{' '.join(act.body['segments'])}, {span}"
        until = self.printer.clock(act.body["to_at"])
        return words("until", resource=parts[3], until=until)

    def _send(self, act: Act, *, disturbance: str | None = None) -> None:
        task = asyncio.create_task(self._carry_out(act, disturbance))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _carry_out(self, act: Act, disturbance: str | None) -> None:
        async with self._slots:
            if disturbance is not None:
                self.waiting.append(Waiting(disturbance, time.monotonic()))
            done, answer = await self.parties.act(act)
        if done:
            return
        self.tally.refused += 1
        self.world.forget(act)
        if disturbance is not None:
            self.waiting = [item for item in self.waiting if item.name != disturbance]
            why = refusal_text(answer, system_language())[0]
            say(f"        {words('refused', why=why)}")

    async def _tell_plans(self, watch: Tempo) -> None:
        while True:
            frame = await self.port.news.get()
            cause = frame.get("cause") or {}
            if frame["type"] == "delta" and cause.get("kind") == "plan_published":
                self._tell_plan(frame, watch)

    def _tell_plan(self, frame: dict[str, Any], watch: Tempo) -> None:
        ops = frame["ops"]
        plan = next(op["row"] for op in ops if op["type"] == "plan")
        self.tally.versions = max(self.tally.versions, plan["version"])
        if plan["replan_ms"] is not None and plan["version"] > 1:
            self.tally.replans_s.append(plan["replan_ms"] / 1000)
        answered = [item for item in self.waiting if FACT_OF[item.name] in plan["cause"]]
        for item in answered:
            self.tally.seen_s.append(frame["received_s"] - item.sent_s)
            self.waiting.remove(item)
        changed = [
            op["row"]
            for op in ops
            if op["type"] == "movement"
            and op["op"] == "put"
            and (op["row"]["change"] or {}).get("plan_version") == plan["version"]
            and op["row"]["change"]["from_at"] is not None
        ]
        self.tally.note_moves(row["change"] for row in changed)
        if not answered and not changed:
            return
        replan_ms = plan["replan_ms"]
        took = "" if replan_ms is None else words("took", seconds=replan_ms / 1000)
        seen = words("seen", seconds=self.tally.seen_s[-1]) if answered else ""
        causes = ", ".join(dict.fromkeys(in_words("cause", kind) for kind in plan["cause"]))
        self.printer.learn(self.port.rows["movement"].values())
        told = words(
            "plan",
            version=plan["version"],
            took=took,
            seen=seen,
            moved=len(changed),
            unplaced=plan["unplaced"],
            causes=causes,
        )
        say(f"{self.printer.now(watch.now())}  {told}")
        self.printer.changes(
            sorted(
                changed,
                key=lambda row: (
                    instant(row["planned"]["start_at"]) if row["planned"] else watch.now()
                ),
            )
        )

    def _tell_unanswered(self, patience_s: float) -> None:
        late = [item for item in self.waiting if time.monotonic() - item.sent_s > patience_s]
        for item in late:
            self.waiting.remove(item)
            say(f"        {words('no_need', what=words(item.name))}")

    async def _settle(self, most_s: float) -> None:
        """Let what is under way come to its end."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=most_s)
