"""Where lines may not break."""

from __future__ import annotations

import re

NO_BREAK = "\u00a0"

_UNITS = (
    "%|JP|ribu|juta|miliar|triliun|rupiah|persen|detik|menit|jam|hari|pekan|minggu|bulan|tahun|kali|orang|poin|kata"
    "|baris|berkas|lembar|liter|meter|knot|mm|cm|m|m²|km|km²|ha|g|kg|ton|kW|kWh|kB|KB|MB|GB|Mbps|WIT|WITA|WIB"
    "|percent|seconds|minutes|hours|days|weeks|months|years|times|people|points|words|lines|files|million|thousand"
)
_NUMBER_AND_UNIT = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))|(?<=\bRp) (?=\d)")


def bound(text: str, before: str = "") -> str:
    """A number stays on the line of its unit, and ``Rp`` on that of its number. ``before`` is what stands before."""
    return _NUMBER_AND_UNIT.sub(NO_BREAK, before[-1:] + text)[len(before[-1:]) :]


def unbound(text: str) -> str:
    """Undo the binding of words, to compare texts that different releases have rendered."""
    return text.replace(NO_BREAK, " ")
