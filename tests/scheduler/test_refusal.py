"""A question that is spoilt in any way is either answered or refused at a place that is there."""

import json
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from api.cli import program
from scheduler import Limits, Outcome, Problem, solve
from scheduler.problem import (
    Break,
    Closure,
    Count,
    Fixed,
    Follows,
    Gap,
    Interval,
    PastDuty,
    Pool,
    Published,
    Visibility,
    Wind,
)
from scheduler.validation import validate
from scheduler.wire import Unreadable, outcome_to_json, problem_from_json, problem_to_json
from tests.scheduler.builders import (
    a_berth,
    a_boarding_place,
    a_bridge,
    a_crew,
    a_duty,
    a_level,
    a_need,
    a_pool,
    a_problem,
    a_quay,
    a_resource,
    a_segment,
    a_ship,
    a_stay,
    an_anchorage,
    an_entry,
    an_entry_mode,
    an_exit,
    an_exit_mode,
    spans,
)
from tests.scheduler.plans import breaches

NO_TIME = Limits(wall_s=0.0, workers=1)


def a_port_with_everything():
    """Two ships, and every kind of thing that a question can hold."""
    served = an_entry_mode(
        duties=(a_duty(), a_duty("gangs", begin=30, end=60)),
        boarding_place="P1",
        stretch_mm=(0, 250_000),
    )
    needs = (
        a_need(first_admits=True, other_grade=2, max_count=2),
        a_need("gangs", count=2),
    )
    told = Published(mode="m", start=5, crews=(a_crew("p1"),))
    return a_problem(
        an_entry(
            modes=(served, replace(served, id="w", boarding_place=None, restricted=True)),
            needs=needs,
            published=told,
            barred=("p2",),
            waived=("wind",),
            min_visibility_m=200,
            boarding_wind_mms=20_000,
            berthing_wind_mms=15_000,
            cost_points=((0, 0), (50, 70), (90, 40)),
        ),
        an_exit(daylight_only=True, early_weight=2, draught_mm=8_000),
        an_entry("happened", ship="two", fixed=Fixed(mode="m", start=-10, actual=True)),
        an_exit("leaves", ship="two", follows=(Follows(movement="happened", gap_ticks=9),)),
        an_entry(
            "anchors",
            ship="three",
            modes=(an_entry_mode("A1"),),
            fixed=Fixed(mode="m", start=300),
            pinned=True,
        ),
        an_exit("departs", ship="four", modes=(an_exit_mode("B2"),), held="papers"),
        ships=(
            a_ship(headway_ticks=5, zone_abeam_mm=10_000, zone_astern_mm=50_000),
            a_ship("two", kind="tanker", loa_mm=120_000),
        ),
        segments=(
            a_segment(
                bridges=(a_bridge(60_000, reference_height_mm=2_000),),
                depth_mm=15_000,
                ukc_permille=100,
                width_mm=300_000,
                passing="by_pair",
                combined_beam_mm=70_000,
                overtaking=False,
                daylight_loa_mm=300_000,
            ),
        ),
        quays=(a_quay(clearance_mm=10_000),),
        berths=(
            a_berth(quay="Q1", end_mm=300_000, depth_mm=16_000, closed=spans((900, 950))),
            a_berth("B2", quay="Q1", begin_mm=300_000, end_mm=600_000, turnover_ticks=10),
        ),
        anchorages=(an_anchorage(capacity=2, depth_mm=20_000),),
        boarding_places=(a_boarding_place(),),
        water_levels=(a_level("sea", (100, 2_000, 500) * 9), a_level("port", (0, 900) * 9)),
        daylight=spans((-50, 400), (700, 1_000)),
        visibility=(Visibility(span=Interval(20, 60), visibility_m=500, segments=("S1",)),),
        slow_visibility_m=1_000,
        slow_headway_permille=1_500,
        wind=(Wind(span=Interval(100, 120), wind_mms=18_000),),
        closures=(Closure(id="c", span=Interval(500, 520), segments=("S1",)),),
        gaps=(Gap(leader="tanker", follower="bulk", ticks=8, segment="S1"),),
        pools=(
            a_pool(max_duties=3, min_rest_rolling_ticks=300, max_duty_ticks=90),
            Pool(id="gangs", counts=(Count(Interval(-20, 400), 4), Count(Interval(400, 999), 2))),
        ),
        resources=(
            a_resource(
                "p1",
                past=(PastDuty(span=Interval(-60, -20), to_place="port"),),
                off=spans((600, 700)),
                watch=spans((0, 300)),
                breaks=(Break(Interval(0, 200), 60),),
                below_loa_mm=250_000,
            ),
            a_resource("p2"),
        ),
        stays=(
            a_stay(entry="in", exit="out", service_ticks=60),
            a_stay("second", ship="two", entry="happened", exit="leaves", service_ticks=5),
            a_stay("third", ship="three", entry="anchors", until=700),
            a_stay("fourth", ship="four", place="B2", exit="departs", ready=20),
        ),
    )


