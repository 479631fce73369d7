"""Every ship has its tugs: enough of them, strong enough together, and there in time."""

from collections.abc import Iterator

from scheduler.checks.crews import judge_pool
from scheduler.checks.sheet import Sheet
from scheduler.outcome import Breach

RULE = "tugs"


def judge(sheet: Sheet) -> Iterator[Breach]:
    """Report what is wrong with the teams of the pool "tugs"."""
    yield from judge_pool(sheet, RULE)
