"""Limits for requests: composed text without control characters, possible row numbers, small bodies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypeVar
from unicodedata import normalize

from flask import Flask, Request, current_app, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, UnicodeConverter

from lms.lib.digits import MAX_ROW_NUMBER, whole_number

P = ParamSpec("P")
R = TypeVar("R")

MAX_BODY = 64 * 1024 * 1024
MAX_FORM = 1024 * 1024
MAX_PLAIN_BODY = 2 * MAX_FORM
"""For requests without files: a whole form in percent-encoding."""

_CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


class CleanFields(ImmutableMultiDict[str, Any]):
    """Form fields without control characters: HTML forbids them, and PostgreSQL refuses text with a NUL.

    Their characters are composed, so that a text is the same whatever device it was typed on.
    """

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        pairs = mapping.items(multi=True) if isinstance(mapping, ImmutableMultiDict) else mapping
        if pairs is not None and not isinstance(pairs, Mapping):
            pairs = [(_cleaned(name), _cleaned(value)) for name, value in pairs]
        super().__init__(pairs)


def _cleaned(value: Any) -> Any:
    return normalize("NFC", _CONTROL_CHARACTERS.sub("", value)) if isinstance(value, str) else value


class CleanRequest(Request):
    parameter_storage_class = CleanFields


class RowNumber(IntegerConverter):
    """``<int:...>`` in a URL. A number that no row can have is a 404 and never reaches the database."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **{"max": MAX_ROW_NUMBER, **values})


class CleanString(UnicodeConverter):
    """``<...>`` in a URL, without control characters."""

    def to_python(self, value: str) -> str:
        return _CONTROL_CHARACTERS.sub("", value)


def row_number(text: str) -> int:
    """Read the number of a row, as in ``request.args.get(..., type=row_number)``.

    :raises ValueError: no row can have this number.
    """
    number = whole_number(text)
    if number is None:
        raise ValueError("no row has this number")
    return number


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """Allow requests to this view that carry files, as parts, to be larger than a form."""
    view.is_for_files = True  # type: ignore[attr-defined]
    return view


def set_up(app: Flask) -> None:
    """Must be called before anything that reads a form."""
    app.request_class = CleanRequest
    app.url_map.converters.update({"int": RowNumber, "default": CleanString, "string": CleanString})
    app.url_map.merge_slashes = False  # merging would redirect "//courses" to whatever host the request names
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_MEMORY_SIZE=MAX_FORM)
    app.before_request(_limit_body)


def _limit_body() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if not hasattr(view, "is_for_files") or request.mimetype != "multipart/form-data":
        request.max_content_length = MAX_PLAIN_BODY
