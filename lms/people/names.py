"""Full names and login names."""

from __future__ import annotations

import unicodedata

from lms.people import nip


def login_name(text: str) -> str:
    """A login name as stored: an e-mail address in lower case, or a number without spaces and dots."""
    if "@" in text:
        return address(text)
    return nip.normalise(text)


def address(text: str) -> str:
    """An e-mail address as stored."""
    visible = "".join(character for character in unicodedata.normalize("NFKC", text) if character.isprintable())
    return visible.strip().lower()


def full_name(title_before: str, name: str, title_after: str) -> str:
    """``Dr. Contoh Nama, M.Si.``"""
    before = f"{title_before} " if title_before else ""
    after = f", {title_after}" if title_after else ""
    return f"{before}{name}{after}"
