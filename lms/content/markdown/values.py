"""How single values are read: numbers, durations, sizes, moments, names.

A reader takes a value as it is written and returns what it means, or raises
``InvalidValue`` with the way to write it. The written text counts, never what
YAML would make of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from lms.content.markdown.frontmatter import YamlText
from lms.content.markdown.names import is_name, nearest, shorten, slugify
from lms.content.markdown.problems import Message, say
from lms.content.when import When
from lms.lib.folding import fold_text

T = TypeVar("T")
Reader = Callable[[YamlText], T]

FILE_TYPES = (
    *("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp"),
    *("jpg", "png", "webp", "heic", "mp3", "m4a", "mp4", "txt", "csv", "md"),
)
"""Extensions of files that can be submitted: those whose content the site can check."""

MAX_DAYS = 3660
MAX_BYTES = 2000 * 1024 * 1024

_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_LEADING_ZERO = re.compile(r"0[0-9]{1,9}")
_DURATION = re.compile(r"([0-9]{1,6})([mhd])")
_SIZE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(KB|MB)")
_FIXED = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?: ([0-9]{2}):([0-9]{2}))?")
_RELATIVE = re.compile(r"(end)?\+([0-9]{1,6})d(?: ([0-9]{2}):([0-9]{2}))?")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_BYTES = {"KB": 1024, "MB": 1024 * 1024}
_BOOLEANS = {"true": True, "false": False}
_LIKE_BOOLEANS = {"yes": "true", "ya": "true", "on": "true", "no": "false", "tidak": "false", "off": "false"}


class InvalidValue(Exception):
    """The value cannot be read."""

    def __init__(self, what: Message, fix: Message) -> None:
        self.what, self.fix = what, fix


def text_line(longest: int = 200) -> Reader[str]:
    """One line of text."""

    def read(value: YamlText) -> str:
        text = value.text.strip()
        if value.is_plain and value.tag != "str":
            raise InvalidValue(
                say("without quotes YAML does not read “%(text)s” as text", text=shorten(text)),
                say('write it in quotes: "%(text)s"', text=shorten(text)),
            )
        if not text:
            raise InvalidValue(say("the quotes are empty"), say("write some words or take the line out"))
        if "\n" in text:
            raise InvalidValue(say("this text takes one line only"), say("write it on one line"))
        if len(text) > longest:
            raise InvalidValue(
                say("the text has %(length)d characters", length=len(text)),
                say("shorten it to at most %(limit)d characters", limit=longest),
            )
        return text

    return read


def listed(longest: int, most: int) -> Reader[tuple[str, ...]]:
    """Words between commas, as an attribute has them: ``tags="asas, UU 25/2009"``. None stands twice."""

    def read(value: YamlText) -> tuple[str, ...]:
        words = [" ".join(one.split()) for one in value.text.split(",")]
        if not all(words):
            raise InvalidValue(
                say("there is nothing before or after a comma"), say("write words with a comma between two of them")
            )
        if marked := next((one for one in words if one.startswith("#")), None):
            raise InvalidValue(
                say("“%(text)s” begins with #", text=shorten(marked)),
                say("write it without: %(text)s", text=shorten(marked.lstrip("# ")) or "…"),
            )
        if len(words) > most:
            raise InvalidValue(
                say("there are %(count)d words between the commas", count=len(words)),
                say("leave at most %(limit)d", limit=most),
            )
        if long := next((one for one in words if len(one) > longest), None):
            raise InvalidValue(
                say("“%(text)s” has %(length)d characters", text=shorten(long), length=len(long)),
                say("shorten it to at most %(limit)d characters", limit=longest),
            )
        if len({fold_text(one) for one in words}) < len(words):
            raise InvalidValue(say("this appears in the list twice"), say("take one of the two out"))
        return tuple(words)

    return read


def name(value: YamlText) -> str:
    """A slug or an id."""
    text = text_line(10_000)(value)
    if not is_name(text):
        guess = slugify(text)
        what = say("“%(text)s” is not a short name", text=shorten(text))
        if guess:
            raise InvalidValue(what, say("write lower-case letters, digits and hyphens: %(guess)s", guess=guess))
        raise InvalidValue(what, say("write lower-case letters, digits and hyphens"))
    return text


def language(value: YamlText) -> str:
    text = text_line()(value)
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", text):
        raise InvalidValue(
            say("“%(text)s” is not a language code", text=shorten(text)), say("write a code such as id or en")
        )
    return text


def boolean(value: YamlText) -> bool:
    if value.text in _BOOLEANS:
        return _BOOLEANS[value.text]
    what = say("“%(text)s” is neither true nor false", text=shorten(value.text))
    lower = value.text.lower()
    meant = _LIKE_BOOLEANS.get(lower) or (lower if lower in _BOOLEANS else None)
    if meant:
        raise InvalidValue(what, say("write %(meant)s", meant=meant))
    raise InvalidValue(what, say("write true or false"))


def number(lowest: float, highest: float, *, above: bool = False) -> Reader[float]:
    """A number with a decimal point and no grouping; ``above`` excludes ``lowest`` itself."""

    def read(value: YamlText) -> float:
        return _in_range(_number(value.text), value.text, lowest, highest, above)

    return read


def fraction(lowest: float, highest: float, *, above: bool = False) -> Reader[Fraction]:
    """The same, exactly as it is written."""
    return lambda value: Fraction(str(number(lowest, highest, above=above)(value)))


def decimal(lowest: float, highest: float, *, above: bool = False) -> Reader[Decimal]:
    """The same, exactly as it is written."""
    return lambda value: Decimal(str(number(lowest, highest, above=above)(value)))


def whole(lowest: int, highest: int) -> Reader[int]:
    def read(value: YamlText) -> int:
        return _whole(number(lowest, highest)(value), value.text)

    return read


def percent(value: YamlText) -> float:
    """A percentage from 0 to 100, with or without its sign."""
    return _in_range(_number(value.text.removesuffix("%").rstrip()), value.text, 0, 100)


def share_of_percent(value: YamlText) -> Fraction:
    """The same as a share from 0 to 1, exactly as it is written."""
    return Fraction(str(percent(value))) / 100


def decimal_percent(value: YamlText) -> Decimal:
    return Decimal(str(percent(value)))


def whole_percent(value: YamlText) -> int:
    return _whole(percent(value), value.text)


def one_of(choices: tuple[Any, ...]) -> Reader[Any]:
    """One of the words in ``choices``."""

    def read(value: YamlText) -> Any:
        if value.text in choices:
            return value.text
        what = say("“%(text)s” is not one of the choices", text=shorten(value.text))
        if near := nearest(value.text, choices):
            raise InvalidValue(what, say("did you mean “%(near)s”?", near=near))
        raise InvalidValue(what, say("write one of: %(choices)s", choices=", ".join(choices)))

    return read


UNLIMITED = "unlimited"


def or_unlimited(read_other: Reader[T]) -> Reader[T | None]:
    """A value, or None for the word ``unlimited``."""

    def read(value: YamlText) -> T | None:
        if value.text == UNLIMITED:
            return None
        if re.match(r"[A-Za-z]", value.text):
            raise InvalidValue(
                say("“%(text)s” is not known here", text=shorten(value.text)),
                say("write a number or “%(word)s”", word=UNLIMITED),
            )
        return read_other(value)

    return read


def duration(lowest: int = 0) -> Reader[int]:
    """Minutes, hours or days, as seconds."""

    def read(value: YamlText) -> int:
        found = _DURATION.fullmatch(value.text)
        if not found:
            raise InvalidValue(
                say("“%(text)s” is not a length of time", text=shorten(value.text)),
                say("write minutes, hours or days as 20m, 3h or 2d; an hour and a half is 90m"),
            )
        seconds = int(found[1]) * _SECONDS[found[2]]
        what = say("“%(text)s” is out of range", text=value.text)
        if seconds < lowest:
            raise InvalidValue(what, say("write at least 1m"))
        if seconds > MAX_DAYS * 86400:
            raise InvalidValue(what, say("write at most ten years"))
        return seconds

    return read


def size(value: YamlText) -> int:
    """Kilobytes or megabytes, as bytes."""
    found = _SIZE.fullmatch(value.text)
    if not found:
        raise InvalidValue(
            say("“%(text)s” is not a size", text=shorten(value.text)), say("write a size as 500KB or 10MB")
        )
    count = int(float(found[1]) * _BYTES[found[2]])
    if not 1 <= count <= MAX_BYTES:
        raise InvalidValue(
            say("“%(text)s” is not a size that files can have here", text=value.text),
            say("write a size from 1KB to 2000MB"),
        )
    return count


def file_type(value: YamlText) -> str:
    """A file extension from ``FILE_TYPES``, in lower case and without the dot."""
    text = value.text.strip().lower().removeprefix(".")
    if text not in FILE_TYPES:
        raise InvalidValue(
            say("“%(text)s” is not a kind of file that can be handed in", text=shorten(value.text)),
            say("choose from %(kinds)s", kinds=", ".join(FILE_TYPES)),
        )
    return text


def when(value: YamlText) -> When:
    """A day or a moment, fixed or counted from the start or end of the cohort."""
    text = value.text.strip()
    try:
        if found := _RELATIVE.fullmatch(text):
            days = int(found[2])
            if days > MAX_DAYS:
                raise InvalidValue(say("“%(text)s” is out of range", text=text), say("write at most ten years"))
            at = time(int(found[3]), int(found[4])) if found[3] else None
            return When("end" if found[1] else "start", days=days, at=at)
        if found := _FIXED.fullmatch(text):
            at = time(int(found[4]), int(found[5])) if found[4] else None
            day = date(int(found[1]), int(found[2]), int(found[3]))
            if 2000 <= day.year <= 2199:
                return When("fixed", moment=datetime.combine(day, at or time()), at=at)
    except ValueError:
        raise InvalidValue(
            say("“%(text)s” is not in the calendar or on the clock", text=text),
            say("correct the day or the hour"),
        ) from None
    raise InvalidValue(
        say("“%(text)s” is not a day or a moment", text=shorten(text)),
        say("write 2026-12-01, 2026-12-01 09:00, +7d, +7d 09:00 or end+90d"),
    )


def _number(text: str) -> float:
    what = say("“%(text)s” is not a number", text=shorten(text))
    if _LEADING_ZERO.fullmatch(text):
        raise InvalidValue(
            what, say("write %(plain)s, without the zero in front: YAML reads it otherwise", plain=int(text))
        )
    if _NUMBER.fullmatch(text):
        return float(text)
    if _NUMBER.fullmatch(text.replace(",", ".", 1)):
        raise InvalidValue(what, say("write the decimal point as a point: %(pointed)s", pointed=text.replace(",", ".")))
    raise InvalidValue(what, say("write digits only, with a decimal point where needed, such as 20 or 2.5"))


def _in_range(found: float, text: str, lowest: float, highest: float, above: bool = False) -> float:
    if found > highest or found < lowest or (above and found == lowest):
        bounds = {"lowest": f"{lowest:g}", "highest": f"{highest:g}"}
        what = say("“%(text)s” is out of range", text=shorten(text))
        if above:
            raise InvalidValue(what, say("write a number above %(lowest)s, up to %(highest)s", **bounds))
        raise InvalidValue(what, say("write a number from %(lowest)s to %(highest)s", **bounds))
    return found


def _whole(found: float, text: str) -> int:
    if found != int(found):
        raise InvalidValue(
            say("“%(text)s” is not a whole number", text=shorten(text)), say("write it without a fraction")
        )
    return int(found)
