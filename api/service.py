"""The service of one port: store, writer, planner, hub, put together and taken down in order."""

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import socket
import time
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from agencies.party import View
from agencies.projection import cause_of, ops_of
from agencies.visibility import Veil
from api.auth import Caller, Doorman
from api.hub import Hub
from api.schemas.port import port_document
from api.settings import Settings
from api.tailer import Tailer
from dispatch.clock import Clock, MachineClock, SimulatedClock
from dispatch.commands import PLANNER, Actor, Receipt, RegisterResources
from dispatch.declaration import DeclarationPlan, Fault
from dispatch.entities import PLAN_ID, instant
from dispatch.errors import StoreUnavailable
from dispatch.foresight import Foresight
from dispatch.handling.book import Terms
from dispatch.judging import judge
from dispatch.planning import Planner
from dispatch.planning_service import planning
from dispatch.policy import DEFAULT_POLICY, load_policy
from dispatch.port import Bilingual, Port, load_port
from dispatch.records import Declaration
from dispatch.roster import resources_of
from dispatch.store.database import Database
from dispatch.store.reading import (
    last_offset,
    read_declaration,
    read_history,
    read_outbox,
)
from dispatch.store.writer import Writer

LOG = logging.getLogger("fairway.service")

READ_BACK_S = 2.0
"""Longest wait for the boards to show what was just written, before it is answered anyway."""
PLAN_LOOKED_FOR_S = 0.2
"""One who waits for a plan looks this often whether the planner has found nothing to change."""
HISTORY_FACTS = 500


