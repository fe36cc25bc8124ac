"""The number of a certificate, from a pattern that an administrator edits.

``{kode}/{urut:4}/BKPSDM/{bulan_romawi}/{tahun}`` becomes ``800.2/0031/BKPSDM/XI/2026``.
The running number begins again each year; the service counts it.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches

from lms.content.markdown.problems import Message, say
from lms.lib.numerals import roman

DEFAULT_PATTERN = "{kode}/{urut}/BKPSDM/{bulan_romawi}/{tahun}"
MAX_LENGTH = 100
HIGHEST = 999_999
"""The highest running number for which a number is sure to fit."""
TOKENS = ("kode", "urut", "bulan_romawi", "bulan", "tahun", "kode_kursus")
COMPULSORY = ("urut", "tahun")

_TOKEN = re.compile(r"\{([^{}]*)\}")
_PADDED = re.compile(r"urut:[1-9]")


def check(pattern: str) -> list[Message]:
    """The problems of a pattern; none if every number made from it is complete and unique."""
    faults = _faults_of_the_text(pattern)
    inner = _TOKEN.findall(pattern)
    names = ["urut" if _PADDED.fullmatch(token) else token for token in inner]
    faults += [_unknown(name) for name in dict.fromkeys(names) if name not in TOKENS]
    faults += [_missing(name) for name in COMPULSORY if name not in names]
    if "}{" in pattern:
        faults.append(
            say("Two tokens touch: put a character such as / between them, or two numbers could look the same.")
        )
    return faults


def make_number(pattern: str, *, kode: str, urut: int, issued_on: date, kode_kursus: str = "") -> str:
    """Fill a pattern that has passed ``check``.

    :raises ValueError: The pattern has problems, or ``urut`` is below 1.
    """
    if faults := check(pattern):
        raise ValueError(str(faults[0]))
    if urut < 1:
        raise ValueError(f"a sequence begins with 1, not {urut}")
    values = {
        "kode": kode,
        "urut": str(urut),
        "bulan_romawi": roman(issued_on.month),
        "bulan": f"{issued_on.month:02}",
        "tahun": f"{issued_on.year:04}",
        "kode_kursus": kode_kursus,
    }

    def value(token: re.Match[str]) -> str:
        name, _, width = token[1].partition(":")
        return values[name].zfill(int(width or 0))

    return _TOKEN.sub(value, pattern)


def _faults_of_the_text(pattern: str) -> list[Message]:
    faults = []
    if len(pattern) > MAX_LENGTH:
        faults.append(
            say(
                "The pattern has %(length)s characters; at most %(most)s fit.",
                length=len(pattern),
                most=MAX_LENGTH,
            )
        )
    if not pattern.isprintable():
        faults.append(say("The pattern contains a line break or another character that cannot be printed."))
    rest = _TOKEN.sub("", pattern)
    if "{" in rest or "}" in rest:
        faults.append(say("A brace is not closed or not opened: write each token as {urut}."))
    return faults


def _unknown(name: str) -> Message:
    if name.startswith("urut:"):
        return say("{%(token)s} is not a width: write {urut:1} to {urut:9}.", token=name)
    if nearest := get_close_matches(name.strip().lower().replace(" ", "_"), TOKENS, n=1, cutoff=0.5):
        return say("There is no token {%(token)s}; did you mean {%(nearest)s}?", token=name, nearest=nearest[0])
    return say("There is no token {%(token)s}; choose from %(tokens)s.", token=name, tokens=", ".join(TOKENS))


def _missing(name: str) -> Message:
    if name == "urut":
        return say("{urut} is missing: without it two certificates would carry the same number.")
    return say("{tahun} is missing: the sequence begins again each year, so numbers would come back.")
