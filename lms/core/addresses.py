"""Whole addresses of this site, for what leaves it: printed pages, messages, shared links."""

from __future__ import annotations

from flask import current_app


def whole(path: str) -> str:
    """``/verify/X`` with the site's own scheme and host before it."""
    return f"{current_app.config['BASE_URL']}{path}"
