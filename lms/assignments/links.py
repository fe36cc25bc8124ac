"""Addresses that learners hand in."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 500


def is_https(address: str) -> bool:
    """Whether it is a whole https address, without spaces, name or password in it."""
    if len(address) > LONGEST or not address.isprintable() or any(sign.isspace() or sign in '<>"' for sign in address):
        return False
    try:
        parts = urlsplit(address)
        has_host = "." in (parts.hostname or "").strip(".")
        return parts.scheme == "https" and has_host and parts.username is None and parts.port in {None, 443}
    except ValueError:
        return False
