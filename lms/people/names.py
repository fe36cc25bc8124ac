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


_TITLES = frozenset(("prof", "dr", "drs", "dra", "drg", "drh", "ir", "apt", "ns"))


def name_without_titles(name: str) -> str:
    """A name as one addresses its person: ``DR. CONTOH NAMA, M.SI.``, as lists have it, is ``Contoh Nama``.

    Titles belong beside the name (``full_name``), but some lists bring them within. An initial stays.
    """
    words = name.split(",")[0].split()
    while len(words) > 1 and words[0].endswith(".") and words[0].rstrip(".").lower() in _TITLES:
        words.pop(0)
    found = " ".join(words)
    return " ".join(word.capitalize() for word in words) if len(found) > 3 and found.isupper() else found