PLAIN = json.loads(problem_to_json(a_port_with_everything()))


def places(plain, path=()):
    """The path of everything in a document, itself included."""
    yield path
    if isinstance(plain, dict | list):
        items = plain.items() if isinstance(plain, dict) else enumerate(plain)
        for key, each in items:
            yield from places(each, (*path, key))


def at(plain, path):
    for key in path:
        plain = plain[key]
    return plain


def is_there(plain, pointer, *, missing=False):
    """Whether a JSON pointer leads to something; ``missing``: or to what its parent lacks."""
    keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
    for n, key in enumerate(keys):
        if isinstance(plain, list) and key.isdecimal() and int(key) < len(plain):
            plain = plain[int(key)]
        elif isinstance(plain, dict) and key in plain:
            plain = plain[key]
        else:
            return missing and n == len(keys) - 1 and isinstance(plain, dict)
    return True


ODD = st.one_of(
    st.sampled_from((-(10**18), -(2**53), -(10**9), -1, 0, 1, 2, 7, 40, 400, 999, 10**4)),
    st.sampled_from((10**6, 10**6 + 1, 10**9, 10**12, 2**53 - 1, 2**53, 10**30)),
    st.sampled_from((None, True, False, 0.5, 1e300, "", "m", "in", "p1", "B1", "~/\u822a", [], {})),
    st.sampled_from(("pilots", "gangs", "sea", "port", "always", "never", "exit", [1], [[1]])),
)
PATHS = [path for path in places(PLAIN) if path and path[0] not in {"fairway", "version"}]
NUMBERS = [path for path in PATHS if type(at(PLAIN, path)) is int]


@st.composite
def spoilt(draw):
    """The whole question with one to three things in it changed."""
    plain = deepcopy(PLAIN)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(draw(st.sampled_from((PATHS, NUMBERS)))))
        try:
            parent, value = at(plain, path[:-1]), at(plain, path)
        except (KeyError, IndexError, TypeError):
            continue  # gone with an earlier change
        if not isinstance(parent, dict | list):
            continue
        how = draw(st.sampled_from(("set", "set", "near", "drop", "again", "other")))
        if how == "drop":
            del parent[path[-1]]
        elif how == "near" and type(value) is int:
            parent[path[-1]] = value + draw(st.sampled_from((-100, -1, 1, 100)))
        elif how == "again" and isinstance(parent, list):
            parent.append(deepcopy(value))
        elif how == "other":
            others = [other for other in PATHS if other[-1] == path[-1]]
            parent[path[-1]] = deepcopy(at(PLAIN, draw(st.sampled_from(others))))
        else:
            parent[path[-1]] = draw(ODD)
    return plain


def read(plain) -> Problem | Unreadable:
    try:
        return problem_from_json(json.dumps(plain))
    except Unreadable as refused:
        return refused


def judge(plain):
    """Refused where something is, or answered soundly; what it came to."""
    problem = read(plain)
    if isinstance(problem, Unreadable):
        assert is_there(plain, problem.path, missing=True), problem
        return problem.code
    faults = validate(problem)
    if faults:
        whole = json.loads(problem_to_json(problem))
        for fault in faults:
            assert is_there(whole, fault.path), fault
        return faults[0].code
    outcome = solve(problem, NO_TIME)
    assert breaches(problem, outcome) == []
    return "answered"


def test_the_whole_question_is_answered():
    assert judge(PLAIN) == "answered"


@given(spoilt())
@settings(max_examples=150)
def test_a_spoilt_question_is_answered_or_refused_at_its_place(plain):
    judge(plain)


@pytest.mark.parametrize(
    ("path", "value", "code", "pointer"),
    [
        ("horizon", 10**7, 1, "/horizon"),
        ("horizon", "long", 5, "/horizon"),
        ("movements", [{"id": "x"}], 5, "/movements/0/ship"),
        ("berths", [], 1, "/movements/0/modes/0/to_place"),
        ("daylight", [], 1, "/movements/1/daylight_only"),
    ],
)
def test_the_command_tells_the_place_and_no_traceback(tmp_path, path, value, code, pointer):
    question, plan = tmp_path / "problem.json", tmp_path / "outcome.json"
    question.write_text(json.dumps(PLAIN | {path: value}), "utf-8")
    plan.write_text(outcome_to_json(Outcome(status="feasible", placements=())), "utf-8")
    for command in (["solve", str(question), "--wall", "0"], ["check", str(question), str(plan)]):
        told = CliRunner().invoke(program, command)
        assert (told.exit_code, "Traceback" in told.output) == (code, False), told.output
        assert pointer in told.output
