"""Security headers of every response, and ETags, so that an unchanged page costs a 304."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Literal
from urllib.parse import quote

from flask import Flask, Response, current_app, g, request, session

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
RECORDING_POLICY = POLICY.replace("media-src 'self'", "media-src 'self' blob:")
"""For pages that play what they have just recorded."""
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def set_up(app: Flask) -> None:
    app.after_request(_tag)
    app.after_request(_harden)  # runs first: Flask calls them in reverse


def _harden(response: Response) -> Response:
    headers = response.headers
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("Cache-Control", "private, no-cache")
    else:
        headers.setdefault("Content-Security-Policy", FILE_POLICY)
        headers.setdefault("Cache-Control", "private, no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    if current_app.config["IS_HTTPS"]:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _tag(response: Response) -> Response:
    """Compute a page's ETag without its CSRF token, which is signed anew each time.

    The token of a cached page is valid as long as the session's own secret,
    which therefore is part of the tag.
    """
    if request.method not in {"GET", "HEAD"} or response.status_code != 200 or response.mimetype != "text/html":
        return response
    body = response.get_data()
    token = g.get("csrf_token")
    if token:
        body = body.replace(token.encode(), b"")
    secret = str(session.get("csrf_token", "")) if token else ""
    response.set_etag(hashlib.sha256(body + secret.encode()).hexdigest()[:20], weak=True)
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


def set_disposition(response: Response, kind: Literal["attachment", "inline"], name: str) -> None:
    """Name the file of a response. Letters beyond ASCII are sent apart, as RFC 6266 has it: in a plain header they are
    garbled, or cannot be sent at all."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    encoded = {} if plain == name else {"filename*": f"UTF-8''{quote(name, safe='')}"}
    response.headers.set("Content-Disposition", kind, filename=plain, **encoded)
