"""Simulated days: chance that repeats, and a short one played to its end."""

import json
from datetime import timedelta
from random import Random
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from api.cli import program
from api.console_commands.exits import Exit
from api.console_commands.tables import width
from api.demo.disturbances import by_chance
from api.demo.report import Printer, Tally
from api.demo.simulate import waiting_h
from api.demo.words import WORDS, words

AT = "2026-11-24T{:02d}:00:00Z"


def test_chance_is_the_same_for_the_same_seed_and_keeps_within_its_span():
    span = timedelta(hours=24)
    days = [by_chance(("S03",), random=Random(seed), within=span) for seed in (5, 5, 6)]
    told = [[(item.name, item.after) for item in day] for day in days]
    assert told[0] == told[1] != told[2]
    assert {name for name, _ in told[0]} == {"ship-late", "tug-declines", "tug-out", "fog"}
    assert [after for _, after in told[0]] == sorted(after for _, after in told[0])
    assert all(timedelta() < after < span for _, after in told[0])


def test_displaced_is_more_than_two_hours_later_or_no_time_at_all():
    tally = Tally()
    changes = [(8, 10), (8, 11), (11, 8), (8, None)]
    tally.note_moves(
        {"from_at": AT.format(before), "to_at": None if after is None else AT.format(after)}
        for before, after in changes
    )
    assert (tally.moved, tally.displaced) == (4, 2)


def movement(requested, start, *, estimated=None, actual=None):
    def at(hour):
        return None if hour is None else AT.format(hour)

    return {
        "requested_at": at(requested),
        "estimated_at": at(estimated),
        "actual_start_at": at(actual),
        "planned": None if start is None else {"start_at": at(start)},
    }


def test_a_ship_waits_from_when_it_is_there_until_it_starts():
    assert waiting_h([movement(8, 10), movement(8, None), movement(9, 8)]) == 2.0
    assert waiting_h([movement(8, 10, estimated=9)]) == 1.0
    assert waiting_h([movement(8, 9, actual=12)]) == 4.0


def test_a_short_day_is_played_to_its_end():
    answer = CliRunner().invoke(program, ["simulate", "--hours", "1", "--seed", "3"])
    assert answer.exit_code == Exit.DONE, answer.output
    told = json.loads(answer.stdout.splitlines()[-1])
    assert told["finished"]
    assert told["simulated_h"] >= 1
    assert told["movements"] == 117
    assert told["disturbances"] >= 1
    assert told["replans"] >= 1
    assert (told["violations"], told["lost"], told["unsettled"]) == (0, 0, 0)
    assert CliRunner().invoke(program, ["simulate", "--day", "none"]).exit_code == Exit.USAGE


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_of_a_day_that_is_played_is_filled_in(language, monkeypatch):
    monkeypatch.setenv("FAIRWAY_LANG", language)
    chinese = any("一" <= sign <= "鿿" for sign in words("speed", speed=60))
    assert chinese == (language == "zh")
    for key, texts in WORDS.items():
        assert set(texts) == {"zh", "en"}, key
        names = [
            {name for _, name, _, _ in Formatter().parse(text) if name} for text in texts.values()
        ]
        assert names[0] == names[1], key


@pytest.mark.parametrize(("language", "heads"), [("zh", "吃水"), ("en", "draught")])
def test_the_plan_is_a_table_whose_columns_stand_under_their_heads(
    language, heads, monkeypatch, capsys
):
    monkeypatch.setenv("FAIRWAY_LANG", language)
    ship = {
        "id": "M1", "kind": "entry", "state": "planned", "requested_at": AT.format(8),
        "vessel": {"name": "粤海 7", "loa_m": 190.0}, "draught_m": 9.5,
        "planned": {"start_at": AT.format(9), "from_place": None, "to_place": "NS1"},
    }  # fmt: skip
    Printer(ZoneInfo("Asia/Shanghai")).table([ship], [])
    head, row = capsys.readouterr().out.splitlines()[1:3]
    assert heads in head
    # where the column ends, in terminal columns
    assert width(head.split(heads)[0] + heads) == width(row.split("9.5 m")[0] + "9.5 m")
