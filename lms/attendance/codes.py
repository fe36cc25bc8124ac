"""Codes by which people say that they attend: six digits that change, by RFC 6238."""

from __future__ import annotations

import re
from datetime import datetime

import pyotp

DIGITS = 6
SECONDS = 60
"""How long a code is shown."""
STILL_GOOD = 2
"""So many codes before the present one are good: it takes time to type one, and to send it on a slow line."""
_NOT_DIGITS = re.compile(r"[\s.\-]")


def new_secret() -> str:
    return pyotp.random_base32(32)


def code_at(secret: str, moment: datetime) -> str:
    return pyotp.HOTP(secret, digits=DIGITS).at(_step(moment))


def seconds_left(moment: datetime) -> int:
    """How long the present code is still shown."""
    return SECONDS - int(moment.timestamp()) % SECONDS


def typed_code(text: str) -> str | None:
    """The digits of what was typed, such as ``123 456``; None if it is no code."""
    found = _NOT_DIGITS.sub("", text)
    return found if len(found) == DIGITS and found.isascii() and found.isdecimal() else None


def is_good(secret: str, code: str, moment: datetime) -> bool:
    return _is_among(secret, code, _step(moment) - STILL_GOOD, _step(moment))


def was_shown(secret: str, code: str, first: datetime, last: datetime) -> bool:
    """Whether the code was shown at some time from ``first`` to ``last``."""
    return _is_among(secret, code, _step(first), _step(last))


def _is_among(secret: str, code: str, first: int, last: int) -> bool:
    shown = pyotp.HOTP(secret, digits=DIGITS)
    return any(shown.at(step) == code for step in range(first, last + 1))


def _step(moment: datetime) -> int:
    return int(moment.timestamp()) // SECONDS
