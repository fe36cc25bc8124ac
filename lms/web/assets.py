"""Styles, scripts and icons: joined, minified, named by their hash and held in memory.

There is no build step: the files are read when the application starts. The content
behind a name never changes, so browsers cache it for a year.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli
import rcssmin
import rjsmin
from flask import Flask, Response, abort, request

from config import LANGUAGES
from lms.core.i18n import in_language
from lms.web import held_forms, self_checks
from lms.web.access import public

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Asset:
    """One file in the encodings in which it is sent."""

    name: str
    content_type: str
    plain: bytes
    gzip: bytes
    br: bytes


class Assets:
    """All files of the page kit.

    ``parts.css`` is loaded by questions whose answers have parts. ``office.css`` is loaded after ``site.css`` on the
    pages for managing and teaching only, so that learners need not download it. ``page.js`` is on the page of everybody
    signed in, and loads others later (``page/later.js``).
    """

    def __init__(self, folder: Path = STATIC) -> None:
        self._by_source: dict[str, Asset] = {}
        self._by_name: dict[str, Asset] = {}
        for source in ("site.css", "office.css", "parts.css"):
            styles = folder / "css" / ("" if source == "site.css" else source.removesuffix(".css"))
            text = "\n".join(path.read_text() for path in sorted(styles.glob("*.css")))
            self._add(source, "text/css; charset=utf-8", rcssmin.cssmin(text).encode())
        scripts = {path.name: [path] for path in sorted((folder / "js").glob("*.js"))}
        scripts["page.js"] = sorted((folder / "js" / "page").glob("*.js"))
        for source, paths in scripts.items():
            text = "\n".join(rjsmin.jsmin(path.read_text()) for path in paths)
            self._add(source, "text/javascript; charset=utf-8", text.encode())
        for path in sorted(folder.glob("*.svg")):
            self._add(path.name, "image/svg+xml", path.read_text().strip().encode())
        for path in sorted(folder.glob("*.png")):
            self._add(path.name, "image/png", path.read_bytes())

    def add_localised(self, source: str, language: str, words: Mapping[str, str]) -> None:
        """``held.js`` as ``held.id.js``, with its texts where it names ``WORDS``."""
        stem, _, suffix = source.rpartition(".")
        script = self._by_source[source]
        text = script.plain.decode().replace("WORDS", json.dumps(dict(words), ensure_ascii=False))
        self._add(f"{stem}.{language}.{suffix}", script.content_type, text.encode())

    def _add(self, source: str, content_type: str, data: bytes) -> None:
        stem, _, suffix = source.rpartition(".")
        name = f"{stem}.{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"
        packed = gzip.compress(data, 9, mtime=0), brotli.compress(data, quality=11)
        self._by_source[source] = self._by_name[name] = Asset(name, content_type, data, *packed)

    def url(self, source: str) -> str:
        return f"/static/{self._by_source[source].name}"

    def find(self, name: str) -> Asset | None:
        return self._by_name.get(name)


LOCALISED = {"held.js": held_forms.WORDS, "check.js": self_checks.WORDS}
"""Scripts with texts of their own; a page would carry them each time."""


def set_up(app: Flask) -> None:
    assets = Assets()
    for language in LANGUAGES:
        with app.app_context(), in_language(language):
            for source, words in LOCALISED.items():
                assets.add_localised(source, language, {name: str(text) for name, text in words.items()})
    app.jinja_env.globals["asset"] = assets.url

    @public
    def static(name: str) -> Response:
        asset = assets.find(name)
        if asset is None:
            abort(404)
        return _send(asset)

    @public
    def favicon() -> Response:
        """The icon at the address where browsers look that do not read the link in the page."""
        asset = assets.find(assets.url("icon.svg").removeprefix("/static/"))
        assert asset is not None
        return _send(asset)

    rules: list[tuple[str, str, Callable[..., Response]]] = [
        ("/static/<name>", "static", static),
        ("/favicon.ico", "favicon", favicon),
    ]
    for rule, endpoint, view in rules:
        app.add_url_rule(rule, endpoint, view)


def _send(asset: Asset) -> Response:
    encoding = request.accept_encodings.best_match(["br", "gzip"])
    body = {"br": asset.br, "gzip": asset.gzip}.get(encoding or "", asset.plain)
    response = Response(body, content_type=asset.content_type)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
