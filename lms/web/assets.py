"""Styles, scripts and icons: joined, minified, named by their hash and held in memory.

There is no build step: the files are read when the application starts. The content
behind a name never changes, so browsers cache it for a year.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import brotli
import rcssmin
import rjsmin
from flask import Flask, Response, abort, request

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

    ``office.css`` is loaded after ``site.css`` on the pages for managing and teaching only, so that learners need not
    download it.
    """

    def __init__(self, folder: Path = STATIC) -> None:
        self._by_source: dict[str, Asset] = {}
        for source, styles in (("site.css", folder / "css"), ("office.css", folder / "css" / "office")):
            text = "\n".join(path.read_text() for path in sorted(styles.glob("*.css")))
            self._add(source, "text/css; charset=utf-8", rcssmin.cssmin(text))
        for path in sorted((folder / "js").glob("*.js")):
            self._add(path.name, "text/javascript; charset=utf-8", rjsmin.jsmin(path.read_text()))
        for path in sorted(folder.glob("*.svg")):
            self._add(path.name, "image/svg+xml", path.read_text().strip())
        self._by_name = {asset.name: asset for asset in self._by_source.values()}

    def _add(self, source: str, content_type: str, text: str) -> None:
        data = text.encode()
        stem, _, suffix = source.rpartition(".")
        name = f"{stem}.{hashlib.sha256(data).hexdigest()[:10]}.{suffix}"
        packed = gzip.compress(data, 9, mtime=0), brotli.compress(data, quality=11)
        self._by_source[source] = Asset(name, content_type, data, *packed)

    def url(self, source: str) -> str:
        return f"/static/{self._by_source[source].name}"

    def find(self, name: str) -> Asset | None:
        return self._by_name.get(name)


def set_up(app: Flask) -> None:
    assets = Assets()
    app.jinja_env.globals["asset"] = assets.url

    @public
    def static(name: str) -> Response:
        asset = assets.find(name)
        if asset is None:
            abort(404)
        return _send(asset)

    @public
    def favicon() -> Response:
        """For browsers that do not look for the link in the page."""
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
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
