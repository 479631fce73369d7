"""Prints docs/lifecycle.md from the table: ``python -m tests.dispatch.lifecycle_page``."""

from collections.abc import Iterator
from pathlib import Path

from dispatch.lifecycle import (
    EVENTS,
    PARTIES,
    REPORTS,
    STATES,
    TABLES,
    TUG_EVENTS,
    Party,
    Thing,
    Verb,
)

PAGE = Path(__file__).parents[2] / "docs" / "lifecycle.md"

_HEAD = """\
# Lifecycle

States, verbs and parties of everything that is dispatched. This page is printed from
`dispatch/lifecycle.py` (`python -m tests.dispatch.lifecycle_page`), and a test compares the two.

A movement may be executed when it has a planned time, each of its services is confirmed, and it
is cleared. A start that is reported before that is refused (`not-executable`) unless the dispatch
centre forces it, with a reason. The dispatch centre has another party's verbs only on its behalf,
once the entry was read back; both names are kept with the fact.

An answer survives a move inside the tolerance (set per service kind and for the clearance); beyond
it, or to another place, it goes back to `requested` and is marked to be confirmed again
(`ask_again`).

In the tables, a cell is the state that the verb leads to; an empty cell is refused with
`state-conflict`, a party that is not listed with `not-allowed`.
"""


def page() -> str:
    return "\n".join(_lines()).rstrip() + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    for thing in Thing:
        yield f"## {thing.value.capitalize()}"
        yield ""
        states = STATES[thing]
        yield f"| verb | {' | '.join(f'from `{state}`' for state in states)} | parties |"
        yield f"|---|{'---|' * (len(states) + 1)}"
        for verb, leads in TABLES[thing].items():
            cells = [f"`{leads[state]}`" if state in leads else "" for state in states]
            yield f"| {verb} | {' | '.join(cells)} | {_parties(verb)} |"
        yield ""
    yield "## Verbs that only the party decides"
    yield ""
    yield "| verb | parties |"
    yield "|---|---|"
    staged = {verb for table in TABLES.values() for verb in table}
    for verb in Verb:
        if verb not in staged:
            yield f"| {verb} | {_parties(verb)} |"
    yield ""
    yield "## Events"
    yield ""
    yield (
        "In the order of time; reports that contradict it are refused (`event-out-of-order`), and"
        " so is a time more than five minutes ahead of the clock (`event-in-future`). Actual times"
        " and the state are derived from the reports that hold, also after a correction."
    )
    yield ""
    yield "| movement | order | starts with | ends with | not before it may be executed |"
    yield "|---|---|---|---|---|"
    for kind, order in EVENTS.items():
        stages = ", then ".join(" or ".join(sorted(stage)) for stage in order.stages)
        yield (
            f"| {kind} | {stages} | {' or '.join(sorted(order.starts))} |"
            f" {' or '.join(sorted(order.ends))} | {', '.join(sorted(order.guarded))} |"
        )
    yield ""
    yield f"Each tug company reports {' and '.join(sorted(TUG_EVENTS, reverse=True))} once."
    yield ""
    yield "| party | reports |"
    yield "|---|---|"
    for party in Party:
        if REPORTS[party]:
            yield f"| {party} | {', '.join(sorted(REPORTS[party]))} |"


def _parties(verb: Verb) -> str:
    return ", ".join(sorted(PARTIES[verb]))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
