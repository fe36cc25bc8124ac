"""Cached fragments of pages: brand, navigation, footer; buttons and words that do not depend on the person."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
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
    return fragment_of("ui/page_parts.html", name, *values)


def fragment_of(template: str, name: str, *values: Hashable) -> Markup:
    """The same for a macro of another template."""
    return _rendered(template, name, language_code(), *values)


def fragments_of(template: str, name: str, rows: Iterable[tuple[Hashable, ...]]) -> Markup:
    """The fragments for several sets of arguments, one after the other."""
    language = language_code()
    return Markup("\n").join(_rendered(template, name, language, *values) for values in rows)


@lru_cache(maxsize=2048, typed=True)  # a text equals markup with the same characters
def _rendered(source: str, name: str, _language: str, *values: Hashable) -> Markup:
    return Markup(getattr(macros(source), name)(*values))  # noqa: S704 - rendered by a template


def macros(template: str) -> Any:
    """The macros of a template that know nothing of the page. ``{% import %}`` compares all globals each time."""
    return current_app.jinja_env.get_template(template).module


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
    functions = (fragment, fragment_of, fragments_of, macros)
    app.jinja_env.globals.update({one.__name__: one for one in functions}, url_for=CachedUrlFor(app))
