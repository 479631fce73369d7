"""Problems and outcomes as versioned JSON, read strictly and written exactly."""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from scheduler.outcome import Outcome
from scheduler.problem import Problem

VERSION = 1
LARGEST = 2**53 - 1
"""Numbers go no further from zero: every JSON reader keeps them exact."""

Plain = Any
"""What ``json.loads`` returns."""

Reader = Callable[[Plain, str], Any]
"""Makes a value from plain JSON; the second argument is its JSON pointer."""


class Unreadable(ValueError):
    """The text is no problem or outcome of a known version.

    Attributes:
        path: JSON pointer to the place.
        code: ``not_json``, ``too_deep``, ``repeated_field``, ``wrong_document``,
            ``unknown_version``, ``unknown_field``, ``missing_field``, ``wrong_type``,
            ``wrong_length``, ``wrong_value`` or ``out_of_range``.
        params: Names and figures for the text.
    """

    def __init__(self, path: str, code: str, **params: int | str) -> None:
        self.path = path
        self.code = code
        self.params: Mapping[str, int | str] = params
        told = ", ".join(f"{name} {value!r}" for name, value in params.items())
        super().__init__(f"{path or '/'}: {code}{f' ({told})' if told else ''}")


def problem_to_json(problem: Problem) -> str:
    """Write a problem, every field of it, as one line of JSON."""
    return _write("problem", problem)


def problem_from_json(text: str | bytes) -> Problem:
    """Read a problem. Fields that have a default may be left out; nothing else is forgiven.

    The form alone is judged here; what it says, ``scheduler.validation`` judges.

    Args:
        text: JSON, UTF-8 where it is bytes.

    Returns:
        The problem, equal to the one that was written.

    Raises:
        Unreadable: At the first place that is not as it should be.
    """
    return _read("problem", Problem, text)


def outcome_to_json(outcome: Outcome) -> str:
    """Write an outcome, every field of it, as one line of JSON."""
    return _write("outcome", outcome)


def outcome_from_json(text: str | bytes) -> Outcome:
    """Read an outcome as strictly as a problem.

    Args:
        text: JSON, UTF-8 where it is bytes.

    Returns:
        The outcome, equal to the one that was written.

    Raises:
        Unreadable: At the first place that is not as it should be.
    """
    return _read("outcome", Outcome, text)


def _write(document: str, value: Problem | Outcome) -> str:
    plain = {"fairway": document, "version": VERSION, **_plain(value)}
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _plain(value: Any) -> Plain:
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [_plain(element) for element in value]
    if isinstance(value, Mapping):
        return {key: _plain(element) for key, element in value.items()}
    return value


def _read(document: str, of: type, text: str | bytes) -> Any:
    try:
        plain = json.loads(text, object_pairs_hook=_each_field_once, parse_constant=_no_such_number)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("", "too_deep") from None
    except ValueError as fault:
        # Not UTF-8, not JSON, or a number of thousands of digits.
        raise Unreadable("", "not_json", detail=str(fault)) from None
    if not isinstance(plain, dict):
        raise Unreadable("", "wrong_type", need="object", have=_type_name(plain))
    found = plain.pop("fairway", None)
    if found != document:
        raise Unreadable("/fairway", "wrong_document", need=document, have=str(found))
    version = plain.pop("version", None)
    if type(version) is not int or version != VERSION:
        raise Unreadable("/version", "unknown_version", need=VERSION, have=str(version))
    return _reader(of)(plain, "")


def _each_field_once(pairs: list[tuple[str, Plain]]) -> dict[str, Plain]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        name = next(name for n, name in enumerate(names) if name in names[:n])
        raise Unreadable("", "repeated_field", name=name)
    return found


def _no_such_number(name: str) -> Plain:
    raise Unreadable("", "not_json", detail=name)


def _type_name(plain: Plain) -> str:
    names = {dict: "object", list: "array", str: "string", int: "integer", float: "number"}
    names |= {bool: "boolean", NoneType: "null"}
    return names[type(plain)]


_READERS: dict[Any, Reader] = {}


def _reader(of: Any) -> Reader:
    """Find or make the reader of a type that the contracts use."""
    if of not in _READERS:
        _READERS[of] = _new_reader(of)
    return _READERS[of]


def _new_reader(of: Any) -> Reader:
    origin, args = get_origin(of), get_args(of)
    if is_dataclass(of) and isinstance(of, type):
        return _dataclass_reader(of)
    if of in _PRIMITIVES:
        return _PRIMITIVES[of]
    if origin is Literal:
        return _literal_reader(args)
    if origin in {Union, UnionType}:
        return _union_reader(args)
    if origin is tuple:
        return _tuple_reader(args)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping_reader(args[1])
    raise TypeError(f"the contracts have no such type so far: {of!r}")


