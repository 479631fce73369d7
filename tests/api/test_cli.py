"""The console program against a real service, run as people run it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.main import get_command
from typer.testing import CliRunner

from agencies.client import BoardClient
from api.cli import program
from api.console_commands.chinese import COMMAND_HELP, PARAMETER_HELP
from api.console_commands.exits import Exit
from api.console_commands.remote import Remote
from api.console_commands.tables import padded, table, width
from api.console_commands.texts import TEXTS
from dispatch.port import load_port, sample_day
from tests.api.serving import PASSWORD, run

COMPANY = "CO-NSA"


@pytest.fixture(scope="module")
def day():
    return sample_day(load_port("guangzhou"), "typical")


@pytest.fixture(scope="module")
def planned(tmp_path_factory, day):
    """A service on the sample day's own clock."""
    from dispatch.clock import SimulatedClock

    running = run(
        tmp_path_factory.mktemp("cli"), plans=True, clock=SimulatedClock(day.starts_at, speed=1)
    )
    yield running
    running.stop()


@pytest.fixture
def fairway(planned, tmp_path, monkeypatch):
    """Runs a command as a company's account."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("FAIRWAY_URL", planned.url)
    monkeypatch.setenv("FAIRWAY_TOKEN", planned.token(COMPANY))
    monkeypatch.setenv("FAIRWAY_LANG", "en")
    for name in ("FAIRWAY_DATA_DIR", "FAIRWAY_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments, **more: CliRunner().invoke(
        program, [str(a) for a in arguments], **more
    )


def test_a_sheet_is_submitted_once_and_its_times_printed(fairway, day):
    sheet = day.spreadsheets[COMPANY]
    dry = fairway("submit", sheet, "--dry-run")
    assert (dry.exit_code, dry.stdout) == (Exit.DONE, "Would declare 12 calls with 13 movements\n")
    done = fairway("submit", sheet, "--key", "k1", "--wait", "25")
    assert done.exit_code == Exit.DONE, done.output
    assert "Accepted as D1, revision 1" in done.stdout
    assert "GOLDEN TRADER" in done.stdout
    assert "13 of 13 movements have a planned time" in done.stdout
    assert "not planned yet" not in done.stdout
    again = fairway("submit", sheet, "--key", "k1", "--json")
    assert json.loads(again.stdout)["id"] == "D1"
    twice = fairway("submit", sheet)
    assert twice.exit_code == Exit.REFUSED
    assert "[call-already-declared]" in twice.stderr

    plan = fairway("plan")
    assert plan.exit_code == Exit.DONE
    assert "Plan version" in plan.stdout
    assert "NS2-6" in plan.stdout
    rows = json.loads(fairway("plan", "--json").stdout)
    assert len(rows["movement"]) == 13
    watched = fairway("watch", "company", "--once")
    assert watched.exit_code == Exit.DONE
    assert "M13" in watched.stdout
    frame = json.loads(fairway("watch", "company", "--once", "--json").stdout.splitlines()[0])
    assert BoardClient().receive(frame)


def test_every_fault_of_a_sheet_is_printed_with_its_row_and_column(fairway, day, tmp_path):
    book = load_workbook(day.spreadsheets[COMPANY])
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if "IMO" in str(cell.value))
    assert column is not None
    sheet.cell(3, column, "1234568")
    broken = tmp_path / "broken.xlsx"
    book.save(broken)
    answer = fairway("submit", broken)
    assert answer.exit_code == Exit.REFUSED
    assert "row 3" in answer.stderr
    assert "IMO" in answer.stderr
    assert "check digit" in answer.stderr


def test_signing_in_keeps_a_token_for_this_user_only(fairway, planned, tmp_path, monkeypatch):
    monkeypatch.delenv("FAIRWAY_TOKEN")
    assert fairway("plan").exit_code == Exit.NOT_SIGNED_IN
    wrong = fairway("login", COMPANY, "--password", "not the password")
    assert wrong.exit_code == Exit.NOT_SIGNED_IN
    done = fairway("login", COMPANY, input=f"{PASSWORD}\n")
    assert done.exit_code == Exit.DONE, done.output
    kept = tmp_path / "fairway" / "session.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert fairway("plan").exit_code == Exit.DONE
    # the token goes nowhere but to the service that gave it
    elsewhere = fairway("watch", "company", "--once", "--url", "http://127.0.0.1:9")
    assert elsewhere.exit_code == Exit.NOT_SIGNED_IN


def test_exit_codes_tell_what_went_wrong(fairway, tmp_path):
    assert fairway("submit", tmp_path / "nothing.xlsx").exit_code == Exit.UNREADABLE
    assert fairway("plan", "--url", "http://127.0.0.1:9").exit_code == Exit.UNREACHABLE
    assert fairway("plan", "--lang", "fr").exit_code == Exit.USAGE
    assert fairway("watch", "port", "--once").exit_code == Exit.REFUSED
    assert fairway("watch", "nonsense").exit_code == Exit.USAGE
    assert fairway("watch", "company", "--once", "--token", "x").exit_code == Exit.NOT_SIGNED_IN


def test_the_plan_s_own_problem_is_solved_and_checked_from_files(fairway, planned, day, tmp_path):
    from dispatch.store.reading import read_plan_files

    declared = fairway("submit", day.spreadsheets[COMPANY], "--key", "k1", "--wait", "25")
    assert declared.exit_code == Exit.DONE, declared.output
    problem, outcome = read_plan_files(planned.service.database, 1)
    (tmp_path / "problem.json").write_text(problem, encoding="utf-8")
    (tmp_path / "outcome.json").write_text(outcome, encoding="utf-8")
    sound = fairway("check", tmp_path / "problem.json", tmp_path / "outcome.json")
    assert sound.exit_code == Exit.DONE, sound.output
    own = tmp_path / "own.json"
    solved = fairway("solve", tmp_path / "problem.json", "--wall", "1", "-o", own)
    assert solved.exit_code == Exit.DONE, solved.output
    assert fairway("check", tmp_path / "problem.json", own).exit_code == Exit.DONE
    bad = json.loads(outcome)
    body = bad.get("outcome", bad)
    body["placements"] = body["placements"][:1] * 2
    (tmp_path / "bad.json").write_text(json.dumps(bad), encoding="utf-8")
    refused = fairway("check", tmp_path / "problem.json", tmp_path / "bad.json")
    assert refused.exit_code in (Exit.REFUSED, Exit.UNREADABLE), refused.output
    (tmp_path / "no.json").write_text("{", encoding="utf-8")
    assert fairway("solve", tmp_path / "no.json").exit_code == Exit.UNREADABLE


def test_accounts_are_made_listed_and_disabled(fairway, tmp_path):
    data = ("--data", tmp_path / "data")
    made = fairway("user", "add", "desk", "company", "--organisation", COMPANY, "--generate", *data)
    assert made.exit_code == Exit.DONE, made.output
    assert len(made.stdout.strip()) >= 12
    twice = fairway(
        "user", "add", "desk", "company", "--organisation", COMPANY, "--generate", *data
    )
    assert twice.exit_code == Exit.REFUSED
    odd = fairway("user", "add", "x", "company", "--organisation", "NOBODY", "--generate", *data)
    assert odd.exit_code == Exit.REFUSED
    short = fairway("user", "passwd", "desk", "--password", "short", *data)
    assert short.exit_code == Exit.REFUSED
    assert fairway("user", "disable", "desk", *data).exit_code == Exit.DONE
    assert "disabled" in fairway("user", "list", *data).stdout


def test_a_backup_is_put_back_only_while_nobody_uses_the_database(fairway, planned, tmp_path):
    running = ("--data", planned.service.settings.data_dir)
    copy = tmp_path / "copy.db"
    assert fairway("backup", copy, *running).exit_code == Exit.DONE
    assert fairway("backup", copy, *running).exit_code == Exit.UNREADABLE
    assert fairway("restore", copy, "--yes", *running).exit_code == Exit.UNREADABLE
    elsewhere = ("--data", tmp_path / "elsewhere")
    assert fairway("restore", copy, "--yes", *elsewhere).exit_code == Exit.DONE
    assert COMPANY in fairway("user", "list", *elsewhere).stdout
    again = fairway("restore", copy, "--yes", *elsewhere)
    assert again.exit_code == Exit.DONE
    assert (tmp_path / "elsewhere" / "fairway.db.before-restore-1").is_file()
    (tmp_path / "junk.db").write_bytes(b"junk" * 500)
    junk = fairway("restore", tmp_path / "junk.db", "--yes", *elsewhere)
    assert junk.exit_code == Exit.UNREADABLE


@pytest.mark.parametrize(
    "command",
    [
        "serve", "login", "submit", "watch", "plan", "solve", "check", "replay",
        "backup", "restore", "demo", "simulate",
        "user add", "user passwd", "user list", "db upgrade",
    ],
)  # fmt: skip
def test_every_command_has_help_with_an_example(command):
    answer = CliRunner().invoke(program, [*command.split(), "--help"])
    assert answer.exit_code == 0
    assert f"Example: fairway {command}" in answer.stdout
    assert "Exit codes" in answer.stdout


def commands_of(command, path="fairway"):
    """Every command below one, with the words that call it."""
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands_of(below, f"{path} {name}")


def test_help_is_there_in_chinese_for_every_command_and_option():
    built = dict(commands_of(get_command(program)))
    assert set(COMMAND_HELP) == set(built)
    told = {getattr(item, "help", None) for command in built.values() for item in command.params}
    assert set(PARAMETER_HELP) == told
    for path, command in built.items():
        english = command.help or ""
        # the example and the exit codes are the same ones
        assert english.count("Example:") == COMMAND_HELP[path].count("示例：")
        assert ("Exit codes" in english) == ("退出码" in COMMAND_HELP[path])


@pytest.mark.parametrize(
    ("arguments", "environment", "chinese"),
    [
        (["--help"], {"LANG": "zh_CN.UTF-8"}, True),
        (["submit", "--help"], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"}, True),
        (["--lang", "zh", "submit", "--help"], {"LANG": "en_GB.UTF-8"}, True),
        (["submit", "--lang", "en", "--help"], {"LANG": "zh_CN.UTF-8"}, False),
        (["submit", "--help"], {"LANG": "C.UTF-8"}, False),
    ],
)
def test_help_comes_in_the_language_of_the_terminal_or_as_asked(arguments, environment, chinese):
    cleared = ("FAIRWAY_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    around = {name: value for name, value in os.environ.items() if name not in cleared}
    answer = subprocess.run(
        [sys.executable, "-m", "api.cli", *arguments],
        env={**around, "PYTHONIOENCODING": "utf-8", **environment}, cwd=Path(__file__).parents[2],
        capture_output=True, text=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert answer.returncode == 0
    assert ("选项" in answer.stdout) == chinese
    assert ("Options" in answer.stdout) != chinese


def test_a_reader_that_has_had_enough_ends_the_command(planned):
    environment = {**os.environ, "FAIRWAY_URL": planned.url, "FAIRWAY_TOKEN": planned.token("PORT")}
    command = [sys.executable, "-m", "api.cli", "watch", "port", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
        cwd=Path(__file__).parents[2],
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.read(20)
        process.stdout.close()
        assert process.wait(30) == Exit.DONE


def test_wide_signs_are_counted_as_two_columns():
    assert width("船A") == 3
    assert padded("船", 4) == "船  "
    lines = table(("vessel", "kind"), [["粤海", "进港"], ["A", "x"]], "zh")
    assert {width(line.split("  ")[0]) <= 4 for line in lines} == {True}


def test_texts_are_there_in_both_languages():
    assert all(set(told) == {"zh", "en"} for told in TEXTS.values())
    assert Remote(url="u", token=None, language="zh").headers() == {}
