"""The frame of every page: brand, navigation, footer. Its parts are made once for each way they can look, and kept.

A part is a macro of ``ui/frame.html`` with its arguments, which are the key as well: no page can be
given a part that was made from something of somebody else's.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale
from markupsafe import Markup


def part(name: str, *values: Hashable) -> Markup:
    return _part(name, str(get_locale()), *values)


@lru_cache(maxsize=1024)
def _part(name: str, _language: str, *values: Hashable) -> Markup:
    template: Any = current_app.jinja_env.get_template("ui/frame.html").module
    return Markup(getattr(template, name)(*values))  # noqa: S704 - what a template has made


class Addresses:
    """``url_for`` of the templates. An address without values is the same each time, and made once."""

    def __init__(self, app: Flask) -> None:
        self._url_for = app.url_for
        self._plain: dict[str, str] = {}

    def __call__(self, endpoint: str, **values: Any) -> str:
        if values or endpoint.startswith("."):
            return self._url_for(endpoint, **values)
        if endpoint not in self._plain:
            self._plain[endpoint] = self._url_for(endpoint)
        return self._plain[endpoint]


def set_up(app: Flask) -> None:
    _part.cache_clear()  # addresses and names are the application's
    app.jinja_env.globals.update(url_for=Addresses(app), part=part)
