"""Patterns of accepted answers, ``/empat(belas| belas)/``: regular expressions with a bound on the time of a match."""

from __future__ import annotations

import re
from functools import lru_cache

import regex

from lms.content.markdown.problems import Message, SourcePosition, say
from lms.lib.folding import compose_text, fold_text, visible

SECONDS = 0.05
"""For one match. A pattern that takes longer matches nothing."""
MAX_PATTERN_LENGTH = 300
MAX_PATTERNS = 10
"""In one question, so that marking an answer ends in a second."""

_APPROXIMATE = re.compile(r"\\.|(\{\s*[0-9]*[eids]\s*(?:[<+,:}]|[0-9]))")


class TooSlow(Exception):
    """A match was not decided within ``SECONDS``."""


def pattern_in(text: str) -> str | None:
    """What stands between the slashes, if the whole text is a pattern."""
    return text[1:-1] if len(text) > 2 and text.startswith("/") and text.endswith("/") else None


def fault_of(pattern: str, position: SourcePosition) -> tuple[SourcePosition, Message, Message] | None:
    """Where and why the pattern cannot be used; ``position`` is that of its first character."""
    line, column = position
    if len(pattern) > MAX_PATTERN_LENGTH:
        what = say("the pattern has %(length)d characters", length=len(pattern))
        return position, what, say("shorten it to at most %(limit)d characters", limit=MAX_PATTERN_LENGTH)
    approximate = next((one for one in _APPROXIMATE.finditer(pattern) if one[1]), None)
    if approximate:
        return (
            (line, column + approximate.start()),
            say("the pattern asks for approximate matches"),
            say("write each spelling that is right on a line of its own: = text"),
        )
    try:
        _compiled(pattern)
    except regex.error as error:
        at = min(error.pos or 0, len(pattern))
        return (
            (line, column + at),
            say("the pattern has an error: %(why)s", why=error.msg),
            say("correct it here, or write a \\ before a character that stands for itself"),
        )
    return None


def matches(pattern: str, answer: str) -> bool:
    """True if the whole answer fits, as it was typed or as it is compared (``fold_text``). Capitals make no difference.

    :raises TooSlow: it could not be decided in time.
    """
    try:
        compiled = _compiled(pattern)
    except regex.error:  # of another release of the library
        return False
    typed = " ".join(visible(compose_text(answer)).split())
    try:
        return any(compiled.fullmatch(one, timeout=SECONDS) for one in dict.fromkeys((fold_text(answer), typed)))
    except TimeoutError as error:
        raise TooSlow from error


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.IGNORECASE | regex.V0)
