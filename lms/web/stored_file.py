"""A stored file as a response: in pieces and in the range that a browser asks for; only an SVG is read whole."""

from __future__ import annotations

import re

from flask import Response, abort, request

from lms.core import storage
from lms.web.headers import FILE_POLICY, set_disposition

MAX_RANGE_BYTES = 1024 * 1024
"""A player asks for the rest of the file and takes what it plays; it asks again for what comes after this."""

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def stored_file(key: str, size: int, content_type: str) -> Response:
    """Send a stored file. Its address names its content, so browsers may keep it for a year.

    :raises NotFound: the storage has no such file.
    """
    tag = f'"{key.rpartition("/")[2][:20]}"'
    if request.headers.get("If-None-Match") == tag:
        return _with_headers(Response(status=304, content_type=content_type), tag)
    if content_type.startswith("image/svg"):  # the only kind that is sent compressed, which a part cannot be
        return _with_headers(Response(_whole(key), content_type=content_type), tag)
    asked = _asked(size) if request.headers.get("If-Range", tag) == tag else None
    if asked == "unsatisfiable":
        response = Response(status=416, content_type=content_type)
        response.headers["Content-Range"] = f"bytes */{size}"
        return _with_headers(response, tag)
    start, end = asked if isinstance(asked, tuple) else (0, size)
    try:
        pieces = storage.pieces(key, start, end) if size else iter(())
    except storage.FileMissing:
        abort(404)
    response = Response(pieces, 206 if asked else 200, content_type=content_type)
    response.headers["Content-Length"] = str(end - start)
    response.headers["Accept-Ranges"] = "bytes"
    if asked:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return _with_headers(response, tag)


def attachment(key: str, size: int, content_type: str, name: str) -> Response:
    """A file of people, always as a download: the site itself never shows an uploaded file.

    :raises NotFound: the storage has no such file. If a large one turns out to be altered, the download breaks off.
    """
    try:
        pieces = storage.checked_pieces(key, size)
    except storage.FileMissing:
        abort(404)
    response = Response(pieces, content_type=content_type)
    response.headers["Content-Length"] = str(size)
    set_disposition(response, "attachment", name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def picture(jpeg: bytes) -> Response:
    """A picture that was made of an uploaded file."""
    response = Response(jpeg, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _whole(key: str) -> bytes:
    try:
        return storage.read(key)
    except storage.FileMissing:
        abort(404)


def _with_headers(response: Response, tag: str) -> Response:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = f"{FILE_POLICY}; style-src 'unsafe-inline'"
    return response


def _asked(size: int) -> tuple[int, int] | str | None:
    """First byte and the one after the last; None for the whole file, as for several ranges at once."""
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or not (found[1] or found[2]):
        return None
    if found[1]:
        start, end = int(found[1]), min(int(found[2]) + 1, size) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None
    else:
        start, end = max(0, size - int(found[2])), size
    if start >= end:
        return "unsatisfiable"
    return start, min(end, start + MAX_RANGE_BYTES)
