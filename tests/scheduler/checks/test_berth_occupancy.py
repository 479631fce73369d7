"""A berth, or a stretch of quay, is held by one ship at a time, and by none while it is closed."""

from dataclasses import replace

import pytest

from tests.scheduler.builders import (
    a_berth,
    a_problem,
    a_quay,
    a_stay,
    actual,
    an_entry,
    an_entry_mode,
    an_exit,
    an_exit_mode,
    placed,
    spans,
)
from tests.scheduler.checks.judging import breaches, broken, only

RULE = "berth_occupancy"


def coming(name, place="B1", stretch_mm=None):
    return an_entry(f"{name}-in", ship=name, modes=(an_entry_mode(place, stretch_mm=stretch_mm),))


def going(name, place="B1"):
    return an_exit(f"{name}-out", ship=name, modes=(an_exit_mode(place),))


def there(name, **changes):
    return a_stay(name, ship=name, **{"place": "B1", "exit": f"{name}-out"} | changes)


def comes(name, **changes):
    return a_stay(name, ship=name, entry=f"{name}-in", **{"service_ticks": 100} | changes)


def swap(entry=None, **berth):
    """Ship s is at the berth and goes; ship t comes and stays for 100 ticks after 40."""
    return a_problem(
        going("s"),
        entry or coming("t"),
        berths=(a_berth(**berth),),
        stays=(there("s"), comes("t")),
    )


@pytest.mark.parametrize(
    ("start", "turnover", "kept"), [(80, 0, True), (79, 0, False), (85, 5, True), (84, 5, False)]
)
def test_one_is_clear_and_the_berth_turned_over_before_the_next_comes(start, turnover, kept):
    # s is clear at 110, t comes at its start + 30.
    problem = swap(turnover_ticks=turnover)
    assert broken(RULE, problem, placed("s-out", 100), placed("t-in", start)) is not kept


def test_the_figures_and_those_answerable():
    breach = only(RULE, swap(turnover_ticks=5), placed("s-out", 100), placed("t-in", 84))
    assert set(breach.movements) == {"s-out", "t-in"}
    assert breach.status == "new"
    assert breach.params == {
        "place": "B1",
        "stay": "s",
        "other_stay": "t",
        "need_ticks": 5,
        "gap_ticks": 4,
    }


def test_an_exit_left_out_keeps_the_berth_for_good():
    breach = only(RULE, swap(), placed("t-in", 900))
    assert (breach.movements, breach.status) == (("t-in",), "new")
    assert breach.params["code"] == "never_left"


def test_a_ship_that_never_comes_takes_no_berth():
    problem = a_problem(coming("s"), coming("t"), stays=(comes("s"), comes("t")))
    assert not broken(RULE, problem, placed("s-in", 0))
    assert broken(RULE, problem, placed("s-in", 0), placed("t-in", 0))


@pytest.mark.parametrize(("until", "first_free"), [(None, 140), (139, 140), (500, 500)])
def test_without_an_exit_a_stay_ends_with_its_service_or_its_departure(until, first_free):
    # s comes at 0, is fast at 40, and is served until 140.
    problem = a_problem(coming("s"), coming("t"), stays=(comes("s", until=until), comes("t")))
    plan = placed("s-in", 0)
    assert not broken(RULE, problem, plan, placed("t-in", first_free - 30))
    assert broken(RULE, problem, plan, placed("t-in", first_free - 31))


def test_a_ship_already_there_stays_until_its_departure_or_for_good():
    for until, start, kept in ((200, 170, True), (200, 169, False), (None, 900, False)):
        stays = (there("s", exit=None, until=until), comes("t"))
        assert broken(RULE, a_problem(coming("t"), stays=stays), placed("t-in", start)) is not kept


def test_what_no_plan_can_change_is_only_reported():
    arrived = actual(coming("t"), -50)  # at the berth since -20
    breach = only(RULE, swap(arrived), placed("s-out", 5), placed("t-in", -50))
    assert (breach.movements, breach.status) == (("t-in",), "actual")
    under_way = actual(coming("t"), -20)  # at the berth from 10
    assert only(RULE, swap(under_way), placed("s-out", 1), placed("t-in", -20)).status == "new"
    assert not broken(RULE, swap(under_way), placed("s-out", 0), placed("t-in", -20))
    assert only(RULE, swap(under_way), placed("t-in", -20)).status == "actual"
    both = a_problem(stays=(there("s", exit=None), there("t", exit=None)))
    assert (only(RULE, both).movements, only(RULE, both).status) == ((), "actual")


