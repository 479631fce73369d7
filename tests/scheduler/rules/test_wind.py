"""Wind at boarding, at leaving, at berthing and unberthing."""

from scheduler.problem import Interval, Wind
from tests.scheduler.builders import a_problem, an_entry, an_exit
from tests.scheduler.rules.asking import figures, open_starts

RULE = "wind"
GALE = (Wind(span=Interval(100, 200), wind_mms=17_000),)
EVER = set(range(1000))


def test_a_pilot_boards_below_the_limit_only():
    problem = a_problem(an_entry(boarding_wind_mms=17_000), wind=GALE)
    assert EVER - open_starts(RULE, problem) == set(range(100, 200))
    assert figures(RULE, problem, 100) == {"have_mms": 17_000}
    assert open_starts(RULE, a_problem(an_entry(boarding_wind_mms=17_001), wind=GALE)) == EVER


def test_a_pilot_also_leaves_an_outward_ship():
    problem = a_problem(an_exit(boarding_wind_mms=10_000), wind=GALE)
    assert EVER - open_starts(RULE, problem) == set(range(60, 200))


def test_berthing_is_judged_from_arriving_to_all_fast():
    problem = a_problem(an_entry(berthing_wind_mms=10_000), wind=GALE)
    # berthing takes ticks 30 to 39 after the start
    assert EVER - open_starts(RULE, problem) == set(range(61, 170))


def test_unberthing_is_judged_until_clear():
    problem = a_problem(an_exit(berthing_wind_mms=10_000), wind=GALE)
    assert EVER - open_starts(RULE, problem) == set(range(91, 200))
