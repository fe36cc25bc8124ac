"""Cached fragments of the base page: brand, navigation, footer."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from lms.core.i18n import language_code


def fragment(name: str, *values: Hashable) -> Markup:
    """The macro ``name`` of ``ui/page_parts.html`` with these arguments, rendered once for each set of them.

    The arguments and the language are the key, and the macro may depend on nothing else: a fragment that was rendered
    for one person then fits all others for whom it is called with the same arguments.
    """
    return _rendered(name, language_code(), *values)


@lru_cache(maxsize=1024)
def _rendered(name: str, _language: str, *values: Hashable) -> Markup:
    template: Any = current_app.jinja_env.get_template("ui/page_parts.html").module
    return Markup(getattr(template, name)(*values))  # noqa: S704 - rendered by a template


class CachedUrlFor:
    """``url_for`` for templates. Cached, except where it depends on the request: relative endpoints, ``_external``."""

    def __init__(self, app: Flask) -> None:
        self._url_for = app.url_for
        self._cached = lru_cache(maxsize=4096, typed=True)(app.url_for)

    def __call__(self, endpoint: str, **values: Any) -> str:
        depends_on_request = endpoint.startswith(".") or any(name.startswith("_") for name in values)
        if depends_on_request or not all(isinstance(value, Hashable) for value in values.values()):
            return self._url_for(endpoint, **values)
        return self._cached(endpoint, **values)


def set_up(app: Flask) -> None:
    _rendered.cache_clear()  # URLs and the site name depend on the application
    app.jinja_env.globals.update(url_for=CachedUrlFor(app), fragment=fragment)
