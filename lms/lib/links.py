"""Addresses of pages elsewhere, as people type them."""

from __future__ import annotations

from urllib.parse import urlsplit

MAX_LINK_LENGTH = 500


def is_https(address: str) -> bool:
    """True for a complete https address without spaces, user name or password."""
    if len(address) > MAX_LINK_LENGTH or not address.isprintable():
        return False
    if any(one.isspace() or one in '<>"' for one in address):
        return False
    try:
        parts = urlsplit(address)
        has_host = "." in (parts.hostname or "").strip(".")
        return parts.scheme == "https" and has_host and parts.username is None and parts.port in {None, 443}
    except ValueError:
        return False
