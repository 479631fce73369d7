"""Water under the keel along the passage, tick by tick."""

from scheduler.rules.under_keel_clearance import keel_need_mm
from tests.scheduler.builders import a_leg, a_level, a_problem, a_segment, an_entry, an_entry_mode
from tests.scheduler.rules.asking import figures, open_starts

RULE = "under_keel_clearance"
REACH = a_segment(depth_mm=10_500, ukc_permille=100)


def test_the_larger_clearance_counts_and_the_share_is_rounded_up():
    assert keel_need_mm(10_001, 0, 100) == 11_002
    assert keel_need_mm(10_000, 1_500, 100) == 11_500


def test_the_level_at_the_ship_runs_from_node_to_node():
    # needs 500 mm of tide; at sea the tide is always high, in port from tick 60 on (0 to 600 mm)
    problem = a_problem(
        an_entry(),
        segments=(REACH,),
        water_levels=(
            a_level("sea", [600] * 20),
            a_level("port", [0, 0, 600, *[600] * 17]),
        ),
    )

    def margin(start):  # as the rule is written, in plain words
        def port(tick):
            return 0 if tick <= 60 else min(600, 10 * (tick - 60))

        return min((600 * (30 - k) + port(start + k) * k) // 30 for k in range(31)) - 500

    expected = {start for start in range(1000) if margin(start) >= 0}
    assert open_starts(RULE, problem) == expected
    assert 0 not in expected
    assert 100 in expected
    assert figures(RULE, problem, 0)["have_mm"] == 11_000 + margin(0)


def test_out_of_the_samples_depth_alone_must_do():
    levels = (a_level("sea", [600, 600]), a_level("port", [600, 600]))
    problem = a_problem(an_entry(), segments=(REACH,), water_levels=levels)
    assert open_starts(RULE, problem) == set(range(31))
    deep = a_segment(depth_mm=11_000, ukc_permille=100)
    assert open_starts(RULE, a_problem(an_entry(), segments=(deep,), water_levels=levels)) == set(
        range(1000)
    )


def test_a_leg_of_no_time_is_judged_at_the_lower_of_its_nodes():
    mode = an_entry_mode(legs=(a_leg(leave=0),))
    levels = (a_level("sea", [600] * 20), a_level("port", [400] * 20))
    problem = a_problem(an_entry(modes=(mode,)), segments=(REACH,), water_levels=levels)
    assert open_starts(RULE, problem) == set()


def test_the_past_is_not_judged():
    levels = (a_level("sea", [0] * 20), a_level("port", [0] * 20))
    problem = a_problem(an_entry(), segments=(REACH,), water_levels=levels)
    assert open_starts(RULE, problem, starts=range(5)) == set()
