"""Slugs and ids: how they look, how one is made from words, and which known name was probably meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What slugs and ids look like: lower-case ASCII words joined by hyphens."""

RESERVED_SLUGS = frozenset({"enrol", "finish", "withdraw"})
"""Names that a course's own pages have on the site (``/courses/<course>/finish``), so no item can."""

LONGEST_NAME = 80
LONGEST_GUESSED = 60
MOST_COMPARED = 500


def is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and NAME.fullmatch(text) is not None


def slugify(text: str, longest: int = LONGEST_NAME) -> str:
    """The words as a name, cut between words where it can be; empty where nothing ASCII remains."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:longest]
        if len(longer) > longest:
            break
        name = longer
    return name


class TakenNames:
    """Names that are given away; a new one never is one of these."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        self._numbers: dict[str, int] = {}

    def take(self, name: str) -> str:
        """The name itself, or with the first number behind it that nobody has."""
        free = name
        while free in self._names:
            self._numbers[name] = self._numbers.get(name, 1) + 1
            free = f"{name}-{self._numbers[name]}"
        self._names.add(free)
        return free


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant; None where nothing is near."""
    if len(word) > LONGEST_GUESSED:
        return None
    found = difflib.get_close_matches(word.lower(), islice(known, MOST_COMPARED), n=1, cutoff=0.6)
    return found[0] if found else None


def shorten(text: str, longest: int = 60) -> str:
    """As much of an author's words as fits into a message, on one line."""
    flat = " ".join(text[: longest * 4].split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"
