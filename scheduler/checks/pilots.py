"""Every ship has its pilots: enough, of the right class, in time and rested."""

from collections.abc import Iterator

from scheduler.checks.crews import judge_pool
from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach

RULE = "pilots"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report what is wrong with the teams of the pool "pilots"."""
    yield from judge_pool(sheet, RULE)
