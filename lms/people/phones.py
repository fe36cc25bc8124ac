"""Phone numbers, stored as ``+62812…``."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[\s.()/-]")
_WHOLE = re.compile(r"\+\d{8,15}")
COUNTRY = "+62"


def normalise(text: str) -> str | None:
    """The number with its country code, Indonesia's by default. None if it is not a number.

    A spreadsheet drops a leading zero, so ``812…`` is read as ``0812…``.
    """
    digits = _SEPARATORS.sub("", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = COUNTRY + digits[1:]
    elif digits.startswith("62"):
        digits = "+" + digits
    elif digits.startswith("8"):
        digits = COUNTRY + digits
    digits = digits.replace(f"{COUNTRY}0", COUNTRY, 1)
    return digits if _WHOLE.fullmatch(digits) else None
