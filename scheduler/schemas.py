"""JSON Schemas of the problem and the outcome, made from the dataclasses themselves."""

import inspect
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from scheduler.outcome import Outcome
from scheduler.problem import Problem
from scheduler.wire import LARGEST, VERSION, is_required

Schema = dict[str, Any]


def problem_schema() -> Schema:
    """Describe what ``wire.problem_from_json`` reads (JSON Schema 2020-12)."""
    return _document("problem", Problem)


def outcome_schema() -> Schema:
    """Describe what ``wire.outcome_from_json`` reads (JSON Schema 2020-12)."""
    return _document("outcome", Outcome)


def _document(name: str, of: type) -> Schema:
    definitions: dict[str, Schema] = {}
    schema = _object(of, definitions)
    schema["properties"] = {
        "fairway": {"const": name},
        "version": {"const": VERSION},
        **schema["properties"],
    }
    schema["required"] = ["fairway", "version", *schema.get("required", [])]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Fairway {name}, version {VERSION}",
        **schema,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(of: type, definitions: dict[str, Schema]) -> Schema:
    hints = get_type_hints(of)
    schema: Schema = {
        "type": "object",
        "description": inspect.getdoc(of) or "",
        "properties": {part.name: _schema(hints[part.name], definitions) for part in fields(of)},
        "additionalProperties": False,
    }
    required = [part.name for part in fields(of) if is_required(part)]
    if required:
        schema["required"] = required
    return schema


_PRIMITIVES: dict[Any, Schema] = {
    int: {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST},
    float: {"type": "number"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
}


def _schema(of: Any, definitions: dict[str, Schema]) -> Schema:
    origin, args = get_origin(of), get_args(of)
    if is_dataclass(of) and isinstance(of, type):
        if of.__name__ not in definitions:
            definitions[of.__name__] = {}  # its place is taken before its own parts are read
            definitions[of.__name__] = _object(of, definitions)
        return {"$ref": f"#/$defs/{of.__name__}"}
    if of in _PRIMITIVES:
        return dict(_PRIMITIVES[of])
    if origin is Literal:
        return {"enum": list(args)}
    if origin in {Union, UnionType}:
        return {"anyOf": [_schema(option, definitions) for option in args]}
    if origin is tuple:
        array: Schema = {"type": "array", "items": _schema(args[0], definitions)}
        if args[-1] is not Ellipsis:
            array |= {"minItems": len(args), "maxItems": len(args)}
        return array
    # What is left is a mapping: the reader refuses any other type.
    return {"type": "object", "additionalProperties": _schema(args[1], definitions)}
