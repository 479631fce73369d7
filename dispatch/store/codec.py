"""Frozen dataclasses to plain JSON values and back, strictly."""

import dataclasses
import functools
import types
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Plain = Any
"""A JSON value: None, bool, int, float, str, list or dict with str keys."""

T = TypeVar("T")


class CodecMismatch(Exception):
    """A value is not of the shape that its type says."""


def encode(value: object) -> Plain:
    """Return a dataclass as JSON values; instants as ISO 8601 UTC with their microseconds.

    Raises:
        CodecMismatch: an instant without a zone.
    """
    return _encoder(type(value))(value)


def decode(kind: type[T], plain: Plain) -> T:
    """Build a dataclass from what ``encode`` made of one.

    A field that is missing takes its default, so that fields can be added; anything else that
    does not fit is refused.

    Raises:
        CodecMismatch: an unknown or missing field, or a value of another type.
    """
    return _decoder(kind)(plain)


def _same(value: Plain) -> Plain:
    return value


def _instant_out(value: datetime) -> str:
    if value.tzinfo is None:
        raise CodecMismatch("an instant without a zone")
    return value.astimezone(UTC).isoformat()


@functools.cache
def _encoder(kind: Any) -> Callable[[Any], Plain]:
    """Return the encoder of a run-time class; containers look at their items' classes."""
    if dataclasses.is_dataclass(kind):
        names = tuple(item.name for item in dataclasses.fields(kind) if item.init)
        return lambda value: {name: encode(getattr(value, name)) for name in names}
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, datetime):
        return _instant_out
    if issubclass(kind, str | bool | int | float | types.NoneType):
        return _same
    if issubclass(kind, tuple | list):
        return lambda value: [encode(item) for item in value]
    if issubclass(kind, Mapping):
        return lambda value: {str(key): encode(item) for key, item in value.items()}
    raise CodecMismatch(f"no JSON for {kind}")


@functools.cache
def _decoder(hint: Any) -> Callable[[Plain], Any]:
    origin = get_origin(hint)
    if origin is None:
        return _decode_class(hint)
    if origin is Literal:
        return _decode_literal(get_args(hint))
    if origin in (Union, types.UnionType):
        return _decode_union(get_args(hint))
    if origin is tuple:
        return _decode_tuple(get_args(hint))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _decode_mapping(get_args(hint))
    raise CodecMismatch(f"no JSON for {hint}")


def _decode_class(hint: Any) -> Callable[[Plain], Any]:
    if hint is Any or hint is object:
        return _same
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _decode_dataclass(hint)
    if not isinstance(hint, type):
        raise CodecMismatch(f"no JSON for {hint}")
    if issubclass(hint, Enum):
        return _decode_enum(hint)
    if issubclass(hint, datetime):
        return _instant_in
    if hint is float:
        return _number_in
    return _decode_exact(hint)


def _decode_exact(hint: type) -> Callable[[Plain], Any]:
    def read(plain: Plain) -> Any:
        if type(plain) is not hint:
            raise CodecMismatch(f"{plain!r} is not {hint.__name__}")
        return plain

    return read


def _number_in(plain: Plain) -> float:
    if type(plain) is float:
        return plain
    if type(plain) is int:
        return float(plain)
    raise CodecMismatch(f"{plain!r} is not a number")


def _instant_in(plain: Plain) -> datetime:
    if type(plain) is not str:
        raise CodecMismatch(f"{plain!r} is not an instant")
    try:
        value = datetime.fromisoformat(plain)
    except ValueError as cause:
        raise CodecMismatch(str(cause)) from cause
    if value.tzinfo is None:
        raise CodecMismatch(f"{plain!r} has no zone")
    return value


def _decode_enum(hint: type[Enum]) -> Callable[[Plain], Any]:
    members = {member.value: member for member in hint}

    def read(plain: Plain) -> Any:
        try:
            return members[plain]
        except (KeyError, TypeError) as cause:
            raise CodecMismatch(f"{plain!r} is no {hint.__name__}") from cause

    return read


def _decode_literal(allowed: tuple[Any, ...]) -> Callable[[Plain], Any]:
    def read(plain: Plain) -> Any:
        if not any(plain == item and type(plain) is type(item) for item in allowed):
            raise CodecMismatch(f"{plain!r} is none of {allowed}")
        return plain

    return read


def _decode_union(options: tuple[Any, ...]) -> Callable[[Plain], Any]:
    """None, and else the first option that takes it; an exact scalar goes before float."""
    nullable = types.NoneType in options
    rest = [item for item in options if item is not types.NoneType]
    rest.sort(key=lambda item: item is float)
    readers = [_decoder(item) for item in rest]

    def read(plain: Plain) -> Any:
        if plain is None and nullable:
            return None
        if len(readers) == 1:
            return readers[0](plain)
        for reader in readers:
            try:
                return reader(plain)
            except CodecMismatch:
                continue
        raise CodecMismatch(f"{plain!r} fits none of {options}")

    return read


def _decode_tuple(items: tuple[Any, ...]) -> Callable[[Plain], Any]:
    if len(items) == 2 and items[1] is Ellipsis:
        reader = _decoder(items[0])

        def read_many(plain: Plain) -> tuple[Any, ...]:
            if type(plain) is not list:
                raise CodecMismatch(f"{plain!r} is not a list")
            return tuple([reader(item) for item in plain])

        return read_many
    readers = tuple(_decoder(item) for item in items)

    def read_fixed(plain: Plain) -> tuple[Any, ...]:
        if type(plain) is not list or len(plain) != len(readers):
            raise CodecMismatch(f"{plain!r} is not a list of {len(readers)}")
        return tuple(reader(item) for reader, item in zip(readers, plain, strict=True))

    return read_fixed


def _decode_mapping(arguments: tuple[Any, ...]) -> Callable[[Plain], Any]:
    if arguments[0] is not str:
        raise CodecMismatch("JSON keys are text")
    reader = _decoder(arguments[1])

    def read(plain: Plain) -> dict[str, Any]:
        if type(plain) is not dict:
            raise CodecMismatch(f"{plain!r} is not an object")
        return {key: reader(item) for key, item in plain.items()}

    return read


def _decode_dataclass(kind: type) -> Callable[[Plain], Any]:
    hints = get_type_hints(kind)
    fields = {item.name: item for item in dataclasses.fields(kind) if item.init}
    required = {
        name
        for name, item in fields.items()
        if item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
    }
    readers: dict[str, Callable[[Plain], Any]] = {}

    def read(plain: Plain) -> Any:
        if type(plain) is not dict:
            raise CodecMismatch(f"{plain!r} is not a {kind.__name__}")
        if not readers:
            readers.update({name: _decoder(hints[name]) for name in fields})
        try:
            values = {name: readers[name](item) for name, item in plain.items()}
        except KeyError as unknown:
            raise CodecMismatch(f"{kind.__name__} has no {unknown}") from unknown
        missing = required - values.keys()
        if missing:
            raise CodecMismatch(f"{kind.__name__} lacks {sorted(missing)}")
        return kind(**values)

    return read
