"""Frozen dataclasses to JSON and back, by their type hints.

A field that is missing in the JSON takes its default, and a key that no field has is
ignored: so a new field with a default needs no upgrade step (see ``lms.content.stored``).
Fields marked ``stored=False`` are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from lms.content.registry import Registry
from lms.content.text import Text

T = TypeVar("T")


class Codec(NamedTuple):
    dump: Callable[[Any], Any]
    load: Callable[..., Any]


def _same(value: Any) -> Any:
    return value


_AS_IT_IS = Codec(_same, _same)


@lru_cache(maxsize=1000)
def _fraction(number: str | float) -> Fraction:
    """Exact: ``0.1`` is one tenth, not the nearest binary fraction."""
    return Fraction(str(number))


_LEAVES = {
    Fraction: Codec(str, _fraction),
    Decimal: Codec(str, lambda number: Decimal(str(number))),
    datetime: Codec(datetime.isoformat, datetime.fromisoformat),
    time: Codec(lambda at: at.strftime("%H:%M"), time.fromisoformat),
    Text: Codec(lambda text: text.html, lambda html: Text("", html=html)),
}


def dump(value: Any) -> dict[str, Any]:
    """A dataclass as a JSON object, without a tag."""
    return _fields_codec(type(value)).dump(value)  # type: ignore[no-any-return,arg-type]


def load(cls: type[T], data: Mapping[str, Any], **more: Any) -> T:
    """A ``cls`` from JSON; ``more`` are values of fields that are not stored."""
    return _fields_codec(cls).load(data, **more)  # type: ignore[no-any-return,arg-type]


@cache
def _fields_codec(cls: type) -> Codec:
    hints = get_type_hints(cls)
    stored = [one.name for one in fields(cls) if one.metadata.get("stored", True)]
    codecs = {name: _codec(hints[name]) for name in stored}

    def dump_fields(value: Any) -> dict[str, Any]:
        return {name: codec.dump(getattr(value, name)) for name, codec in codecs.items()}

    def load_fields(data: Mapping[str, Any], **more: Any) -> Any:
        return cls(**{name: codec.load(data[name]) for name, codec in codecs.items() if name in data}, **more)

    return Codec(dump_fields, load_fields)


def _tagged_codec(tag: str, registry: Registry[Any]) -> Codec:
    """The codec of a base class. A tag in the JSON names the registered subclass."""

    def dump_tagged(value: Any) -> dict[str, Any]:
        return {tag: getattr(value, tag), **dump(value)}

    def load_tagged(data: Mapping[str, Any]) -> Any:
        return load(registry[data[tag]], data)

    return Codec(dump_tagged, load_tagged)


@cache
def _codec(hint: Any) -> Codec:
    if hint in _LEAVES:
        return _LEAVES[hint]
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        inner = [arg for arg in args if arg is not NoneType]
        return _optional(_codec(inner[0])) if len(inner) == 1 else _AS_IT_IS
    if origin is tuple:
        return _many(_codec(args[0])) if args[-1] is Ellipsis else _row([_codec(arg) for arg in args])
    if origin is frozenset:
        inner_codec = _codec(args[0])
        return Codec(
            lambda values: sorted(map(inner_codec.dump, values)), lambda data: frozenset(map(inner_codec.load, data))
        )
    if is_dataclass(hint) and isinstance(hint, type):
        registry = hint.__dict__.get("registry")
        return _tagged_codec(registry.attribute, registry) if registry else _fields_codec(hint)
    assert hint in (str, int, float, bool) or origin in (Literal, dict, ClassVar), f"no codec for {hint}"
    return _AS_IT_IS


def _optional(inner: Codec) -> Codec:
    return Codec(
        lambda value: None if value is None else inner.dump(value),
        lambda data: None if data is None else inner.load(data),
    )


def _many(inner: Codec) -> Codec:
    return Codec(lambda values: list(map(inner.dump, values)), lambda data: tuple(map(inner.load, data)))


def _row(inner: list[Codec]) -> Codec:
    return Codec(
        lambda values: [codec.dump(one) for codec, one in zip(inner, values, strict=True)],
        lambda data: tuple(codec.load(one) for codec, one in zip(inner, data, strict=True)),
    )
