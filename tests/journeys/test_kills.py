"""The service is killed at any moment, again and again: what it promised, it keeps."""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.events import Fact
from tests.api.serving import START_AT
from tests.journeys.books import facts_of, judge_plans, versions_of
from tests.journeys.load import BERTHS, Ask, Load, send, ship
from tests.journeys.seats import Seat, eventually
from tests.journeys.served import Served

pytestmark = pytest.mark.faults

ORGANISATIONS = frozenset((*BERTHS, "PILOT", "MSA", "PORT", "TUG-A"))
LATEST_KILL_S = 2.5
BACK_WITHIN_S = 30.0
PLANNED_WITHIN_S = 60.0
GONE_WITHIN_S = 15.0
FACT_OF = {
    "declarations": "declared", "estimate": "estimated", "confirm": "service_confirmed",
    "clear": "cleared",
}  # fmt: skip
REFUSALS = {"movement-changed", "state-conflict", "not-found"}
"""What may have become of an answer that was never acknowledged, asked for again."""


class Port:
    """A service under load, those who watch it, and what has been judged of its plans."""

    def __init__(self, folder: Path) -> None:
        self.served = Served(folder, starts_at=START_AT, organisations=ORGANISATIONS)
        self.seats: dict[str, Seat] = {}
        self.judged = 0
        self.next_number = 1
        self.resumed = 0

    def open(self) -> None:
        self.served.start()
        self.seats = {name: Seat(self.served, name).follow() for name in sorted(ORGANISATIONS)}

    def close(self) -> None:
        for seat in self.seats.values():
            seat.leave()
        self.served.close()

    def load(self) -> Load:
        return Load(self.seats, self.next_number)

    # -- what has to hold ------------------------------------------------------------------

    def check_kept(self, load: Load) -> None:
        """Judge a service that has just come back: first what it holds, then what it answers."""
        self.next_number = load.next_number
        facts = facts_of(self.served.database)
        for ask in load.asks:
            if ask.acknowledged:
                require_fact(ask, facts)
        self.check_shown()
        for ask in load.asks:
            self.check_asked_again(ask)
        declared = Counter(
            change.value["reference"]
            for fact in facts_of(self.served.database)
            if fact.kind == "declared"
            for change in fact.changes
            if change.type == "declaration" and change.value is not None
        )
        assert declared, "nothing was declared"
        assert set(declared.values()) == {1}
        references = {f"{item.organisation} {item.key.split()[1]}" for item in declarations(load)}
        assert references <= declared.keys()
        assert len(declared) == len(self.seats["PORT"].fresh()["declaration"])

    def check_shown(self) -> None:
        """Nothing was on a board that the store does not hold."""
        shown = self.seats["PORT"].take_puts()
        plans = {name: seat.plans() for name, seat in self.seats.items()}
        kept = set(versions_of(self.served.database).items())
        assert all(seen <= kept for seen in plans.values()), (plans, kept)
        told = {
            (change.type, change.id, json.dumps(change.value, sort_keys=True))
            for fact in facts_of(self.served.database)
            for change in fact.changes
        }
        assert shown <= told

    def check_asked_again(self, ask: Ask) -> None:
        """A repeat gives the first answer again, or is done now, once."""
        http = self.seats[ask.organisation].http
        again = replace(ask, status=None, answer={})
        send(http, again)
        if ask.acknowledged:
            assert again.acknowledged, again
            assert again.promise == ask.promise
        elif again.acknowledged:
            once_more = replace(ask, status=None, answer={})
            send(http, once_more)
            assert once_more.promise == again.promise
        else:
            assert again.answer["code"] in REFUSALS, again
            return
        if ask.path == "/v1/declarations":
            told = self.seats[ask.organisation].get(f"/v1/declarations/{again.answer['id']}")
            assert (told["reference"], told["state"]) == (ask.body["reference"], "accepted")
            assert told["movement_ids"] == [item["id"] for item in again.answer["movements"]]

    def check_in_force(self) -> None:
        """Every ship is dealt with, every version stands, and every board is a newcomer's."""

        def complete() -> bool:
            rows = self.seats["PORT"].fresh().get("movement", {}).values()
            return all(row["planned"] or row["unplaced_reasons"] for row in rows)

        eventually(complete, PLANNED_WITHIN_S, what="a plan that deals with every ship")
        self.judged = judge_plans(self.served.database, after=self.judged)
        assert self.judged > 0
        for seat in self.seats.values():
            eventually(
                lambda seat=seat: seat.held() == seat.fresh(),
                BACK_WITHIN_S,
                what=f"{seat.organisation}'s board as a newcomer sees it",
            )
            assert seat.first_frames[-1] in {"resume", "snapshot"}
            self.resumed += seat.first_frames[-1] == "resume"


