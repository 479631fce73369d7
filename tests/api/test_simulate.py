"""Simulated days: chance that repeats, and a short one played to its end."""

import json
from datetime import timedelta
from random import Random

from typer.testing import CliRunner

from api.cli import program
from api.console_commands.exits import Exit
from api.demo.disturbances import by_chance
from api.demo.report import Tally
from api.demo.simulate import waiting_h

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
