"""``fairway solve`` and ``fairway check``: the scheduler by itself, from files."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from api.console_commands.exits import Exit, leave
from api.console_commands.remote import LangOption, language_of
from api.console_commands.texts import fault_text, text
from dispatch.provenance import Language
from scheduler import Limits, Outcome, Problem, Progress, solve
from scheduler.checks import check
from scheduler.validation import Fault, validate
from scheduler.wire import Unreadable, outcome_from_json, outcome_to_json, problem_from_json

Document = TypeVar("Document", Problem, Outcome)


def solve_file(
    *,
    problem_file: Annotated[Path, typer.Argument(metavar="PROBLEM.json", help="The question.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where the outcome goes; else to stdout.")
    ] = None,
    wall_s: Annotated[float, typer.Option("--wall", min=0, max=3600, help="Seconds.")] = 5.0,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Solver threads.")] = 2,
    seed: Annotated[int, typer.Option(help="Fixes every random choice.")] = 1,
    repeatable: Annotated[
        bool, typer.Option("--repeatable", help="Stop by work, not by the clock; one worker.")
    ] = False,
) -> None:
    """Solve a scheduling problem.

    Example: fairway solve problem.json --wall 10 -o outcome.json

    Exit codes: 0 answered, 1 the problem has faults (all are listed), 5 a file is not readable.
    """
    language = language_of(None)
    problem = read_problem(problem_file, language)
    limits = Limits(
        wall_s=wall_s,
        workers=1 if repeatable else workers,
        seed=seed,
        deterministic=repeatable,
    )
    outcome = solve(problem, limits, progress=_show if sys.stderr.isatty() else None)
    written = outcome_to_json(outcome)
    if out is None:
        typer.echo(written)
    else:
        try:
            out.write_text(written + "\n", encoding="utf-8")
        except OSError as error:
            leave(Exit.UNREADABLE, str(error))
    typer.echo(
        text(
            "solved",
            language,
            status=text(outcome.status, language),
            placed=len(outcome.placements),
            left_out=len(outcome.unplaced),
            cost=outcome.objective.total,
            bound="-" if outcome.lower_bound is None else outcome.lower_bound,
            elapsed_s=outcome.elapsed_s,
        ),
        err=True,
    )


def check_file(
    problem_file: Annotated[Path, typer.Argument(metavar="PROBLEM.json", help="The question.")],
    outcome_file: Annotated[Path, typer.Argument(metavar="OUTCOME.json", help="The plan.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a breach.")] = False,
    lang: LangOption = None,
) -> None:
    """Judge a plan by every rule, whoever made it.

    Example: fairway check problem.json outcome.json

    Exit codes: 0 no new breach, 1 breaches are listed or the problem has faults, 5 a file is not
    readable.
    """
    language = language_of(lang)
    problem = read_problem(problem_file, language)
    outcome = read_outcome(outcome_file)
    breaches = check(problem, outcome)
    for breach in breaches:
        plain = {**asdict(breach), "params": dict(breach.params)}
        if as_json:
            typer.echo(json.dumps(plain, ensure_ascii=False))
        else:
            concerned = " ".join((*breach.movements, *breach.resources))
            figures = " ".join(f"{name}={value}" for name, value in breach.params.items())
            typer.echo(f"{breach.status:<7}{breach.rule:<24}{concerned}  {figures}".rstrip())
    new = sum(breach.status == "new" for breach in breaches)
    if new:
        leave(Exit.REFUSED, text("breaches", language, count=new))
    typer.echo(text("sound", language), err=True)


def read_problem(path: Path, language: Language) -> Problem:
    """Return the problem in a file; one that has faults ends the command with all of them."""
    problem = _read(path, problem_from_json)
    faults = validate(problem)
    if faults:
        leave(Exit.REFUSED, "\n".join(f"{path}: {_told(fault, language)}" for fault in faults))
    return problem


def _told(fault: Fault, language: Language) -> str:
    code = fault.code.replace("_", "-")
    params = {**fault.params, "path": fault.path}
    return f"{fault.path}: {fault_text(code, params, language)} [{code}]"


def read_outcome(path: Path) -> Outcome:
    """Return the outcome in a file."""
    return _read(path, outcome_from_json)


def _read(path: Path, reader: Callable[[bytes], Document]) -> Document:
    try:
        return reader(path.read_bytes())
    except (OSError, Unreadable) as error:
        leave(Exit.UNREADABLE, f"{path}: {error}")


def _show(progress: Progress) -> None:
    typer.echo(
        f"\r{progress.phase:<12} {progress.elapsed_s:6.1f} s  best {progress.incumbent}  "
        f"bound {progress.bound}   ",
        nl=False,
        err=True,
    )
