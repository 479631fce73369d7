"""What ``docs/scheduler.md`` says is so: its examples run, its tables tell every field."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from scheduler import Limits, Outcome, outcome, problem, solve
from scheduler.checks import check
from scheduler.validation import validate
from scheduler.wire import is_required, outcome_from_json, problem_from_json

TEXT = (Path(__file__).parents[2] / "docs/scheduler.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("code", blocks("python"))
def test_an_example_in_python_runs_and_holds(code):
    exec(compile(code, "docs/scheduler.md", "exec"), {})


def test_the_example_in_json_has_the_answer_that_is_told():
    question, told = blocks("json")
    asked = problem_from_json(question)
    assert validate(asked) == ()
    answer = solve(asked, Limits(wall_s=1.0, workers=1))
    assert answer.placements == outcome_from_json(told).placements
    assert check(asked, answer) == ()


@pytest.mark.parametrize("name", [n for n in problem.__all__ if is_dataclass(getattr(problem, n))])
def test_every_field_of_a_question_is_told(name):
    rows = re.search(rf"^### {name}\n\n\| field \| meaning \|\n\|---\|---\|\n(.*?)\n(?:\n|$)", TEXT,
                     re.DOTALL | re.MULTILINE)  # fmt: skip
    assert rows is not None
    cells = " ".join(row.split("|")[1] for row in rows[1].splitlines())
    told = {field: bool(stars) for stars, field in re.findall(r"(\*\*)?`(\w+)`", cells)}
    assert told == {part.name: is_required(part) for part in fields(getattr(problem, name))}


def test_every_field_of_an_answer_is_told():
    told = {
        name
        for row in re.findall(r"^\| (`.*?`) \|", TEXT[TEXT.index("## Reading") :], re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    assert {part.name for part in fields(Outcome)} <= told
    assert is_dataclass(outcome.Objective)
