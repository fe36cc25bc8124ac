"""Moments of a course file (``2026-12-15 17:00``, ``+7d``) as people write them, and back.

Both languages are read in either, and days before months.
"""

from __future__ import annotations

import re
from datetime import date, time

from babel.dates import get_month_names

from config import LANGUAGES
from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.values import InvalidValue, when
from lms.content.when import When
from lms.core.i18n import ngettext, say_date, with_clock_time

_HOUR = r"(?:,? (?:(?:pukul|jam|pkl\.?|at) )?(?P<hour>[0-9]{1,2})[.:](?P<minute>[0-9]{2}))?"
_DAY = (
    r"(?:(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"
    r"|(?P<d1>[0-9]{1,2})(?P<sign>[-/.])(?P<m1>[0-9]{1,2})(?P=sign)(?P<y1>[0-9]{4})"
    r"|(?P<d2>[0-9]{1,2}) (?P<month>[a-z]{3,9})\.? (?P<y2>[0-9]{4}))"
)
_COUNT = r"(?P<count>[0-9]{1,5}) ?(?:hari|days?|(?P<weeks>minggu|pekan|weeks?)) (?:setelah|sesudah|after) (?:the )?"
_BASE = r"(?:mulai|dimulai|awal|beginning|start|(?P<end>akhir|berakhir|selesai|end))"
_FIXED = re.compile(_DAY + _HOUR)
_RELATIVE = re.compile(_COUNT + _BASE + _HOUR)
_IN_FILE = re.compile(r"(?P<end>end ?)?\+ ?(?P<count>[0-9]{1,5}) ?d" + _HOUR)
_OTHER_NAMES = {"peb": 2, "pebruari": 2, "agt": 8, "ags": 8, "nop": 11, "nopember": 11}


def written_moment(text: str) -> str:
    """The moment as a course file has it.

    :raises ValueError: it is no moment.
    """
    plain = " ".join(text.casefold().split())
    if found := _FIXED.fullmatch(plain):
        part = found.groupdict()
        year, day = (part[name] or part[f"{name}1"] or part[f"{name}2"] for name in "yd")
        month = _month(part["month"]) if part["month"] else int(part["m"] or part["m1"])
        return f"{date(int(year), month, int(day))}{_hour(found)}"
    if found := _RELATIVE.fullmatch(plain) or _IN_FILE.fullmatch(plain):
        days = int(found["count"]) * (7 if found.groupdict().get("weeks") else 1)
        return f"{'end' if found['end'] else ''}+{days}d{_hour(found)}"
    raise ValueError(text)


def moment_in_words(written: str) -> str:
    """``15 Desember 2026 pukul 17.00``, ``7 hari setelah mulai``; as it stands, where it is no moment."""
    try:
        moment = when(YamlText(written, "str", False, (1, 1), 1))
    except InvalidValue:
        return written
    day = _day_in_words(moment)
    return with_clock_time(day, moment.at) if moment.at else day


def _day_in_words(moment: When) -> str:
    if moment.moment:
        return say_date(moment.moment.date())
    if moment.base == "end":
        return ngettext("%(num)s day after the end", "%(num)s days after the end", moment.days)
    return ngettext("%(num)s day after the beginning", "%(num)s days after the beginning", moment.days)


def _hour(found: re.Match[str]) -> str:
    return f" {time(int(found['hour']), int(found['minute'])):%H:%M}" if found["hour"] else ""


def _month(word: str) -> int:
    """The number of a month, by its name or the beginning of it in any language of the site."""
    for code in LANGUAGES:
        for number, name in get_month_names("wide", locale=code).items():
            if name.casefold().startswith(word):
                return int(number)
    if word in _OTHER_NAMES:
        return _OTHER_NAMES[word]
    raise ValueError(word)
