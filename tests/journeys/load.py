"""Parties at work all at once, each request under a key of its own, until the service is gone."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.api.serving import a_plan
from tests.journeys.day import later
from tests.journeys.seats import Seat

BERTHS = {
    "CO-NSA": ("NS1-1", "NS1-2", "NS1-3", "NS1-4", "NS2-5", "NS2-6", "NS2-7", "NS2-8"),
    "CO-NSB": ("NS3-11", "NS3-12", "NS3-13", "NS3-14", "NS3-15", "NS3-16", "NS4-17", "NS4-18"),
}
"""Where each declaring company's ships go."""

SHIPS_PER_ROUND = 5
ANSWERS_PER_ROUND = 12
LONGEST_S = 10.0
PAUSE_S = 0.06


@dataclass(kw_only=True)
class Ask:
    """One request, and the answer where one came back."""

    organisation: str
    path: str
    body: dict[str, Any]
    key: str
    status: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def acknowledged(self) -> bool:
        return self.status is not None and self.status < 300

    @property
    def promise(self) -> Any:
        """What has to be the same however often it is asked: ids, and what was done."""
        if self.path == "/v1/declarations":
            movements = [(item["id"], item["call_ref"]) for item in self.answer["movements"]]
            return self.answer["id"], self.answer["revision"], movements
        return self.answer["result"]


def imo_of(number: int) -> str:
    """Return the ship's number that belongs to a number, with its check digit."""
    digits = f"{100_000 + number:06d}"
    return digits + str(sum((7 - at) * int(digit) for at, digit in enumerate(digits)) % 10)


def ship(company: str, number: int) -> dict[str, Any]:
    """One ship that nobody else has, to one of the company's berths, some hours ahead."""
    berths = BERTHS[company]
    hours = 3 + number * 7 % 38 + number % 12 / 12
    plan = a_plan(
        imo=imo_of(number), ref=f"V{number}", berth=berths[number % len(berths)],
        start_h=hours, reference=f"{company} {number}", service_min=150,
    )  # fmt: skip
    plan["calls"][0]["vessel"]["mmsi"] = f"413{number:06d}"
    return plan


class Load:
    """Four clients at once; ``asks`` holds all that they asked, acknowledged or not."""

    def __init__(self, seats: dict[str, Seat], first_number: int) -> None:
        self.seats = seats
        self.asks: list[Ask] = []
        self.next_number = first_number
        self.problems: list[str] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        workers: list[tuple[str, Callable[[], Iterator[Ask]]]] = [
            (name, lambda name=name: self._declarations(name)) for name in BERTHS
        ]
        workers += [("PILOT", self._confirmations), ("MSA", self._clearances)]
        self._threads = [
            threading.Thread(target=self._work, args=worker, daemon=True) for worker in workers
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask nothing more, and wait for what is under way."""
        self._over.set()
        for thread in self._threads:
            thread.join(LONGEST_S + 30)
            assert not thread.is_alive()
        assert not self.problems, self.problems

    def _work(self, organisation: str, asking: Callable[[], Iterator[Ask]]) -> None:
        until_s = time.monotonic() + LONGEST_S
        headers = {"Authorization": f"Bearer {self.seats[organisation].token}"}
        url = self.seats[organisation].url
        with httpx2.Client(base_url=url, headers=headers, timeout=30.0) as http:
            for ask in asking():
                if self._over.is_set() or time.monotonic() > until_s:
                    return
                with self._lock:
                    self.asks.append(ask)
                try:
                    send(http, ask)
                except httpx2.TransportError:
                    return
                if ask.status is not None and ask.status >= 500 and ask.status != 503:
                    self.problems.append(f"{ask.path}: {ask.status} {ask.answer}")
                time.sleep(PAUSE_S)

    def _declarations(self, company: str) -> Iterator[Ask]:
        for _ in range(SHIPS_PER_ROUND):
            with self._lock:
                number, self.next_number = self.next_number, self.next_number + 1
            body = ship(company, number)
            ask = Ask(
                organisation=company, path="/v1/declarations", body=body, key=f"declare {number}"
            )
            yield ask
            if not ask.acknowledged:
                continue
            movement_id = ask.answer["movements"][0]["id"]
            asked_at = body["calls"][0]["movements"][0]["requested_at"]
            yield Ask(
                organisation=company,
                path=f"/v1/movements/{movement_id}/estimate",
                body={"estimated_at": later(asked_at, 20 + number % 60), "reason": "weather"},
                key=f"estimate {number}",
            )

    def _confirmations(self) -> Iterator[Ask]:
        seat = self.seats["PILOT"]

        def open_jobs() -> list[tuple[str, str]]:
            return [
                (row["id"], row["planned_start_at"])
                for row in seat.rows("service").values()
                if row["status"] == "requested"
            ]

        return self._answers("PILOT", "/v1/services/{}/confirm", open_jobs)

    def _clearances(self) -> Iterator[Ask]:
        seat = self.seats["MSA"]

        def open_reviews() -> list[tuple[str, str]]:
            return [
                (row["id"], row["planned"]["start_at"])
                for row in seat.rows("movement").values()
                if row["state"] == "planned" and row["clearance"] == "requested"
            ]

        return self._answers("MSA", "/v1/movements/{}/clear", open_reviews)

    def _answers(
        self, organisation: str, path: str, look: Callable[[], list[tuple[str, str]]]
    ) -> Iterator[Ask]:
        given: set[str] = set()
        for _ in range(ANSWERS_PER_ROUND):
            waiting = [
                (item_id, seen_at, key)
                for item_id, seen_at in look()
                if (key := f"{path.format(item_id)} {seen_at} {self.next_number}") not in given
            ]
            if waiting:
                item_id, seen_at, key = waiting[0]
                given.add(key)
                yield Ask(
                    organisation=organisation,
                    path=path.format(item_id),
                    body={"seen_start_at": seen_at},
                    key=key,
                )
            else:
                time.sleep(PAUSE_S)


def send(http: httpx2.Client, ask: Ask) -> None:
    """Ask, and keep the answer.

    Raises:
        httpx2.TransportError: none came.
    """
    answer = http.post(ask.path, json=ask.body, headers={"Idempotency-Key": ask.key})
    ask.answer = answer.json()
    ask.status = answer.status_code
