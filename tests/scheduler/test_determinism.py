"""With one worker, a seed and no clock, a question has the same answer in every process."""

import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from scheduler import Limits, Outcome, replan, solve
from scheduler.wire import outcome_to_json
from tests.bench.harbour import disruptions, harbour

ROOT = Path(__file__).parents[2]
REPEATABLE = Limits(wall_s=0.1, workers=1, seed=7, deterministic=True)
SHAKEN = 3
"""Disruptions of a plan: late, tug out, fog."""
LONG = ("60", "fog")
"""What takes ten seconds to mend."""


def told(outcome: Outcome) -> str:
    """An outcome as it is written, but for the seconds that it took."""
    plain = json.loads(outcome_to_json(outcome))
    assert plain.pop("elapsed_s") >= 0
    return json.dumps(plain)


def answers(size: str, only: str) -> list[str]:
    """A plan of a harbour, and how it is mended after each of some disruptions, or one of them."""
    problem = harbour(int(size), 1, 1.3)
    outcome = solve(problem, REPEATABLE)
    found = [told(outcome)]
    for name, now in islice(disruptions(problem, outcome, 1), SHAKEN):
        kind = name.partition("@")[0]
        if kind == only or (not only and (size, kind) != LONG):
            found.append(told(replan(now, REPEATABLE)))
    return found


def asked(hash_seed: int, questions: list[str]) -> subprocess.Popen[str]:
    """Another process, which orders its sets in another way."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.scheduler.test_determinism", *questions],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
    )


def answered_twice(questions: list[str], plans: int) -> None:
    processes = [asked(hash_seed, questions) for hash_seed in (1, 2)]
    first, second = (process.communicate(timeout=110)[0] for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert len(first.splitlines()) == plans
    assert first == second


def test_two_processes_answer_the_same():
    answered_twice(["10", "25", "60"], 3 + 3 * SHAKEN - 1)


@pytest.mark.slow
def test_two_processes_mend_the_same_however_long_it_takes():
    answered_twice(["/".join(LONG)], 2)


if __name__ == "__main__":
    for question in sys.argv[1:]:
        of_size, _, of_kind = question.partition("/")
        sys.stdout.write("\n".join(answers(of_size, of_kind)) + "\n")
