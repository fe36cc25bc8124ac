"""Meetings of a live session, one in a line: when it begins, how long it is, where it is.

A form shows and takes them in words (``1 hari setelah mulai pukul 09.00; 3 jam; Aula``). In between stand the values
as the file has them (``+1d 09:00; 3h; Aula``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from lms.authoring.forms.moment_words import moment_in_words, written_moment
from lms.authoring.front_matter import Plain, Value
from lms.core.i18n import ngettext

KEYS = ("starts", "duration", "place")
_LENGTH = re.compile(r"([0-9]{1,4}) ?(m|menit|minutes?|min|h|j|jam|hours?)\.?")
_IN_FILE = re.compile(r"([0-9]{1,6})([mh])")


def lines_of_meetings(written: Any) -> str | None:
    """The lines for what stands in the file; None if a form cannot show it."""
    if written == "":
        return ""
    if not isinstance(written, list):
        return None
    lines = []
    for one in written:
        values = [one.get(key, "") for key in KEYS] if isinstance(one, dict) else []
        if not any(values) or set(one) - set(KEYS) or any(";" in value or "\n" in value for value in values):
            return None
        lines.append("; ".join(values).rstrip("; "))
    return "\n".join(lines)


def meetings_of_lines(text: str) -> tuple[Mapping[str, Value], ...]:
    found: list[Mapping[str, Value]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        starts, duration, place = _parts(line)
        values: dict[str, Value] = {"starts": Plain(starts), "duration": Plain(duration), "place": place}
        found.append({key: value for key, value in values.items() if value not in ("", Plain(""))})
    return tuple(found)


def in_words(lines: str) -> str:
    return _by_line(lines, moment_in_words, _length_in_words)


def as_in_file(text: str) -> str:
    """:raises ValueError: its argument is what is neither a moment nor a length."""
    return _by_line(text, written_moment, _written_length)


def _by_line(text: str, moment: Callable[[str], str], length: Callable[[str], str]) -> str:
    lines = []
    for line in filter(None, map(str.strip, text.splitlines())):
        starts, duration, place = _parts(line)
        parts = (moment(starts) if starts else "", length(duration) if duration else "", place)
        lines.append("; ".join(parts).rstrip("; "))
    return "\n".join(lines)


def _parts(line: str) -> tuple[str, str, str]:
    """What comes after the second semicolon is the place."""
    starts, duration, place = (*(part.strip() for part in line.split(";", 2)), "", "")[:3]
    return starts, duration, place


def _length_in_words(written: str) -> str:
    found = _IN_FILE.fullmatch(written)
    if not found:
        return written
    number = int(found[1])
    if found[2] == "h":
        return str(ngettext("%(num)s hour", "%(num)s hours", number))
    return str(ngettext("%(num)s minute", "%(num)s minutes", number))


def _written_length(text: str) -> str:
    found = _LENGTH.fullmatch(text.casefold())
    if not found:
        raise ValueError(text)
    return f"{int(found[1])}{'m' if found[2].startswith('m') else 'h'}"
