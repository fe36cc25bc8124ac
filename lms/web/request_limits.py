"""What a request brings: texts without signs that no page can show, numbers that a row can have, small bodies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Request, current_app, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, UnicodeConverter

P = ParamSpec("P")
R = TypeVar("R")

LARGEST_ROW = 2**31 - 1
LARGEST_BODY = 64 * 1024 * 1024
LARGEST_FORM = 1024 * 1024
LARGEST_PLAIN_BODY = 2 * LARGEST_FORM
"""Of a request that brings no files: a whole form, written with ``%`` and names."""

_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class Texts(ImmutableMultiDict[str, Any]):
    """Fields as they arrive, without control signs: HTML forbids them, and PostgreSQL refuses texts with a NUL."""

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        pairs = mapping.items(multi=True) if isinstance(mapping, ImmutableMultiDict) else mapping
        if pairs is not None and not isinstance(pairs, Mapping):
            pairs = [(_shown(name), _shown(value)) for name, value in pairs]
        super().__init__(pairs)


def _shown(value: Any) -> Any:
    return _UNSHOWN.sub("", value) if isinstance(value, str) else value


class CleanRequest(Request):
    parameter_storage_class = Texts


class RowNumber(IntegerConverter):
    """``<int:...>`` in an address: a number that no row can have names nothing, and never reaches the database."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ROW, **values})


class Word(UnicodeConverter):
    """``<...>`` in an address, without control signs as well."""

    def to_python(self, value: str) -> str:
        return _UNSHOWN.sub("", value)


def row_number(text: str) -> int:
    """A number that a row can have, for ``request.args.get(..., type=row_number)``.

    :raises ValueError: it is none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= LARGEST_ROW):
        raise ValueError("no row has this number")
    return int(text)


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """Only to such a view may a request bring more than a form."""
    view.is_for_files = True  # type: ignore[attr-defined]
    return view


def set_up(app: Flask) -> None:
    """Before anything that reads a form."""
    app.request_class = CleanRequest
    app.url_map.converters.update({"int": RowNumber, "default": Word, "string": Word})
    app.url_map.merge_slashes = False  # merging answers "//courses" by leading to whatever host the request names
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_FORM)
    app.before_request(_small_unless_for_files)


def _small_unless_for_files() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if not hasattr(view, "is_for_files"):
        request.max_content_length = LARGEST_PLAIN_BODY
