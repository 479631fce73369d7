"""A process that writes under load until it is killed.

``python -m tests.faults.declaring URL FIRST`` tells on stdout, a line at a time and unbuffered,
what it is about to do and what was acknowledged.
"""

import os
import sys
import threading
import time
from itertools import count

from dispatch.commands import PLANNER, Declare, EstimateMovement, RegisterResources
from dispatch.errors import PlanOutOfDate
from dispatch.store.database import Database
from dispatch.store.reading import last_offset
from dispatch.store.writer import Writer
from tests.dispatch import port_words as words

PORT = "testhaven"
THREADS = 4
PAUSE_S = 0.03
"""Between two ships of one thread, so that a plan finds a gap to be published in."""


def command_of(number: int) -> Declare:
    """The declaration that is made under the key of a number."""
    return Declare(plan=words.a_plan(words.a_call(number)))


def tell(*parts: object) -> None:
    os.write(1, (" ".join(str(part) for part in parts) + "\n").encode())


def declare(writer: Writer, first: int) -> None:
    """Declare one ship after the other, and say when each of them was late."""
    for number in count(first, THREADS):
        tell("try", number)
        receipt = writer.submit(command_of(number), words.COMPANY, key=f"k{number}").result()
        tell("declared", number, receipt.offset, receipt.body["id"])
        movement_id = receipt.body["movements"][0]["id"]
        estimate = EstimateMovement(movement_id=movement_id, estimated_at=words.at(9))
        receipt = writer.submit(estimate, words.COMPANY).result()
        tell("estimated", number, receipt.offset, movement_id)
        time.sleep(PAUSE_S)


def publish(database: Database, writer: Writer) -> None:
    """Publish a plan of the first movement as often as it goes."""
    generation = writer.acquire_lease("child")
    for minute in count():
        plan = words.a_publication(
            words.a_placement("M1", words.at(6, minute % 600), "PL001", "T01"),
            offset=last_offset(database),
            generation=generation,
        )
        try:
            receipt = writer.submit(plan, PLANNER).result()
        except PlanOutOfDate:
            continue
        tell("published", receipt.body["version"], receipt.offset, "plan")


def main(url: str, first: int) -> None:
    database = Database(url, port=PORT)
    database.upgrade()
    writer = Writer(database, words.HandClock())
    writer.start()
    writer.submit(RegisterResources(resources=words.RESOURCES), PLANNER).result()
    tell("ready")
    for thread in range(THREADS):
        threading.Thread(target=declare, args=(writer, first + thread), daemon=True).start()
    publish(database, writer)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
