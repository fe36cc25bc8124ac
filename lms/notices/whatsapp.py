"""WhatsApp as people use it: a link that opens it with the number and the text filled in, and a text to copy.

Nothing is sent from here: a person presses *send*, from the own telephone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from lms.accounts import phones


@dataclass(frozen=True)
class Entry:
    """Somebody to write to. ``phone`` as it is kept or typed; None: no number is known."""

    name: str
    phone: str | None
    text: str

    @property
    def link(self) -> str | None:
        digits = number(self.phone or "")
        return link(digits, self.text) if digits else None


def number(text: str) -> str | None:
    """The number as WhatsApp wants it: country and digits alone, ``62812…``. None for what is no number."""
    found = phones.normalise(text)
    return found.removeprefix("+") if found else None


def link(phone: str, text: str) -> str:
    """The address that opens WhatsApp with a ready text; ``phone`` as ``number`` gives it."""
    return f"https://wa.me/{phone}?text={quote(text, safe='')}"


def lines(parts: Iterable[str]) -> str:
    """One text: each part in one line, so that a name cannot break a list."""
    return "\n".join(" ".join(part.split()) for part in parts)
