"""Settings: fields of the schema that an author writes in front matter or attributes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import Field, field, fields
from typing import Any

from lms.content.markdown.fields import Fields
from lms.content.markdown.frontmatter import YamlMap
from lms.content.markdown.values import Reader, whole


def setting(
    read: Reader[Any],
    default: Any,
    *,
    key: str | None = None,
    required: bool = False,
    each: Callable[[Any], Any] | None = None,
    stored: bool = True,
) -> Any:
    """Declare a field of a dataclass whose value an author writes. A missing key gives ``default``.

    :param key: where the key is not the field's name.
    :param required: a missing key is an error.
    :param each: the value is a list, each entry is read by ``read``; ``each`` (``tuple``, ``frozenset``) holds them.
    :param stored: False for what a revision keeps in columns of its own.
    """
    return _declared(lambda fields, name: _read(fields, name, read, default, required, each), default, key, stored)


def setting_of_keys(read: Callable[[Fields, str], Any], default: Any) -> Any:
    """Declare a field whose value is a map or has several forms. ``read`` gets the map and the field's key."""
    return _declared(read, default, None, stored=True)


def _declared(read: Callable[[Fields, str], Any], default: Any, key: str | None, stored: bool) -> Any:
    return field(default=default, metadata={"read": read, "key": key, "stored": stored})


def _read(
    fields: Fields, key: str, read: Reader[Any], default: Any, required: bool, each: Callable[[Any], Any] | None
) -> Any:
    if each:
        return each(fields.several(key, read, tuple(default)))
    return fields.require(key, read, default) if required else fields.get(key, read, default)


def counts_by_group(most: int) -> Callable[[Fields, str], dict[str, int] | None]:
    """Read a number, which becomes ``{"": number}``, or a map with one for each group; for ``setting_of_keys``."""

    def read(fields: Fields, key: str) -> dict[str, int] | None:
        if not isinstance(fields.value(key), YamlMap):
            count = fields.get(key, whole(1, most), None)
            return None if count is None else {"": count}
        groups = fields.inner(key)
        return (groups.each(whole(1, most)) or None) if groups else None

    return read


def settings_of(cls: type) -> dict[str, Field[Any]]:
    """The settings of ``cls`` by key."""
    return {one.metadata["key"] or one.name: one for one in fields(cls) if "read" in one.metadata}


def read_settings(cls: type, fields: Fields, *, skip: Collection[str] = ()) -> dict[str, Any]:
    """Read all settings of ``cls`` except those with a key in ``skip``. Returns values by field name."""
    return {one.name: one.metadata["read"](fields, key) for key, one in settings_of(cls).items() if key not in skip}
