"""``fairway replay``: every stored plan judged once more, and its question answered anew."""

import json
from typing import Annotated, Any

import typer

from api.console_commands.exits import Exit, leave
from api.console_commands.local import DataOption, opened
from api.console_commands.progress import working
from api.console_commands.remote import LangOption, language_of
from api.console_commands.texts import shared_text, text
from dispatch.entities import instant
from dispatch.errors import NotFound
from dispatch.planning_record import objective_value
from dispatch.provenance import Language
from dispatch.records import PlanVersion
from dispatch.replaying import Anew, Damaged, Kept, answered_anew, kept_versions, read_kept
from dispatch.store.database import Database
from scheduler.outcome import Breach

MOST_NAMED = 8
"""So many movements are named in a line, and the rest counted."""


def replay(
    *,
    versions: Annotated[
        list[int] | None,
        typer.Argument(metavar="[VERSION]...", help="Plan versions; else every one that is kept."),
    ] = None,
    last: Annotated[
        int | None, typer.Option("--last", min=1, help="Only so many, the newest.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--solve", help="Answer each question anew, twice, and compare.")
    ] = False,
    wall_s: Annotated[
        float,
        typer.Option(
            "--wall", min=0, max=3600, help="With --solve: work of about so many seconds."
        ),
    ] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a version.")] = False,
    data: DataOption = None,
    lang: LangOption = None,
) -> None:
    """Judge stored plans once more by every rule, each from its stored question; newest first.

    With --solve each question is answered anew, with one worker and its stored seed.

    Example: fairway replay --last 20 --solve

    Exit codes: 0 all keep every rule and repeat, 1 breaches or damage are listed, 2 no such
    version, 3 no database.
    """
    language = language_of(lang)
    looked = bad = 0
    with opened(data) as (_, database):
        try:
            for plan in kept_versions(database, tuple(versions or ()), most=last):
                with working(text("replaying", language, version=plan.version)):
                    told = _replayed(database, plan, wall_s if again else None)
                looked += 1
                bad += not told["sound"]
                _tell(told, language, as_json=as_json)
        except NotFound as error:
            leave(Exit.USAGE, str(error))
    if looked == 0:
        typer.echo(text("no_plan", language), err=True)
    elif bad:
        leave(Exit.REFUSED, text("replay_bad", language, bad=bad, all=looked))
    else:
        typer.echo(text("replay_done", language, all=looked), err=True)


def _replayed(database: Database, plan: PlanVersion, wall_s: float | None) -> dict[str, Any]:
    """Return what is told of a version, as plain values."""
    told: dict[str, Any] = {"version": plan.version, "published_at": instant(plan.published_at)}
    try:
        kept = read_kept(database, plan)
    except Damaged as damage:
        return {**told, "sound": False, "damage": str(damage)}
    anew = None if wall_s is None else answered_anew(kept, wall_s=wall_s)
    told |= _kept_value(kept)
    if anew is not None:
        told["anew"] = _anew_value(anew)
    told["sound"] = kept.sound and (anew is None or anew.sound)
    return told


def _kept_value(kept: Kept) -> dict[str, Any]:
    outcome = kept.outcome
    return {
        "placed": len(outcome.placements),
        "unplaced": len(outcome.unplaced),
        "objective": objective_value(outcome),
        "seed": outcome.seed,
        "made_by": dict(outcome.versions),
        "breaches": [_breach_value(breach) for breach in kept.new],
        "reported": len(kept.breaches) - len(kept.new),
        "astray": list(kept.astray),
    }


def _anew_value(anew: Anew) -> dict[str, Any]:
    return {
        "same": anew.same,
        "objective": objective_value(anew.outcome),
        "breaches": [_breach_value(one) for one in anew.breaches if one.status == "new"],
        **{name: list(getattr(anew, name)) for name in ("moved", "recrewed", "gained", "lost")},
    }


def _breach_value(breach: Breach) -> dict[str, Any]:
    return {
        "rule": breach.rule,
        "movements": list(breach.movements),
        "resources": list(breach.resources),
        "params": dict(breach.params),
    }


def _tell(told: dict[str, Any], language: Language, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    head = text("replay_version", language, version=told["version"], at=told["published_at"])
    if "damage" in told:
        typer.echo(f"{head}  {text('replay_damage', language, why=told['damage'])}")
        return
    made_by = ", ".join(f"{name} {version}" for name, version in told["made_by"].items())
    figures = {**told, "made_by": made_by, "breach_count": len(told["breaches"])} | told[
        "objective"
    ]
    typer.echo(f"{head}  {text('replay_made', language, **figures)}")
    for breach in told["breaches"]:
        typer.echo(f"  {_breach_line(breach, language)}")
    if told["astray"]:
        names = ", ".join(text(f"replay_{name}", language) for name in told["astray"])
        typer.echo(f"  {text('replay_astray', language, names=names)}")
    if "anew" in told:
        _tell_anew(told["anew"], told["objective"]["total"], language)


def _tell_anew(anew: dict[str, Any], stored: int, language: Language) -> None:
    typer.echo(f"  {text('replay_same' if anew['same'] else 'replay_not_same', language)}")
    parts = [
        text(f"replay_{name}", language, count=len(anew[name]), names=_named(anew[name]))
        for name in ("moved", "recrewed", "gained", "lost")
        if anew[name]
    ]
    cost = text("replay_cost", language, stored=stored, anew=anew["objective"]["total"])
    typer.echo(f"  {' · '.join([*(parts or [text('replay_equal', language)]), cost])}")
    for breach in anew["breaches"]:
        typer.echo(f"  {text('replay_anew', language)}: {_breach_line(breach, language)}")


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return " ".join(names[:MOST_NAMED]) + (f" +{more}" if more > 0 else "")


def _breach_line(breach: dict[str, Any], language: Language) -> str:
    rule = breach["rule"]
    name = shared_text(f"rule.{rule}", language, {}, rule)
    concerned = " ".join((*breach["movements"], *breach["resources"]))
    figures = " ".join(f"{key}={value}" for key, value in breach["params"].items())
    return f"{text('breach', language)} {name} ({rule}): {concerned}  {figures}".rstrip()
