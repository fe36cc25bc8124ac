"""Which page load sent a request, and which of its changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClientSeq:
    """The page load that sent a request, and the number of the change on it; 0 if no script has counted one."""

    page: str
    number: int

    @classmethod
    def parse(cls, text: str | None) -> ClientSeq | None:
        """Parse ``page`` or ``page.number``; None if the request names no page."""
        page, _, number = (text or "").partition(".")
        is_counted = number.isascii() and number.isdecimal()
        return cls(page, int(number) if is_counted else 0) if page else None
