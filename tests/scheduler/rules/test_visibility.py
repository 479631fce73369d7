"""Fog at the start, and reaches that are passed slowly."""

from scheduler.problem import Interval, Visibility
from tests.scheduler.builders import a_leg, a_problem, an_entry, an_entry_mode
from tests.scheduler.rules.asking import figures, open_starts

RULE = "visibility"
FOG = Visibility(span=Interval(100, 200), visibility_m=600)


def test_the_start_asks_for_its_own_visibility():
    problem = a_problem(an_entry(min_visibility_m=601), visibility=(FOG,))
    assert set(range(1000)) - open_starts(RULE, problem) == set(range(100, 200))
    assert figures(RULE, problem, 150) == {"have_m": 600, "need_m": 601}
    assert open_starts(RULE, a_problem(an_entry(min_visibility_m=600), visibility=(FOG,))) == set(
        range(1000)
    )


def test_later_entries_override_and_may_be_of_other_segments():
    clear = Visibility(span=Interval(150, 160), visibility_m=5_000)
    elsewhere = Visibility(span=Interval(0, 1000), visibility_m=1, segments=("S2",))
    from tests.scheduler.builders import a_segment

    problem = a_problem(
        an_entry(min_visibility_m=601),
        visibility=(FOG, clear, elsewhere),
        segments=(a_segment(), a_segment("S2")),
    )
    assert set(range(1000)) - open_starts(RULE, problem) == (
        set(range(100, 150)) | set(range(160, 200))
    )


def test_in_thick_weather_only_a_restricted_mode_that_is_slow_enough_will_do():
    leg = a_leg(enter=10, leave=40, slow_ticks=30)
    quick = an_entry_mode(legs=(leg,))
    slow = an_entry_mode(id="slow", legs=(leg,), restricted=True)
    too_quick = an_entry_mode(
        id="quick", legs=(a_leg(enter=10, leave=39, slow_ticks=30),), restricted=True
    )
    problem = a_problem(
        an_entry(modes=(quick, slow, too_quick)), visibility=(FOG,), slow_visibility_m=1000
    )
    thick = set(range(90, 190))
    assert set(range(1000)) - open_starts(RULE, problem, mode=0) == thick
    assert open_starts(RULE, problem, mode=1) == set(range(1000))
    assert set(range(1000)) - open_starts(RULE, problem, mode=2) == thick
