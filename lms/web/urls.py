"""URLs of this site."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import request, url_for


def is_safe_redirect(target: str | None) -> bool:
    """True if ``target`` is a path of this site."""
    return bool(
        target
        and target.startswith("/")
        and not target.startswith("//")
        and "\\" not in target
        and target.isprintable()  # browsers drop tabs and line breaks, so "/<tab>/elsewhere" leads elsewhere
    )


def own_path(address: str | None) -> str | None:
    """Path and query of an absolute URL of this site; None for any other text."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    if parts.netloc != request.host:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def same_page(**changes: Any) -> str:
    """The requested URL with a changed query.

    The query does not go through ``url_for``, which would interpret names such as ``_scheme``.
    """
    assert request.endpoint is not None
    values = request.args.to_dict() | {name: str(value) for name, value in changes.items()}
    return url_for(request.endpoint, **(request.view_args or {})) + f"?{urlencode(values)}"
