"""What people are called, and what they type where they are asked who they are."""

from __future__ import annotations

import unicodedata

from lms.people import nip


def login_name(text: str) -> str:
    """A login name in normal form: addresses in lower case, numbers without spaces and dots."""
    if "@" in text:
        return address(text)
    return nip.normalise(text)


def address(text: str) -> str:
    """An e-mail address as it is stored."""
    visible = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isprintable())
    return visible.strip().lower()


def full_name(title_before: str, name: str, title_after: str) -> str:
    """With titles, as it is printed: ``Dr. Contoh Nama, M.Si.``"""
    before = f"{title_before} " if title_before else ""
    after = f", {title_after}" if title_after else ""
    return f"{before}{name}{after}"
