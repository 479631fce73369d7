"""What is written is read again, exactly; anything else is refused with its place."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.outcome import Outcome
from scheduler.problem import Problem
from scheduler.wire import (
    LARGEST,
    Unreadable,
    outcome_from_json,
    outcome_to_json,
    problem_from_json,
    problem_to_json,
)
from tests.scheduler.builders import a_need, a_problem, a_stay, an_entry, placed
from tests.scheduler.regenerate_schemas import as_text, schema_files

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
PRIMITIVES = {
    int: st.integers(-LARGEST, LARGEST),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: TEXTS,
    bool: st.booleans(),
    NoneType: st.none(),
}


def anything_of(of):
    """Any value of a type of the contracts, sensible or not."""
    origin, args = get_origin(of), get_args(of)
    if of in PRIMITIVES:
        return PRIMITIVES[of]
    if origin is Literal:
        return st.sampled_from(args)
    if origin in {Union, UnionType}:
        return st.one_of([anything_of(option) for option in args])
    if origin is tuple:
        if args[-1] is Ellipsis:
            return st.lists(anything_of(args[0]), max_size=2).map(tuple)
        return st.tuples(*[anything_of(arg) for arg in args])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return st.dictionaries(TEXTS, anything_of(args[1]), max_size=2)
    assert is_dataclass(of)
    assert isinstance(of, type)
    hints = get_type_hints(of)
    return st.builds(of, **{part.name: anything_of(hints[part.name]) for part in fields(of)})


@settings(max_examples=60)
@given(anything_of(Problem))
def test_a_problem_comes_back_exactly(problem):
    assert problem_from_json(problem_to_json(problem)) == problem


@settings(max_examples=60)
@given(anything_of(Outcome))
def test_an_outcome_comes_back_exactly(outcome):
    text = outcome_to_json(outcome)
    assert outcome_from_json(text) == outcome
    assert outcome_from_json(text.encode()) == outcome


def small():
    movement = an_entry(needs=(a_need(),))
    return json.loads(problem_to_json(a_problem(movement, stays=(a_stay(entry="in"),))))


def test_a_document_tells_what_it_is_first():
    text = problem_to_json(a_problem())
    assert text.startswith('{"fairway":"problem","version":1,')
    assert outcome_to_json(Outcome(status="feasible", placements=(placed("in", 1),))).startswith(
        '{"fairway":"outcome","version":1,'
    )


def test_what_has_a_default_may_be_left_out():
    ship = {"id": "航", "kind": "k", "loa_mm": 1, "beam_mm": 1}
    plain = {"fairway": "problem", "version": 1, "horizon": 10, "ships": [ship]}
    problem = problem_from_json(json.dumps(plain))
    assert (problem.horizon, problem.tick_s, problem.ships[0].id) == (10, 60, "航")
    assert problem.movements == ()


def set_at(path, value):
    """A change of the small problem at a JSON pointer; None takes it away."""

    def change(plain):
        *parents, last = path.strip("/").split("/")
        place = plain
        for name in parents:
            place = place[int(name)] if isinstance(place, list) else place[name]
        key = int(last) if isinstance(place, list) else last
        if value is None:
            del place[key]
        else:
            place[key] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("/horizont", 1, "unknown_field"),
        ("/movements/0/modes/0/legs/0/speed", 1, "unknown_field"),
        ("/horizon", True, "wrong_type"),
        ("/horizon", 1.0, "wrong_type"),
        ("/horizon", "1", "wrong_type"),
        ("/horizon", 2**53, "out_of_range"),
        ("/horizon", None, "missing_field"),
        ("/movements/0/modes/0/legs/0/leave", None, "missing_field"),
        ("/movements/0/modes/0/legs/0/forward", 1, "wrong_type"),
        ("/movements/0/modes/0/stretch_mm", [1, 2, 3], "wrong_length"),
        ("/movements/0/modes/0/stretch_mm", 5, "wrong_type"),
        ("/movements/0/kind", "arrival", "wrong_value"),
        ("/movements/0/needs/0", "pilots", "wrong_type"),
        ("/movements", {}, "wrong_type"),
        ("/stays/0/ship", 5, "wrong_type"),
        ("/stays/0/ship", "\ud800", "wrong_value"),
        ("/fairway", "outcome", "wrong_document"),
        ("/fairway", None, "wrong_document"),
        ("/version", 2, "unknown_version"),
        ("/version", True, "unknown_version"),
        ("/version", None, "unknown_version"),
    ],
)
def test_what_is_not_as_it_should_be_is_refused_at_its_place(path, value, code):
    plain = small()
    set_at(path, value)(plain)
    with pytest.raises(Unreadable) as refused:
        problem_from_json(json.dumps(plain))
    assert (refused.value.path, refused.value.code) == (path, code)
    assert code in str(refused.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_json"),
        ("[]", "wrong_type"),
        ("{", "not_json"),
        (b"\xff\xfe{", "not_json"),
        ('{"horizon": NaN}', "not_json"),
        ('{"horizon": 1, "horizon": 2}', "repeated_field"),
        ('{"fairway": "problem", "version": 1, "horizon": ' + "9" * 5000 + "}", "not_json"),
        ("[" * 200_000, "too_deep"),
    ],
)
def test_what_is_no_document_is_refused(text, code):
    with pytest.raises(Unreadable) as refused:
        problem_from_json(text)
    assert refused.value.code == code


def test_figures_of_an_outcome_are_numbers_or_names():
    outcome = json.loads(outcome_to_json(Outcome(status="feasible", placements=())))
    outcome["waits"] = {"a/b": [{"rule": "hold", "params": {"x~y": 1.5}}]}
    with pytest.raises(Unreadable) as refused:
        outcome_from_json(json.dumps(outcome))
    assert refused.value.path == "/waits/a~1b/0/params/x~0y"
    outcome["waits"] = {"a": [{"rule": "hold", "params": {"hold": "\ud800"}}]}
    with pytest.raises(Unreadable) as refused:
        outcome_from_json(json.dumps(outcome))
    assert (refused.value.path, refused.value.code) == ("/waits/a/0/params/hold", "wrong_value")
    outcome["waits"] = {}
    outcome["elapsed_s"] = 2
    assert outcome_from_json(json.dumps(outcome)).elapsed_s == 2.0
    with pytest.raises(Unreadable):
        outcome_from_json(json.dumps(outcome).replace('"elapsed_s": 2', '"elapsed_s": 1e999'))


@pytest.mark.parametrize("path", sorted(schema_files()), ids=lambda path: path.name)
def test_the_committed_schema_is_the_generated_one(path):
    assert path.read_text("utf-8") == as_text(schema_files()[path])


def fits(schema, value, root):
    """Judge a value by the few words of JSON Schema that ours use."""
    if "$ref" in schema:
        return fits(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, root)
    if "anyOf" in schema:
        return any(fits(option, value, root) for option in schema["anyOf"])
    if "const" in schema:
        return value == schema["const"]
    if "enum" in schema:
        return value in schema["enum"]
    kind = schema["type"]
    if kind == "object":
        named, others = schema.get("properties", {}), schema["additionalProperties"]
        return (
            type(value) is dict
            and set(schema.get("required", [])) <= set(value)
            and all(
                fits(named[name], each, root)
                if name in named
                else others is not False and fits(others, each, root)
                for name, each in value.items()
            )
        )
    if kind == "array":
        least, most = schema.get("minItems", 0), schema.get("maxItems", 10**9)
        return (
            type(value) is list
            and least <= len(value) <= most
            and all(fits(schema["items"], each, root) for each in value)
        )
    types = {"integer": (int,), "number": (int, float), "string": (str,)}
    types |= {"boolean": (bool,), "null": (NoneType,)}
    return type(value) in types[kind]


@settings(max_examples=25)
@given(anything_of(Problem), anything_of(Outcome))
def test_what_is_written_fits_the_committed_schema(problem, outcome):
    by_name = {path.name: schema for path, schema in schema_files().items()}
    schema = by_name["problem.schema.json"]
    assert fits(schema, json.loads(problem_to_json(problem)), schema)
    schema = by_name["outcome.schema.json"]
    plain = json.loads(outcome_to_json(outcome))
    assert fits(schema, plain, schema)
    assert not fits(schema, plain | {"more": 1}, schema)
    del plain["status"]
    assert not fits(schema, plain, schema)