def _read_int(plain: Plain, path: str) -> int:
    if type(plain) is not int:
        raise Unreadable(path, "wrong_type", need="integer", have=_type_name(plain))
    if not -LARGEST <= plain <= LARGEST:
        raise Unreadable(path, "out_of_range", need=LARGEST, have=str(plain))
    return plain


def _read_float(plain: Plain, path: str) -> float:
    if type(plain) is int:
        return float(_read_int(plain, path))
    if type(plain) is not float:
        raise Unreadable(path, "wrong_type", need="number", have=_type_name(plain))
    if plain in {float("inf"), float("-inf")}:  # such as 1e999
        raise Unreadable(path, "out_of_range", need=LARGEST, have=str(plain))
    return plain


def _read_str(plain: Plain, path: str) -> str:
    if type(plain) is not str:
        raise Unreadable(path, "wrong_type", need="string", have=_type_name(plain))
    if not plain.isascii() and any(
        "\ud800" <= letter <= "\udfff" for letter in plain
    ):  # half a character: no UTF-8
        raise Unreadable(path, "wrong_value", need="Unicode", have=ascii(plain))
    return plain


def _read_bool(plain: Plain, path: str) -> bool:
    if type(plain) is not bool:
        raise Unreadable(path, "wrong_type", need="boolean", have=_type_name(plain))
    return plain


_PRIMITIVES: Mapping[Any, Reader] = {
    int: _read_int,
    float: _read_float,
    str: _read_str,
    bool: _read_bool,
}


def _literal_reader(values: tuple[str, ...]) -> Reader:
    def read(plain: Plain, path: str) -> str:
        if _read_str(plain, path) not in values:
            raise Unreadable(path, "wrong_value", need=", ".join(values), have=plain)
        return plain

    return read


def _union_reader(options: tuple[Any, ...]) -> Reader:
    """Read ``X | None`` and ``int | str``: the JSON type tells which of them it is."""
    others = [option for option in options if option is not NoneType]
    optional = len(others) < len(options)
    if len(others) == 1:
        one = _reader(others[0])

        def read(plain: Plain, path: str) -> Any:
            return None if plain is None else one(plain, path)

        return read
    if optional or set(others) != {int, str}:
        raise TypeError(f"the contracts have no such union so far: {options!r}")

    def read_int_or_str(plain: Plain, path: str) -> int | str:
        return (_read_str if type(plain) is str else _read_int)(plain, path)

    return read_int_or_str


def _tuple_reader(args: tuple[Any, ...]) -> Reader:
    element = _reader(args[0])
    length = None if args[-1] is Ellipsis else len(args)
    if length is not None and len(set(args)) != 1:
        raise TypeError(f"the contracts have no such tuple so far: {args!r}")

    def read(plain: Plain, path: str) -> tuple[Any, ...]:
        if type(plain) is not list:
            raise Unreadable(path, "wrong_type", need="array", have=_type_name(plain))
        if length is not None and len(plain) != length:
            raise Unreadable(path, "wrong_length", need=length, have=len(plain))
        return tuple(element(each, f"{path}/{n}") for n, each in enumerate(plain))

    return read


def _mapping_reader(of: Any) -> Reader:
    element = _reader(of)

    def read(plain: Plain, path: str) -> dict[str, Any]:
        if type(plain) is not dict:
            raise Unreadable(path, "wrong_type", need="object", have=_type_name(plain))
        return {
            _read_str(name, path): element(each, f"{path}/{_escaped(name)}")
            for name, each in plain.items()
        }

    return read


def is_required(part: Field[Any]) -> bool:
    """Tell whether a field of the contracts has no default."""
    return part.default is MISSING and part.default_factory is MISSING


def _dataclass_reader(of: type) -> Reader:
    hints = get_type_hints(of)
    readers = {part.name: _reader(hints[part.name]) for part in fields(of)}
    required = [part.name for part in fields(of) if is_required(part)]

    def read(plain: Plain, path: str) -> Any:
        if type(plain) is not dict:
            raise Unreadable(path, "wrong_type", need="object", have=_type_name(plain))
        for name in required:
            if name not in plain:
                raise Unreadable(f"{path}/{name}", "missing_field", name=name)
        values: dict[str, Any] = {}
        for name, each in plain.items():
            reader = readers.get(name)
            if reader is None:
                raise Unreadable(f"{path}/{_escaped(name)}", "unknown_field", name=name)
            values[name] = reader(each, f"{path}/{name}")
        return of(**values)

    return read


def _escaped(name: str) -> str:
    """Write a name as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
