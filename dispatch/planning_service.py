"""Planning with all that it needs, started and ended together."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dispatch.clock import Clock
from dispatch.improving import Improver
from dispatch.planning import Planner
from dispatch.planning_desk import StoreDesk
from dispatch.policy import Policy
from dispatch.port import Port
from dispatch.solver_process import SolverProcess
from dispatch.store.database import Database
from dispatch.store.writer import Writer

_log = logging.getLogger(__name__)

REJECTED_FOLDER = "rejected"
"""Where, in the data folder, problems are kept whose answers were refused."""


@contextmanager
def planning(
    database: Database,
    writer: Writer,
    port: Port,
    policy: Policy,
    clock: Clock,
    *,
    data: Path,
    holder: str = "planner",
) -> Iterator[Planner]:
    """Plan for as long as the context is open.

    Args:
        database: The port's database, at its newest shape.
        writer: Its writer, started; it has to outlive the context.
        port: The port.
        policy: What it has decided.
        clock: The service's clock.
        data: The data folder.
        holder: Who holds the planner's lease, for people.

    Yields:
        The planner, started; its first plan may take a moment.
    """
    desk = StoreDesk(database, writer, clock)
    rejected = data / REJECTED_FOLDER
    solver, second = SolverProcess(), SolverProcess()
    improver = Improver(port, policy, second, clock, rejected=rejected)
    planner = Planner(
        desk, port, policy, solver, clock, rejected=rejected, improver=improver, holder=holder
    )
    try:
        solver.warm()
        planner.start()
        yield planner
    finally:
        if not planner.stop():
            _log.error("the planner did not end in time")
        solver.close()
        second.close()