def test_who_comes_first_by_plan_answers_for_it_too():
    problem = a_problem(coming("s"), actual(coming("t"), 50), stays=(comes("s"), comes("t")))
    breach = only(RULE, problem, placed("s-in", 40), placed("t-in", 50))
    assert (set(breach.movements), breach.status) == ({"s-in", "t-in"}, "new")


QUAY = (
    a_berth("B1", quay="Q1", begin_mm=0, end_mm=300_000, turnover_ticks=3),
    a_berth("B2", quay="Q1", begin_mm=300_000, end_mm=600_000, turnover_ticks=7),
    a_berth("B3", quay="Q1", begin_mm=599_999, end_mm=900_000),
)


def along(one, other, *, clearance_mm=30_000, continuous=True, start=0):
    """Whether two ships exclude each other on a quay, each given as (berth, stretch)."""
    problem = a_problem(
        coming("s", *one),
        coming("t", *other),
        berths=QUAY,
        quays=(a_quay(clearance_mm=clearance_mm, continuous=continuous),),
        stays=(comes("s"), comes("t")),
    )
    return broken(RULE, problem, placed("s-in", 0), placed("t-in", start))


@pytest.mark.parametrize(
    ("one", "other", "excluded"),
    [
        (("B1",), ("B1",), True),
        (("B1", (0, 100_000)), ("B1",), True),
        (("B1", (0, 100_000)), ("B1", (130_000, 300_000)), False),
        (("B1", (0, 100_000)), ("B1", (129_999, 300_000)), True),
        (("B1", (129_999, 300_000)), ("B1", (0, 100_000)), True),
        (("B1", (0, 280_000)), ("B2", (309_999, 500_000)), True),
        (("B1", (0, 280_000)), ("B2", (310_000, 500_000)), False),
        (("B1",), ("B2",), False),
        (("B2",), ("B3",), True),
        (("B1",), ("B2", (300_000, 500_000)), False),
        (("B1",), ("B2", (299_999, 500_000)), True),
    ],
)
def test_stretches_of_their_own_keep_the_clearance_and_others_do_not_overlap(one, other, excluded):
    assert along(one, other) is excluded


def test_where_the_quay_is_not_continuous_a_berth_takes_one_ship():
    apart = (("B1", (0, 100_000)), ("B1", (200_000, 300_000)))
    assert not along(*apart)
    assert along(*apart, continuous=False)


@pytest.mark.parametrize(("start", "excluded"), [(117, False), (116, True)])
def test_the_longer_turnover_of_two_berths_counts(start, excluded):
    # s is served until 140 at B1 (3 ticks), t comes at its start + 30 to B2 (7 ticks).
    assert along(("B1",), ("B2", (299_999, 500_000)), start=start) is excluded


@pytest.mark.parametrize(("start", "kept"), [(60, True), (61, False), (469, False), (470, True)])
def test_nobody_is_at_a_closed_berth(start, kept):
    # Held for [s+30, s+140).
    problem = a_problem(
        coming("s"),
        berths=(a_berth(closed=spans((200, 500)), turnover_ticks=50),),
        stays=(comes("s"),),
    )
    assert broken(RULE, problem, placed("s-in", start)) is not kept


def test_a_closure_that_found_the_ship_there_is_only_reported():
    problem = a_problem(
        going("s"), berths=(a_berth(closed=spans((-10, 50), (200, 300))),), stays=(there("s"),)
    )
    first = only(RULE, problem, placed("s-out", 60))
    assert (first.movements, first.status, first.params["begin_tick"]) == ((), "actual", -10)
    both = breaches(RULE, problem, placed("s-out", 191))
    assert [breach.status for breach in both] == ["actual", "new"]
    assert [breach.status for breach in breaches(RULE, problem)] == ["actual", "actual"]


def test_a_waiver_of_either_end_of_a_stay_covers_it():
    for waiving in (going("s"), going("t")):
        movements = [going("s"), coming("t"), going("t")]
        movements = [
            replace(one, waived=(RULE,)) if one.id == waiving.id else one for one in movements
        ]
        problem = a_problem(*movements, stays=(there("s"), comes("t", exit="t-out")))
        for plan in ([placed("t-in", 0)], [placed("s-out", 90), placed("t-in", 0)]):
            assert only(RULE, problem, *plan).status == "waived"
