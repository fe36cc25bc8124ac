"""Slugs and ids: their form, how to make one from text, and the nearest known name to a wrong one."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""Slugs and ids are lower-case ASCII words joined by hyphens."""

RESERVED_SLUGS = frozenset({"enrol", "finish", "withdraw"})
"""Slugs that no item can have, because a course's own pages use them (``/courses/<course>/finish``)."""

MAX_NAME_LENGTH = 80
MAX_GUESS_LENGTH = 60
MAX_COMPARED = 500


def is_name(text: str) -> bool:
    return len(text) <= MAX_NAME_LENGTH and NAME.fullmatch(text) is not None


def slugify(text: str, longest: int = MAX_NAME_LENGTH) -> str:
    """The text as a slug, cut between words if possible. Empty if no ASCII letter or digit remains."""
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
    """Hands out names that are not taken yet."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        self._numbers: dict[str, int] = {}

    def take(self, name: str) -> str:
        """The name, with a number appended if it is taken."""
        free = name
        while free in self._names:
            self._numbers[name] = self._numbers.get(name, 1) + 1
            free = f"{name}-{self._numbers[name]}"
        self._names.add(free)
        return free


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or None."""
    if len(word) > MAX_GUESS_LENGTH:
        return None
    found = difflib.get_close_matches(word.lower(), islice(known, MAX_COMPARED), n=1, cutoff=0.6)
    return found[0] if found else None


def shorten(text: str, longest: int = 60) -> str:
    """An author's text on one line, cut to a length that fits into a message."""
    flat = " ".join(text[: longest * 4].split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"