class Service:
    """Everything that the routes stand on.

    ``start`` and ``stop`` are called once each, on the event loop.
    """

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        """Read the port and the policy; nothing is opened yet.

        Args:
            settings: What the deployment decides.
            clock: Instead of the one that the settings ask for.
        """
        self.settings = settings
        self.clock = clock or clock_of(settings)
        self.port = load_port(settings.port)
        self.policy = load_policy(settings.policy_file or DEFAULT_POLICY)
        self.secret = settings.secret_key()
        self.database = Database(settings.url, port=settings.port)
        self.hub = Hub(self.secret, self.clock.now)
        self.tailer = Tailer(self.database, self.hub)
        self.doorman = Doorman(self.database, session_h=settings.session_h)
        self.writer = Writer(
            self.database,
            self.clock,
            terms=Terms(
                tolerance_min=self.policy.tolerance_min,
                judge=self._judge,
                priority_of=self.port.priority_of,
            ),
        )
        self.planner: Planner | None = None
        self.foresight = Foresight(self.database, self.port, self.policy, self.clock)
        self._planning = contextlib.ExitStack()
        self._tasks: list[asyncio.Task[None]] = []
        self._organisations = organisation_names(self.port)

    def _judge(self, plan: DeclarationPlan, now: datetime) -> tuple[Fault, ...]:
        return judge(plan, self.port, now)

    async def start(self) -> None:
        """Bring the database up to date, fill the boards, and begin to write, read and plan."""
        await asyncio.to_thread(self.database.upgrade)
        await asyncio.to_thread(self._carry_the_clock_on)
        self.writer.start()
        await self._submit(RegisterResources(resources=resources_of(self.port)), PLANNER)
        await self.tailer.load()
        self._tasks = [
            asyncio.create_task(self.tailer.run(), name="tailer"),
            asyncio.create_task(self.tailer.beat(), name="heartbeats"),
        ]
        if self.settings.plans:
            self.planner = await asyncio.to_thread(self._begin_to_plan)
        LOG.info("serving", extra={"port": self.settings.port, "offset": self.hub.offset})

    def _carry_the_clock_on(self) -> None:
        """Set a simulated clock to the last fact at least: a restart must not turn time back."""
        if isinstance(self.clock, SimulatedClock):
            for fact in read_outbox(self.database, last_offset(self.database) - 1):
                self.clock.advance_to(fact.at)

    def _begin_to_plan(self) -> Planner:
        planned = planning(
            self.database,
            self.writer,
            self.port,
            self.policy,
            self.clock,
            data=self.settings.data_dir,
            holder=f"{socket.gethostname()}:{os.getpid()}",
        )
        return self._planning.enter_context(planned)

    async def stop(self) -> None:
        """Finish what was accepted, then close."""
        await asyncio.to_thread(self._planning.close)
        await asyncio.to_thread(self.foresight.close)
        stopped = await asyncio.to_thread(self.writer.stop)
        if not stopped:
            LOG.error("the writer did not end in time")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self.database.close)

    # -- commands -----------------------------------------------------------------------------

    async def submit(self, command: object, actor: Actor, key: str | None = None) -> Receipt:
        """Have a command done; once this returns it is durable, and on this process's boards.

        Raises:
            DispatchError: it was refused; nothing was done.
        """
        receipt = await self._submit(command, actor, key)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.hub.reached(receipt.offset), READ_BACK_S)
        return receipt

    async def _submit(self, command: object, actor: Actor, key: str | None = None) -> Receipt:
        future = asyncio.wrap_future(self.writer.submit(command, actor, key=key))
        # a caller that hangs up must not take back what the writer is about to do
        return await asyncio.shield(future)

    def done(self, receipt: Receipt) -> dict[str, Any]:
        """Return the body of the answer to a command that was done."""
        return {"done": True, "plan_version": self.plan_version, "result": dict(receipt.body)}

    async def sign_out(self, caller: Caller) -> None:
        """Close a session and the live connections that were opened in it."""
        await asyncio.to_thread(self.doorman.sign_out, caller.token)
        self.hub.end_session(caller.session)

    async def wait_for_plan(self, movement_ids: Sequence[str], offset: int, wait_s: float) -> None:
        """Wait until a plan has dealt with movements as a fact left them, or the time is up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await self.hub.reached(offset)
                while not self.is_dealt_with(movement_ids, offset):
                    # a plan that changes nothing is not published, so no fact tells of it
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(
                            self.hub.reached(self.hub.offset + 1), PLAN_LOOKED_FOR_S
                        )

    def is_dealt_with(self, movement_ids: Sequence[str], offset: int) -> bool:
        """Tell whether a plan made with a fact places each movement, or leaves it out with reasons.

        Args:
            movement_ids: Whose; one that is gone by now counts as dealt with.
            offset: Of the fact that told of them; a time from an older plan is not an answer to it.
        """
        told = self.hub.entities.get("movement", {})
        return self._has_planned_for(offset) and all(
            value is None or value["planned"] or value["unplaced_reasons"]
            for value in map(told.get, movement_ids)
        )

    def _has_planned_for(self, offset: int) -> bool:
        """Tell whether the boards show a plan that was made with a fact."""
        plan = self.hub.entities.get("plan", {}).get(PLAN_ID)
        # versions of older releases do not say what they were based on
        if plan is not None and plan.get("based_on_offset", 0) >= offset:
            return True
        if self.planner is None:
            return False
        status = self.planner.status
        return status.offset >= offset and self.hub.offset >= status.published_offset

    # -- reading ------------------------------------------------------------------------------

    @property
    def plan_version(self) -> int:
        """The plan version in force; 0 before the first."""
        plan = self.hub.entities.get("plan", {}).get(PLAN_ID)
        return plan["version"] if plan else 0

    def knows(self, view: View) -> bool:
        """Tell whether the view's organisation is one of this port's."""
        return view.organisation in self._organisations

    @cached_property
    def port_json(self) -> dict[str, Any]:
        """The port as every party may read it."""
        return port_document(self.port)

    def port_content(self) -> tuple[str, str]:
        """Return the port's ETag and its JSON text."""
        return self._port_content

    @cached_property
    def _port_content(self) -> tuple[str, str]:
        text = json.dumps(self.port_json, ensure_ascii=False, separators=(",", ":"))
        return f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"', text

    def organisation_name(self, organisation: str) -> dict[str, str]:
        """Return an organisation's name in both languages; its id where it has no other."""
        name = self._organisations.get(organisation)
        return {"zh": name.zh, "en": name.en} if name else {"zh": organisation, "en": organisation}

    def declaration(self, declaration_id: str) -> Declaration:
        """Return a declaration with its plan.

        Raises:
            NotFound: there is none.
        """
        return read_declaration(self.database, declaration_id)

    def history(self, view: View, movement_id: str) -> list[dict[str, Any]]:
        """Return what happened to a movement as a view sees it, oldest first."""
        veil = Veil(self.secret)
        told: list[dict[str, Any]] = []
        facts = read_history(self.database, "movement", movement_id, limit=HISTORY_FACTS)
        for fact in reversed(facts):
            changes = [
                change
                for change in fact.changes
                if (change.type, change.id) == ("movement", movement_id)
            ]
            ops = ops_of(view, changes, veil)
            if ops:
                told.append(
                    {
                        "id": f"{len(told) + 1}",
                        "at": instant(fact.at),
                        "by": fact.actor.get("organisation"),
                        "on_behalf_of": fact.actor.get("on_behalf_of"),
                        **cause_of(view, fact, ops),
                        "row": ops[-1].get("row"),
                    }
                )
        return told

    def checks(self) -> dict[str, Any]:
        """Return how the service stands, for its health page."""
        return {
            "offset_covered": self.hub.offset > 0,
            "behind_s": round(self.tailer.behind_s, 1),
            "commands_waiting": self.writer.depth,
            "plan_version": self.plan_version,
            "planning": self._planning_checks(),
        }

    def _planning_checks(self) -> dict[str, Any] | None:
        if self.planner is None:
            return None
        status = self.planner.status
        # what went wrong in detail is in the log; this is told to anybody
        return {
            "busy": status.busy,
            "fault": status.fault,
            "last_solve_ms": status.last_solve_ms,
            "last_plan_at": instant(status.last_plan_at),
        }

    def require_store(self) -> None:
        """Read the store once.

        Raises:
            StoreUnavailable: it cannot be read.
        """
        begun_s = time.monotonic()
        try:
            self.database.epoch()
        except Exception as error:
            waited_s = time.monotonic() - begun_s
            raise StoreUnavailable(
                type(error).__name__, context={"kept": "no", "waited_s": round(waited_s, 1)}
            ) from error


def clock_of(settings: Settings) -> Clock:
    """Return the clock that the settings ask for."""
    if settings.clock_start_at is None:
        return MachineClock()
    return SimulatedClock(settings.clock_start_at, speed=settings.clock_speed)


def organisation_names(port: Port) -> dict[str, Bilingual]:
    """Return every organisation that may have accounts, with its name."""
    fixed = {
        "PILOT": Bilingual("引航站", "Pilotage"),
        "MSA": Bilingual("海事局", "Maritime authority"),
        "PORT": Bilingual("总调度室", "Dispatch centre"),
    }
    companies = {key: company.name for key, company in port.companies.items()}
    tugs = {company.company_id: company.name for company in port.towage.companies}
    return {**fixed, **companies, **tugs}