def declarations(load: Load) -> list[Ask]:
    return [ask for ask in load.asks if ask.path == "/v1/declarations"]


def require_fact(ask: Ask, facts: list[Fact]) -> None:
    """What was acknowledged is in the outbox, as what it was."""
    kind = FACT_OF[ask.path.rsplit("/", 1)[1]]
    subject = ask.answer["id"] if kind == "declared" else ask.answer["result"].get("id")
    if subject is None:
        assert ask.answer["result"] == {"unchanged": True}, ask
        return
    found = [
        fact
        for fact in facts
        if fact.kind == kind
        and fact.actor["account"] == ask.organisation
        and any(change.id == subject for change in fact.changes)
    ]
    assert found, f"{kind} {subject} was acknowledged and is not there"


@contextmanager
def a_port(folder: Path) -> Iterator[Port]:
    port = Port(folder)
    try:
        port.open()
        yield port
    finally:
        port.close()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def kill_rounds(port: Port, rounds: int, chance: random.Random) -> None:
    for _ in range(rounds):
        load = port.load()
        load.start()
        time.sleep(chance.uniform(0.1, LATEST_KILL_S))
        solvers = port.served.solver_pids()
        port.served.kill()
        load.stop()
        port.served.start()
        port.check_kept(load)
        port.check_in_force()
        eventually(
            lambda solvers=solvers: not any(map(alive, solvers)),
            GONE_WITHIN_S,
            what="the solvers of the killed service to end",
        )
    assert port.resumed > 0


@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost_when_the_service_is_killed(tmp_path: Path):
    with a_port(tmp_path) as port:
        kill_rounds(port, 3, random.Random(1))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(5))
def test_nothing_acknowledged_is_lost_in_fifty_kills(tmp_path: Path, seed: int):
    """Ten kills on each of five stores, so that a day's plan stays the size of a day."""
    with a_port(tmp_path) as port:
        kill_rounds(port, 10, random.Random(100 + seed))


@pytest.mark.timeout(180)
def test_a_killed_solver_costs_no_plan(tmp_path: Path):
    with a_port(tmp_path) as port:
        for number, pause_s in enumerate((0.0, 0.3, 0.8), start=1):
            declared = port.seats["CO-NSA"].done("/v1/declarations", ship("CO-NSA", number))
            time.sleep(pause_s)
            solvers = port.served.solver_pids()
            assert solvers
            for pid in solvers:
                os.kill(pid, signal.SIGKILL)
            movement_id = declared["movements"][0]["id"]
            eventually(
                lambda row_id=movement_id: port.seats["PORT"].row("movement", row_id)["planned"],
                PLANNED_WITHIN_S,
                what="a plan after the solver was killed",
            )
            assert not set(port.served.solver_pids()) & set(solvers)
        port.check_in_force()


@pytest.mark.timeout(180)
def test_a_stop_in_order_drains_and_exits_zero(tmp_path: Path):
    with a_port(tmp_path) as port:
        load = port.load()
        load.start()
        time.sleep(1.0)
        code = port.served.drain()
        load.stop()
        facts = facts_of(port.served.database)
        for ask in load.asks:
            if ask.acknowledged:
                require_fact(ask, facts)
        assert declarations(load)
        assert code == 0, port.served.tail()
        port.served.start()
        port.check_kept(load)
        port.check_in_force()
