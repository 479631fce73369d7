"""How long a ship may lie and wait to leave: a stay's exit asked by its entry, and the reverse."""

from collections.abc import Iterator

from scheduler.draft import Barrier, Draft
from scheduler.problem import Stay
from scheduler.rosters import FAR


def while_waiting(draft: Draft, movement: int, mode: int) -> Iterator[Barrier]:
    """Starts of a movement for which a ship waits, before it or after, where it must not."""
    leaving, entering = (
        stays.get(movement) for stays in (draft.tables.exit_stay, draft.tables.entry_stay)
    )
    if leaving in draft.conflicts.waits:
        yield from leaving_late(draft, draft.problem.stays[leaving], mode)
    if entering in draft.conflicts.waits:
        yield from waiting_long(draft, draft.problem.stays[entering], mode)


def leaving_late(draft: Draft, stay: Stay, mode: int) -> Iterator[Barrier]:
    """Starts of a stay's exit for which its ship waits through a span that is shut to it.

    A span does not count that begins before a ship could be clear of the place, had it left when
    it was ready and its exit was wanted, and that is there whatever is planned.
    """
    tables = draft.tables
    if tables.actual[tables.mode_movement[mode]]:
        return
    ready, settled = stay.ready, True
    others: tuple[int, ...] = ()
    if stay.entry is not None:
        come = tables.movement_index[stay.entry]
        entry = draft.placed.get(come)
        if entry is None:
            return
        ready = entry.start + tables.modes[entry.mode].end_at + stay.service_ticks
        settled = bool(tables.actual[come])
        others = () if settled else (come,)
    gone = max(ready, tables.movement(mode).earliest, 0) + tables.modes[mode].clear_at
    for begin, end, rule in draft.conflicts.shut(mode):
        if end > ready and not (settled and begin <= gone):
            yield Barrier(max(begin, ready) + 1, FAR, rule, others, (mode, begin, end))


def waiting_long(draft: Draft, stay: Stay, mode: int) -> Iterator[Barrier]:
    """Starts of a stay's entry from which its ship waits through a span that is shut to it."""
    if stay.exit is None or stay.entry is None:
        return
    tables = draft.tables
    gone = tables.movement_index[stay.exit]
    leaving = draft.placed.get(gone)
    if leaving is None or tables.actual[tables.mode_movement[mode]]:
        return
    for begin, end, rule in draft.conflicts.shut(leaving.mode):
        if begin < leaving.start:
            ready = min(end, leaving.start) - stay.service_ticks
            high = ready - tables.modes[mode].end_at - 1
            yield Barrier(-FAR, high, rule, (gone,), (leaving.mode, begin, end))
