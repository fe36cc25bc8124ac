"""Numbers as people in Indonesia type them: a decimal comma, points between groups of three. Values are exact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from unicodedata import decimal

from lms.lib.folding import visible
from lms.lib.units import is_unit, scale_of

MAX_LENGTH = 100
"""Characters of a text that may be a number."""

_SIGNS = str.maketrans(dict.fromkeys("‐‑‒–—―−⁃˗﹣－", "-") | {"＋": "+", "．": ".", "，": ",", "％": "%"})
_TYPED = re.compile(
    r"(?P<sign>[+-]?) ?(?P<before>rp\.?|idr|usd|us\$|eur|[$€])? ?(?P<sign_after>[+-]?) ?"
    r"(?P<body>[0-9][0-9., ]*|[.,][0-9]+)(?P<after>.*)",
    re.IGNORECASE,
)
_NO_CENTS = re.compile(r"[.,] ?-+$")
"""``Rp5.000,-`` is written for whole rupiah."""
_BODIES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<whole>[0-9]+)",
        r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?P<part>[0-9]+))?",
        r"(?P<whole>[1-9][0-9]{0,2}(?: [0-9]{3})+)(?:,(?P<part>[0-9]+)|\.(?P<pointed>[0-9]{1,2}|[0-9]{4,}))?",
        r"(?P<whole>[0-9]*),(?P<part>[0-9]+)",
        r"(?P<whole>[0-9]*)\.(?P<part>[0-9]{1,2}|[0-9]{4,})",
        r"(?P<whole>0*)\.(?P<part>[0-9]{3})",  # no group of three follows a zero
    )
)


@dataclass(frozen=True)
class TypedNumber:
    """``unit`` is as it was typed. ``decimals``: how many digits after the comma."""

    value: Fraction
    unit: str = ""
    decimals: int = 0

    def __str__(self) -> str:
        return f"{describe(self.value)} {self.unit}".rstrip()


def read_number(text: str) -> TypedNumber | None:
    """The number that a person has typed; None for a text that is none, or that may be two different ones.

    ``1.250`` is 1250 and ``1.25`` is 1.25: a point before other than three digits is a decimal point.
    """
    plain = " ".join(visible("".join(map(_ascii_digit, text))).translate(_SIGNS).split())
    found = _TYPED.fullmatch(_NO_CENTS.sub("", plain).rstrip(" .,;!?")) if len(plain) <= MAX_LENGTH else None
    if not found or (found["sign"] and found["sign_after"]):
        return None
    body = found["body"].strip(" ")
    if found["after"].strip():
        body = body.rstrip(" .,")
    parts = next((parts for one in _BODIES if (parts := one.fullmatch(body))), None)
    before, after = found["before"] or "", found["after"].strip()
    zeros, unit = scale_of(after)
    if parts is None or (before and unit) or (after and not is_unit(after)):
        return None
    groups = parts.groupdict()
    digits = groups.get("part") or groups.get("pointed") or ""
    whole = "".join(character for character in groups["whole"] if character.isdigit())
    value = Fraction(int(whole + digits or "0"), 10 ** len(digits))
    sign = -1 if "-" in (found["sign"], found["sign_after"]) else 1
    return TypedNumber(sign * value * 10**zeros, unit or before, max(0, len(digits) - zeros))


def describe(value: Fraction) -> str:
    """``1.250,5``. A value without an end is a fraction, such as ``1/3``."""
    digits = decimals_of(value)
    if digits is None:
        return str(value)
    whole, part = divmod(abs(value) * 10**digits, 10**digits)
    fraction = f",{int(part):0{digits}}" if digits else ""
    return f"{'−' if value < 0 else ''}{whole:,}".replace(",", ".") + fraction


def decimals_of(value: Fraction) -> int | None:
    """How many digits after the comma it takes to write the value; None if they do not end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _ascii_digit(character: str) -> str:
    return str(decimal(character)) if character.isdecimal() else character


def plain_number(value: Fraction) -> str:
    """Write a number as programs read it, with a decimal point."""
    digits = decimals_of(value) or 0
    whole, part = divmod(abs(value) * 10**digits, 10**digits)
    return f"{'-' if value < 0 else ''}{whole}" + (f".{int(part):0{digits}}" if digits else "")
