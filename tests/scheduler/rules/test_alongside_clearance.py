"""Water at the berth from the start of berthing until the ship is clear of it again."""

from scheduler.rules import OCCUPANCIES
from scheduler.rules.alongside_clearance import WAITING, shut, shut_figures
from scheduler.tables import Tables
from tests.scheduler.builders import a_berth, a_level, a_problem, a_stay, an_entry, an_exit
from tests.scheduler.rules.asking import figures, open_starts

RULE = "alongside_clearance"
BERTH = a_berth(depth_mm=10_000, ukc_mm=500, ukc_permille=100)


def test_water_must_last_from_berthing_to_the_end_of_service():
    # needs 10 m and 1 m under the keel: 1 m of tide, which is there from tick 300 to 600
    level = a_level(
        "port", [0, 0, 0, 0, 0, 1000, 1000, 1000, 1000, 1000, 1000, 0, 0, 0, 0, 0, 0, 0]
    )
    problem = a_problem(
        an_entry(),
        berths=(BERTH,),
        water_levels=(level,),
        stays=(a_stay(entry="in", service_ticks=100),),
    )
    # berthing begins 30 after the start; service ends 140 after it, the last tick not included
    assert open_starts(RULE, problem, starts=range(600)) == set(range(270, 462))
    assert figures(RULE, problem, 0) == {"place": "B1", "need_mm": 11_000, "have_mm": 10_000}


def test_beyond_the_samples_only_the_known_part_counts():
    problem = a_problem(
        an_entry(),
        berths=(BERTH,),
        water_levels=(a_level("port", [1000, 1000]),),
        stays=(a_stay(entry="in", service_ticks=500),),
    )
    # levels are known up to tick 60; the ship is fast 40 after its start
    assert open_starts(RULE, problem) == set(range(21))


def test_a_node_without_samples_lies_at_datum():
    assert open_starts(RULE, a_problem(an_entry(), berths=(BERTH,))) == set()
    deep = a_berth(depth_mm=11_000, ukc_permille=100)
    assert open_starts(RULE, a_problem(an_entry(), berths=(deep,))) == set(range(1000))


def test_a_ship_that_leaves_has_water_until_she_is_clear():
    # clear 10 after the start, that tick included; water enough from tick 300 to 600
    level = a_level(
        "port", [0, 0, 0, 0, 0, 1000, 1000, 1000, 1000, 1000, 1000, 0, 0, 0, 0, 0, 0, 0]
    )
    problem = a_problem(an_exit(), berths=(BERTH,), water_levels=(level,))
    opened = open_starts(RULE, problem, starts=range(700))
    tide = [k for k, height in enumerate(level.heights_mm) if height == 1000]
    first, last = tide[0] * level.step_ticks, tide[-1] * level.step_ticks
    assert opened == set(range(first, last - 10 + 1))


def test_low_waters_are_shut_to_a_ship_that_is_to_leave():
    # needs 10 m and 1 m under the keel; level 1 m, but for [61, 180) and [241, 300]
    level = a_level("port", [1000, 1000, 0, 1000, 1000, 0], 60)
    problem = a_problem(an_exit(), an_entry(), berths=(BERTH,), water_levels=(level,))
    tables = Tables(problem)
    low = shut(tables, 0)
    assert low == ((61, 180), (241, 301))
    assert shut(tables, 1) == ()  # it comes from sea
    assert shut_figures(tables, 0, low[0]) == {
        "place": "B1",
        "need_mm": 11_000,
        "have_mm": 10_000,
    }
    assert shut_figures(tables, 0, (61, 70))["have_mm"] == 10_850  # 150 mm down at tick 69


def test_nothing_is_shut_where_there_is_always_water():
    level = a_level("port", [1000, 500, 1000], 60)
    for depth_mm, low in ((10_500, ()), (10_499, ((60, 61),))):
        berth = a_berth(depth_mm=depth_mm, ukc_permille=100)
        problem = a_problem(an_exit(), berths=(berth,), water_levels=(level,))
        assert shut(Tables(problem), 0) == low


def test_the_wait_is_an_occupancy_of_the_same_name():
    assert WAITING in OCCUPANCIES
    assert WAITING.name == RULE
