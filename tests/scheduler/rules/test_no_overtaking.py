"""The order at the gate in is the order at the gate out."""

from tests.scheduler.builders import a_leg, a_problem, a_segment, an_entry, an_entry_mode
from tests.scheduler.rules.asking import differences

RULE = "no_overtaking"


def quick_and_slow(**changes):
    slow = an_entry_mode(legs=(a_leg(leave=80),), arrive_at=80, end_at=90)
    return a_problem(
        an_entry("a", ship="s"),
        an_entry("b", ship="t", modes=(slow,)),
        segments=(a_segment(**changes),),
    )


def test_a_quick_ship_does_not_enter_before_a_slow_one_is_far_enough_ahead():
    # b is 50 ticks slower: it would have to enter more than 50 ticks before a, or after it
    assert differences(RULE, quick_and_slow(overtaking=False)) == set(range(-50, 1))


def test_where_overtaking_is_allowed_nothing_is_forbidden():
    assert differences(RULE, quick_and_slow()) == set()
