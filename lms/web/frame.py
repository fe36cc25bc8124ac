"""The frame of every page: brand, navigation, footer. Its parts are made once for each way they can look, and kept.

A part is a macro of ``ui/frame.html`` with its arguments, which are the key as well: no page can be
given a part that was made from something of somebody else's. A page of which the most is the same for all is kept
whole (``filled``): what differs stands in gaps, and all that the frame shows of a person is the key.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, render_template, session
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup, escape

from lms.web import nav

GAP = "\x00"
"""Around the name of a gap while a template is rendered. HTML forbids it, so no text holds it."""


def part(name: str, *values: Hashable) -> Markup:
    return _part(name, str(get_locale()), *values)


@lru_cache(maxsize=1024)
def _part(name: str, _language: str, *values: Hashable) -> Markup:
    template: Any = current_app.jinja_env.get_template("ui/frame.html").module
    return Markup(getattr(template, name)(*values))  # noqa: S704 - what a template has made


def filled(template: str, gaps: Mapping[str, str], **alike: Hashable) -> str:
    """The page of ``template``, with what is this request's own in its ``gaps``.

    The rest is rendered once for each set of ``alike`` values and kept. The template gets those values, and may ask
    nothing else that differs between requests or people. Texts that are no Markup are escaped.
    """
    make = _pieces.__wrapped__ if session.get("_flashes") else _pieces  # a message is shown once
    pieces = make(template, tuple(gaps), tuple(alike.items()), *_seen())
    return "".join(escape(gaps[piece]) if number % 2 else piece for number, piece in enumerate(pieces))


@lru_cache(maxsize=256)
def _pieces(template: str, gaps: tuple[str, ...], alike: tuple[tuple[str, Any], ...], *_frame: Hashable) -> list[str]:
    """Texts and names of gaps by turns, a text at both ends."""
    holes = {name: Markup(f"{GAP}{name}{GAP}") for name in gaps}  # noqa: S704 - names of ours
    return render_template(template, **holes, **dict(alike)).split(GAP)


def _seen() -> tuple[Hashable, ...]:
    """All that ``base.html`` shows of whoever asks, and of where they are."""
    is_signed_in = current_user.is_authenticated
    unread = current_user.unread_notices if is_signed_in else 0
    return str(get_locale()), nav.places(), nav.here(), is_signed_in, unread


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
    _pieces.cache_clear()
    app.jinja_env.globals.update(url_for=Addresses(app), part=part)
